from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from tests.properties import examples
from zoo.inference.sharing.activations import SharedActivations
from zoo.inference.sharing.grids import Layout, Sweep
from zoo.inference.sharing.stages import State, stages_of
from zoo.inference.sharing.sweeps import sweep_function
from zoo.inference.sliding import plan_sharing, shared_activations, sliding_probabilities
from zoo.layers.modules import ChannelwiseLayers, ParallelJoin, ResidualSum

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


def model_of(layers: list[nn.Module], window: int) -> nn.Module | None:
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


def one_by_one(model: nn.Module, signals: np.ndarray, window: int, stride: int) -> np.ndarray:
    with torch.inference_mode():
        return np.array(
            [
                torch.softmax(model(torch.from_numpy(signals[None, :, s : s + window].copy())), 1)[
                    0, 1
                ].item()
                for s in range(0, signals.shape[1] - window + 1, stride)
            ]
        )


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("activation", [nn.ELU(), nn.LeakyReLU(0.3), nn.SiLU(), nn.ReLU()])
def test_what_follows_in_place_leaves_alone_what_another_way_still_reads(
    activation: nn.Module, stride: int
) -> None:
    torch.manual_seed(0)
    one = nn.Sequential(nn.MaxPool1d(1, stride), activation)
    other = nn.Sequential(nn.MaxPool1d(1, stride))
    layers = [nn.Conv1d(N_CHANNELS, 4, 5, padding=3), nn.MaxPool1d(3, 1), ResidualSum(one, other)]
    model = model_of([*layers], 40)
    assert model is not None
    signals = np.random.default_rng(0).normal(size=(N_CHANNELS, 400)).astype(np.float32)
    before = signals.copy()
    found = np.concatenate(
        list(sliding_probabilities(model, [signals], window_samples=40, stride_samples=6))
    )
    np.testing.assert_allclose(found, one_by_one(model, signals, 40, 6), atol=1e-5)
    assert np.array_equal(signals, before)


@examples(2)
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
    model = model_of(layers, window)
    if model is None:
        return
    signals = np.random.default_rng(7).normal(size=(N_CHANNELS, n_samples)).astype(np.float32)
    blocks = [signals[:, i : i + block] for i in range(0, n_samples, block)]
    parts = list(sliding_probabilities(model, blocks, window_samples=window, stride_samples=hop))
    rows = np.concatenate(parts) if parts else np.empty(0)
    np.testing.assert_allclose(rows, one_by_one(model, signals, window, hop), atol=1e-5)


@examples(2)
@given(layers=sweeping_layers(), window=st.integers(10, 90), hop=st.integers(1, 40))
def test_every_layer_that_can_be_shared_is_exact_even_where_it_does_not_pay(
    layers: list[nn.Module], window: int, hop: int
) -> None:
    if model_of(layers, window) is not None:
        assert_shared_equals_plain(nn.Sequential(*layers), window, hop)


def assert_shared_equals_plain(front: nn.Module, window: int, hop: int) -> int:
    """Share as many stages as can be, compare, and return how many that were."""
    stages = stages_of(front.eval(), N_CHANNELS)
    layout = Layout(hop=hop, step=1, first=0, stop=window, length=window)
    states = [State(layout=layout, n_rows=1, n_channels=N_CHANNELS)]
    for stage in stages:
        behind = stage.after(states[-1])
        if behind is None:
            break
        states.append(behind)
    n_shared = len(states) - 1
    signals = torch.randn(N_CHANNELS, window + 5 * hop, generator=torch.Generator().manual_seed(3))
    windows = torch.stack([signals[:, k * hop : k * hop + window] for k in range(6)])
    with torch.inference_mode():
        shared = shared_activations(stages[:n_shared], signals, window=window, hop=hop, n_windows=6)
        x = shared.windows(slice(0, 6))
        assert shared.layout == states[-1].layout, "the cost model and the tensors disagree"
        for stage in stages[n_shared:]:
            x = stage.plain(x)
        torch.testing.assert_close(x, front(windows), atol=1e-5, rtol=1e-4)
    return n_shared


def block(n_in: int, n_out: int, dilation: int = 1, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv1d(n_in, n_out, 3, stride, dilation, dilation), nn.BatchNorm1d(n_out), nn.ELU()
    )


@pytest.mark.parametrize(("window", "hop"), [(64, 8), (60, 7), (96, 1), (40, 64)])
def test_residual_blocks_are_shared(window: int, hop: int) -> None:
    front = nn.Sequential(
        block(N_CHANNELS, 4, stride=2),
        ResidualSum(nn.Sequential(block(4, 4, 2), block(4, 4, 4)), nn.Sequential()),
        ResidualSum(block(4, 6, stride=2), nn.Sequential(nn.Conv1d(4, 6, 1, 2))),
    )
    assert assert_shared_equals_plain(front, window, hop) == 3 + 1 + 1


@pytest.mark.parametrize(("window", "hop"), [(64, 8), (60, 7)])
def test_parallel_branches_are_shared(window: int, hop: int) -> None:
    branches = [
        nn.Sequential(nn.Conv1d(N_CHANNELS, 2, 3, padding="same")),
        nn.Sequential(nn.MaxPool1d(5, 1, 2), nn.Conv1d(N_CHANNELS, 2, 9, padding=4)),
        nn.Sequential(),
    ]
    front = nn.Sequential(ParallelJoin(branches), nn.AvgPool1d(4))
    assert assert_shared_equals_plain(front, window, hop) == 2


@pytest.mark.parametrize("pool", ["mean", "max", "mean_max"])
@pytest.mark.parametrize("opaque_inside", [False, True])
def test_layers_on_every_channel_are_shared(pool: str, opaque_inside: bool) -> None:
    inside = nn.Sequential(block(1, 4, stride=2), block(4, 4))
    if opaque_inside:
        inside.append(nn.AdaptiveAvgPool1d(1))
    front = nn.Sequential(ChannelwiseLayers(inside, pool), nn.Flatten())
    n_shared = assert_shared_equals_plain(front, 64, 8)
    assert n_shared == 1 + 6 + (0 if opaque_inside else 1)


@pytest.mark.parametrize("tile_numbers", [3, 70, 1000])
@pytest.mark.parametrize("least_numbers", [0, 40])
def test_tiles_of_any_size_give_the_same(
    tile_numbers: int, least_numbers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zoo.inference.sharing.grids.TILE_VALUES", tile_numbers)
    monkeypatch.setattr("zoo.inference.sharing.grids.MIN_TILE_VALUES", least_numbers)
    torch.manual_seed(6)
    front = nn.Sequential(
        block(N_CHANNELS, 4, stride=2),
        nn.ReLU(),
        nn.MaxPool1d(5, 3),
        ResidualSum(nn.Sequential(block(4, 4, 2), nn.MaxPool1d(3, 1, 1)), nn.Sequential()),
        nn.AvgPool1d(2),
    )
    assert assert_shared_equals_plain(front, 90, 12) == 3 + 1 + 1 + 1 + 1


def test_activations_that_never_fall_come_after_the_pooling_and_others_stay() -> None:
    falls = nn.LeakyReLU(-0.5)
    kinds = [nn.ReLU(), nn.Dropout(), nn.MaxPool1d(3), falls, nn.Tanh(), nn.MaxPool1d(2)]
    stages = stages_of(nn.Sequential(*kinds).eval())
    order = [kinds.index(stage.module) for stage in stages]
    assert order == [2, 0, 1, 3, 5, 4]
    x = torch.randn(4, 3, 50, generator=torch.Generator().manual_seed(1))
    y = x
    for stage in stages:
        y = stage.plain(y)
    assert torch.equal(y, nn.Sequential(*kinds).eval()(x))


def test_ends_that_the_pooling_leaves_out_are_not_computed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> torch.Tensor:
        raise AssertionError("nobody reads these positions")

    monkeypatch.setattr(SharedActivations, "_right_edge", refuse)
    stages = stages_of(nn.Sequential(nn.Conv1d(3, 4, 5, padding=2), nn.MaxPool1d(7, 7)).eval())
    with torch.inference_mode():
        x = shared_activations(stages[:1], torch.randn(3, 103), window=53, hop=10, n_windows=6)
        with pytest.raises(AssertionError, match="nobody"):
            x.windows(slice(0, 6))
        pooling = nn.MaxPool1d(7, 7)
        y = x.swept(Sweep(kernel=7, stride=7, padding=0), sweep_function(pooling))
        found = y.windows(slice(0, 6))
        monkeypatch.undo()
        assert torch.equal(found, pooling(x.windows(slice(0, 6))))


def test_the_order_of_channels_does_not_change_one_bit() -> None:
    torch.manual_seed(2)
    model = nn.Sequential(
        ChannelwiseLayers(nn.Sequential(block(1, 4, stride=2), nn.AvgPool1d(4)), "mean"),
        nn.AdaptiveAvgPool1d(1),
        nn.Flatten(),
        nn.Linear(4, 2),
    ).eval()
    signals = np.random.default_rng(0).normal(size=(19, 2000)).astype(np.float32)
    results = [
        np.concatenate(
            list(
                sliding_probabilities(
                    model, [signals[order]], window_samples=400, stride_samples=50
                )
            )
        )
        for order in (np.arange(19), np.random.default_rng(1).permutation(19))
    ]
    assert np.array_equal(results[0], results[1])


def seed_model() -> nn.Module:
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


def test_the_seed_model_shares_its_first_convolution() -> None:
    plan = plan_sharing(stages_of(seed_model(), 23), n_channels=23, window=7680, hop=256)
    assert plan.n_shared >= 3
    # 5 samples of stride share with hops of 256 samples only on a grid of single samples:
    # 256 positions a hop instead of 1538 a window.
    assert plan.cost < plan.plain_cost / 3


def test_nothing_is_shared_when_windows_do_not_overlap_and_the_grid_would_be_finer() -> None:
    plan = plan_sharing(stages_of(seed_model(), 23), n_channels=23, window=7680, hop=7681)
    assert plan.n_shared == 0


def test_a_layer_that_looks_at_the_whole_window_ends_the_sharing() -> None:
    model = nn.Sequential(nn.Conv1d(3, 4, 5), nn.GroupNorm(1, 4), nn.ReLU()).eval()
    plan = plan_sharing(stages_of(model, 3), n_channels=3, window=1000, hop=10)
    assert plan.n_shared == 1


@pytest.mark.parametrize("window", [7680, 7681, 9000])
def test_the_seed_model_is_exact(window: int) -> None:
    model = nn.Sequential(*list(seed_model())[:-2], nn.AdaptiveAvgPool1d(1), nn.Flatten())
    model.append(nn.Linear(5, 2))
    signals = np.random.default_rng(5).normal(size=(23, 15000)).astype(np.float32)
    parts = list(
        sliding_probabilities(model.eval(), [signals], window_samples=window, stride_samples=256)
    )
    expected = one_by_one(model, signals, window, 256)
    np.testing.assert_allclose(np.concatenate(parts), expected, atol=1e-6)


@pytest.mark.parametrize(("n_channels", "n_out"), [(23, 10), (19, 4), (12, 33)])
def test_long_grids_are_exact(n_channels: int, n_out: int) -> None:
    # Long enough for the faster ways of computing a layer, which short property tests miss.
    torch.manual_seed(4)
    model = nn.Sequential(
        nn.Conv1d(n_channels, n_out, 9, 3, 4),
        nn.ELU(),
        nn.Conv1d(n_out, 11, 7, 2, 6, 2),
        nn.MaxPool1d(5, 4),
        nn.AdaptiveAvgPool1d(1),
        nn.Flatten(),
        nn.Linear(11, 2),
    ).eval()
    signals = np.random.default_rng(5).normal(size=(n_channels, 12001)).astype(np.float32)
    parts = list(
        sliding_probabilities(
            model, [signals[:, :7000], signals[:, 7000:]], window_samples=1500, stride_samples=131
        )
    )
    expected = one_by_one(model, signals, 1500, 131)
    np.testing.assert_allclose(np.concatenate(parts), expected, atol=1e-6)
