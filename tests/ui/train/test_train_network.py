from __future__ import annotations

import json
from typing import Any

import gradio as gr
import pytest

from seizure_core.errors import ParameterError
from ui.train.editor import NetworkStep
from ui.train.layers import (
    STARTING_SETTINGS,
    change,
    edited,
    first_settings,
    insert,
    move_down,
    move_up,
    network_text,
    read_network,
    remove,
    settings_text,
)
from ui.train.network_start import chosen_network
from zoo.layers.vocabulary import LAYER, LAYER_TYPES
from zoo.presets import PRESETS
from zoo.store.registry import model_card

LAYERS: list[dict[str, Any]] = [
    {"type": "flatten"},
    {"type": "dropout", "p": 0.5},
    {"type": "linear", "out_features": 2},
]
TEXT = network_text(LAYERS)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_a_network_is_the_same_after_it_was_text(preset: Any) -> None:
    assert read_network(network_text(preset.layers)) == [dict(one) for one in preset.layers]


def test_a_text_that_is_no_json_is_refused_with_its_line() -> None:
    with pytest.raises(ParameterError, match="line 2, column"):
        read_network('[\n{"type": }]')
    with pytest.raises(ParameterError, match="list of layers"):
        read_network('{"type": "relu"}')


@pytest.mark.parametrize(
    ("edit", "index", "types", "at"),
    [
        (change, 1, ["flatten", "relu", "linear"], 1),
        (insert, 1, ["flatten", "dropout", "relu", "linear"], 2),
        (remove, 2, ["flatten", "dropout"], 1),
        (move_up, 1, ["dropout", "flatten", "linear"], 0),
        (move_up, 0, ["flatten", "dropout", "linear"], 0),
        (move_down, 1, ["flatten", "linear", "dropout"], 2),
        (move_down, 2, ["flatten", "dropout", "linear"], 2),
    ],
)
def test_layers_are_changed_one_by_one(edit: Any, index: int, types: list[str], at: int) -> None:
    layers, looked_at = edited(TEXT, index, edit, "relu", "{}")
    assert [one["type"] for one in layers] == types
    assert looked_at == at


def test_the_first_layer_can_be_put_into_an_empty_network() -> None:
    assert edited("[]", None, insert, "flatten", "") == ([{"type": "flatten"}], 0)


def test_an_edit_says_what_it_lacks() -> None:
    with pytest.raises(ParameterError, match="Choose a layer"):
        edited(TEXT, None, remove, "", "")
    with pytest.raises(ParameterError, match="Choose the type"):
        edited(TEXT, 0, insert, "", "")
    with pytest.raises(ParameterError, match="no JSON"):
        edited(TEXT, 0, change, "conv1d", "{kernel")


@pytest.mark.parametrize("layer_type", sorted(LAYER_TYPES))
def test_every_layer_type_begins_with_settings_that_can_be_read(layer_type: str) -> None:
    assert first_settings(layer_type) == json.dumps(STARTING_SETTINGS.get(layer_type, {}))
    LAYER.validate_python({"type": layer_type, **json.loads(first_settings(layer_type))})


def test_the_table_says_shapes_and_which_layer_does_not_fit() -> None:
    shown = checked(TEXT)
    assert "fits" in shown["network-facts"]
    assert shown["layers"]["data"][2][1:4] == ["linear", "2", f"{(23 * 7680 + 1) * 2:,}"]
    assert shown["layer"].choices[0] == ("0 flatten", 0)
    shown = checked(network_text([*LAYERS[:2], {"type": "linear", "out_features": 3}]))
    assert "layer 2 (linear)" in shown["network-facts"]
    assert shown["layers"]["data"][2][2] == "does not fit"
    assert "End with a linear layer of out_features 2" in shown["network-drawing"]


def checked(text: str) -> dict[str, Any]:
    """What the step shows of a network, by the ids of its components."""
    with gr.Blocks() as demo:
        step = NetworkStep(demo, gr.Dropdown())
    return {block.elem_id: value for block, value in step.checked(text, None).items()}


def test_a_text_that_is_no_network_shows_why_and_no_layers() -> None:
    shown = checked("[")
    assert "line 1, column 2" in shown["network-facts"]
    assert shown["layers"]["data"] == []


def test_a_model_is_trained_further_only_while_its_layers_are_its_own() -> None:
    layers = [
        layer.model_dump(mode="json", exclude_unset=True)
        for layer in model_card("n1spool-cnn").network
    ]
    own = network_text(layers)
    assert chosen_network("model:n1spool-cnn", True, own) == "n1spool-cnn"
    assert chosen_network("model:n1spool-cnn", False, own) == layers
    with pytest.raises(ParameterError, match="no longer those of n1spool-cnn"):
        chosen_network("model:n1spool-cnn", True, TEXT)
    assert settings_text(layers[0]).startswith('{"')
