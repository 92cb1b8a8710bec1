from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from zoo.inference.sliding import sliding_probabilities


def small_model(n_channels: int, *, per_step: bool = False) -> torch.nn.Module:
    torch.manual_seed(0)
    layers: list[torch.nn.Module] = [torch.nn.Conv1d(n_channels, 2, 5, padding=2), torch.nn.Tanh()]
    if per_step:
        layers.append(torch.nn.AvgPool1d(4))
    else:
        layers += [torch.nn.AdaptiveAvgPool1d(1), torch.nn.Flatten()]
    return torch.nn.Sequential(*layers).eval()


def one_by_one(
    network: torch.nn.Module, signals: np.ndarray, window: int, stride: int
) -> np.ndarray:
    with torch.inference_mode():
        rows = [
            torch.softmax(network(torch.from_numpy(signals[None, :, s : s + window].copy())), 1)[
                0, 1
            ].numpy()
            for s in range(0, signals.shape[1] - window + 1, stride)
        ]
    return np.array(rows, dtype=np.float32)


@given(
    n_samples=st.integers(0, 400),
    window=st.integers(8, 60).map(lambda n: n - n % 4),
    stride=st.integers(1, 90),
    cuts=st.lists(st.integers(0, 400), max_size=6),
    per_step=st.booleans(),
)
def test_any_cutting_into_blocks_gives_what_each_window_gives_alone(
    n_samples: int, window: int, stride: int, cuts: list[int], per_step: bool
) -> None:
    network = small_model(3, per_step=per_step)
    signals = np.random.default_rng(n_samples).normal(size=(3, n_samples)).astype(np.float32)
    blocks = np.split(signals, sorted(c for c in cuts if c <= n_samples), axis=1)
    parts = list(
        sliding_probabilities(network, blocks, window_samples=window, stride_samples=stride)
    )
    expected = one_by_one(network, signals, window, stride)
    if not parts:
        assert len(expected) == 0
        return
    np.testing.assert_allclose(np.concatenate(parts), expected, atol=1e-6)


def test_a_recording_shorter_than_a_window_gives_nothing() -> None:
    blocks = [np.zeros((3, 20), np.float32)]
    assert not list(
        sliding_probabilities(small_model(3), blocks, window_samples=21, stride_samples=1)
    )


def test_windows_come_out_while_blocks_go_in() -> None:
    seen = []

    def blocks() -> object:
        for number in range(100):
            seen.append(number)
            yield np.zeros((3, 100), np.float32)

    stream = sliding_probabilities(small_model(3), blocks(), window_samples=50, stride_samples=25)
    first = next(stream)
    assert first.shape == (3,)
    assert len(seen) <= torch.get_num_threads() + 2, "more was read than cores can work on"


@pytest.mark.parametrize("per_step", [False, True])
def test_probabilities_lie_between_0_and_1(per_step: bool) -> None:
    blocks = [np.full((3, 300), 1e4, np.float32)]
    for part in sliding_probabilities(
        small_model(3, per_step=per_step), blocks, window_samples=40, stride_samples=7
    ):
        assert np.all((part >= 0) & (part <= 1))


@pytest.mark.parametrize("n_threads", [2, 3])
def test_cores_change_not_one_bit(n_threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    signals = np.random.default_rng(2).normal(size=(3, 1003)).astype(np.float32)
    network = small_model(3, per_step=True)

    def rows() -> np.ndarray:
        blocks = np.array_split(signals, 9, axis=1)
        return np.concatenate(
            list(sliding_probabilities(network, blocks, window_samples=40, stride_samples=7))
        )

    alone = rows()
    monkeypatch.setattr(torch, "get_num_threads", lambda: n_threads)
    monkeypatch.setattr(torch, "set_num_threads", lambda n: None)
    assert np.array_equal(rows(), alone)
