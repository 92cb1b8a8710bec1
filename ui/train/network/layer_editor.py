"""The controls that change a network layer by layer; the text in the editor is what they change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from ui.errors import for_browser
from ui.i18n import train_text as words
from ui.train.network.layer_list import (
    STARTING_SETTINGS,
    Edit,
    LayerData,
    change,
    edited,
    insert,
    move_down,
    move_up,
    network_text,
    read_network,
    remove,
    settings_text,
)
from ui.train.network.views import layer_choices
from zoo.layers.vocabulary import LAYER_TYPES

_EDITS: tuple[tuple[str, Edit], ...] = (
    (words.CHANGE, change),
    (words.INSERT, insert),
    (words.MOVE_UP, move_up),
    (words.MOVE_DOWN, move_down),
    (words.REMOVE, remove),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerEditor:
    """The components; `buttons` are those of `_EDITS`."""

    table: gr.Dataframe
    layer: gr.Dropdown
    layer_type: gr.Dropdown
    settings: gr.Textbox
    buttons: tuple[gr.Button, ...]

    @property
    def looked_at(self) -> list[Any]:
        """What `_look_at` gives values for."""
        return [self.layer, self.layer_type, self.settings]


def build_layer_editor() -> LayerEditor:
    """Build the table of layers and the controls below it."""
    table = gr.Dataframe(
        headers=list(words.LAYER_COLUMNS),
        interactive=False,
        label=words.LAYERS,
        max_height=360,
        wrap=True,
        column_widths=["8%", "20%", "17%", "15%", "16%", "24%"],
        elem_id="layers",
    )
    with gr.Row():
        layer = gr.Dropdown(choices=[], label=words.LAYER, min_width=140, elem_id="layer")
        layer_type = gr.Dropdown(
            choices=sorted(LAYER_TYPES),
            value=None,
            label=words.LAYER_TYPE,
            min_width=140,
            elem_id="layer-type",
        )
        settings = gr.Textbox(label=words.LAYER_SETTINGS, scale=2, elem_id="layer-settings")
    with gr.Row(elem_id="layer-buttons"):
        buttons = tuple(gr.Button(label, size="md", min_width=110) for label, _ in _EDITS)
    return LayerEditor(
        table=table, layer=layer, layer_type=layer_type, settings=settings, buttons=buttons
    )


def network_settings(layer_type: str) -> str:
    """Return what the settings of a new layer of this type begin with."""
    return settings_text(STARTING_SETTINGS.get(layer_type, {}))


def wire_layer_editor(editor: LayerEditor, code: gr.Code) -> None:
    """Let the controls change the text of a network, and follow the row that is chosen."""
    looked_at = editor.looked_at

    @for_browser
    def show_layer(text: str, index: int | None) -> tuple[Any, ...]:
        return _look_at(read_network(text), index or 0)

    def take_row(text: str, row: gr.SelectData) -> tuple[Any, ...]:
        return for_browser(lambda: _look_at(read_network(text), int(row.row_value[0])))()

    for button, (_, edit) in zip(editor.buttons, _EDITS, strict=True):
        button.click(
            _doing(edit),
            inputs=[code, *looked_at],
            outputs=[code, *looked_at],
            api_visibility="private",
        )
    editor.layer.input(
        show_layer, inputs=[code, editor.layer], outputs=looked_at, api_visibility="private"
    )
    editor.table.select(take_row, inputs=code, outputs=looked_at, api_visibility="private")
    editor.layer_type.input(
        lambda layer_type: network_settings(layer_type),
        inputs=editor.layer_type,
        outputs=editor.settings,
        api_visibility="private",
    )


def _doing(edit: Edit) -> Any:
    @for_browser
    def do(text: str, index: int | None, layer_type: str, settings: str) -> tuple[Any, ...]:
        layers, at = edited(text, index, edit, layer_type, settings)
        return network_text(layers), *_look_at(layers, at)

    return do


def _look_at(layers: list[LayerData], index: int) -> tuple[Any, ...]:
    if not layers:
        return gr.Dropdown(choices=[], value=None), None, ""
    layer = layers[index]
    known = layer.get("type") if layer.get("type") in LAYER_TYPES else None
    return (
        gr.Dropdown(choices=layer_choices(layers), value=index),
        known,
        settings_text(layer),
    )
