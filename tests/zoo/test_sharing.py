from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from zoo.sharing import layers_of, plan_sharing, shared_activations
from zoo.sliding import sliding_probabilities

N_CHANNELS = 3


@st.composite
def sweeping_layers(draw: st.DrawFn) -> list[nn.Module]:
    """Random convolutions, poolings and pointwise layers, with strides, padding and dilation."""
    layers: list[nn.Module] = []
    channels = N_CHANNELS
    for _ in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(["conv", "depthwise", "same", "max", "average"]))
        kernel = draw(st.integers(1, 7))
        stride = draw(st.integers(1, 4))
        if kind == "same":
            layers.append(nn.Conv1d(channels, channels, kernel | 1, padding="same"))
        elif kind in ("conv", "depthwise"):
            groups = channels if kind == "depthwise" else 1
            out = channels * draw(st.integers(1, 2)) if kind == "depthwise" else 4
            padding = draw(st.integers(0, kernel + 2))
            dilation = draw(st.integers(1, 3))
            layers.append(
                nn.Conv1d(channels, out, kernel, stride, padding, dilation, groups=groups)
            )
            channels = out
        elif kind == "max":
            padding = draw(st.integers(0, kernel // 2))
            layers.append(nn.MaxPool1d(kernel, stride, padding, draw(st.integers(1, 2))))
        else:
            layers.append(nn.AvgPool1d(kernel, stride, draw(st.integers(0, kernel // 2))))
        layers.append(draw(st.sampled_from([nn.ReLU(), nn.ELU(), nn.BatchNorm1d(channels)])))
    return layers


def net_of(layers: list[nn.Module], window: int) -> nn.Module | None:
    """Close the layers with a head that any length fits, or None if torch refuses them."""
    torch.manual_seed(1)
    for layer in layers:
        if isinstance(layer, nn.BatchNorm1d):
            layer.running_mean.normal_()
            layer.running_var.uniform_(0.5, 2.0)
    front = nn.Sequential(*layers).eval()
    try:
        with torch.inference_mode():
            shape = front(torch.zeros(1, N_CHANNELS, window)).shape
    except RuntimeError:
        return None
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(shape[1] * shape[2], 2)).eval()


def one_by_one(net: nn.Module, signals: np.ndarray, window: int, stride: int) -> np.ndarray:
    with torch.inference_mode():
        return np.array(
            [
                torch.softmax(net(torch.from_numpy(signals[None, :, s : s + window].copy())), 1)[
                    0, 1
                ].item()
                for s in range(0, signals.shape[1] - window + 1, stride)
            ]
        )


@settings(max_examples=150, deadline=None)
@given(
    layers=sweeping_layers(),
    window=st.integers(10, 90),
    hop=st.integers(1, 40),
    n_samples=st.integers(0, 400),
    block=st.integers(20, 200),
)
def test_sharing_gives_what_every_window_gives_by_itself(
    layers: list[nn.Module], window: int, hop: int, n_samples: int, block: int
) -> None:
    net = net_of(layers, window)
    if net is None:
        return
    signals = np.random.default_rng(7).normal(size=(N_CHANNELS, n_samples)).astype(np.float32)
    blocks = [signals[:, i : i + block] for i in range(0, n_samples, block)]
    parts = list(sliding_probabilities(net, blocks, window_samples=window, stride_samples=hop))
    rows = np.concatenate(parts) if parts else np.empty(0)
    np.testing.assert_allclose(rows, one_by_one(net, signals, window, hop), atol=1e-5)


@settings(max_examples=150, deadline=None)
@given(layers=sweeping_layers(), window=st.integers(10, 90), hop=st.integers(1, 40))
def test_every_layer_that_can_be_shared_is_exact_even_where_it_does_not_pay(
    layers: list[nn.Module], window: int, hop: int
) -> None:
    if net_of(layers, window) is None:
        return
    signals = torch.randn(N_CHANNELS, window + 5 * hop, generator=torch.Generator().manual_seed(3))
    n_shareable = _n_shareable(layers, window, hop)
    with torch.inference_mode():
        shared = shared_activations(
            layers[:n_shareable], signals, window=window, hop=hop, n_windows=6
        )
        windows = torch.stack([signals[:, k * hop : k * hop + window] for k in range(6)])
        expected = nn.Sequential(*layers[:n_shareable])(windows)
        torch.testing.assert_close(
            shared.positions(0, shared.length), expected, atol=1e-5, rtol=1e-4
        )


def _n_shareable(layers: list[nn.Module], window: int, hop: int) -> int:
    """Find the longest shareable front by asking for plans with the rest cut off."""
    from zoo.sharing import _advance, _State

    state = _State(n_channels=N_CHANNELS, first=0, stop=window, length=window, step=1, spacing=1)
    for count, layer in enumerate(layers):
        after = _advance(state, layer, hop)
        if after is None:
            return count
        state = after[0]
    return len(layers)


def seed_net() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv1d(23, 10, 10, 5, 9),
        nn.ReLU(),
        nn.MaxPool1d(15, 10),
        nn.Conv1d(10, 5, 5, 4, 4),
        nn.ReLU(),
        nn.MaxPool1d(10, 5),
        nn.Flatten(),
        nn.Linear(35, 2),
    ).eval()


def test_the_seed_net_shares_its_first_convolution() -> None:
    plan = plan_sharing(layers_of(seed_net()), n_channels=23, window=7680, hop=256)
    assert plan.n_shared >= 3
    # 5 samples of stride share with hops of 256 samples only on a grid of single samples:
    # 256 positions a hop instead of 1538 a window.
    assert plan.cost < plan.plain_cost / 3


def test_nothing_is_shared_when_windows_do_not_overlap_and_the_grid_would_be_finer() -> None:
    plan = plan_sharing(layers_of(seed_net()), n_channels=23, window=7680, hop=7681)
    assert plan.n_shared == 0


def test_a_layer_that_looks_at_the_whole_window_ends_the_sharing() -> None:
    layers = [nn.Conv1d(3, 4, 5).eval(), nn.GroupNorm(1, 4).eval(), nn.ReLU().eval()]
    plan = plan_sharing(layers, n_channels=3, window=1000, hop=10)
    assert plan.n_shared == 1


@pytest.mark.parametrize("window", [7680, 7681, 9000])
def test_the_seed_net_is_exact(window: int) -> None:
    net = nn.Sequential(*list(seed_net())[:-2], nn.AdaptiveAvgPool1d(1), nn.Flatten())
    net.append(nn.Linear(5, 2))
    signals = np.random.default_rng(5).normal(size=(23, 15000)).astype(np.float32)
    parts = list(
        sliding_probabilities(net.eval(), [signals], window_samples=window, stride_samples=256)
    )
    expected = one_by_one(net, signals, window, 256)
    np.testing.assert_allclose(np.concatenate(parts), expected, atol=1e-6)
