from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from seizure_core.events.line_length import line_length_events, line_length_trace
from seizure_core.io.edf.writer import write_edf
from seizure_core.io.opening import open_recording
from seizure_core.recording import Recording

RATE_HZ = 64.0
LENGTH_S = 120


def written(folder: Path, factor: np.ndarray, *, n_channels: int = 4) -> Recording:
    """A recording of noise whose amplitude follows a factor, one a second."""
    rng = np.random.default_rng(0)
    signals = rng.normal(0.0, 20.0, (n_channels, round(LENGTH_S * RATE_HZ)))
    signals *= np.repeat(factor, round(RATE_HZ))
    labels = ["FP1-F7", "F7-T7", "T7-P7", "P7-O1"][:n_channels]
    path = folder / "noise.edf"
    write_edf(path, signals.astype(np.float32), labels=labels, sampling_rate_hz=RATE_HZ)
    return open_recording(path)


def test_a_stretch_of_longer_lines_is_an_event_and_a_short_one_is_none(tmp_path: Path) -> None:
    factor = np.ones(LENGTH_S)
    factor[40:60] = 4.0
    factor[90:93] = 4.0
    (event,) = line_length_events(written(tmp_path, factor))
    assert abs(event.onset_s - 40.0) <= 2.0
    assert abs(event.offset_s - 60.0) <= 2.0


def test_the_trace_says_how_many_times_the_usual_the_lines_are(tmp_path: Path) -> None:
    factor = np.ones(LENGTH_S)
    factor[40:60] = 4.0
    trace = line_length_trace(written(tmp_path, factor))
    ratio = trace.probabilities / (1.0 - trace.probabilities)
    assert len(ratio) == LENGTH_S
    assert np.isclose(np.median(ratio[41:60]), 4.0, rtol=0.1)
    assert np.isclose(np.median(ratio[:40]), 1.0, rtol=0.1)


def test_an_artefact_of_one_channel_is_no_event(tmp_path: Path) -> None:
    recording = written(tmp_path, np.ones(LENGTH_S))
    signals = recording.read()
    signals[0, round(40 * RATE_HZ) : round(60 * RATE_HZ)] *= 8.0
    path = tmp_path / "artefact.edf"
    write_edf(path, signals, labels=recording.labels, sampling_rate_hz=RATE_HZ)
    assert line_length_events(open_recording(path)) == ()


def test_a_flat_recording_has_no_line_length_to_compare(tmp_path: Path) -> None:
    recording = written(tmp_path, np.zeros(LENGTH_S))
    assert np.isnan(line_length_trace(recording).probabilities).all()
    assert line_length_events(recording) == ()


def test_blocks_of_reading_do_not_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    factor = np.linspace(1.0, 3.0, LENGTH_S)
    recording = written(tmp_path, factor)
    whole = line_length_trace(recording).probabilities
    from seizure_core.signals import blocks as signal_blocks

    monkeypatch.setattr(signal_blocks, "_BLOCK_VALUES", 4 * 64 * 7)
    assert np.array_equal(line_length_trace(recording).probabilities, whole)
