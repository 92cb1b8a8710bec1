from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import edfio
import mne
import pyedflib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seizure_core.errors import ParameterError
from seizure_core.events.event import Event
from seizure_core.io.edf import writer
from seizure_core.references import (
    Reference,
    read_reference,
    write_edf_annotations,
    write_events_csv,
    write_szcore_tsv,
)

START = datetime(2076, 11, 6, 13, 43, 4)
DURATION_S = 100_000.0
LABELS = st.sampled_from(["F7-T7", "EEG Fp1", "T8-P8-0", "É1"])
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Z"]), max_size=12)


@st.composite
def events(draw: st.DrawFn, *, exact: bool = False) -> Event:
    """An event inside the recording, in microseconds or to the last bit."""
    if exact:
        onset_s = draw(st.floats(0, DURATION_S / 2))
        duration_s = draw(st.floats(1e-6, DURATION_S / 2))
    else:
        onset_s = draw(st.integers(0, 50_000_000_000)) / 1e6
        duration_s = draw(st.integers(1, 50_000_000_000)) / 1e6
    return Event(
        onset_s=onset_s,
        duration_s=duration_s,
        event_type=draw(st.sampled_from(["sz", "sz_foc_ia", "sz_gen_m_tonicClonic"])),
        confidence=draw(st.none() | st.integers(0, 1_000_000).map(lambda n: n / 1e6)),
        channels=draw(st.lists(LABELS, max_size=3, unique=True).map(tuple)),
        text=draw(TEXTS) if exact else "",
    )


def in_order(found: list[Event]) -> list[Event]:
    return sorted(found, key=repr)


@given(st.lists(events(), max_size=6))
def test_szcore_tsv_gives_back_what_was_written(tmp_path: Path, written: list[Event]):
    path = tmp_path / "x_events.tsv"
    write_szcore_tsv(path, written, duration_s=DURATION_S, start_time=START)
    reference = read_reference(path)
    assert in_order(list(reference.events)) == in_order(written)
    assert (reference.duration_s, reference.start_time) == (DURATION_S, START)
    assert reference.findings == ()


@given(st.lists(events(exact=True), max_size=6))
def test_csv_gives_back_what_was_written_to_the_last_bit(tmp_path: Path, written: list[Event]):
    path = tmp_path / "events.csv"
    write_events_csv(path, written)
    assert in_order(list(read_reference(path).events)) == in_order(written)


@given(st.lists(events(), max_size=6))
def test_edf_annotations_give_back_times_and_types(tmp_path: Path, written: list[Event]):
    path = tmp_path / "x.edf"
    write_edf_annotations(path, written, duration_s=DURATION_S, start_time=START)
    reference = read_reference(path)
    plain = [
        Event(onset_s=e.onset_s, duration_s=e.duration_s, event_type=e.event_type) for e in written
    ]
    assert in_order(list(reference.events)) == in_order(plain)
    assert (reference.duration_s, reference.start_time) == (DURATION_S, START)


def test_other_programs_read_the_edf_annotations(tmp_path: Path):
    path = tmp_path / "x.edf"
    written = [
        Event(onset_s=10.5, duration_s=40.25),
        Event(onset_s=70.0, duration_s=1.0, event_type="sz_foc"),
    ]
    write_edf_annotations(path, written, duration_s=120.0, start_time=START)
    expected = [(10.5, 40.25, "sz"), (70.0, 1.0, "sz_foc")]
    with pyedflib.EdfReader(str(path)) as reader:
        onsets, durations, texts = reader.readAnnotations()
        assert list(zip(onsets, durations, texts, strict=True))[:2] == expected
        assert reader.getStartdatetime() == START
    theirs = edfio.read_edf(path)
    assert [(a.onset, a.duration, a.text) for a in theirs.annotations][:2] == expected
    marks = mne.read_annotations(path)
    assert list(zip(marks.onset, marks.duration, marks.description, strict=True))[:2] == expected


def test_a_recording_without_seizure_has_one_background_row(tmp_path: Path):
    path = tmp_path / "x.tsv"
    write_szcore_tsv(path, [Event(onset_s=1, duration_s=2, event_type="artf")], duration_s=41)
    header, row = path.read_text().splitlines()
    assert header.split("\t") == (
        "onset duration eventType confidence channels dateTime recordingDuration".split()
    )
    assert row == "0.00\t41.00\tbckg\tn/a\tn/a\t2000-01-01 00:00:00\t41.00"


def test_a_strict_reader_finds_every_cell_as_it_wants_it(tmp_path: Path):
    path = tmp_path / "x.tsv"
    awkward = Event(
        onset_s=1.5,
        duration_s=2.125,
        event_type="sz_not a code",
        confidence=0.5,
        channels=("a,b", "c\td"),
    )
    write_szcore_tsv(path, [awkward], duration_s=60.0)
    cells = path.read_text().splitlines()[1].split("\t")
    assert cells == ["1.50", "2.125", "sz", "0.50", "a b,c d", "2000-01-01 00:00:00", "60.00"]
    assert datetime.strptime(cells[5], "%Y-%m-%d %H:%M:%S")
    assert read_reference(path).start_time is None


@pytest.mark.parametrize(
    ("onset_s", "duration_s", "reason"),
    [
        (0.0, 0.0, "must last more than 0 s"),
        (0.0, float("nan"), "must last"),
        (float("inf"), 1.0, "must last"),
        (0.0, float("inf"), "must last"),
        (-1.0, 5.0, "not within the recording of 60 s"),
        (59.0, 5.0, "from 59 to 64 s is not within"),
    ],
)
def test_events_that_cannot_be_are_not_written(
    tmp_path: Path, onset_s: float, duration_s: float, reason: str
):
    event = Event(onset_s=onset_s, duration_s=duration_s)
    for write in (write_szcore_tsv, write_edf_annotations):
        with pytest.raises(ParameterError, match=reason):
            write(tmp_path / "x", [event], duration_s=60.0)
    assert list(tmp_path.iterdir()) == []


def test_impossible_recordings_are_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for write in (write_szcore_tsv, write_edf_annotations):
        with pytest.raises(ParameterError, match="must last more than 0 s, not 0 s"):
            write(tmp_path / "x", [], duration_s=0.0)
    with pytest.raises(ParameterError, match="not 1984"):
        write_edf_annotations(tmp_path / "x", [], duration_s=1.0, start_time=datetime(1984, 1, 1))
    monkeypatch.setattr(writer, "MAX_RECORD_BYTES", 100)
    with pytest.raises(ParameterError, match="21 annotations are too many"):
        write_edf_annotations(tmp_path / "x", [Event(onset_s=0, duration_s=1)] * 20, duration_s=9.0)
    assert list(tmp_path.iterdir()) == []


def test_an_edf_without_start_time_hides_its_date(tmp_path: Path):
    write_edf_annotations(tmp_path / "x.edf", [], duration_s=5.0)
    header = (tmp_path / "x.edf").read_bytes()[:184].decode()
    assert re.search(r"X X X X\s+Startdate X X X X\s+01\.01\.8500\.00\.00", header)
    reference: Reference = read_reference(tmp_path / "x.edf")
    assert (reference.events, reference.duration_s) == ((), 5.0)
