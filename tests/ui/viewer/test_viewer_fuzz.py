"""Whatever a page sends a viewer function, the answer is plain JSON, or says what is wrong."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from unittest import mock

from hypothesis import given
from hypothesis import strategies as st

from seizure_core.errors import SeizureZooError
from seizure_core.events.event import ORIGINS, Event
from seizure_core.events.types import OTHER_CODES
from seizure_core.recording import Annotation
from tests.memory_recording import memory_recording
from tests.odd_values import ODD
from tests.properties import examples
from ui.errors import message_for
from ui.viewer.handles import HandleStore, Overlays
from ui.viewer.server import server_functions

MARKS = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.sampled_from(["a", "b", "c"]) | ODD,
            "onset_s": st.floats(-1, 130) | ODD,
            "duration_s": st.floats(0, 130) | ODD,
            "kind": st.sampled_from(["sz", *sorted(OTHER_CODES)]) | ODD,
            "text": st.text(max_size=9) | ODD,
            "confidence": st.none() | ODD,
            "origin": st.sampled_from(ORIGINS) | ODD,
        }
    )
    | ODD,
    max_size=3,
)
MONTAGES = st.builds(
    lambda **document: json.dumps(document),
    name=st.just("Mine") | ODD,
    rows=st.lists(st.sampled_from(["FP1-F7", "ECG", "FP1-AVG", "-", "A" * 90]) | ODD, max_size=4)
    | ODD,
)
# What a page may send: likely values, and odd ones.
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "montage": st.sampled_from(["recorded", "longitudinal", "average", "own:Mine"]),
    "rows": st.lists(st.integers(-1, 6), max_size=8),
    "start_s": st.floats(-130, 130),
    "length_s": st.floats(0, 250),
    "columns": st.integers(0, 9000),
    "filters": st.none()
    | st.dictionaries(
        st.sampled_from(["high_pass_hz", "low_pass_hz", "notch_hz"]), st.floats(0, 200) | ODD
    ),
    "text": MONTAGES,
    "marks": MARKS,
    "decisions": st.lists(
        st.fixed_dictionaries(
            {"prediction": st.integers(-1, 2), "decision": st.sampled_from(["accepted", "x"])}
        ),
        max_size=3,
    ),
    "shifts": st.lists(
        st.fixed_dictionaries({"prediction": st.integers(-1, 2), "seconds": st.floats() | ODD}),
        max_size=3,
    ),
    "threshold": st.none() | st.floats(0, 1),
    "seen_at": st.none() | st.floats(0, 1),
    "kind": st.sampled_from(["marks_tsv", "marks_csv", "marks_edf", "page_png", "json", "report"]),
    "case": st.text(max_size=9),
    "reviewer": st.text(max_size=9),
    "file_name": st.sampled_from(["m.csv", "m.tsv", "m.edf", "../m.csv", ".csv", ""]),
    "content": st.sampled_from(["", "b25zZXQ=", "=", "onset,duration"]) | st.text(max_size=20),
}
STORE = HandleStore()
FUNCTIONS = {function.__name__: function for function in server_functions(STORE)}


def expected(error: Exception) -> str:
    """Return the message for an error of ours; any other is the test's to see."""
    if not isinstance(error, SeizureZooError):
        raise error
    return message_for(error)


@given(name=st.sampled_from(sorted(FUNCTIONS)), data=st.data())
@examples(4)
def test_anything_sent_to_a_viewer_function_is_answered(name: str, data: st.DataObject) -> None:
    recording = replace(
        memory_recording(["FP1-F7", "F7-T7", "T7-P7", "ECG"], duration_s=120),
        annotations=(Annotation(onset_s=3.0, duration_s=None, text="eyes open"),),
    )
    overlays = Overlays(predictions=(Event(onset_s=7, duration_s=8, confidence=0.5),))
    handle = STORE.open(recording, session="a", overlays=overlays)
    sent: dict[str, Any] = {
        key: data.draw(st.one_of(likely, likely, ODD)) for key, likely in FIELDS.items()
    }
    for key in data.draw(st.sets(st.sampled_from(sorted(FIELDS)), max_size=3)):
        del sent[key]
    with mock.patch("ui.viewer.server.message_for", expected):
        answer = FUNCTIONS[name]({"handle": handle, **sent})
    json.dumps(answer, allow_nan=False)
    STORE.close(handle)


@given(name=st.sampled_from(sorted(FUNCTIONS)), sent=ODD)
def test_what_is_no_request_is_refused_in_words(name: str, sent: object) -> None:
    with mock.patch("ui.viewer.server.message_for", expected):
        assert set(FUNCTIONS[name](sent)) == {"error"}
