"""Which models are offered for a recording, which is chosen, and the line that says why."""

from __future__ import annotations

from pathlib import Path

from tests.memory_recording import memory_recording
from tests.zoo.models import write_small_model
from tests.zoo.store.test_recommendation import REFERENTIAL
from ui.widgets.model_picker import offered_models
from zoo.store.recommendation import default_model
from zoo.store.user_models import add_model


def test_models_have_names_for_people_and_ids_in_brackets(tmp_path: Path) -> None:
    write_small_model(tmp_path / "model", "small-one")
    add_model(tmp_path / "model")
    offered = offered_models(None)
    assert ("General purpose (unet-attention)", "unet-attention") in offered.choices
    assert ("A small model (small-one)", "small-one") in offered.choices
    assert offered.model_id == default_model() != "n1spool-cnn"
    assert "On simulated EEG: " in offered.line


def test_the_best_for_the_recording_is_chosen_and_the_line_says_why() -> None:
    offered = offered_models(memory_recording(REFERENTIAL, duration_s=60))
    assert offered.model_id == "unet-attention"
    assert (
        "Best for this recording: General purpose. It reads all of its 18 channels" in offered.line
    )


def test_what_the_person_chose_stays_and_the_line_names_the_better_one() -> None:
    offered = offered_models(memory_recording(REFERENTIAL, duration_s=60), "n1spool-cnn")
    assert offered.model_id == "n1spool-cnn"
    assert "n1Spool reads 20 of its 23 channels here" in offered.line
    assert "Best for this recording: General purpose." in offered.line
    four = memory_recording(["F3-C3", "C3-P3", "F4-C4", "C4-P4"], duration_s=60)
    unable = offered_models(four, "n1spool-cnn").line
    assert "n1Spool cannot read this recording" in unable
    assert "Best for this recording: Any montage." in unable


def test_where_no_model_can_read_the_recording_the_reason_stands_there() -> None:
    offered = offered_models(memory_recording(["SpO2"], units="%", duration_s=60))
    assert "No model can read this recording" in offered.line
