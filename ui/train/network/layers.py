"""A network as text: where it starts from, and what changes it layer by layer."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Sequence
from typing import Any

from seizure_core.errors import ParameterError
from seizure_core.messages import Message
from ui.i18n.translation import tr
from ui.widgets.model_picker import model_choices
from zoo.layers.vocabulary import LAYER_TYPES
from zoo.presets import PRESETS, preset
from zoo.store.registry import model_card

LayerData = dict[str, Any]

# What Python's reader says, and what a person can do about it.
_JSON_FAULTS = {
    "Expecting value": "a value is missing, or is no number, text, list or object.",
    "Expecting property name enclosed in double quotes": "a name in double quotes is expected; "
    "perhaps there is a comma too many before it.",
    "Expecting ':' delimiter": "a colon is missing after a name.",
    "Expecting ',' delimiter": "a comma or a closing bracket is missing before this place.",
    "Illegal trailing comma before end of object": "there is a comma too many.",
    "Illegal trailing comma before end of array": "there is a comma too many.",
    "Unterminated string starting at": "a text has no closing quotation mark.",
    "Extra data": "something follows after the end.",
}


def read_json_text(text: str, what: str) -> Any:
    """Return the data of a JSON text that a user typed in.

    Parameters
    ----------
    text : str
        As typed.
    what : str
        What it stands for, for messages: "The network".

    Raises
    ------
    ParameterError
        It cannot be read; the line, the fault and what to do are said.
    """
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ParameterError(
            "{what} cannot be read: in line {line}, column {column}, {fault} Correct that line.",
            what=Message(what),
            line=error.lineno,
            column=error.colno,
            fault=Message(_JSON_FAULTS.get(error.msg, "something is no JSON.")),
        ) from None
    except (ValueError, RecursionError):
        raise ParameterError(
            "{what} cannot be read: a number is too long, or lists stand in lists too deep.",
            what=Message(what),
        ) from None


def network_text(layers: Sequence[LayerData]) -> str:
    """Return layers as JSON, one a line."""
    return "[\n" + ",\n".join(f"  {json.dumps(layer)}" for layer in layers) + "\n]"


def read_network(text: str) -> list[LayerData]:
    """Return the layers of an editor's text; whether they fit together is not looked at.

    Raises
    ------
    ParameterError
        It is no JSON list of objects; the line is named.
    """
    return network_of_data(read_json_text(text, "The network"))


def network_of_data(layers: object) -> list[LayerData]:
    """Return plain data as layers; whether they fit together is not looked at.

    Raises
    ------
    ParameterError
        It is no list of objects.
    """
    if not isinstance(layers, list) or not all(isinstance(layer, dict) for layer in layers):
        raise ParameterError(
            'A network is a list of layers, such as [{"type": "flatten"}, {"type": "linear", '
            '"out_features": 2}].'
        )
    return layers


def settings_text(layer: LayerData) -> str:
    """Return the settings of a layer without its type, as JSON."""
    return json.dumps({key: value for key, value in layer.items() if key != "type"})


def new_layer(layer_type: str) -> LayerData:
    """Return a layer of a type as its example has it."""
    return {"type": layer_type, **copy.deepcopy(LAYER_TYPES[layer_type].example.settings)}


def edited(layers: list[LayerData], act: str, place: str, **given: Any) -> str:
    """Change a network by one edit of a layer.

    Parameters
    ----------
    layers : list of dict
        The network, which is changed.
    act : str
        "set" (`name`, `value`; None takes the setting away), "insert" after the layer or
        "append" to a list (a layer of `type`), "copy", "up", "down" or "remove".
    place : str
        The way to the layer, such as "3" or "3/branches/0/1"; for "append" to the list.

    Returns
    -------
    str
        The place to look at then; empty where there is none.

    Raises
    ------
    ParameterError
        There is no such place any more.
    """
    try:
        if act == "append":
            inner = _at(layers, place.split("/")) if place else layers
            # Without a type it is a branch that is added to a layer's branches.
            inner.append(new_layer(given["type"]) if given["type"] else [])  # type: ignore[arg-type]
            return "/".join([place, str(len(inner) - 1)]).lstrip("/")
        *way, last = place.split("/")
        inner, index = _at(layers, way), int(last)
        at = _ACTS[act](inner, index, given)
    except (LookupError, TypeError, ValueError, AttributeError):
        raise ParameterError(
            "The list of layers has changed meanwhile. Choose the layer again."
        ) from None
    return "/".join([*way, str(at)]) if inner else ""


def _at(layers: list[LayerData], way: Sequence[str]) -> list[LayerData]:
    """Return a list of layers inside a network; one that may be left out is made."""
    here: Any = layers
    for step in way:
        here = here.setdefault(step, []) if isinstance(here, dict) else here[int(step)]
    return here  # type: ignore[no-any-return]


def _set(layers: list[LayerData], index: int, given: dict[str, Any]) -> int:
    if given["value"] is None:
        layers[index].pop(given["name"], None)
    else:
        layers[index][given["name"]] = given["value"]
    return index


def _insert(layers: list[LayerData], index: int, given: dict[str, Any]) -> int:
    layers.insert(index + 1, new_layer(given["type"]))
    return index + 1


def _copy(layers: list[LayerData], index: int, given: dict[str, Any]) -> int:
    layers.insert(index + 1, copy.deepcopy(layers[index]))
    return index + 1


def _remove(layers: list[LayerData], index: int, given: dict[str, Any]) -> int:
    del layers[index]
    return max(min(index, len(layers) - 1), 0)


def _move(layers: list[LayerData], index: int, other: int) -> int:
    other = max(min(other, len(layers) - 1), 0)
    layers.insert(other, layers.pop(index))
    return other


_ACTS: dict[str, Callable[[list[LayerData], int, dict[str, Any]], int]] = {
    "set": _set,
    "insert": _insert,
    "copy": _copy,
    "remove": _remove,
    "up": lambda layers, index, given: _move(layers, index, index - 1),
    "down": lambda layers, index, given: _move(layers, index, index + 1),
}


_PRESET, _MODEL = "preset:", "model:"
FIRST_START = f"{_PRESET}{PRESETS[0].name}"

Choices = list[tuple[str, str]]


def start_choices() -> Choices:
    """Return (name shown, start) of every starting point there is at the moment."""
    models = [
        (tr("Model of the zoo: {model}", model=shown), start_of(model_id))
        for shown, model_id in model_choices()
    ]
    return [(tr(preset.title), f"{_PRESET}{preset.name}") for preset in PRESETS] + models


def start_of(model_id: str) -> str:
    """Return the start that means a model of the zoo."""
    return f"{_MODEL}{model_id}"


def is_model(start: str | None) -> bool:
    """Whether a start is a model of the zoo, so that it has weights."""
    return bool(start) and str(start).startswith(_MODEL)


def layers_of(start: str) -> list[LayerData]:
    """Return the layers of a start.

    Raises
    ------
    UnknownModelError
        There is no such model or preset any more.
    """
    if start.startswith(_PRESET):
        return [dict(layer) for layer in preset(start.removeprefix(_PRESET)).layers]
    card = model_card(start.removeprefix(_MODEL))
    return [layer.model_dump(mode="json", exclude_unset=True) for layer in card.network]


def chosen_network(start: str | None, with_weights: bool, code: str) -> str | list[LayerData]:
    """Return what a training begins with: layers, or the id of a model with its weights.

    Raises
    ------
    ParameterError
        The text is no network, or the layers are no longer those of the model.
    """
    layers = read_network(code)
    if not (with_weights and start and is_model(start)):
        return layers
    model_id = start.removeprefix(_MODEL)
    if layers != layers_of(start):
        raise ParameterError(
            "The layers are no longer those of {model_id}, so its weights do not fit. Take "
            "the model again under 'Start from', or untick 'With its weights'.",
            model_id=model_id,
        )
    return model_id
