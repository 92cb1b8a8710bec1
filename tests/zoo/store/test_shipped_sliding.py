"""Sliding gives what every window gives alone, for whatever model `registry.json` names."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.properties import examples
from zoo.detector import Detector
from zoo.inference.sliding import sliding_probabilities
from zoo.loading import load_detector
from zoo.store.home import SHIPPED_FOLDER
from zoo.store.registry_file import REGISTRY_FILE, read_registry_file

ENTRIES = read_registry_file(SHIPPED_FOLDER / REGISTRY_FILE).entries
EVERY_MODEL = pytest.mark.parametrize("model_id", [entry.model_id for entry in ENTRIES])
TOLERANCE = 1e-5

loaded = cache(load_detector)


def noise_for(model: Detector, n_samples: int, seed: int) -> NDArray[np.float64]:
    contract = model.card.input
    # A model for any montage gets more channels than it was built with.
    n_channels = contract.build_channels if contract.channels else contract.build_channels + 3
    return np.random.default_rng(seed).normal(size=(n_channels, n_samples))


@cache
def undecided_amplitude(model_id: str) -> float:
    """Return how loud noise has to be for the model to be least sure of it."""
    model = loaded(model_id)
    window = noise_for(model, model.card.input.window_samples, seed=0)

    def certainty(amplitude: float) -> float:
        rows = one_by_one(model, (amplitude * window).astype(np.float32), 1)
        return float(np.abs(rows - 0.5).min())

    return float(min(np.geomspace(0.01, 300, 25), key=certainty))


def signals_for(model: Detector, n_samples: int, seed: int) -> NDArray[np.float32]:
    """Return noise that neither looks like nothing else than seizures nor like none."""
    growth = undecided_amplitude(model.card.model_id) * np.geomspace(0.7, 1.5, n_samples)
    return (growth * noise_for(model, n_samples, seed)).astype(np.float32)


def one_by_one(model: Detector, signals: NDArray[np.float32], hop: int) -> NDArray[np.float32]:
    window = model.card.input.window_samples
    starts = range(0, signals.shape[1] - window + 1, hop)
    with torch.inference_mode():
        rows = [
            torch.softmax(
                model.network(torch.from_numpy(signals[None, :, s : s + window].copy())), 1
            )
            for s in starts
        ]
    return np.array([row[0, 1].numpy() for row in rows], dtype=np.float32)


def slid(model: Detector, blocks: list[NDArray[np.float32]], hop: int) -> NDArray[np.float32]:
    window = model.card.input.window_samples
    parts = list(
        sliding_probabilities(model.network, blocks, window_samples=window, stride_samples=hop)
    )
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.float32)


@EVERY_MODEL
@pytest.mark.parametrize("hop", ["its own", "97 samples", "a window", "more than a window"])
def test_a_model_slid_over_a_recording_gives_what_every_window_gives_alone(
    model_id: str, hop: str
) -> None:
    model = loaded(model_id)
    contract = model.card.input
    step = {
        "its own": contract.stride_samples,
        "97 samples": 97,
        "a window": contract.window_samples,
        "more than a window": contract.window_samples + 13,
    }[hop]
    # At its own hop long enough for the ways of computing that only pay for long recordings.
    # Samples are left over behind the last window, and blocks end anywhere.
    n_windows = 90 if hop == "its own" else 8
    n_samples = contract.window_samples + (n_windows - 1) * step + min(step - 1, 61)
    signals = signals_for(model, n_samples, seed=1)
    blocks = np.split(signals, [n_samples // 7, n_samples // 2, n_samples // 2 + 1], axis=1)
    expected = one_by_one(model, signals, step)
    assert len(expected) == n_windows
    late = one_by_one(model, signals[:, 1:], step)
    assert np.abs(late - expected[: len(late)]).max() > 10 * TOLERANCE, "a slip would go unseen"
    np.testing.assert_allclose(slid(model, blocks, step), expected, rtol=0, atol=TOLERANCE)


@EVERY_MODEL
def test_a_recording_of_one_window_has_one_row_and_a_shorter_one_none(model_id: str) -> None:
    model = loaded(model_id)
    contract = model.card.input
    signals = signals_for(model, contract.window_samples, seed=2)
    rows = slid(model, [signals[:, :100], signals[:, 100:]], contract.stride_samples)
    expected = one_by_one(model, signals, contract.stride_samples)
    assert len(expected) == 1
    np.testing.assert_allclose(rows, expected, rtol=0, atol=TOLERANCE)
    assert len(slid(model, [signals[:, 1:]], contract.stride_samples)) == 0


@EVERY_MODEL
@examples(0.2)
@given(
    hop=st.integers(24, 3000),
    n_more=st.integers(-40, 2500),
    cuts=st.lists(st.floats(0, 1), max_size=5),
    seed=st.integers(0, 100),
)
def test_any_hop_length_and_blocks_change_no_probability(
    model_id: str, hop: int, n_more: int, cuts: list[float], seed: int
) -> None:
    model = loaded(model_id)
    signals = signals_for(model, model.card.input.window_samples + n_more, seed)
    places = sorted(round(cut * signals.shape[1]) for cut in cuts)
    rows = slid(model, np.split(signals, places, axis=1), hop)
    expected = one_by_one(model, signals, hop)
    assert len(rows) == len(expected)
    if len(expected):
        np.testing.assert_allclose(rows, expected, rtol=0, atol=TOLERANCE)
