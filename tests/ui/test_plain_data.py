from __future__ import annotations

import json

import orjson
from hypothesis import given

from seizure_core.messages import Message
from tests.odd_values import JSON
from tests.ui.values import recording_of
from ui.plain_data import recording_data, without_undefined


@given(JSON)
def test_what_is_left_can_always_be_written_as_json(value: object) -> None:
    json.dumps(without_undefined(value), allow_nan=False)


def test_only_undefined_numbers_are_replaced() -> None:
    value = {"a": [1, 2.5, float("nan")], "b": (float("inf"), "NaN"), "c": {"d": -0.0}}
    assert without_undefined(value) == {"a": [1, 2.5, None], "b": [None, "NaN"], "c": {"d": 0.0}}


def test_header_facts_have_the_promised_keys() -> None:
    data = recording_data(recording_of())
    assert set(data) >= {
        "file_name",
        "format",
        "duration_s",
        "start_time",
        "sampling_rates_hz",
        "n_channels",
        "channels",
        "annotations",
        "findings",
    }
    assert data["start_time"] == "2020-01-02T03:04:05"
    assert data["annotations"] == [{"onset_s": 1.5, "duration_s": None, "text": "eyes <closed>"}]
    assert set(data["channels"][0]) >= {"label", "unit", "sampling_rate_hz"}
    assert data["findings"] == [{"severity": "warning", "message": "1 < 2 & odd"}]


def test_messages_may_be_keys_although_gradios_writer_takes_plain_texts_only() -> None:
    plain = without_undefined({Message("The patient of {name}", name="a.edf"): float("nan")})
    assert orjson.dumps(plain) == b'{"The patient of a.edf":null}'
