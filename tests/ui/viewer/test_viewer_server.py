"""What the server answers a viewer in the browser, and what it never does."""

from __future__ import annotations

import base64
import inspect
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from seizure_core.errors import RecordingError
from seizure_core.events.event import Event
from seizure_core.events.trace import ProbabilityTrace
from seizure_core.recording import Annotation, Recording
from tests.memory_recording import memory_recording
from ui.viewer.handles import (
    MAX_PER_SESSION,
    HandleStore,
    Overlays,
    Review,
    UnknownHandleError,
)
from ui.viewer.server import server_functions

LABELS = ["FP1-F7", "F7-T7", "T7-P7", "P7-O1", "ECG"]

Call = Callable[..., dict[str, Any]]


@pytest.fixture
def store() -> HandleStore:
    return HandleStore()


@pytest.fixture
def recording() -> Recording:
    made = memory_recording(LABELS, duration_s=120)
    return replace(made, annotations=(Annotation(onset_s=3.0, duration_s=None, text="eyes open"),))


@pytest.fixture
def call(store: HandleStore) -> Call:
    functions = {f.__name__: f for f in server_functions(store)}

    def ask(name: str, handle: str, **request: Any) -> dict[str, Any]:
        answer = functions[f"viewer_{name}"]({"handle": handle, **request})
        assert json.loads(json.dumps(answer)) == answer, "an answer must be plain JSON"
        return dict(answer)

    return ask


def page_request(**changes: Any) -> dict[str, Any]:
    return {
        "montage": "recorded",
        "rows": [0, 1],
        "start_s": 0,
        "length_s": 10,
        "columns": 1400,
        "filters": None,
        **changes,
    }


def numbers(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), "<i2")


def test_a_recording_is_described_without_reading_it(
    store: HandleStore, call: Call, recording: Recording
) -> None:
    trace = ProbabilityTrace(probabilities=np.zeros(120, np.float32), duration_s=120)
    overlays = Overlays(
        references=(Event(onset_s=5, duration_s=6),),
        predictions=(Event(onset_s=7, duration_s=8, confidence=float("nan")),),
        trace=trace,
        threshold=0.4,
        title="some model",
    )
    answer = call("open", store.open(recording, session="a", overlays=overlays))
    assert answer["file_name"] == "made.edf"
    assert answer["duration_s"] == 120
    assert answer["start_time"] is None
    assert answer["annotations"] == [{"onset_s": 3.0, "duration_s": 0.0, "text": "eyes open"}]
    assert answer["predictions"][0]["confidence"] is None
    assert answer["has_trace"] is True
    assert [m["id"] for m in answer["montages"]] == [
        "recorded",
        "longitudinal",
        "transverse",
        "average",
        "cz",
    ]
    assert recording.reader.calls == []  # type: ignore[attr-defined]


def test_a_page_comes_as_one_text_of_integers_for_the_rows_asked_for(
    store: HandleStore, call: Call, recording: Recording
) -> None:
    handle = store.open(recording, session="a")
    answer = call("page", handle, **page_request(rows=[3, 1]))
    assert [row["row"] for row in answer["rows"]] == [3, 1]
    values = numbers(answer["data"])
    assert len(values) == sum(row["n"] for row in answer["rows"]) == 2 * 2561
    first = answer["rows"][0]
    got = first["offset"] + first["scale"] * values[: first["n"]]
    assert got == pytest.approx(recording.read_samples([3], 0, 2561)[0], abs=first["scale"])
    assert answer["probability"] is None


def test_filters_change_the_page_and_nothing_else(
    store: HandleStore, call: Call, recording: Recording
) -> None:
    handle = store.open(recording, session="a")
    plain = call("page", handle, **page_request())
    filters = {"high_pass_hz": 1, "low_pass_hz": 30, "notch_hz": 50}
    filtered = call("page", handle, **page_request(filters=filters))
    assert filtered["data"] != plain["data"]
    assert call("page", handle, **page_request())["data"] == plain["data"]


def test_montages_are_fitted_and_say_what_is_missing(
    store: HandleStore, call: Call, recording: Recording
) -> None:
    answer = call("montage", store.open(recording, session="a"), montage="longitudinal")
    assert [row["label"] for row in answer["rows"]] == [*LABELS[:4], "ECG"]
    assert answer["rows"][0]["group"] == "left_temporal"
    assert len(answer["missing"]) == 14


def test_an_own_montage_is_offered_and_bad_ones_are_refused(
    store: HandleStore, call: Call, recording: Recording
) -> None:
    handle = store.open(recording, session="a")
    text = '{"name": "mine", "rows": ["FP1-T7", "ECG"]}'
    answer = call("add_montage", handle, text=text)
    assert answer["id"] == "own:mine"
    assert answer["montages"][-1] == {"id": "own:mine", "name": "mine"}
    assert "schema_version" in answer["text"]
    rows = call("montage", handle, montage="own:mine")["rows"]
    assert [(row["label"], row["how"]) for row in rows] == [("FP1-T7", "chained"), ("ECG", "exact")]
    assert "JSON" in call("add_montage", handle, text="{")["error"]
    for i in range(19):
        call("add_montage", handle, text=text.replace("mine", f"m{i}"))
    assert "20 montages" in call("add_montage", handle, text=text.replace("mine", "more"))["error"]
    assert "error" not in call("add_montage", handle, text=text)


def test_the_overview_grows_to_the_whole_recording_and_follows_the_model(
    store: HandleStore, call: Call, recording: Recording
) -> None:
    probabilities = np.zeros(120, np.float32)
    probabilities[60] = 0.75
    trace = ProbabilityTrace(probabilities=probabilities, duration_s=120)
    handle = store.open(recording, session="a", overlays=Overlays(trace=trace))
    call("overview", handle, columns=60)
    assert store.get(handle).envelopes.wait(30)
    answer = call("overview", handle, columns=60)
    assert answer["fraction"] == 1
    activity = numbers(answer["activity"])
    signals = recording.read_samples([0, 1, 2, 3], 0, 512)
    expected = np.median(signals.max(axis=1) - signals.min(axis=1))
    assert activity[0] == pytest.approx(expected, abs=1)
    traced = numbers(answer["probability"])
    assert traced[30] == 7500
    assert traced.sum() == 7500


def test_a_page_within_one_second_shows_that_seconds_probability(
    store: HandleStore, call: Call, recording: Recording
) -> None:
    trace = ProbabilityTrace(probabilities=np.linspace(0, 1, 120, dtype=np.float32), duration_s=120)
    handle = store.open(recording, session="a", overlays=Overlays(trace=trace))
    request = page_request(start_s=59.2, length_s=0.5, columns=10)
    traced = numbers(call("page", handle, **request)["probability"])
    assert traced == pytest.approx(np.full(10, 10_000 * 59 / 119), abs=1)


def test_long_pages_come_from_an_envelope_built_in_the_background(
    store: HandleStore, call: Call, monkeypatch: pytest.MonkeyPatch, recording: Recording
) -> None:
    monkeypatch.setattr("ui.viewer.server.EXACT_SAMPLES", 1000)
    monkeypatch.setattr("ui.viewer.server.PATIENT_SAMPLES", 1000)
    handle = store.open(recording, session="a")
    request = page_request(length_s=120, columns=100)
    call("page", handle, **request)
    assert store.get(handle).envelopes.wait(30)
    calls = recording.reader.calls  # type: ignore[attr-defined]
    calls.clear()
    assert call("page", handle, **request)["fraction"] == 1
    assert not calls


def test_a_file_that_cannot_be_read_any_more_is_told_with_the_next_page(
    store: HandleStore, call: Call, monkeypatch: pytest.MonkeyPatch, recording: Recording
) -> None:
    def fail(*_: object) -> None:
        raise RecordingError("made.edf", "the disk is gone.")

    handle = store.open(recording, session="a")
    monkeypatch.setattr(recording.reader, "read_samples", fail)
    call("overview", handle, columns=60)
    store.get(handle).envelopes.wait(30)
    assert call("overview", handle, columns=60) == {"error": "made.edf: the disk is gone."}


def test_marks_and_decisions_are_taken_over_and_can_be_read_back(
    store: HandleStore, call: Call, recording: Recording
) -> None:
    overlays = Overlays(
        predictions=(Event(onset_s=7, duration_s=8), Event(onset_s=50, duration_s=8))
    )
    handle = store.open(recording, session="a", overlays=overlays)
    mark = {
        "id": "m1",
        "onset_s": 10,
        "duration_s": 5.5,
        "kind": "sz_foc",
        "text": "here",
        "confidence": None,
        "origin": "own",
        "channels": ["F7"],
        "side": "left",
    }
    decisions = [{"prediction": 1, "decision": "rejected"}]
    shifts = [{"prediction": 0, "seconds": -7}]
    said = {"marks": [mark], "decisions": decisions, "shifts": shifts}
    assert call("review", handle, **said) == {"n_marks": 1}
    review = store.get(handle).review
    assert review.marks[0].text == "here"
    assert review.decisions == {1: "rejected"}
    assert review.shifts_s == {0: -7.0}
    again = call("open", handle)
    assert {key: again[key] for key in said} == said
    answer = call("review", handle, **{**said, "shifts": [{"prediction": 0, "seconds": -7.5}]})
    assert "seconds must lie from -7 to" in answer["error"]
    assert store.get(handle).review is review


@pytest.mark.parametrize(
    "change",
    [
        {"onset_s": -1},
        {"onset_s": 121},
        {"onset_s": float("nan")},
        {"onset_s": "3"},
        {"onset_s": True},
        {"duration_s": 111},
        {"kind": "spikes"},
        {"side": "top"},
        {"channels": [5]},
        {"text": "x" * 501},
        {"confidence": 2},
        {"origin": "elsewhere"},
        {"id": 5},
    ],
)
def test_an_impossible_mark_is_refused_and_changes_nothing(
    store: HandleStore, call: Call, recording: Recording, change: dict[str, Any]
) -> None:
    handle = store.open(recording, session="a")
    mark = {
        "id": "m",
        "onset_s": 10,
        "duration_s": 5,
        "kind": "sz",
        "text": "",
        "confidence": None,
        "origin": "own",
    }
    assert "error" not in call("review", handle, marks=[mark], decisions=[])
    before = store.get(handle).review
    answer = call("review", handle, marks=[{**mark, **change}], decisions=[])
    assert answer["error"]
    assert store.get(handle).review is before
    assert "same id" in call("review", handle, marks=[mark, mark], decisions=[])["error"]


@pytest.mark.parametrize("kind", ["events", "edf", "csv"])
def test_marks_go_out_and_come_in_again(
    store: HandleStore, call: Call, recording: Recording, kind: str
) -> None:
    handle = store.open(recording, session="a")
    mark = {
        "id": "m",
        "onset_s": 10.0,
        "duration_s": 5.0,
        "kind": "sz_foc",
        "text": "",
        "confidence": None,
        "origin": "own",
    }
    call("review", handle, marks=[mark, {**mark, "id": "n", "kind": "artefact"}], decisions=[])
    sent = call("export", handle, kind=kind)
    assert sent["file_name"].startswith("made_")
    got = call("import", handle, file_name=sent["file_name"], content=sent["content"])
    kinds = [m["kind"] for m in got["marks"]]
    assert kinds == (["sz_foc"] if kind == "events" else ["sz_foc", "artefact"])
    assert got["marks"][0]["onset_s"] == 10
    assert {m["origin"] for m in got["marks"]} == {"imported"}


@pytest.mark.parametrize("kind", ["events", "edf", "csv"])
def test_where_nothing_is_marked_no_file_says_that_there_is_no_seizure(
    store: HandleStore, call: Call, recording: Recording, kind: str
) -> None:
    handle = store.open(recording, session="a")
    assert "nothing to export" in call("export", handle, kind=kind)["error"]
    remark = {
        "id": "m",
        "onset_s": 3.3,
        "duration_s": 6.707000000000001,
        "kind": "artefact",
        "text": "",
        "confidence": None,
        "origin": "own",
    }
    call("review", handle, marks=[remark], decisions=[])
    sent = call("export", handle, kind=kind)
    if kind == "events":
        assert "No seizure is marked" in sent["error"]
    else:
        content = base64.b64decode(sent["content"])
        assert b"6.707" in content
        assert b"6.70700" not in content
        assert sent["file_name"] == f"made_marks.{kind}"


def test_imported_marks_outside_the_recording_are_cut_or_left_out_and_counted(
    store: HandleStore, call: Call, recording: Recording
) -> None:
    text = "onset_s,duration_s,event_type,confidence,channels,text\n110,60,sz,,,\n500,3,sz,,,\n"
    content = base64.b64encode(text.encode()).decode()
    got = call("import", store.open(recording, session="a"), file_name="x.csv", content=content)
    assert [(m["onset_s"], m["duration_s"]) for m in got["marks"]] == [(110, 10)]
    assert got["messages"] == ["1 lie outside the recording."]


@pytest.mark.parametrize(
    ("name", "request_"),
    [
        ("page", page_request(rows=[5])),
        ("page", page_request(rows=[-1])),
        ("page", page_request(rows=["0"])),
        ("page", page_request(rows="0")),
        ("page", page_request(montage="none")),
        ("page", page_request(montage=None)),
        ("page", page_request(columns=0)),
        ("page", page_request(columns=10**9)),
        ("page", page_request(length_s=0)),
        ("page", page_request(length_s=1e9)),
        ("page", page_request(start_s=float("inf"))),
        ("page", page_request(filters={"high_pass_hz": -1})),
        ("page", page_request(filters={"high_pass_hz": 50, "low_pass_hz": 10})),
        ("page", page_request(filters=[1])),
        ("overview", {}),
        ("montage", {}),
        ("export", {"kind": "exe"}),
        ("export", {"kind": "events"}),
        ("export", {"kind": "json"}),
        ("threshold", {"threshold": 0.5, "marks": []}),
        ("import", {"file_name": "a.tsv", "content": "no base64!"}),
        ("import", {"file_name": "../../a.tsv", "content": "AAAA"}),
        ("review", {"marks": [], "decisions": [{"prediction": 0, "decision": "maybe"}]}),
    ],
)
def test_what_cannot_be_answered_is_said_in_words(
    store: HandleStore, call: Call, recording: Recording, name: str, request_: dict[str, Any]
) -> None:
    answer = call(name, store.open(recording, session="a"), **request_)
    assert set(answer) == {"error"}
    assert answer["error"].endswith(".")
    assert "reference" not in answer["error"], "the fault was not foreseen"


@pytest.mark.parametrize("data", [None, 5, "handle", [], {}, {"handle": None}, {"handle": "no"}])
def test_without_a_handle_nothing_is_shown(store: HandleStore, data: Any) -> None:
    for function in server_functions(store):
        assert set(function(data)) == {"error"}


def test_every_function_takes_the_one_argument_gradio_hands_over(store: HandleStore) -> None:
    for function in server_functions(store):
        assert list(inspect.signature(function).parameters) == ["data"]


def test_a_handle_cannot_be_guessed_and_dies_with_its_session(
    store: HandleStore, recording: Recording
) -> None:
    first = store.open(recording, session="a")
    second = store.open(recording, session="b")
    assert len({first, second}) == 2
    assert len(first) >= 32
    store.close_session("a")
    with pytest.raises(UnknownHandleError):
        store.get(first)
    assert store.get(second)
    store.close(second)
    store.close(second)
    with pytest.raises(UnknownHandleError):
        store.get(second)
    store.close_session("never seen")


def test_a_session_keeps_its_newest_recordings(store: HandleStore, recording: Recording) -> None:
    handles = [store.open(recording, session="a") for _ in range(MAX_PER_SESSION + 1)]
    with pytest.raises(UnknownHandleError):
        store.get(handles[0])
    assert all(store.get(handle) for handle in handles[1:])


def test_closing_a_recording_stops_what_reads_it(
    store: HandleStore, call: Call, recording: Recording
) -> None:
    handle = store.open(recording, session="a")
    shelf = store.get(handle).envelopes
    call("overview", handle, columns=10)
    store.close(handle)
    assert shelf._jobs == {}
    assert store._opened == {}


def test_a_review_is_empty_at_first(store: HandleStore, recording: Recording) -> None:
    assert store.get(store.open(recording, session="a")).review == Review()
