"""Preprocessing: equal to scipy on the whole array, whatever the blocks, and sound at gaps."""

from __future__ import annotations

import itertools
import math
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import signal

from seizure_core.errors import ParameterError
from seizure_core.signals.preprocessing import STEPS, Preprocessor, parse_step, parse_steps
from tests.properties import examples

RATE_HZ = 256.0
EXAMPLES: dict[str, dict[str, Any]] = {
    "high_pass": {"step": "high_pass", "cutoff_hz": 0.5, "order": 2},
    "low_pass": {"step": "low_pass", "cutoff_hz": 60, "order": 4},
    "band_pass": {"step": "band_pass", "low_hz": 0.5, "high_hz": 70.0, "order": 3},
    "notch": {"step": "notch", "frequency_hz": 50.0, "quality": 30.0},
    "scale": {"step": "scale", "factor": 0.01},
    "clip": {"step": "clip", "limit_uv": 20.0},
    "running_scale": {"step": "running_scale", "time_constant_s": 2.0, "floor_uv": 0.5},
}
CHAIN = [EXAMPLES[name] for name in ("band_pass", "notch", "running_scale", "clip", "scale")]


def _eeg(n_channels: int, n_samples: int, seed: int = 0) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(size=(n_channels, n_samples))
    return (noise.cumsum(axis=1) + 4200.0).astype(np.float32)


def _preprocessor(entries: list[dict[str, Any]], n_channels: int) -> Preprocessor:
    return Preprocessor(parse_steps(entries, RATE_HZ), n_channels, RATE_HZ)


def _in_blocks(entries: list[dict[str, Any]], data: np.ndarray, cuts: list[int]) -> np.ndarray:
    preprocessor = _preprocessor(entries, len(data))
    edges = [0, *sorted(min(cut, data.shape[1]) for cut in cuts), data.shape[1]]
    blocks = [
        preprocessor.process(data[:, start:stop]) for start, stop in itertools.pairwise(edges)
    ]
    return np.concatenate(blocks, axis=1)


def test_every_step_has_an_example_here() -> None:
    assert set(EXAMPLES) == set(STEPS)


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_a_step_is_written_as_it_was_read(name: str) -> None:
    step = parse_step(EXAMPLES[name])
    assert {"step": step.name, **asdict(step)} == EXAMPLES[name]


@pytest.mark.parametrize("name", ["high_pass", "low_pass", "band_pass", "notch"])
def test_a_filter_equals_scipy_on_the_whole_array(name: str) -> None:
    data = _eeg(3, 5000)
    sections = {
        "high_pass": lambda: signal.butter(2, 0.5, "highpass", fs=RATE_HZ, output="sos"),
        "low_pass": lambda: signal.butter(4, 60, "lowpass", fs=RATE_HZ, output="sos"),
        "band_pass": lambda: signal.butter(3, (0.5, 70), "bandpass", fs=RATE_HZ, output="sos"),
        "notch": lambda: signal.tf2sos(*signal.iirnotch(50, 30, fs=RATE_HZ)),
    }[name]()
    start = signal.sosfilt_zi(sections)[:, None, :] * data[:, :1].astype(np.float64)
    expected, _ = signal.sosfilt(sections, data.astype(np.float64), axis=-1, zi=start)
    got = _in_blocks([EXAMPLES[name]], data, [1, 2, 777, 4001])
    np.testing.assert_allclose(got, expected, rtol=1e-5, atol=1e-5 * np.abs(expected).max())


@examples(0.5)
@given(
    st.lists(st.integers(0, 900), max_size=6),
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 890), st.integers(1, 200)), max_size=4),
)
def test_blocks_do_not_change_a_single_bit(
    cuts: list[int], gaps: list[tuple[int, int, int]]
) -> None:
    data = _eeg(3, 900)
    for row, start, length in gaps:
        data[row, start : start + length] = np.nan
    whole = _in_blocks(CHAIN, data, [])
    np.testing.assert_array_equal(_in_blocks(CHAIN, data, cuts), whole)
    assert np.isfinite(whole).all()
    assert not whole[np.isnan(data)].any()


def test_behind_a_gap_filters_start_anew() -> None:
    data = _eeg(2, 1000)
    data[0, 300:400] = np.nan
    got = _in_blocks(CHAIN, data, [350])
    np.testing.assert_array_equal(got[0, :300], _in_blocks(CHAIN, data[:1, :300], [])[0])
    np.testing.assert_array_equal(got[0, 400:], _in_blocks(CHAIN, data[:1, 400:], [])[0])
    # The other channel, which has no gap, knows nothing of it.
    np.testing.assert_array_equal(got[1], _in_blocks(CHAIN, data[1:], [])[0])


def test_a_constant_offset_makes_no_transient() -> None:
    constant = np.full((1, 2000), 4200.0, dtype=np.float32)
    passed = _in_blocks([EXAMPLES["high_pass"], EXAMPLES["notch"]], constant, [])
    assert np.abs(passed).max() < 1e-3
    np.testing.assert_allclose(_in_blocks([EXAMPLES["low_pass"]], constant, []), 4200, rtol=1e-6)


def test_infinite_samples_count_as_gaps() -> None:
    data = _eeg(1, 100)
    data[0, 50] = np.inf
    assert np.isfinite(_in_blocks(CHAIN, data, [])).all()


def test_without_steps_samples_pass_as_they_are_and_gaps_become_zero() -> None:
    data = _eeg(2, 50)
    np.testing.assert_array_equal(_in_blocks([], data, [7]), data)
    data[1, 10:20] = np.nan
    got = _in_blocks([], data, [15])
    assert not got[1, 10:20].any()
    np.testing.assert_array_equal(got[0], data[0])


def test_scale_and_clip_do_what_they_say() -> None:
    data = np.array([[-50.0, -1.0, 0.0, 30.0]], dtype=np.float32)
    np.testing.assert_allclose(_in_blocks([EXAMPLES["scale"]], data, []), data * 0.01)
    np.testing.assert_array_equal(_in_blocks([EXAMPLES["clip"]], data, []), [[-20, -1, 0, 20]])


def test_running_scale_brings_any_amplitude_to_one_and_leaves_silence_silent() -> None:
    noise = np.random.default_rng(1).normal(size=(1, 20_000)).astype(np.float32)
    loud = _in_blocks([EXAMPLES["running_scale"]], noise * 300, [])
    assert loud[0, 5000:].std() == pytest.approx(1.0, abs=0.05)
    faint = _in_blocks([EXAMPLES["running_scale"]], noise * 1e-3, [])
    np.testing.assert_allclose(faint, noise * 1e-3 / 0.5, rtol=1e-5)


def test_running_scale_equals_the_weighted_mean_square_it_stands_for() -> None:
    data = _eeg(1, 300)
    keep = math.exp(-1 / (2.0 * RATE_HZ))
    weights = keep ** np.arange(300)[::-1]
    mean_square = np.average(np.square(data[0].astype(np.float64)), weights=weights)
    got = _in_blocks([EXAMPLES["running_scale"]], data, [100])
    assert got[0, -1] == pytest.approx(data[0, -1] / math.sqrt(mean_square), rel=1e-6)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"step": "wavelet"}, ["'wavelet'", "Known: high_pass"]),
        ({}, ["None", "Known"]),
        ({"step": ["high_pass"]}, ["Known"]),
        ({"step": "high_pass", "cutoff_hz": 1.0}, ["'order' is missing", "cutoff_hz, order"]),
        ({"step": "scale", "factor": 1.0, "factr": 2}, ["no 'factr'"]),
        ({"step": "scale", "factor": -1.0}, ["factor", "above 0", "-1.0"]),
        ({"step": "scale", "factor": math.nan}, ["nan"]),
        ({"step": "scale", "factor": True}, ["True"]),
        ({"step": "scale", "factor": "2"}, ["'2'"]),
        ({"step": "scale", "factor": 10**400}, ["at most"]),
        ({"step": "high_pass", "cutoff_hz": 1.0, "order": 9}, ["1 to 8", "9"]),
        ({"step": "high_pass", "cutoff_hz": 1.0, "order": 2.0}, ["whole number"]),
        ({"step": "band_pass", "low_hz": 9.0, "high_hz": 3.0, "order": 2}, ["low_hz (9)", "3"]),
        ({"step": "low_pass", "cutoff_hz": 128.0, "order": 2}, ["128 Hz", "256 Hz", "below"]),
        ({"step": "high_pass", "cutoff_hz": 1e-6, "order": 2}, ["too low", "0.00128"]),
        ("high_pass", ["must be an object"]),
    ],
)
def test_a_wrong_step_is_refused_with_the_reason(entry: Any, words: list[str]) -> None:
    with pytest.raises(ParameterError) as caught:
        parse_steps([entry], RATE_HZ)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize("order", [1, 8])
@pytest.mark.parametrize("name", ["high_pass", "low_pass"])
@pytest.mark.parametrize("cutoff_hz", [0.0013, 127.9])
def test_the_most_extreme_filters_stay_finite(order: int, name: str, cutoff_hz: float) -> None:
    entry = {"step": name, "cutoff_hz": cutoff_hz, "order": order}
    got = _in_blocks([entry], _eeg(1, 20_000), [])
    assert np.isfinite(got).all()
    assert np.abs(got).max() < 1e5
