"""A result is out of date as soon as a search would give another one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.ui.values import detection_of
from ui.predict.asked import asked_of, stale_html, title_of
from ui.widgets.point_fields import written
from zoo.inference.detection import Detection
from zoo.store.registry import model_card

MODEL = "n1spool-cnn"
CARD = model_card(MODEL)
POINT = CARD.output.at("card")
FIELDS = written(POINT)


@pytest.fixture
def found() -> Detection:
    return detection_of(
        model_id=MODEL,
        weights_sha256=CARD.weights.sha256,
        post_processing=POINT,
        stride_s=CARD.input.stride_s,
    )


def said(found: Detection, **changes: Any) -> str:
    asked = {"model_id": MODEL, "stride_s": "", "name": "card", "fields": FIELDS} | changes
    point = (asked["name"], *asked["fields"])
    return stale_html(found, asked_of(asked["model_id"], asked["stride_s"], point))


def test_a_result_of_the_same_settings_is_not_out_of_date(found: Detection) -> None:
    assert said(found) == ""
    assert said(found, stride_s=f"{CARD.input.stride_s:g}") == ""
    assert said(found, name="own") == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"model_id": "eegnet-small"},
        {"name": "sensitive", "fields": written(CARD.output.at("sensitive"))},
        {"name": "own", "fields": ["0.33", *FIELDS[1:]]},
        {"fields": [*FIELDS[:4], "77"]},
        {"stride_s": "5"},
        {"stride_s": "five"},
        {"fields": ["x", *FIELDS[1:]]},
        {"model_id": None},
        {"model_id": "gone"},
    ],
)
def test_a_result_of_other_settings_says_what_it_is_of(
    found: Detection, changes: dict[str, Any]
) -> None:
    words = said(found, **changes)
    assert "Out of date" in words
    assert f"{MODEL}, threshold {POINT.threshold:g}" in words


def test_a_model_that_was_replaced_since_makes_a_result_old(found: Detection) -> None:
    assert "Out of date" in said(replace(found, weights_sha256="1" * 64))
    assert title_of(found, is_stale=True).endswith("(earlier settings)")
