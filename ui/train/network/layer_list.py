"""A network as text in an editor: read, written, and changed layer by layer."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from seizure_core.errors import ParameterError

LayerData = dict[str, Any]

# What a new layer begins with where its type demands something.
STARTING_SETTINGS: dict[str, LayerData] = {
    "conv1d": {"out_channels": 16, "kernel_size": 5},
    "depthwise_conv1d": {"kernel_size": 5},
    "conv_transpose1d": {"out_channels": 16, "kernel_size": 4},
    "max_pool1d": {"kernel_size": 4},
    "avg_pool1d": {"kernel_size": 4},
    "adaptive_avg_pool1d": {"output_size": 1},
    "adaptive_max_pool1d": {"output_size": 1},
    "upsample": {"scale_factor": 2},
    "group_norm": {"num_groups": 4},
    "linear": {"out_features": 2},
    "dropout": {"p": 0.5},
    "lstm": {"hidden_size": 32},
    "gru": {"hidden_size": 32},
    "self_attention": {"num_heads": 4},
    "residual": {"layers": [{"type": "relu"}]},
    "parallel": {"branches": [[{"type": "relu"}], [{"type": "relu"}]]},
    "per_channel": {"layers": [{"type": "relu"}]},
}


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
    try:
        layers = json.loads(text)
    except json.JSONDecodeError as error:
        raise ParameterError(
            "The network is no JSON: line {lineno}, column {colno}: {msg}.",
            lineno=error.lineno,
            colno=error.colno,
            msg=error.msg,
        ) from None
    except (ValueError, RecursionError):
        raise ParameterError(
            "The network is no JSON that can be read: a number is too long, or lists stand in "
            "lists too deep."
        ) from None
    return network_of_data(layers)


def network_of_data(layers: object) -> list[LayerData]:
    """Return plain data as layers; whether they fit together is not looked at.

    Raises
    ------
    ParameterError
        It is no list of objects.
    """
    if not isinstance(layers, list) or not all(isinstance(one, dict) for one in layers):
        raise ParameterError(
            'A network is a list of layers, such as [{"type": "flatten"}, {"type": "linear", '
            '"out_features": 2}].'
        )
    return layers


def settings_text(layer: LayerData) -> str:
    """Return the settings of a layer without its type, as JSON."""
    return json.dumps({key: value for key, value in layer.items() if key != "type"})


def layer_of(layer_type: str, settings: str) -> LayerData:
    """Return a layer as its type and its settings were typed in.

    Raises
    ------
    ParameterError
        No type was chosen, or the settings are no JSON object.
    """
    if not layer_type:
        raise ParameterError("Choose the type of the layer.")
    try:
        values = json.loads(settings.strip() or "{}")
    except (ValueError, RecursionError) as error:
        raise ParameterError(
            "The settings of the layer are no JSON: {error}.", error=error
        ) from None
    if not isinstance(values, dict):
        raise ParameterError('The settings of a layer are names with values: {"kernel_size": 5}.')
    return {"type": layer_type, **values}


Edit = Callable[[list[LayerData], int, LayerData], int]
"""Changes a list at a position, perhaps with a layer, and returns the position to look at."""


def change(layers: list[LayerData], index: int, layer: LayerData) -> int:
    """Put a layer in place of another."""
    layers[index] = layer
    return index


def insert(layers: list[LayerData], index: int, layer: LayerData) -> int:
    """Put a layer behind another."""
    layers.insert(index + 1, layer)
    return index + 1


def remove(layers: list[LayerData], index: int, layer: LayerData) -> int:
    """Take a layer away."""
    del layers[index]
    return max(min(index, len(layers) - 1), 0)


def move_up(layers: list[LayerData], index: int, layer: LayerData) -> int:
    """Exchange a layer with the one before it."""
    other = max(index - 1, 0)
    layers[index], layers[other] = layers[other], layers[index]
    return other


def move_down(layers: list[LayerData], index: int, layer: LayerData) -> int:
    """Exchange a layer with the one behind it."""
    other = min(index + 1, len(layers) - 1)
    layers[index], layers[other] = layers[other], layers[index]
    return other


def edited(
    text: str, index: int | None, edit: Edit, layer_type: str, settings: str
) -> tuple[list[LayerData], int]:
    """Return the layers after an edit, and the position to look at.

    Raises
    ------
    ParameterError
        The text is no network, no layer is chosen, or the layer cannot be read.
    """
    layers = read_network(text) if text.strip() else []
    needs_layer = edit in (change, insert)
    layer = layer_of(layer_type, settings) if needs_layer else {}
    if edit is insert and not layers:
        return [layer], 0
    if index is None or not 0 <= index < len(layers):
        raise ParameterError("Choose a layer in the table first.")
    return layers, edit(layers, index, layer)
