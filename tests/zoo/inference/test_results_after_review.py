"""What is taken away after a review: nothing rejected, all that was marked and decided."""

from __future__ import annotations

import csv
from pathlib import Path

from seizure_core.events.event import Event, Mark
from seizure_core.events.mark_files import read_marks
from seizure_core.references import read_reference
from seizure_core.review.page import Review
from tests.ui.values import detection_of
from zoo.inference.results import detection_json, write_events_edf, write_events_tsv

EVENTS = (
    Event(onset_s=5.0, duration_s=4.0, confidence=0.9),
    Event(onset_s=20.0, duration_s=6.0, confidence=0.8),
    Event(onset_s=40.0, duration_s=3.0, confidence=0.7),
)
ACCEPTED = Mark(
    mark_id="prediction-1", onset_s=19.0, duration_s=6.0, kind="sz_foc", origin="predicted"
)
OWN = Mark(mark_id="own-1", onset_s=30.0, duration_s=2.0, text="seen by eye")
REMARK = Mark(mark_id="own-2", onset_s=35.0, duration_s=1.0, kind="artefact", text="chewing")
REVIEW = Review(marks=(ACCEPTED, OWN, REMARK), decisions={0: "rejected", 1: "accepted"})
ONSETS = [19.0, 30.0, 40.0]


def test_the_json_tells_events_decisions_and_marks() -> None:
    plain = detection_json(detection_of((0.1,) * 6, events=EVENTS), REVIEW)
    assert [event["onset_s"] for event in plain["events"]] == ONSETS
    assert [(d["onset_s"], d["decision"]) for d in plain["decisions"]] == [
        (5.0, "rejected"),
        (20.0, "accepted"),
    ]
    assert plain["decisions"][1]["marked"]["onset_s"] == 19.0
    assert [(m["onset_s"], m["event_type"], m["text"]) for m in plain["marks"]] == [
        (30.0, "sz", "seen by eye"),
        (35.0, "artefact", "chewing"),
    ]
    assert plain["statistics"]["n_events"] == 3
    assert plain["statistics"]["seizure_s"] == 11.0
    assert "decisions" not in detection_json(detection_of((0.1,) * 6, events=EVENTS))


def test_tables_and_annotations_hold_the_same_events(tmp_path: Path) -> None:
    detection = detection_of((0.1,) * 6, events=EVENTS)
    write_events_tsv(tmp_path / "a.tsv", detection, REVIEW)
    write_events_edf(tmp_path / "a.edf", detection, REVIEW)
    for name in ("a.tsv", "a.edf"):
        read = read_reference(tmp_path / name)
        assert [event.onset_s for event in read.events] == ONSETS, name
    marks, _ = read_marks(tmp_path / "a.edf", file_name="a.edf", recording_name="a.edf")
    assert [(m.kind, m.text) for m in marks] == [
        ("sz_foc", ""),
        ("sz", "seen by eye"),
        ("artefact", "chewing"),
        ("sz", ""),
    ]


def test_a_recording_whose_events_were_all_rejected_is_not_called_free_of_seizures(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.tsv"
    write_events_tsv(
        path, detection_of((0.1,) * 6, events=EVENTS[:1]), Review(decisions={0: "rejected"})
    )
    with path.open(encoding="utf-8", newline="") as file:
        assert list(csv.DictReader(file, delimiter="\t")) == []
    write_events_tsv(path, detection_of(events=()))
    assert "bckg" in path.read_text(encoding="utf-8")
