from __future__ import annotations

from pathlib import Path

import numpy as np
import pyedflib
import pytest

from seizure_core.errors import ParameterError
from seizure_core.io.edf.copying import write_recording_edf
from seizure_core.io.opening import open_recording
from seizure_core.recording import Annotation
from tests.edf_files import build_edf

RNG = np.random.default_rng(5)


def note(onset_s: float, text: str = "spike") -> Annotation:
    return Annotation(onset_s=onset_s, duration_s=1.0, text=text)


def test_gaps_stay_gaps_and_channels_keep_their_rates(tmp_path: Path) -> None:
    source = build_edf(
        tmp_path / "gaps.edf",
        [RNG.normal(scale=50, size=256 * 6), RNG.normal(scale=50, size=64 * 6)],
        labels=["F3", "ECG"],
        sampling_rate_hz=[256, 64],
        reserved="EDF+D",
        record_onsets=[0, 1, 2, 10, 11, 12.5],
    )
    before = open_recording(source)
    write_recording_edf(tmp_path / "copy.edf", before, [note(10.5)])
    after = open_recording(tmp_path / "copy.edf")
    assert after.format == "EDF+D"
    assert after.segments == before.segments
    assert after.start_time == before.start_time
    assert [one.onset_s for one in after.annotations] == [10.5]
    for number in (0, 1):
        was, now = before.read([number]), after.read([number])
        assert (np.isnan(was) == np.isnan(now)).all()
        assert np.nanmax(np.abs(was - now)) <= 0.5 * 6553.5 / 65535 + 1e-3


def test_samples_of_24_bits_are_written_in_the_range_they_use(tmp_path: Path) -> None:
    values = RNG.normal(scale=20, size=256 * 4)
    source = build_edf(
        tmp_path / "fine.bdf", [values], bdf=True, physical_limits=("-262144", "262143")
    )
    write_recording_edf(tmp_path / "copy.edf", open_recording(source), [])
    found = open_recording(tmp_path / "copy.edf").read()[0]
    assert np.abs(found - values).max() <= np.ptp(values) / 65535 + 0.02


def test_a_cut_between_samples_of_a_record_begins_where_it_was_asked_for(tmp_path: Path) -> None:
    values = RNG.normal(scale=50, size=256 * 8)
    before = open_recording(build_edf(tmp_path / "whole.edf", [values]))
    write_recording_edf(
        tmp_path / "cut.edf", before, [note(0.0), note(3.0)], start_s=2.5, stop_s=5.5
    )
    after = open_recording(tmp_path / "cut.edf")
    assert (after.start_time - before.start_time).total_seconds() == 2.5  # type: ignore[operator]
    assert np.abs(after.read() - before.read(start_s=2.5, length_s=3.0)).max() < 0.1
    assert [one.onset_s for one in after.annotations] == [0.5]
    with pyedflib.EdfReader(str(tmp_path / "cut.edf")) as strict:
        assert strict.readAnnotations()[2].tolist() == ["spike"]


def test_a_cut_outside_the_recording_is_refused_and_leaves_no_file(tmp_path: Path) -> None:
    recording = open_recording(build_edf(tmp_path / "whole.edf", [np.zeros(256 * 8)]))
    for start_s, stop_s in ((9.0, 10.0), (3.0, 3.0), (-1.0, 2.0)):
        with pytest.raises(ParameterError, match="cut"):
            write_recording_edf(tmp_path / "cut.edf", recording, [], start_s=start_s, stop_s=stop_s)
    assert [path.name for path in tmp_path.iterdir()] == ["whole.edf"]
