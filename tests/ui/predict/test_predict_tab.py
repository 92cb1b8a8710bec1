"""Predict: the result lies with the open recording, and all that is shown follows its threshold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
import pytest

from seizure_core.events.event import Event, Mark
from seizure_core.figures.canvas import INK
from seizure_core.references import Reference
from seizure_core.review.page import Review
from seizure_core.signals.signs import SIGNS
from tests.memory_recording import memory_recording
from tests.ui.values import live_result, recording_of
from ui.events import Updates
from ui.opening.recordings import OpenRecording
from ui.predict.reference_comparison import OWN_MARKS
from ui.predict.tab import PredictTab
from ui.resources import Services
from ui.server.settings import Settings
from ui.stopping import WorkStops
from ui.viewer.component import build_viewer
from ui.viewer.handles import ViewedFile
from ui.widgets.point_fields import written
from zoo.card.second_stage import SecondStage
from zoo.inference.detection import Detection
from zoo.store.registry import model_card

MODEL = "n1spool-cnn"
POINTS = model_card(MODEL).output


@pytest.fixture
def tab(tmp_path: Path) -> PredictTab:
    settings = Settings.from_environment({"SEIZURE_ZOO_HOME": str(tmp_path / "home")})
    services = Services.create(settings, tmp_path)
    with gr.Blocks() as demo:
        bar, current = gr.Row(), gr.State(None)
        return PredictTab(services, build_viewer(), bar, WorkStops(), current, demo)


@pytest.fixture
def opened(tab: PredictTab) -> OpenRecording:
    recording = recording_of(80.0)
    handle = tab.viewer.store.open(recording, session="a")
    return OpenRecording(recording=recording, folder=None, files=(), handle=handle)


@pytest.fixture
def searched(tab: PredictTab, opened: OpenRecording) -> OpenRecording:
    """The recording after a search."""
    tab._result.take(opened, live_result(), POINTS.at("card"))
    return opened


def found(tab: PredictTab, opened: OpenRecording) -> Detection:
    result = tab.viewer.found(opened.handle)
    assert result is not None
    return result


def viewed(tab: PredictTab, opened: OpenRecording) -> ViewedFile:
    return tab.viewer.store.get(opened.handle)


def said(tab: PredictTab, updates: Updates) -> str:
    return str(updates[tab._said])


def test_no_number_can_be_typed_that_a_model_still_to_come_would_overwrite(
    tab: PredictTab,
) -> None:
    assert not any(field.interactive for field in tab._point.fields)
    assert tab.offer_points(None, None) == {}
    filled = tab.offer_points(None, MODEL)
    assert all(filled[field].interactive for field in tab._point.fields)
    assert [filled[field].value for field in tab._point.fields] == written(POINTS.at("card"))


def test_after_a_search_the_first_event_is_in_the_middle_of_the_eeg(
    tab: PredictTab, opened: OpenRecording
) -> None:
    updates = tab._result.take(opened, live_result(), POINTS.at("card"))
    assert updates[tab.viewer.component]["event"] == {"onset_s": 10.0, "duration_s": 10.0}
    assert "found 3 candidates, 40 s in all" in said(tab, updates)
    none = tab._result.take(
        opened, live_result().at(POINTS.at("card").with_threshold(0.99)), POINTS.at("card")
    )
    assert "event" not in none[tab.viewer.component]
    assert "found no seizure" in said(tab, none)


def test_another_point_is_used_without_another_search(
    tab: PredictTab, searched: OpenRecording
) -> None:
    fields = written(live_result().post_processing)
    updates = tab.choose_point(MODEL, "sensitive", *fields, searched, False, None)
    now = found(tab, searched)
    assert (now.operating_point, now.post_processing) == ("sensitive", POINTS.at("sensitive"))
    assert now.events == live_result().at(POINTS.at("sensitive")).events
    assert updates[tab.viewer.component]["stay"]
    assert updates[tab._point.fields[0]].value == written(POINTS.at("sensitive"))[0]
    own = ["0.85", "", "", "", ""]
    updates = tab.type_point(MODEL, "sensitive", *own, searched, False, None)
    assert (found(tab, searched).threshold, updates[tab._point.name]) == (0.85, "own")
    assert "found 1 candidate" in said(tab, updates)
    unchanged = written(found(tab, searched).post_processing)
    assert tab.viewer.component not in tab.type_point(
        MODEL, "own", *unchanged, searched, False, None
    )


def test_an_event_is_explained_where_it_is_clearest_in_a_drawing_in_the_pages_colours(
    tab: PredictTab,
) -> None:
    labels = model_card(MODEL).input.channels or ()
    recording = memory_recording(labels, duration_s=80.0)
    handle = tab.viewer.store.open(recording, session="a")
    opened = OpenRecording(recording=recording, folder=None, files=(), handle=handle)
    tab._result.take(opened, live_result(), POINTS.at("card"))
    section = tab._result._explanation
    asked = gr.EventData(None, {"onset_s": 25.0, "duration_s": 30.0})
    updates = section.explain_event(opened, asked, gr.Progress())
    trace = found(tab, opened)
    clearest = float(updates[section.moment])
    assert trace.probabilities[list(trace.times_s).index(clearest)] == np.float32(0.9)
    assert updates[section._part].open
    drawing = updates[section._picture]
    assert "for the window from" in drawing
    assert "var(--chart-event)" in drawing
    assert "fill-opacity" in drawing
    for paper in (INK, "#ffffff", "data:image"):
        assert paper not in drawing
    assert {Path(updates[one]).suffix for one in section._files.outputs[1:]} == {
        ".png",
        ".svg",
        ".pdf",
    }


def test_settings_of_another_model_leave_the_result_alone(
    tab: PredictTab, searched: OpenRecording
) -> None:
    before = found(tab, searched)
    fields = written(model_card("eegnet-small").output.at("card"))
    updates = tab.choose_point("eegnet-small", "sensitive", *fields, searched, False, None)
    assert tab.viewer.component not in updates
    assert found(tab, searched) is before
    assert tab._point.fields[0] not in tab.follow_threshold("eegnet-small", searched, False, None)


def test_all_that_is_shown_follows_a_threshold_that_was_moved_in_the_viewer(
    tab: PredictTab, searched: OpenRecording
) -> None:
    file = viewed(tab, searched)
    file.move(file.overlays.at_threshold(0.85))
    expert = Reference(
        events=(Event(onset_s=31, duration_s=15),), file_name="expert.tsv", format="SzCORE TSV"
    )
    updates = tab.follow_threshold(MODEL, searched, True, expert)
    assert updates[tab._point.fields[0]].value == "0.85"
    assert updates[tab._point.name].value == "own"
    assert "found 1 candidate" in said(tab, updates)
    score = str(updates[tab._result._comparison._score])
    assert "expert.tsv" in score
    assert "1 of 1" in score
    windows = updates[tab._result._windows.table]["data"]
    assert [row[0] for row in windows] == [30.0]
    file.review = Review(marks=(Mark(mark_id="own-1", onset_s=60, duration_s=9),))
    again = tab.follow_threshold(MODEL, searched, True, OWN_MARKS)
    assert "your marks" in str(again[tab._result._comparison._score])


def test_a_page_that_is_back_has_its_result_and_its_model_back(
    tab: PredictTab, searched: OpenRecording
) -> None:
    updates = tab.get_ready(searched)
    assert updates[tab._result._details].visible
    assert "3 candidates" in said(tab, updates)
    assert tab.preselect(searched, None)[tab._model].value == MODEL
    shown = tab.offer_points(searched, MODEL)
    assert shown[tab._point.fields[0]].value == "0.6"


def test_a_new_search_takes_the_result_away_and_keeps_marks_and_experts(
    tab: PredictTab, searched: OpenRecording
) -> None:
    file = viewed(tab, searched)
    mark = Mark(mark_id="own-1", onset_s=60, duration_s=9)
    file.review = Review(marks=(mark,), decisions={0: "rejected"})
    updates = tab.clear(searched)
    assert tab.viewer.found(searched.handle) is None
    assert file.review == Review(marks=(mark,))
    assert updates[tab._result._details].visible is False
    assert tab.follow_threshold(MODEL, searched, False, None) == {}


@pytest.mark.parametrize("name", ["own", "card"])
def test_without_a_result_points_fill_the_fields_alone(
    tab: PredictTab, opened: OpenRecording, name: str
) -> None:
    given: list[Any] = [*written(POINTS.at("card")), opened, False, None]
    updates = tab.choose_point(MODEL, name, *given)
    assert tab.viewer.component not in updates
    assert (tab._point.fields[0] in updates) == (name == "card")


def test_the_second_stage_is_switched_off_and_on_without_another_search(
    tab: PredictTab, searched: OpenRecording
) -> None:
    plain = live_result()
    stage = SecondStage.model_validate(
        {
            "classes": ["seizure", "rhythmic movement"],
            "biases": [-3.0, 3.0],
            "features": [{"feature": "duration", "mean": 0.0, "scale": 1.0, "weights": [0.0, 0.0]}],
            "threshold": 0.5,
            "trained_on": "written by hand",
        }
    )
    n_seconds = len(plain.trace.probabilities)
    judging = replace(
        plain, second_stage=stage, signs=np.zeros((n_seconds, len(SIGNS)), dtype=np.float32)
    )
    tab._result.take(searched, judging.with_second_stage(True), POINTS.at("card"))
    assert found(tab, searched).events == ()
    shown = tab._result.shown(searched)
    assert "rhythmic movement" in str(shown[tab._result._summary])
    assert "second stage dropped 3 candidates" in said(tab, shown)
    updates = tab.switch_second_stage(False, searched, False, None)
    assert found(tab, searched).events == plain.events != ()
    assert "found 3 candidates" in said(tab, updates)
    assert "rhythmic movement" not in str(updates[tab._result._summary])
    tab.switch_second_stage(True, searched, False, None)
    assert len(found(tab, searched).dropped) == len(plain.events)
    # A threshold that is moved afterwards leaves the switch where it is.
    tab.type_point(MODEL, "own", "0.3", "", "", "", "", searched, False, None)
    assert found(tab, searched).uses_second_stage
