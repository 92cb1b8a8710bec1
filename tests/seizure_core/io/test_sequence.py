"""Several files of one recording read as one, on one time line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from seizure_core.errors import ParameterError, RecordingError
from seizure_core.io.opening import inspect_text, open_recording
from seizure_core.io.sequence import open_sequence
from seizure_core.io.sequence_order import in_order
from seizure_core.stats.channel_statistics import channel_statistics
from tests.edf_files import build_edf, random_signals, started_at
from tests.eeg_files import QUIET, SEIZURE, eeg_file

SUMMARY = """Data Sampling Rate: 256 Hz

File Name: chb01_01.edf
File Start Time: 23:59:58
File End Time: 0:00:02
Number of Seizures in File: 0

File Name: chb01_02.edf
File Start Time: 0:00:09
File End Time: 0:00:13
Number of Seizures in File: 0
"""


def part(
    path: Path, start_time: str, *, seed: int, n_s: int = 4, **more: object
) -> tuple[Path, NDArray]:
    signals = random_signals(2, n_s * 256, seed=seed)
    path = build_edf(path, signals, labels=["F3", "F4"], start_time=start_time, **more)  # type: ignore[arg-type]
    return path, open_recording(path).read()


def test_files_are_put_in_order_with_their_gaps(tmp_path: Path) -> None:
    late, late_values = part(tmp_path / "a.edf", "04.05.16", seed=1)
    early, early_values = part(
        tmp_path / "b.edf", "04.05.06", seed=2, annotations=[(1.5, None, "eyes open")]
    )
    recording = open_sequence([late, early])
    assert recording.duration_s == 14
    assert recording.file_name == "b.edf and 1 more"
    assert recording.start_time == open_recording(early).start_time
    signals = recording.read()
    np.testing.assert_array_equal(signals[:, :1024], early_values)
    assert np.isnan(signals[:, 1024:2560]).all()
    np.testing.assert_array_equal(signals[:, 2560:], late_values)
    assert [(s.start_s, s.stop_s) for s in recording.segments] == [(0, 4), (10, 14)]
    assert [(a.onset_s, a.text) for a in recording.annotations] == [(1.5, "eyes open")]
    assert recording.findings[0].message == "2 files opened as one: b.edf at 0 s; a.edf at 10 s."
    assert "between some of the files: 4 to 10 s" in recording.findings[1].message
    assert channel_statistics(recording)[0].n_missing == 6 * 256


@pytest.mark.parametrize(("start", "stop"), [(0, 3), (500, 1100), (1024, 1500), (900, 3584)])
def test_stretches_across_borders_equal_the_whole(tmp_path: Path, start: int, stop: int) -> None:
    first, _ = part(tmp_path / "a.edf", "04.05.06", seed=1)
    second, _ = part(tmp_path / "b.edf", "04.05.10", seed=2)
    third, _ = part(tmp_path / "c.edf", "04.05.16", seed=3)
    recording = open_sequence([first, second, third])
    whole = recording.read()
    np.testing.assert_array_equal(recording.read_samples([1], start, stop)[0], whole[1, start:stop])
    assert [(s.start_s, s.stop_s) for s in recording.segments] == [(0, 8), (10, 14)]


def test_annotations_of_later_files_move_with_them(tmp_path: Path) -> None:
    first, _ = part(tmp_path / "a.edf", "04.05.06", seed=1)
    second, _ = part(tmp_path / "b.edf", "04.05.20", seed=2, annotations=[(2, 1, "seizure")])
    (annotation,) = open_sequence([first, second]).annotations
    assert (annotation.onset_s, annotation.duration_s) == (16, 1)


def test_a_clock_rounded_by_less_than_a_second_makes_no_gap(tmp_path: Path) -> None:
    first = build_edf(
        tmp_path / "a.edf", random_signals(1, 1100), samples_per_record=220, record_duration="0.88"
    )
    second = build_edf(
        tmp_path / "b.edf",
        random_signals(1, 1100),
        samples_per_record=220,
        record_duration="0.88",
        start_time="04.05.10",
    )
    recording = open_sequence([first, second])
    assert recording.channels[0].n_samples == 2200
    assert len(recording.segments) == 1


def test_overlapping_files_are_refused(tmp_path: Path) -> None:
    first, _ = part(tmp_path / "a.edf", "04.05.06", seed=1)
    second, _ = part(tmp_path / "b.edf", "04.05.08", seed=2)
    with pytest.raises(RecordingError, match=r"b\.edf: it starts 2 s before a\.edf ends"):
        open_sequence([second, first])


def test_files_without_dates_follow_the_order_given_and_it_is_told(tmp_path: Path) -> None:
    first, first_values = part(tmp_path / "x.edf", "99.99.99", seed=1)
    second, second_values = part(tmp_path / "a.edf", "04.05.06", seed=2)
    recording = open_sequence([first, second])
    np.testing.assert_array_equal(recording.read(), np.hstack([first_values, second_values]))
    assert any("in the order given, without gaps" in f.message for f in recording.findings)


def test_files_without_dates_follow_the_clock_of_their_summary(tmp_path: Path) -> None:
    second, _ = part(tmp_path / "chb01_02.edf", "99.99.99", seed=1)
    first, _ = part(tmp_path / "chb01_01.edf", "99.99.99", seed=2)
    (tmp_path / "chb01-summary.txt").write_text(SUMMARY)
    recording = open_sequence([second, first])
    assert recording.file_name == "chb01_01.edf and 1 more"
    assert [(s.start_s, s.stop_s) for s in recording.segments] == [(0, 4), (11, 15)]
    assert any("summary in their folder" in f.message for f in recording.findings)


def test_files_of_other_channels_or_rates_are_refused(tmp_path: Path) -> None:
    first, _ = part(tmp_path / "a.edf", "04.05.06", seed=1)
    signals = random_signals(2, 1024)
    for name, more, told in (
        ("b.edf", {"labels": ["F3", "F8"]}, "channel 2 is 'F8', in a.edf it is 'F4'"),
        ("c.edf", {"labels": ["F3", "F4"], "sampling_rate_hz": 128}, "sampling rate is '128 Hz'"),
        ("d.edf", {"labels": ["F3", "F4"], "units": "degC"}, "unit is 'degC'"),
    ):
        other = build_edf(tmp_path / name, signals, start_time="04.06.00", **more)  # type: ignore[arg-type]
        with pytest.raises(RecordingError, match=told):
            open_sequence([first, other])
    one = build_edf(tmp_path / "e.edf", signals[:1], start_time="04.06.00")
    with pytest.raises(RecordingError, match="1 channels"):
        open_sequence([first, one])


def test_no_file_or_one_file_twice_is_refused_and_one_file_is_itself(tmp_path: Path) -> None:
    first, values = part(tmp_path / "a.edf", "04.05.06", seed=1)
    with pytest.raises(ParameterError, match="1 to"):
        open_sequence([])
    with pytest.raises(ParameterError, match="given twice"):
        open_sequence([first, first])
    np.testing.assert_array_equal(open_sequence([first]).read(), values)


def test_files_years_apart_are_refused(tmp_path: Path) -> None:
    first, _ = part(tmp_path / "a.edf", "04.05.06", seed=1)
    second, _ = part(
        tmp_path / "b.edf", "04.05.06", seed=2, start_date="02.03.24", recording="X X X X"
    )
    with pytest.raises(RecordingError, match="days"):
        open_sequence([first, second])


def test_it_says_where_each_file_lies(tmp_path: Path) -> None:
    late, _ = part(tmp_path / "a.edf", "04.05.10", seed=1)
    early, _ = part(tmp_path / "b.edf", "04.05.06", seed=2)
    recording = open_sequence([late, early])
    assert [(p.file_name, p.start_s, p.stop_s) for p in recording.parts] == [
        ("b.edf", 0, 4),
        ("a.edf", 4, 8),
    ]
    assert open_recording(early).parts == ()


def test_files_that_do_not_follow_are_listed_with_what_lies_between(tmp_path: Path) -> None:
    starts = ("04.05.06", "04.05.10", "04.05.12", "04.05.26")
    paths = [part(tmp_path / f"{i}.edf", start, seed=i)[0] for i, start in enumerate(starts)]
    opened = [open_recording(path) for path in reversed(paths)]
    listed = in_order(opened, list(reversed(paths)))
    assert [one.file_name for one, _ in listed] == ["0.edf", "1.edf", "2.edf", "3.edf"]
    assert [gap_s for _, gap_s in listed] == [None, 0, -2, 10]


def test_one_layout_reads_all_texts_of_a_sequence(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a.txt", "b.txt")]
    for path in paths:
        path.write_text("".join(f"{i % 7 - 3}.25\n" for i in range(400)))
    with pytest.raises(RecordingError, match="sampling rate"):
        open_sequence(paths)
    recording = open_sequence(
        paths, text_layout=replace(inspect_text(paths[0]), sampling_rate_hz=100)
    )
    assert recording.duration_s == 8
    assert [p.file_name for p in recording.parts] == ["a.txt", "b.txt"]


def test_excerpts_that_follow_each_other_are_one_recording(tmp_path: Path) -> None:
    quiet = eeg_file(QUIET)  # starts at 13:43:04
    seizure = eeg_file(SEIZURE)
    next_one = started_at(tmp_path / "next.edf", seizure, "13.43.45")
    recording = open_sequence([next_one, quiet])
    assert [p.file_name for p in recording.parts] == [quiet.name, "next.edf"]
    assert [(s.start_s, s.stop_s) for s in recording.segments] == [(0, 91)]
    np.testing.assert_array_equal(
        recording.read(start_s=41, length_s=50), open_recording(seizure).read()
    )


def test_excerpts_with_one_clock_time_are_refused() -> None:
    clips = [
        eeg_file(f"chbmit/chb02/chb02_16_{name}.edf")
        for name in ("preictal_s120-130", "ictal_s140-150")
    ]
    with pytest.raises(RecordingError, match=r"starts 10 s before .* ends"):
        open_sequence(clips)
