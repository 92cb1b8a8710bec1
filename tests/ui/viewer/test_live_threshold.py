"""The threshold of a result moves in the viewer: events, decisions and files go along."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from seizure_core.events.event import Mark
from seizure_core.references import read_reference
from seizure_core.review.page import Review
from tests.memory_recording import memory_recording
from tests.ui.values import LIVE_POINT, live_result
from ui.viewer.exports import file_of_result
from ui.viewer.handles import NO_OVERLAYS, HandleStore, ViewedFile
from ui.viewer.server import server_functions

Call = Callable[..., dict[str, Any]]


@pytest.fixture
def opened() -> ViewedFile:
    store = HandleStore()
    recording = replace(memory_recording(["FP1-F7"], duration_s=80), file_name="a.edf")
    handle = store.open(
        recording, session="a", overlays=NO_OVERLAYS.showing(live_result(), LIVE_POINT)
    )
    return store.get(handle)


@pytest.fixture
def call(opened: ViewedFile) -> Call:
    store = HandleStore()
    store._opened["h"] = opened
    functions = {f.__name__: f for f in server_functions(store)}

    def ask(name: str, **request: Any) -> dict[str, Any]:
        review: dict[str, Any] = {"marks": [], "decisions": [], "shifts": []}
        answer = functions[f"viewer_{name}"]({"handle": "h", **review, **request})
        assert json.loads(json.dumps(answer)) == answer, "an answer must be plain JSON"
        return dict(answer)

    return ask


def spans(answer: dict[str, Any]) -> list[tuple[float, float]]:
    return [(one["onset_s"], one["duration_s"]) for one in answer["predictions"]]


def test_events_follow_the_threshold_and_default_brings_the_cards_point_back(
    call: Call, opened: ViewedFile
) -> None:
    assert call("open")["default_threshold"] == 0.6
    assert spans(call("threshold", threshold=0.85)) == [(30.0, 20.0)]
    now = opened.overlays.found
    assert now is not None
    assert (now.threshold, now.threshold_off, now.operating_point) == (0.85, 0.5, "own")
    assert now.events == opened.overlays.predictions
    assert spans(call("threshold", threshold=0.95)) == []
    back = call("threshold", threshold=None)
    assert (back["threshold"], spans(back)) == (0.6, [(10.0, 10.0), (30.0, 20.0), (60.0, 10.0)])
    assert opened.overlays.found is not None
    assert opened.overlays.found.operating_point == "card"


def test_decisions_go_along_with_their_events(call: Call) -> None:
    said = [{"prediction": 1, "decision": "rejected"}, {"prediction": 2, "decision": "rejected"}]
    higher = call("threshold", threshold=0.85, seen_at=0.6, decisions=said)
    assert higher["decisions"] == [{"prediction": 0, "decision": "rejected"}]
    lower = call("threshold", threshold=0.6, seen_at=0.85, decisions=higher["decisions"])
    assert lower["decisions"] == said, "also about the event that was gone in between"


def test_a_page_goes_back_to_exactly_what_was_decided_at_an_earlier_threshold(
    call: Call, opened: ViewedFile
) -> None:
    said = [{"prediction": 1, "decision": "rejected"}]
    higher = call("threshold", threshold=0.85, seen_at=0.6, decisions=said)
    assert higher["decisions"] == [{"prediction": 0, "decision": "rejected"}]
    back = call("threshold", threshold=0.6, seen_at=0.6, decisions=[])
    assert (back["threshold"], back["decisions"]) == (0.6, [])
    assert call("threshold", threshold=0.85, seen_at=0.6)["decisions"] == []
    assert opened.review.past == ()


def test_what_a_page_decided_before_it_heard_of_the_new_threshold_is_about_the_old_events(
    call: Call, opened: ViewedFile
) -> None:
    call("threshold", threshold=0.85, seen_at=0.6)
    call("review", seen_at=0.6, decisions=[{"prediction": 1, "decision": "rejected"}])
    assert opened.review.decisions == {0: "rejected"}
    assert call("review", seen_at=0.85, decisions=[])["n_marks"] == 0
    assert opened.review.decisions == {}


def test_a_result_of_another_kind_of_viewer_has_no_threshold_to_move() -> None:
    store = HandleStore()
    recording = memory_recording(["FP1-F7"], duration_s=80)
    handle = store.open(recording, session="a")
    functions = {f.__name__: f for f in server_functions(store)}
    request = {"handle": handle, "threshold": 0.5, "marks": []}
    assert "no result" in functions["viewer_threshold"](request)["error"]
    assert functions["viewer_open"]({"handle": handle})["default_threshold"] is None


ACCEPTED = Mark(mark_id="prediction-1", onset_s=31.0, duration_s=18.0, origin="predicted")
OWN = Mark(mark_id="own-1", onset_s=70.0, duration_s=4.0, kind="sz_foc", text="by eye")
REVIEW = Review(marks=(ACCEPTED, OWN), decisions={0: "rejected", 1: "accepted"})
SAID = "It holds your review: 3 events, of which 1 not decided yet; 1 rejected; 1 mark of your own."


@pytest.mark.parametrize("kind", ["events", "edf", "csv"])
def test_reviewed_events_leave_out_what_was_rejected_and_say_what_is_undecided(
    call: Call, opened: ViewedFile, kind: str, tmp_path: Any
) -> None:
    opened.review = REVIEW
    sent = call("export", kind=kind)
    assert sent["message"] == f"{sent['file_name']} is saved. {SAID}"
    path = tmp_path / sent["file_name"]
    path.write_bytes(base64.b64decode(sent["content"]))
    read = read_reference(path)
    assert [event.onset_s for event in read.events] == [31.0, 60.0, 70.0]


def test_files_hold_the_events_of_the_threshold_that_is_on_the_screen(
    call: Call, opened: ViewedFile
) -> None:
    call("threshold", threshold=0.85)
    everything = json.loads(base64.b64decode(call("export", kind="json")["content"]))
    assert everything["threshold"] == 0.85
    assert [event["onset_s"] for event in everything["events"]] == [30.0]
    assert "nothing was accepted" in call("export", kind="events")["message"]


def test_a_report_is_made_with_what_it_is_to_say(call: Call, opened: ViewedFile) -> None:
    opened.review = REVIEW
    sent = call("export", kind="report", case="Bed 4", reviewer="C. R.", with_name=True)
    assert (sent["file_name"], sent["media_type"]) == ("a_reviewed_report.pdf", "application/pdf")
    assert base64.b64decode(sent["content"]).startswith(b"%PDF")


def test_files_of_every_kind_have_names_of_their_own(tmp_path: Any) -> None:
    kinds = ("events", "edf", "csv", "windows", "json", "report")
    review = Review(decisions={0: "rejected"})
    plain = [file_of_result(tmp_path, kind, live_result(), Review()).name for kind in kinds]
    reviewed = [file_of_result(tmp_path, kind, live_result(), review).name for kind in kinds]
    assert plain == [
        "a_events.tsv",
        "a_events.edf",
        "a_events.csv",
        "a_windows.csv",
        "a_result.json",
        "a_report.pdf",
    ]
    assert set(plain) & set(reviewed) == {"a_windows.csv"}, "windows cannot be reviewed"
