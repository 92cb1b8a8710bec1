from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from markupsafe import escape

from tests.zoo.inference.test_second_stage import STAGE
from tests.zoo.models import ANY_MONTAGE_LAYERS, build_from, card_document, write_small_model
from ui.widgets import model_picker as models
from ui.zoo.card.page import card_page_html, head_of_page_html
from ui.zoo.card.results import summary_html
from ui.zoo.catalogue import Catalogue, read_catalogue
from ui.zoo.model_list import list_html
from zoo.card.readme import model_readme
from zoo.card.schema import ArchitectureCard
from zoo.presets import PRESETS, Preset
from zoo.store.registry import Registry, list_models
from zoo.store.sealing import write_model
from zoo.store.user_models import add_model

RESULT = {
    "dataset": "Some EEG",
    "protocol": "SzCORE events",
    "split": "patients not trained on",
    "n_recordings": 2,
    "n_seizures": 1,
    "hours": 0.5,
    "metrics": {
        "sensitivity": {"value": 0.5, "ci_low": 0.1, "ci_high": 0.9},
        "false_alarms_per_24h": {"value": 12.25},
        "latency_s": {"value": None},
    },
    "interval": "In brackets: 95 % bootstrap.",
}


def card_of(folder: Path, document: dict[str, Any]) -> ArchitectureCard:
    return write_model(folder, document=document, network=build_from(document))


def page_of(card: ArchitectureCard, catalogue: Catalogue | None = None) -> str:
    return card_page_html(card, catalogue or Catalogue())


def test_a_card_shows_what_one_chooses_and_judges_by(tmp_path: Path) -> None:
    card = card_of(tmp_path / "model", {**card_document(), "results": [RESULT]})
    shown = page_of(card)
    for words in (
        "It was never trained.",
        "FP1-F7, F7-T7",
        "64 Hz",
        "2 s, a step of 1 s",
        "Sensitivity",
        "0.50 (0.10 to 0.90)",
        "False alarms per 24 h",
        "12.2",
        "2 recordings, 1 seizure, 0.5 h (few data)",
        "In brackets: 95 % bootstrap.",
        "Protocol: SzCORE events.",
        "kernel_size 5",
        f"3 {chr(0xD7)} 31",
        "Learning rate",
        "The card keeps no learning curves.",
        "First version.",
        "Trained from scratch",
        card.sha256,
        card.weights.sha256,
    ):
        assert words in shown, words
    assert shown.index("Limits") < shown.index("<summary>Input</summary>")


def test_measures_without_a_column_are_told_with_their_eeg(tmp_path: Path) -> None:
    metrics = {"sensitivity": {"value": 1.0}, "n_false_alarms": {"value": 3}}
    other = {**RESULT, "dataset": "Other EEG", "protocol": "by hand", "metrics": metrics}
    card = card_of(tmp_path / "model", {**card_document(), "results": [RESULT, other]})
    shown = page_of(card)
    assert "Other EEG: Also: false alarms 3." in shown
    assert "Other EEG: by hand." in shown
    assert "Some EEG: SzCORE events." in shown


def test_learning_curves_versions_and_leaks_of_the_card_are_shown(tmp_path: Path) -> None:
    document = card_document()
    document["version"] = "1.1.0"
    document["training"] |= {
        "history": [
            {"epoch": 1, "train_loss": 0.7, "validation_loss": 0.8},
            {"epoch": 2, "train_loss": 0.4, "validation_loss": 0.6},
        ],
        "versions": [
            {"version": "1.0.0", "created": "2025-01-01", "note": "First."},
            {"version": "1.1.0", "created": "2025-02-01", "note": "Threshold chosen anew."},
        ],
        "split": {"method": "random", "leaks": True},
    }
    shown = page_of(card_of(tmp_path / "model", document))
    assert "Loss of each epoch" in shown
    assert "random (leaks)" in shown
    assert "flatter this model" in shown
    newest = shown.index("1.1.0 (2025-02-01): Threshold chosen anew.")
    assert newest < shown.index("1.0.0 (2025-01-01): First.")


def test_relatives_lead_to_their_cards(tmp_path: Path) -> None:
    parent = write_small_model(tmp_path / "parent", "parent-model")
    document = card_document("child-model")
    document["parent"] = {
        "model_id": "parent-model",
        "version": "1.0.0",
        "weights_sha256": parent.weights.sha256,
    }
    child = card_of(tmp_path / "child", document)
    alone = page_of(child)
    assert "parent-model 1.0.0 (not in this zoo)" in alone
    add_model(tmp_path / "parent")
    add_model(tmp_path / "child")
    catalogue = read_catalogue()
    assert 'data-model="parent-model"' in page_of(child, catalogue)
    assert 'data-model="child-model"' in page_of(parent, catalogue)


def test_operating_points_stand_side_by_side(tmp_path: Path) -> None:
    document = card_document()
    own = {
        key: document["output"][key]
        for key in document["output"]
        if key not in ("classes", "step_s")
    }
    document["output"]["operating_points"] = {
        "sensitive": {**own, "threshold": 0.4, "threshold_off": 0.3},
        "balanced": {**own, "metrics": {"sensitivity": {"value": 0.75}}},
        "specific": {**own, "threshold": 0.9},
        "chosen_on": "nine recordings",
    }
    shown = page_of(card_of(tmp_path / "model", document))
    for words in ("Default", "Sensitive", "Balanced", "Specific", "0.75", "0.9"):
        assert words in shown, words
    assert "Chosen on nine recordings, where they gave these figures." in shown


def test_a_second_stage_says_what_it_drops_gains_and_costs(tmp_path: Path) -> None:
    document = {**card_document(), "schema_version": 2}
    document["output"]["second_stage"] = {
        **STAGE,
        "metrics": {
            "sensitivity": {"value": 0.75},
            "sensitivity_without": {"value": 0.775},
            "false_alarms_per_24h": {"value": 46.8},
            "false_alarms_per_24h_without": {"value": 75.6},
        },
    }
    card = card_of(tmp_path / "model", document)
    shown = page_of(card)
    assert "drops events whose probability of being a seizure is below 0.5." in shown
    assert "leaves 47 of 76 false alarms per 24 h and 75% of seizures found" in shown
    assert "trained on nothing: written by hand for a test." in model_readme(card)


def test_the_summary_says_needs_quality_and_limits(tmp_path: Path) -> None:
    shown = summary_html(card_of(tmp_path / "a", {**card_document(), "results": [RESULT]}))
    assert "2, at least 50% of them" in shown
    assert "It was never trained." in shown
    assert shown.index("On patients: too little to say") < shown.index("It was never trained.")
    nothing = summary_html(write_small_model(tmp_path / "b"))
    assert "Nothing was measured yet." in nothing


def test_markup_in_a_card_is_shown_as_text_everywhere(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>"
    document = card_document("evil-model")
    document |= {"title": evil, "intended_use": evil, "limitations": evil, "authors": [evil]}
    document |= {"license": evil, "version": "1.0.0"}
    document["parent"] = {"model_id": evil, "version": evil, "weights_sha256": "0" * 64}
    document["input"]["channels"] = [evil, "F7-T7"]
    document["training"] |= {
        "note": evil,
        "settings": {evil: evil},
        "data": [{"name": evil, "note": evil, "subjects": [evil]}],
        "split": {"method": evil, "description": evil},
        "software": {evil: evil},
        "versions": [{"version": "1.0.0", "created": "2025-01-01", "note": evil}],
    }
    document["results"] = [
        {
            **RESULT,
            "dataset": evil,
            "protocol": evil,
            "split": evil,
            "note": evil,
            "interval": evil,
            "metrics": {evil: {"value": 1}},
        }
    ]
    card = card_of(tmp_path / "model", document)
    add_model(tmp_path / "model")
    catalogue = read_catalogue()
    model = catalogue.find("evil-model")
    assert model is not None
    for shown in (
        page_of(card, catalogue),
        summary_html(card),
        head_of_page_html(model),
        list_html(catalogue.models, n_all=2),
    ):
        assert "<script" not in shown
        assert "&lt;script&gt;" in shown


def test_a_model_for_any_montage_says_how_many_channels_do(tmp_path: Path) -> None:
    document = card_document(layers=ANY_MONTAGE_LAYERS)
    document["input"] |= {"channels": None, "min_channels": 2}
    shown = page_of(card_of(tmp_path / "model", document))
    assert "any 2 or more" in shown
    assert "per_channel" in shown
    assert "[layers]" in shown
    assert "Any montage" in shown


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_the_layers_of_every_family_can_be_shown(preset: Preset, tmp_path: Path) -> None:
    document = card_document(layers=list(preset.layers), output={"step_s": preset.step_s})
    channels = (
        None if preset.n_channels is None else [f"E{i}-F{i}" for i in range(preset.n_channels)]
    )
    document["input"] |= {
        "channels": channels,
        "sampling_rate_hz": preset.sampling_rate_hz,
        "window_s": preset.window_s,
    } | ({"min_channels": 2} if channels is None else {})
    card = card_of(tmp_path / "model", document)
    shown = page_of(card)
    for layer in preset.layers:
        assert str(layer["type"]) in shown
    assert f"{card.weights.n_parameters:,} parameters" in shown


def test_every_model_of_the_registry_has_a_card_page_with_all_its_parts() -> None:
    catalogue = read_catalogue()
    assert len(catalogue.models) == len(Registry.load().models)
    for model in catalogue.models:
        card = model.card
        shown = head_of_page_html(model) + page_of(card, catalogue)
        n_parameters = f"{card.weights.n_parameters:,}"
        for words in (card.title, card.license, card.weights.sha256, n_parameters):
            assert escape(words) in shown, (model.model_id, words)
        for part in ("Results", "Training", "Versions", "Network"):
            assert f"<summary>{part}</summary>" in shown, (model.model_id, part)
        assert "undefined" not in shown
        assert shown.count("<svg") >= 2, model.model_id
        for channel in card.input.channels or ():
            assert escape(channel) in shown, (model.model_id, channel)


def test_models_of_the_registry_become_choices(tmp_path: Path) -> None:
    write_small_model(tmp_path / "model", "small-one")
    add_model(tmp_path / "model")
    assert ("A small model (small-one)", "small-one") in models.model_choices()
    row = next(row for row in models.model_rows() if row["model_id"] == "small-one")
    assert row["license"] == "Apache-2.0"
    assert models.card_data("small-one")["model_id"] == "small-one"


def test_a_model_that_cannot_be_used_is_named_with_the_reason(
    tmp_path: Path, own_home: Path
) -> None:
    write_small_model(tmp_path / "model", "small-one")
    add_model(tmp_path / "model")
    (own_home / "models" / "small-one" / "card.json").write_text("{}")
    assert "small-one" not in [model.model_id for model in list_models()]
    catalogue = read_catalogue()
    assert catalogue.find("small-one") is None
    assert any("The model small-one cannot be used" in one.message for one in catalogue.findings)


def test_without_a_choice_the_summary_says_where_models_belong() -> None:
    assert "no model in the zoo" in models.model_summary_html(None)
