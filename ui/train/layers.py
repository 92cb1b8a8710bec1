"""A network as text in an editor, and the controls that change it layer by layer."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from ui.events import Updates, listen
from ui.i18n import words
from zoo.layers.vocabulary import LAYER_TYPES

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


_EDITS: tuple[tuple[str, Edit], ...] = (
    ("Change it", change),
    ("Insert after it", insert),
    ("Move up", move_up),
    ("Move down", move_down),
    ("Remove", remove),
)


def layer_choices(layers: Sequence[LayerData]) -> list[tuple[str, int]]:
    """Return (name shown, position) of every layer."""
    return [(f"{i} {layer.get('type', '?')}", i) for i, layer in enumerate(layers)]


def first_settings(layer_type: str) -> str:
    """Return what the settings of a new layer of this type begin with."""
    return settings_text(STARTING_SETTINGS.get(layer_type, {}))


class LayerEditor:
    """The table of layers, and the controls below it that change the text of a network.

    Attributes
    ----------
    table : gr.Dataframe
        A row for each layer, as `train_text.LAYER_COLUMNS` names them.
    layer : gr.Dropdown
        The position of the layer that is looked at.
    """

    def __init__(self) -> None:
        self.table = gr.Dataframe(
            headers=list(words.LAYER_COLUMNS),
            interactive=False,
            label="Layers (choose a row to change it)",
            max_height=360,
            wrap=True,
            column_widths=["8%", "20%", "17%", "15%", "16%", "24%"],
            elem_id="layers",
        )
        with gr.Row():
            self.layer = gr.Dropdown(choices=[], label="Layer", min_width=140, elem_id="layer")
            self._type = gr.Dropdown(
                choices=sorted(LAYER_TYPES),
                value=None,
                label="Type",
                min_width=140,
                elem_id="layer-type",
            )
            self._settings = gr.Textbox(label="Settings (JSON)", scale=2, elem_id="layer-settings")
        with gr.Row(elem_id="layer-buttons"):
            self._buttons = {
                gr.Button(label, size="md", min_width=110): edit for label, edit in _EDITS
            }

    def wire(self, code: gr.Code) -> None:
        """Let the controls change the text, and follow the row that is chosen."""
        looked_at = [self.layer, self._type, self._settings]

        def show_layer(text: str, index: int | None) -> Updates:
            return self._look_at(read_network(text), index or 0)

        def take_row(text: str, row: gr.SelectData) -> Updates:
            return self._look_at(read_network(text), int(row.row_value[0]))

        def doing(edit: Edit) -> Callable[..., Updates]:
            def do(text: str, index: int | None, layer_type: str, settings: str) -> Updates:
                layers, at = edited(text, index, edit, layer_type, settings)
                return {code: network_text(layers), **self._look_at(layers, at)}

            return do

        for button, edit in self._buttons.items():
            changing = [code, *looked_at]
            listen(button.click, doing(edit), inputs=changing, outputs=changing)
        listen(self.layer.input, show_layer, inputs=[code, self.layer], outputs=looked_at)
        listen(self.table.select, take_row, inputs=code, outputs=looked_at)
        listen(self._type.input, first_settings, inputs=self._type, outputs=self._settings)

    def _look_at(self, layers: list[LayerData], index: int) -> Updates:
        if not layers:
            nothing = gr.Dropdown(choices=[], value=None)
            return {self.layer: nothing, self._type: None, self._settings: ""}
        layer = layers[index]
        layer_type = layer.get("type")
        return {
            self.layer: gr.Dropdown(choices=layer_choices(layers), value=index),
            self._type: layer_type if layer_type in LAYER_TYPES else None,
            self._settings: settings_text(layer),
        }
