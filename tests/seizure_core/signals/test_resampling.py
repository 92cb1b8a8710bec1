"""Resampling: any stretch equals scipy over the whole signal; ratios; gaps."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import signal

from seizure_core.errors import ParameterError
from seizure_core.signals.resampling import (
    MAX_FACTOR,
    Resampler,
    ResamplingRatio,
    blocks_of,
    resampling_ratio,
)
from tests.properties import examples

RATIOS = [(500, 256), (128, 256), (512, 256), (200, 256), (173.61, 256), (1000, 128), (256, 256)]


def _stretch(resampler: Resampler, data: np.ndarray, start: int, stop: int) -> np.ndarray:
    first, last = resampler.input_bounds(start, stop)
    return resampler.resample(data[:, first:last], start, stop)


def _signals(n_samples: int, seed: int = 0) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(scale=40.0, size=(2, n_samples))
    return (noise + np.array([[0.0], [4200.0]])).astype(np.float32)


@examples(0.5)
@given(
    st.sampled_from(RATIOS),
    st.integers(0, 1500),
    st.lists(st.integers(0, 3000), max_size=8),
)
def test_pieces_equal_scipy_over_the_whole_signal(
    rates: tuple[float, float], n_samples: int, cuts: list[int]
) -> None:
    ratio = resampling_ratio(*rates)
    data = _signals(n_samples)
    resampler = Resampler(ratio, n_samples)
    edges = [0, *sorted(min(cut, resampler.n_output) for cut in cuts), resampler.n_output]
    pieces = [_stretch(resampler, data, start, stop) for start, stop in itertools.pairwise(edges)]
    got = np.concatenate(pieces, axis=1)
    np.testing.assert_array_equal(got, _stretch(resampler, data, 0, resampler.n_output))
    if n_samples:
        whole = signal.resample_poly(data.astype(np.float64), ratio.up, ratio.down, axis=-1)
        expected = whole[:, : resampler.n_output]
        assert whole.shape[1] - resampler.n_output in (0, 1)
        np.testing.assert_allclose(got, expected, rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize(
    ("source_hz", "target_hz", "up", "down"),
    [
        (500, 256, 64, 125),
        (173.61, 256, 25600, 17361),
        (256 / 1.1, 256, 11, 10),
        (256.0, 256.0, 1, 1),
        (255.9999, 256.0, 1, 1),
        (1 / 3 * 600, 256, 32, 25),
    ],
)
def test_ratios_of_rates_people_have(
    source_hz: float, target_hz: float, up: int, down: int
) -> None:
    assert resampling_ratio(source_hz, target_hz) == ResamplingRatio(up=up, down=down)


@examples(4)
@given(st.floats(13.0, 30_000.0), st.sampled_from([100.0, 128.0, 200.0, 256.0, 500.0]))
def test_every_ratio_is_near_the_truth_and_small_enough(source_hz: float, target_hz: float) -> None:
    if not 1 / 1000 <= target_hz / source_hz <= 20:
        return
    ratio = resampling_ratio(source_hz, target_hz)
    assert max(ratio.up, ratio.down) <= MAX_FACTOR
    assert math.gcd(ratio.up, ratio.down) == 1
    true = Fraction(target_hz) / Fraction(source_hz)
    assert abs(Fraction(ratio.up, ratio.down) / true - 1) <= Fraction(51, 10_000_000)


@pytest.mark.parametrize(
    ("source_hz", "target_hz"), [(1.0, 256.0), (256.0, 0.0), (math.nan, 256), (1e6, 256.0), (-1, 1)]
)
def test_absurd_rates_are_refused(source_hz: float, target_hz: float) -> None:
    with pytest.raises(ParameterError, match="Hz"):
        resampling_ratio(source_hz, target_hz)


def test_a_tone_keeps_its_frequency_and_its_time() -> None:
    times = np.arange(500 * 20) / 500
    tone = np.sin(2 * np.pi * 10 * times)[np.newaxis]
    resampler = Resampler(resampling_ratio(500, 256), len(times))
    got = _stretch(resampler, tone, 256, 256 * 18)
    expected = np.sin(2 * np.pi * 10 * np.arange(256, 256 * 18) / 256)
    np.testing.assert_allclose(got[0], expected, atol=2e-3)


@examples(0.5)
@given(
    st.sampled_from(RATIOS),
    st.lists(st.tuples(st.integers(0, 1200), st.integers(1, 300)), max_size=4),
    st.lists(st.integers(0, 2400), max_size=5),
)
def test_gaps_stay_gaps_and_change_nothing_elsewhere(
    rates: tuple[float, float], gaps: list[tuple[int, int]], cuts: list[int]
) -> None:
    ratio = resampling_ratio(*rates)
    data = _signals(1200)
    clean = data.copy()
    for start, length in gaps:
        data[0, start : start + length] = np.nan
    resampler = Resampler(ratio, 1200)
    whole = _stretch(resampler, data, 0, resampler.n_output)
    edges = [0, *sorted(min(cut, resampler.n_output) for cut in cuts), resampler.n_output]
    pieces = [_stretch(resampler, data, start, stop) for start, stop in itertools.pairwise(edges)]
    np.testing.assert_array_equal(np.concatenate(pieces, axis=1), whole)
    untouched = _stretch(resampler, clean, 0, resampler.n_output)
    np.testing.assert_array_equal(whole[1], untouched[1])
    positions = np.arange(resampler.n_output) * ratio.down / ratio.up
    reach = 10 * max(ratio.up, ratio.down) / ratio.up + 1
    lost = np.flatnonzero(np.isnan(data[0]))
    distance = np.abs(positions[:, None] - lost[None, :]).min(axis=1, initial=np.inf)
    far = distance > reach
    np.testing.assert_array_equal(whole[0][far], untouched[0][far])


def test_a_gap_in_a_constant_makes_no_ringing() -> None:
    data = np.full((1, 4000), 4200.0)
    data[0, 1500:2100] = np.nan
    resampler = Resampler(resampling_ratio(500, 256), 4000)
    got = _stretch(resampler, data, 20, resampler.n_output - 20)[0]
    missing = np.isnan(got)
    times_s = np.arange(20, resampler.n_output - 20) / 256
    np.testing.assert_allclose(got[~missing], 4200.0, rtol=3e-4)
    assert times_s[missing].min() == pytest.approx(1500 / 500, abs=0.005)
    assert times_s[missing].max() == pytest.approx(2100 / 500, abs=0.005)


def test_nothing_gives_nothing() -> None:
    resampler = Resampler(resampling_ratio(500, 256), 0)
    assert resampler.n_output == 0
    assert resampler.resample(np.empty((3, 0)), 0, 0).shape == (3, 0)


def test_blocks_cover_all_once() -> None:
    assert list(blocks_of(10, 4)) == [(0, 4), (4, 8), (8, 10)]
    assert list(blocks_of(0, 4)) == []
    with pytest.raises(ParameterError, match="at least 1 sample"):
        list(blocks_of(10, 0))
