"""Statistics of whole recordings: equal to numpy on whole arrays, missing samples left out."""

from __future__ import annotations

import math
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from seizure_core.io.opening import open_recording
from seizure_core.recording import Recording
from seizure_core.signals import blocks as streaming
from seizure_core.stats.channel_statistics import ChannelStatistics, channel_statistics
from seizure_core.stats.distribution import RankFinder, ValueCounts, value_distribution
from seizure_core.stats.pieces import Moments
from tests.eeg_files import REST, SEIZURE, eeg_file
from tests.memory_recording import memory_recording


def _check_against_numpy(got: ChannelStatistics, samples: np.ndarray, rate_hz: float) -> None:
    finite = np.isfinite(samples)
    x = samples[finite].astype(np.float64)
    with np.errstate(invalid="ignore"):
        steps = np.abs(np.diff(samples.astype(np.float64)))
    expected = {
        "n_samples": len(samples),
        "n_missing": int((~finite).sum()),
        "mean": x.mean(),
        "std": x.std(),
        "min": x.min(),
        "max": x.max(),
        "median": np.median(x),
        "rms": math.sqrt(np.mean(x * x)),
        "percentile_5": np.percentile(x, 5),
        "percentile_95": np.percentile(x, 95),
        "skewness": stats.skew(x),
        "kurtosis": stats.kurtosis(x),
        "hjorth_activity": x.var(),
        "line_length": steps[np.isfinite(steps)].sum(),
        "line_length_per_s": steps[np.isfinite(steps)].sum() / (len(x) / rate_hz),
    }
    scale = np.abs(x).max() or 1.0
    for name, value in expected.items():
        assert getattr(got, name) == pytest.approx(value, rel=1e-9, abs=1e-10 * scale), name


@pytest.mark.parametrize(
    "name",
    [SEIZURE, REST],
)
def test_whole_recordings_give_numpys_numbers(name: str) -> None:
    recording = open_recording(eeg_file(name))
    whole = recording.read()
    computed = channel_statistics(recording)
    assert [row.label for row in computed] == recording.labels
    for row, samples, channel in zip(computed, whole, recording.channels, strict=True):
        assert row.unit == channel.unit
        _check_against_numpy(row, samples, channel.sampling_rate_hz)


def test_many_blocks_a_great_offset_and_gaps_change_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(0)
    data = (rng.gamma(2.0, 30.0, size=(2, 20_000)) + 4200).astype(np.float32)
    data[1, 3000:7000] = np.nan
    data[1, 9000] = np.inf
    recording = memory_recording(["A", "B"], list(data))
    whole = channel_statistics(recording)
    monkeypatch.setattr(streaming, "_BLOCK_VALUES", 1024)
    again = channel_statistics(recording)
    assert again == whole
    assert channel_statistics(recording, ["B"]) == whole[1:]
    for row, samples in zip(whole, data, strict=True):
        _check_against_numpy(row, samples, 256.0)


def test_flat_and_clipped_parts_are_those_the_quality_check_finds() -> None:
    data = np.random.default_rng(0).normal(size=(1, 2560)).astype(np.float32)
    data[0, 256:512] = 3.0
    data[0, 600:728] = 3276.7
    (row,) = channel_statistics(memory_recording(["A"], list(data)))
    assert row.flat_fraction == pytest.approx(256 / 2560)
    assert row.clipped_fraction == pytest.approx(128 / 2560)


def test_channels_may_differ_in_rate_and_be_asked_for_in_any_order() -> None:
    recording = memory_recording(
        ["A", "B", "C"], sampling_rates_hz=[256.0, 100.0, 256.0], duration_s=4.0
    )
    rows = channel_statistics(recording, ["C", "B", "C"])
    assert [row.label for row in rows] == ["C", "B", "C"]
    assert [row.n_samples for row in rows] == [1024, 400, 1024]
    assert rows[0] == rows[2]
    _check_against_numpy(rows[1], recording.read(["B"])[0], 100.0)


def test_many_channels_are_taken_in_parts_with_one_progress() -> None:
    fractions: list[float] = []
    recording = memory_recording([f"C{i}" for i in range(70)], duration_s=0.5)
    rows = channel_statistics(recording, progress=fractions.append)
    assert [row.label for row in rows] == recording.labels
    assert fractions == sorted(fractions)
    assert fractions[-1] == pytest.approx(1.0)


def test_a_channel_without_values_is_undefined_not_an_error() -> None:
    (row,) = channel_statistics(memory_recording(["A"], [np.full(512, np.nan)]))
    assert row.n_missing == row.n_samples == 512
    for name in ("mean", "std", "min", "max", "median", "rms", "line_length", "skewness"):
        assert math.isnan(getattr(row, name)), name


def test_a_constant_channel_has_no_shape_but_all_the_rest() -> None:
    (row,) = channel_statistics(memory_recording(["A"], [np.full(512, 7.5)]))
    assert (row.mean, row.std, row.median, row.rms) == (7.5, 0.0, 7.5, 7.5)
    assert (row.flat_fraction, row.line_length) == (1.0, 0.0)
    assert math.isnan(row.skewness)


def test_numbers_are_plain_python_numbers() -> None:
    (row,) = channel_statistics(memory_recording(["A"]))
    for field in fields(row):
        assert type(getattr(row, field.name)) in (str, int, float, tuple), field.name


def test_a_recording_without_channels_has_no_rows() -> None:
    recording = replace(memory_recording(["A"]), channels=())
    assert channel_statistics(recording) == []


@given(
    st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=1, max_size=60),
    st.lists(st.floats(0, 1), min_size=1, max_size=4),
    st.integers(1, 20),
)
def test_quantiles_are_exact_for_any_numbers(
    values: list[float], fractions: list[float], size: int
) -> None:
    data = np.array(values, dtype=np.float32)
    finder = RankFinder(fractions)
    for start in range(0, len(data), size):
        finder.count(data[start : start + size])
    for start in range(0, len(data) if finder.needs_second_pass else 0, size):
        finder.refine(data[start : start + size])
    ordered = np.sort(data.astype(np.float64))
    for fraction, got in zip(fractions, finder.quantiles(), strict=True):
        scale = np.abs(ordered).max()
        assert got == pytest.approx(np.quantile(ordered, fraction), abs=1e-12 * scale)


@given(
    st.lists(st.integers(-(2**15), 2**15 - 1), min_size=1, max_size=60),
    st.floats(1e-3, 1e3),
    st.floats(-1e4, 1e4),
    st.integers(1, 20),
)
def test_values_of_a_converter_are_counted_in_one_pass(
    numbers: list[int], gain: float, offset: float, size: int
) -> None:
    data = (np.array([*numbers, 0, 1]) * gain + offset).astype(np.float32)
    counts = ValueCounts()
    for start in range(0, len(data), size):
        assert counts.add(data[start : start + size])
    expected, expected_counts = np.unique(data, return_counts=True)
    np.testing.assert_array_equal(counts.found()[0], expected)
    np.testing.assert_array_equal(counts.found()[1], expected_counts)


@given(st.lists(st.integers(0, 300), max_size=6))
def test_moments_do_not_depend_on_blocks(cuts: list[int]) -> None:
    data = np.random.default_rng(3).exponential(10.0, size=300)
    whole, parts = Moments(), Moments()
    whole.add(data)
    for piece in np.split(data, sorted(cuts)):
        parts.add(piece)
    for name in ("n", "mean", "variance", "skewness", "kurtosis", "rms"):
        assert getattr(parts, name) == pytest.approx(getattr(whole, name), rel=1e-10), name


def test_a_file_is_read_in_blocks_not_at_once() -> None:
    recording: Recording = memory_recording(["A", "B"], duration_s=6000.0)
    channel_statistics(recording)
    calls = recording.reader.calls  # type: ignore[attr-defined]
    assert max((stop - start) * len(rows) for rows, start, stop in calls) <= 1 << 21
    assert len(calls) > 2


def test_only_a_channel_of_arbitrary_numbers_is_read_twice() -> None:
    rng = np.random.default_rng(0)
    steps = np.rint(rng.normal(scale=3000, size=(2, 50_000)))
    drifting = np.round(np.linspace(-800, 800, 50_000), 1)  # leaves the range of its first values
    converter, fine, other = steps[0] * 0.1, steps[1] * 0.03125 + 4200, rng.normal(size=50_000)
    recording = memory_recording("ABCD", [converter, drifting, fine, other])
    rows = channel_statistics(recording)
    n_read = [0] * 4
    for indices, start, stop in recording.reader.calls:  # type: ignore[attr-defined]
        for index in indices:
            n_read[index] += stop - start
    assert n_read == [50_000, 50_000, 50_000, 100_000]
    for row, samples in zip(rows, recording.read(), strict=True):
        _check_against_numpy(row, samples, 256.0)


def test_the_distribution_of_a_converters_values_needs_one_reading() -> None:
    recording = memory_recording(["A"], [np.rint(np.linspace(-9, 9, 5000)) * 0.1])
    value_distribution(recording, 0)
    calls = recording.reader.calls  # type: ignore[attr-defined]
    assert sum(stop - start for _, start, stop in calls) == 5000
