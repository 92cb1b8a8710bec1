"""What is wrong with signals: found exactly, whatever the blocks, and said in plain words."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seizure_core.intervals import constant_runs, true_runs
from seizure_core.io.opening import open_recording
from seizure_core.recording import Finding, Recording, Segment
from seizure_core.signals.model_input import ModelInput, prepare_input
from seizure_core.signals.quality import (
    InputQuality,
    QualityMonitor,
)
from seizure_core.signals.quality_report import clock
from tests.memory_recording import memory_recording
from tests.seizure_core.qualities import channel_quality, quality_findings
from tests.shared_files import shared_file

RATE = 64


def _noise(n_channels: int, seconds: float, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    steps = rng.integers(-400, 400, size=(n_channels, round(seconds * RATE)))
    return steps.astype(np.float32) * np.float32(0.1)


def _recording(data: np.ndarray, **more: object) -> Recording:
    labels = [f"C{i}" for i in range(len(data))]
    return memory_recording(labels, list(data), sampling_rates_hz=float(RATE), **more)


def _messages(data: np.ndarray, **more: object) -> list[str]:
    return [f"{f.severity}: {f.message}" for f in quality_findings(_recording(data, **more))]


def _runs_one_by_one(hits: np.ndarray, least: int) -> int:
    """Count the values of runs of True at least `least` long, the slow plain way."""
    return sum(
        len(run)
        for key, values in itertools.groupby(hits.tolist())
        if key and len(run := list(values)) >= least
    )


def _flat_one_by_one(values: np.ndarray) -> int:
    present = [(i if np.isnan(v) else 0, v) for i, v in enumerate(values.tolist())]
    runs = [len(list(g)) for _, g in itertools.groupby(present, key=lambda p: (p[0], str(p[1])))]
    return sum(n for n in runs if n >= RATE)


edits = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.integers(0, 700),
        st.integers(1, 300),
        st.sampled_from([np.nan, 0.0, 7.5, 3276.7, -3276.8]),
    ),
    max_size=5,
)


def _seconds_one_by_one(values: np.ndarray) -> tuple[int, int]:
    """Count the samples in quiet and in loud seconds, the slow plain way."""
    counts = [0, 0]
    for start in range(0, len(values), RATE):
        second = values[start : start + RATE]
        span = second.max() - second.min()
        counts[0] += len(second) * bool(0 < span < 1)
        counts[1] += len(second) * bool(span > 5000)
    return counts[0], counts[1]


scalings = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.integers(0, 700),
        st.integers(1, 300),
        st.sampled_from([0.001, 0.012, 0.013, 60.0, 65.0]),
    ),
    max_size=3,
)


@given(edits, scalings, st.lists(st.integers(0, 720), max_size=5))
def test_counts_are_exact_for_any_blocks(
    changes: list[tuple[int, int, int, float]],
    scaled: list[tuple[int, int, int, float]],
    cuts: list[int],
) -> None:
    data = _noise(2, 11.25)
    for row, start, length, factor in scaled:
        data[row, start : start + length] *= np.float32(factor)
    for row, start, length, value in changes:
        data[row, start : start + length] = value
    monitor = QualityMonitor(_recording(data).channels, float(RATE))
    edges = [0, *sorted(cuts), data.shape[1]]
    for start, stop in itertools.pairwise(edges):
        monitor.add(data[:, start:stop])
    for row, result in zip(data, monitor.results(), strict=True):
        assert result.n_samples == len(row)
        assert result.missing.n_samples == int(np.isnan(row).sum())
        assert result.flat.n_samples == _flat_one_by_one(row)
        ends = (row >= np.float32(3276.6)) | (row <= np.float32(-3276.7))
        assert result.clipped.n_samples == _runs_one_by_one(ends, 2)
        quiet_loud = (result.quiet.n_samples, result.loud.n_samples)
        assert quiet_loud == _seconds_one_by_one(row)
        for stretches in (result.missing, result.flat):
            assert sum(stop - start for start, stop in stretches.spans) == stretches.n_samples


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        (1e-6, "All 3 channels vary by less than 1 uV a second throughout: a million times too "
               "small for EEG in uV, as volts would be."),
        (1e-3, "throughout: probably disconnected, or a thousand times too small for uV"),
        (1e6, "a million times too large for EEG in uV"),
        (1e3, "a thousand times too large for EEG in uV"),
    ],
)  # fmt: skip
def test_values_in_a_wrong_unit_are_told_by_their_size(factor: float, words: str) -> None:
    data = _noise(3, 30.0) * np.float32(factor)
    assert any(words in message for message in _messages(data))


def _of_input(fed: ModelInput) -> tuple[Finding, ...]:
    quality = InputQuality(fed)
    for _ in fed.blocks_with_gaps(1000, watch=quality.add):
        pass
    return quality.findings()


def test_a_model_is_fed_numbers_without_unit_as_microvolts() -> None:
    labels = ["FP1-F7", "F7-T7", "T7-P7"]
    volts = list(_noise(3, 30.0) * np.float32(1e-6))
    recording = memory_recording(labels, volts, sampling_rates_hz=float(RATE), units=[""] * 3)
    fed = prepare_input(recording, channels=labels, sampling_rate_hz=float(RATE))
    assert quality_findings(recording) == ()
    assert "a million times too small" in _of_input(fed)[0].message


def test_rows_are_judged_after_the_subtraction() -> None:
    rng = np.random.default_rng(4)
    drift = 2000 * np.sin(np.arange(60 * RATE) / 3)
    small = rng.integers(-40, 40, (3, 60 * RATE))
    small[2] = small[1]
    recording = memory_recording(
        ["FP1-REF", "F7-REF", "T7-REF"], list(4 * drift + small), sampling_rates_hz=float(RATE)
    )
    fed = prepare_input(recording, channels=["FP1-F7", "F7-T7"], sampling_rate_hz=float(RATE))
    messages = [f.message for f in _of_input(fed) if "clipped" not in f.message]
    assert messages == ["F7-T7 is flat, one unchanging value, throughout."]


def test_good_eeg_has_no_findings() -> None:
    assert _messages(_noise(3, 30.0)) == []


def test_flat_channels_are_named_together_with_their_times() -> None:
    data = _noise(3, 100.0)
    data[0, 10 * RATE : 70 * RATE] = 1.5
    data[2, 10 * RATE : 70 * RATE] = -3.0
    assert _messages(data) == [
        "warning: C0, C2 are flat, one unchanging value, for 60 s in all (0:00:10 to 0:01:10)."
    ]
    data[2] = _noise(1, 100.0, seed=5)[0]
    data[2, 10 * RATE : 12 * RATE] = 0.0
    assert _messages(data) == [
        "warning: C0 (60 s), C2 (2 s) are flat, one unchanging value, at 0:00:10 to 0:01:10."
    ]


def test_a_channel_that_never_changes_is_flat_throughout() -> None:
    data = _noise(2, 20.0)
    data[1] = 0.0
    assert _messages(data) == ["warning: C1 is flat, one unchanging value, throughout."]


def test_only_the_longest_times_are_named() -> None:
    data = _noise(2, 60.0)
    for second in (1, 5, 11, 21, 31):
        data[0, second * RATE : (second + 2) * RATE] = 0.0
    (message,) = _messages(data)
    assert message.endswith("0:00:11 to 0:00:13 and 2 shorter stretches).")


def test_an_end_that_was_filled_up_is_called_that() -> None:
    data = _noise(4, 60.0)
    data[:, -90:] = 0.0
    assert _messages(data) == [
        "info: The last 1.41 s hold one unchanging value in all channels: "
        "the file was filled up to its end."
    ]


def test_clipping_needs_two_neighbours_at_the_end_of_the_range() -> None:
    data = _noise(2, 20.0)
    data[0, 100:700:50] = 3276.7
    assert _messages(data) == []
    data[0, 300:330] = -3276.8
    assert _messages(data) == [
        "info: C0 is clipped at an end of the recorder's range for 0.469 s in all "
        "(0:00:04.7 to 0:00:05.2)."
    ]


def test_a_range_without_width_clips_nothing() -> None:
    data = np.zeros((1, 20 * RATE), dtype=np.float32)
    recording = _recording(data)
    channel = replace(recording.channels[0], minimum=0.0, maximum=0.0)
    (quality,) = channel_quality(replace(recording, channels=(channel,)))
    assert quality.clipped_fraction == 0.0
    assert quality.flat_fraction == 1.0


def test_missing_samples_are_told_but_declared_gaps_are_not_repeated() -> None:
    data = _noise(2, 20.0)
    data[:, 5 * RATE : 8 * RATE] = np.nan
    assert _messages(data) == [
        "warning: All 2 channels have no value for 3 s in all (0:00:05 to 0:00:08)."
    ]
    segments = (Segment(start_s=0.0, duration_s=5.0), Segment(start_s=8.0, duration_s=12.0))
    declared = replace(_recording(data), segments=segments)
    assert quality_findings(declared) == ()
    data[1, 10 * RATE : 10 * RATE + 32] = np.nan
    declared = replace(_recording(data), segments=segments)
    assert [f.message for f in quality_findings(declared)] == [
        "C1 has no value for 0.5 s in all (0:00:10 to 0:00:10.5)."
    ]


def test_a_channel_without_any_value_is_missing_throughout_and_nothing_else() -> None:
    data = _noise(2, 20.0)
    data[0] = np.nan
    assert _messages(data) == ["warning: C0 has no value throughout."]


def test_too_quiet_and_too_loud_are_told_of_voltages_only() -> None:
    data = _noise(2, 60.0)
    data[0] *= 0.005
    data[1] *= 80
    quiet, loud = _messages(data)
    assert quiet.startswith("warning: C0 varies by less than 1 uV a second throughout: probably")
    assert loud.startswith("warning: C1 spans more than 5 mV a second throughout: a loose")
    assert _messages(data, units="degC") == []


def test_flat_triggers_are_no_finding_but_unitless_eeg_may_be() -> None:
    data = np.zeros((1, 20 * RATE), dtype=np.float32)
    assert _messages(data, units="Boolean") == []
    assert _messages(data, units="") == ["warning: C0 is flat, one unchanging value, throughout."]


def test_many_channels_are_not_all_listed() -> None:
    data = _noise(30, 12.0)
    for row in range(20):
        data[row, RATE : RATE * 3 + row] = 0.0
    (message,) = _messages(data)
    assert "C19 (2.3 s)" in message
    assert "and 12 more are flat" in message


def test_real_disconnections_are_found() -> None:
    recording = open_recording(shared_file("chbmit/chb03/chb03_36_ictal_s1735-1745.edf"))
    (finding,) = quality_findings(recording)
    assert finding.severity == "warning"
    assert "T7-P7 (1.41 s)" in finding.message
    assert "are flat" in finding.message


def test_a_real_undisturbed_recording_has_none() -> None:
    recording = open_recording(shared_file("chbmit/chb01/chb01_03_seizure_s2986-3036.edf"))
    assert quality_findings(recording) == ()


@given(st.lists(st.booleans(), max_size=40), st.integers(1, 4))
def test_true_runs_are_the_runs(values: list[bool], least: int) -> None:
    mask = np.array(values, dtype=bool)
    runs = true_runs(mask, least)
    covered = np.zeros(len(mask), dtype=bool)
    for start, stop in runs:
        assert stop - start >= least
        covered[start:stop] = True
    assert int(covered.sum()) == _runs_one_by_one(mask, least)
    assert not np.any(covered & ~mask)


def test_constant_runs_of_nothing_and_of_missing_values() -> None:
    assert constant_runs(np.array([], dtype=np.float32), 2) == []
    values = np.array([np.nan, np.nan, 1, 1, 1, 2, 2], dtype=np.float32)
    assert constant_runs(values, 2) == [(2, 5), (5, 7)]
    assert constant_runs(values, 3) == [(2, 5)]


@pytest.mark.parametrize(
    ("time_s", "text"), [(0.0, "0:00:00"), (3661.26, "1:01:01.3"), (59.98, "0:01:00")]
)
def test_times_are_written_as_clocks(time_s: float, text: str) -> None:
    assert clock(time_s) == text
