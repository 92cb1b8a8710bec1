from __future__ import annotations

import re
from typing import Any

import gradio as gr
import pytest

from seizure_core.errors import ParameterError
from ui.train.network.editor import NetworkStep
from ui.train.network.layer_forms import settings_of, value_of_field
from ui.train.network.layers import (
    chosen_network,
    edited,
    network_text,
    new_layer,
    read_network,
    settings_text,
)
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


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[\n{"type": }]', "line 2, column 10, a value is missing"),
        ('[\n{"type": "relu"}\n{"type": "relu"}]', "line 3, column 1, a comma or a closing"),
        ('[{"type": "relu",}]', "line 1, column 1., (a name in double|there is a comma too many)"),
        ('[{"type" "relu"}]', "a colon is missing"),
        ('[{"type": "relu}]', "no closing quotation mark"),
        ("[] []", "something follows after the end"),
        ('{"type": "relu"}', "list of layers"),
    ],
)
def test_a_text_that_is_no_network_is_refused_with_its_line_and_what_is_wrong(
    text: str, words: str
) -> None:
    with pytest.raises(ParameterError, match=words):
        read_network(text)


@pytest.mark.parametrize(
    ("act", "place", "types", "at"),
    [
        ("insert", "1", ["flatten", "dropout", "relu", "linear"], "2"),
        ("append", "", ["flatten", "dropout", "linear", "relu"], "3"),
        ("copy", "1", ["flatten", "dropout", "dropout", "linear"], "2"),
        ("remove", "2", ["flatten", "dropout"], "1"),
        ("up", "1", ["dropout", "flatten", "linear"], "0"),
        ("up", "0", ["flatten", "dropout", "linear"], "0"),
        ("down", "1", ["flatten", "linear", "dropout"], "2"),
        ("down", "2", ["flatten", "dropout", "linear"], "2"),
    ],
)
def test_layers_are_added_moved_copied_and_taken_out(
    act: str, place: str, types: list[str], at: str
) -> None:
    layers = read_network(TEXT)
    assert edited(layers, act, place, type="relu") == at
    assert [one["type"] for one in layers] == types


def test_layers_inside_layers_are_changed_where_they_are() -> None:
    layers: list[dict[str, Any]] = [new_layer("parallel"), {"type": "residual", "layers": []}]
    assert edited(layers, "append", "0/branches", type="") == "0/branches/3"
    assert edited(layers, "append", "0/branches/3", type="relu") == "0/branches/3/0"
    edited(layers, "set", "0/branches/0/0", name="kernel_size", value=7)
    edited(layers, "remove", "0/branches/1")
    branches = layers[0]["branches"]
    assert [[one["type"] for one in branch] for branch in branches] == [["conv1d"], [], ["relu"]]
    assert branches[0][0]["kernel_size"] == 7
    # What a card may leave out is made when something is put into it.
    assert edited(layers, "append", "1/shortcut", type="conv1d") == "1/shortcut/0"
    assert edited(layers, "remove", "1/shortcut/0") == ""


@pytest.mark.parametrize("place", ["7", "x", "0/branches/0", "1/layers/0", ""])
def test_a_layer_that_is_gone_meanwhile_is_told(place: str) -> None:
    with pytest.raises(ParameterError, match="has changed meanwhile"):
        edited(read_network(TEXT), "up", place)


@pytest.mark.parametrize("layer_type", sorted(LAYER_TYPES))
def test_every_layer_type_has_a_form_with_all_its_settings(layer_type: str) -> None:
    layer = new_layer(layer_type)
    LAYER.validate_python(layer)
    fields = {one.name for one in settings_of(layer_type)}
    lists = {"layers", "shortcut", "branches"}
    assert fields == set(LAYER_TYPES[layer_type].model_fields) - {"type"} - lists
    shown = checked(network_text([layer]))["layers"]
    assert all(f'name="{name}"' in shown for name in fields)


@pytest.mark.parametrize(
    ("typed", "value"),
    [("5", 5), ("0.25", 0.25), ("same", "same"), ("  ", None), (True, True), ("1e", "1e")],
)
def test_what_is_typed_into_a_field_is_read_as_a_card_would_hold_it(typed: Any, value: Any) -> None:
    assert value_of_field(typed) == value


def test_a_setting_is_changed_in_the_form_and_in_the_text_alike() -> None:
    conv = {"type": "conv1d", "out_channels": 4, "kernel_size": 9, "stride": 2}
    with gr.Blocks():
        step = NetworkStep(gr.Dropdown())
    done = {"act": "set", "place": "0", "name": "kernel_size", "typed": "90000"}
    shown = by_id(step.acted(network_text([conv, *LAYERS]), None, done))
    assert (
        shown["network-code"]
        .splitlines()[1]
        .startswith('  {"type": "conv1d", "out_channels": 4, "kernel_size": 90000, "stride": 2}')
    )
    assert 'name="kernel_size" value="90000"' in shown["layers"]
    assert "kernel 90000 is longer than the 7680 samples that reach it" in row(shown["layers"], 1)
    done = {"act": "set", "place": "0", "name": "stride", "typed": ""}
    assert (
        '"kernel_size": 9}' in by_id(step.acted(network_text([conv]), None, done))["network-code"]
    )
    done = {"act": "insert", "place": "0", "type": "relu"}
    assert 'data-place="1" open' in by_id(step.acted(network_text([conv]), None, done))["layers"]


def by_id(updates: Any) -> dict[str, Any]:
    return {block.elem_id: value for block, value in updates.items()}


def row(html: str, number: int) -> str:
    """The part of the list that shows a layer, counted from 1."""
    found = re.findall(r"<details.*?</details>", html, re.DOTALL)
    return str(found[number - 1])


def test_the_list_says_shapes_and_stands_errors_at_their_layers_numbered_from_1() -> None:
    shown = checked(TEXT)
    assert "fits" in shown["network-facts"]
    assert '<span class="number">3</span><span class="type">linear</span>' in shown["layers"]
    assert f"{(23 * 7680 + 1) * 2:,} parameters" in row(shown["layers"], 3)
    shown = checked(network_text([*LAYERS[:2], {"type": "linear", "out_features": 3}]))
    assert "does not fit" in shown["network-facts"]
    assert "End with a linear layer of out_features 2" in row(shown["layers"], 3)
    assert "End with a linear layer of out_features 2" in shown["network-drawing"]
    assert 'data-place="2"' in shown["network-drawing"]
    assert 'class="fault"' not in row(shown["layers"], 2)
    # What is wrong with no layer alone stands above them.
    assert "Add at least a flatten and a linear layer" in checked("[]")["network-facts"]


def checked(text: str) -> dict[str, Any]:
    """What the step shows of a network, by the ids of its components."""
    with gr.Blocks():
        step = NetworkStep(gr.Dropdown())
    return by_id(step.checked(text, None))


def test_a_text_that_is_no_network_shows_why_and_no_layers() -> None:
    shown = checked("[")
    assert "line 1, column 2" in shown["network-facts"]
    assert "<details" not in shown["layers"]


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
