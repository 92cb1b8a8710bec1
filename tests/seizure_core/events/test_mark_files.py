from __future__ import annotations

import contextlib
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seizure_core.errors import ReferenceFileError
from seizure_core.events.event import Mark, seizure_events
from seizure_core.events.mark_files import (
    read_marks,
    write_marks_csv,
    write_marks_edf,
    write_marks_tsv,
)
from seizure_core.events.types import EVENT_TYPES
from seizure_core.references import read_reference
from tests.eeg_files import eeg_file
from tests.properties import examples

DURATION_S = 3600.0
START = datetime(2020, 5, 6, 7, 8, 9)

MARKS = (
    Mark(mark_id="1", onset_s=10.5, duration_s=20.25, kind="sz_foc", text="left, then right"),
    Mark(mark_id="2", onset_s=40.0, duration_s=5.0, kind="artefact", text="chewing"),
    Mark(
        mark_id="3", onset_s=50.0, duration_s=0.0, kind="note", text="eyes \u201copen\u201d, \u00e8"
    ),
    Mark(mark_id="5", onset_s=60.0, duration_s=2.0, kind="artefact"),
    Mark(mark_id="4", onset_s=100.0, duration_s=30.0, confidence=0.75, origin="predicted"),
)


def facts(marks: tuple[Mark, ...]) -> list[tuple[float, float, str, str]]:
    return [(m.onset_s, m.duration_s, m.kind, m.text) for m in marks]


def again(path: Path) -> tuple[Mark, ...]:
    return read_marks(path, file_name=path.name, recording_name="a.edf")[0]


mark_lists = st.lists(
    st.builds(
        Mark,
        mark_id=st.uuids().map(str),
        onset_s=st.integers(0, 3000).map(lambda n: n + 0.125),
        duration_s=st.integers(1, 400).map(lambda n: n / 4),
        kind=st.sampled_from([one.code for one in EVENT_TYPES]),
        text=st.text(st.characters(codec="utf-8", exclude_categories=("C",)), max_size=30),
        confidence=st.one_of(st.none(), st.floats(0, 1)),
    ),
    max_size=8,
    unique_by=lambda mark: mark.onset_s,
)


@given(marks=mark_lists)
@examples(0.5)
def test_csv_gives_back_every_mark_to_the_last_bit(
    tmp_path_factory: pytest.TempPathFactory, marks: list[Mark]
) -> None:
    path = tmp_path_factory.mktemp("marks") / "m.csv"
    write_marks_csv(path, marks)
    read = again(path)
    ordered = sorted(marks, key=lambda mark: mark.onset_s)
    assert facts(read) == facts(tuple(ordered))
    assert [mark.confidence for mark in read] == [mark.confidence for mark in ordered]


def test_an_edf_annotation_file_keeps_remarks_and_other_programs_find_the_seizures(
    tmp_path: Path,
) -> None:
    path = tmp_path / "m.edf"
    write_marks_edf(path, MARKS, duration_s=DURATION_S, start_time=START)
    assert facts(again(path)) == facts(MARKS)
    reference = read_reference(path)
    assert [(e.onset_s, e.event_type) for e in reference.events] == [
        (10.5, "sz_foc"),
        (100.0, "sz"),
    ]


def test_a_tsv_holds_the_seizures_alone_for_the_strictest_reader(tmp_path: Path) -> None:
    path = tmp_path / "m.tsv"
    write_marks_tsv(path, MARKS, duration_s=DURATION_S, start_time=START)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[1:] == [
        "10.50\t20.25\tsz_foc\tn/a\tn/a\t2020-05-06 07:08:09\t3600.00",
        "100.00\t30.00\tsz\t0.75\tn/a\t2020-05-06 07:08:09\t3600.00",
    ]
    assert [(m.onset_s, m.kind) for m in again(path)] == [(10.5, "sz_foc"), (100.0, "sz")]


def test_a_seizure_marked_by_one_click_is_written_with_an_extent(tmp_path: Path) -> None:
    path = tmp_path / "m.tsv"
    mark = Mark(mark_id="1", onset_s=DURATION_S, duration_s=0.0)
    write_marks_tsv(path, [mark], duration_s=DURATION_S, start_time=None)
    (read,) = again(path)
    assert 0 < read.duration_s <= 0.01
    assert read.onset_s + read.duration_s <= DURATION_S


def test_marked_seizures_are_events_and_remarks_are_not() -> None:
    events = seizure_events(reversed(MARKS))
    assert [(e.onset_s, e.event_type) for e in events] == [(10.5, "sz_foc"), (100.0, "sz")]


def test_events_of_a_recording_become_marks() -> None:
    path = eeg_file("chbmit/chb01/chb01_03_seizure_s2986-3036_events.tsv")
    (mark,) = again(path)
    assert (mark.onset_s, mark.duration_s, mark.kind, mark.origin) == (10, 40, "sz", "imported")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1,2,sz,,", "5 cells"),
        ("x,2,sz,,,", "'x' is not a number"),
        ("1,nan,sz,,,", "not a number"),
        ("1,-2,sz,,,", "below 0"),
        ("1,2,spikes,,,", "spike"),
        ("1,2,sz,high,,", "'high'"),
    ],
)
def test_a_wrong_line_of_our_csv_is_named(tmp_path: Path, row: str, reason: str) -> None:
    path = tmp_path / "m.csv"
    path.write_text(f"onset_s,duration_s,event_type,confidence,channels,text\n{row}\n")
    with pytest.raises(ReferenceFileError, match=f"line 2.*{reason}"):
        again(path)


@given(content=st.binary(max_size=300), suffix=st.sampled_from([".csv", ".tsv", ".edf", ".txt"]))
def test_any_bytes_are_read_or_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, suffix: str
) -> None:
    path = tmp_path_factory.mktemp("marks") / f"m{suffix}"
    path.write_bytes(content)
    with contextlib.suppress(ReferenceFileError):  # nothing else may come out
        again(path)
