from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.zoo.nets import ANY_MONTAGE_LAYERS, build_from, card_document, write_small_net
from ui import models
from ui.card_views import card_html, summary_html
from zoo.card import ArchitectureCard
from zoo.net_folder import write_net
from zoo.presets import PRESETS, Preset
from zoo.registry import list_models
from zoo.user_nets import add_net

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
    "interval": "95 % bootstrap",
}


def card_of(folder: Path, document: dict[str, Any]) -> ArchitectureCard:
    return write_net(folder, document=document, network=build_from(document))


def test_a_card_shows_what_one_chooses_and_judges_by(tmp_path: Path) -> None:
    card = card_of(tmp_path / "net", {**card_document(), "results": [RESULT]})
    shown = card_html(card)
    for words in (
        "A small net",
        "It was never trained.",
        "FP1-F7, F7-T7",
        "64 Hz",
        "2 s, a step of 1 s",
        "Sensitivity",
        "0.10 to 0.90",
        "False alarms per 24 h",
        "12.2",
        "undefined",
        "95 % bootstrap",
        "kernel_size 5",
        f"3 {chr(0xD7)} 31",
        "Learning rate",
    ):
        assert words in shown, words


def test_the_summary_says_needs_quality_and_limits(tmp_path: Path) -> None:
    shown = summary_html(card_of(tmp_path / "a", {**card_document(), "results": [RESULT]}))
    assert "2, at least 50% of them" in shown
    assert "Some EEG (2 recordings, 1 seizure, 0.5 h): sensitivity 0.50" in shown
    assert "It was never trained." in shown
    nothing = summary_html(write_small_net(tmp_path / "b"))
    assert "Nothing was measured." in nothing


def test_markup_in_a_card_is_shown_as_text(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>"
    document = card_document()
    document |= {"title": evil, "intended_use": evil, "limitations": evil, "authors": [evil]}
    document["training"]["note"] = evil
    document["training"]["settings"] = {evil: evil}
    document["results"] = [{**RESULT, "dataset": evil, "metrics": {evil: {"value": 1}}}]
    card = card_of(tmp_path / "net", document)
    for shown in (card_html(card), summary_html(card)):
        assert "<script" not in shown
        assert "&lt;script&gt;" in shown


def test_a_net_for_any_montage_says_how_many_channels_do(tmp_path: Path) -> None:
    document = card_document(layers=ANY_MONTAGE_LAYERS)
    document["input"] |= {"channels": None, "min_channels": 2}
    shown = card_html(card_of(tmp_path / "net", document))
    assert "any 2 or more" in shown
    assert "per_channel" in shown
    assert "[layers]" in shown


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
    card = card_of(tmp_path / "net", document)
    shown = card_html(card)
    for layer in preset.layers:
        assert str(layer["type"]) in shown
    assert f"{card.weights.n_parameters:,} parameters" in shown


def test_nets_of_the_registry_become_choices_and_rows(tmp_path: Path) -> None:
    write_small_net(tmp_path / "net", "small-one")
    add_net(tmp_path / "net")
    assert ("small-one: A small net", "small-one") in models.model_choices()
    row = next(row for row in models.model_table() if row[0] == "small-one")
    assert len(row) == len(models.MODEL_COLUMNS)
    assert row[3] == "yours"
    assert row[9] == "Apache-2.0"
    assert models.card_data("small-one")["model_id"] == "small-one"
    assert "A small net" in models.model_card_html("small-one")
    assert models.model_findings_html() == ""


def test_a_net_that_cannot_be_used_is_named_with_the_reason(tmp_path: Path, own_home: Path) -> None:
    write_small_net(tmp_path / "net", "small-one")
    add_net(tmp_path / "net")
    (own_home / "models" / "small-one" / "card.json").write_text("{}")
    assert "small-one" not in [net.model_id for net in list_models()]
    assert "The net small-one cannot be used" in models.model_findings_html()


def test_without_a_choice_the_tab_says_where_nets_belong() -> None:
    assert "no net in the zoo" in models.model_card_html(None)
    assert "no net in the zoo" in models.model_summary_html(None)
