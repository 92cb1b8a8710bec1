"""Step 2: a network is built and checked while it is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from training import services as training
from ui import train_text as words
from ui.errors import for_browser
from ui.models import model_choices
from ui.train.layer_list import (
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
from ui.train.network_views import network_shown
from zoo.layers.vocabulary import LAYER_TYPES
from zoo.presets import PRESETS, preset
from zoo.registry import model_card

_PRESET, _NET = "preset:", "net:"
_FIRST = f"{_PRESET}{PRESETS[0].name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkStep:
    """The components of the step."""

    start: gr.Dropdown
    with_weights: gr.Checkbox
    code: gr.Code
    facts: gr.HTML
    table: gr.Dataframe
    layer: gr.Dropdown
    layer_type: gr.Dropdown
    settings: gr.Textbox


def build_network(demo: gr.Blocks, dataset: gr.Dropdown) -> NetworkStep:
    """Build the step inside the current Blocks context; `dataset` gives the input's shape."""
    with gr.Row(equal_height=False):
        with gr.Column(scale=2, min_width=320):
            start = gr.Dropdown(
                choices=_start_choices(), value=_FIRST, label=words.START_FROM, elem_id="start-from"
            )
            with_weights = gr.Checkbox(
                label=words.WITH_WEIGHTS,
                info=words.WITH_WEIGHTS_INFO,
                visible=False,
                elem_id="with-weights",
            )
            code = gr.Code(
                network_text(PRESETS[0].layers),
                language="json",
                label=words.NETWORK,
                wrap_lines=True,
                lines=1,
                max_lines=24,
                interactive=True,
                elem_id="network-code",
            )
        with gr.Column(scale=3, min_width=320):
            facts = gr.HTML("", elem_id="network-facts")
            table = gr.Dataframe(
                headers=list(words.LAYER_COLUMNS),
                interactive=False,
                label=words.LAYERS,
                max_height=360,
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
                buttons: list[tuple[gr.Button, Edit]] = [
                    (gr.Button(label, size="md", min_width=110), edit)
                    for label, edit in (
                        (words.CHANGE, change),
                        (words.INSERT, insert),
                        (words.MOVE_UP, move_up),
                        (words.MOVE_DOWN, move_down),
                        (words.REMOVE, remove),
                    )
                ]
    step = NetworkStep(
        start=start,
        with_weights=with_weights,
        code=code,
        facts=facts,
        table=table,
        layer=layer,
        layer_type=layer_type,
        settings=settings,
    )
    _wire_start(demo, step)
    _wire_check(demo, step, dataset)
    _wire_edits(step, buttons)
    return step


def chosen_network(start: str | None, with_weights: bool, code: str) -> str | list[LayerData]:
    """Return what a training begins with: layers, or the id of a net with its weights.

    Raises
    ------
    ParameterError
        The text is no network, or the layers are no longer those of the net.
    """
    layers = read_network(code)
    if not (with_weights and start and start.startswith(_NET)):
        return layers
    model_id = start.removeprefix(_NET)
    if layers != _layers_of(start):
        raise ParameterError(words.WEIGHTS_CHANGED.format(model_id=model_id))
    return model_id


def start_choices() -> gr.Dropdown:
    """Return what one may start from, as it is now."""
    return gr.Dropdown(choices=_start_choices())


def _start_choices() -> list[tuple[str, str]]:
    nets = [(f"Net of the zoo: {shown}", f"{_NET}{one}") for shown, one in model_choices()]
    return [(one.title, f"{_PRESET}{one.name}") for one in PRESETS] + nets


def _layers_of(start: str) -> list[LayerData]:
    if start.startswith(_PRESET):
        return [dict(layer) for layer in preset(start.removeprefix(_PRESET)).layers]
    card = model_card(start.removeprefix(_NET))
    return [layer.model_dump(mode="json", exclude_unset=True) for layer in card.network]


def _wire_start(demo: gr.Blocks, step: NetworkStep) -> None:
    @for_browser
    def take(start: str) -> tuple[str, gr.Checkbox]:
        from_net = start.startswith(_NET)
        return network_text(_layers_of(start)), gr.Checkbox(visible=from_net, value=from_net)

    demo.load(for_browser(start_choices), outputs=step.start, api_visibility="private")
    step.start.input(
        take, inputs=step.start, outputs=[step.code, step.with_weights], api_visibility="private"
    )


def _wire_check(demo: gr.Blocks, step: NetworkStep, dataset: gr.Dropdown) -> None:
    @for_browser
    def check(code: str, dataset_id: str | None) -> tuple[Any, ...]:
        cards = [one for one in training.list_datasets() if one["dataset_id"] == dataset_id]
        card = cards[0] if cards else None
        rate_hz = card["settings"]["sampling_rate_hz"] if card else PRESETS[0].sampling_rate_hz
        facts, rows, choices = network_shown(code, card, rate_hz)
        return facts, rows, gr.Dropdown(choices=choices)

    gr.on(
        [demo.load, step.code.change, dataset.change],
        check,
        inputs=[step.code, dataset],
        outputs=[step.facts, step.table, step.layer],
        show_progress="hidden",
        trigger_mode="always_last",
        api_visibility="private",
    )


def _wire_edits(step: NetworkStep, buttons: list[tuple[gr.Button, Edit]]) -> None:
    looked_at = [step.layer, step.layer_type, step.settings]

    def look_at(layers: list[LayerData], index: int) -> tuple[Any, ...]:
        choices = [(f"{i} {one.get('type', '?')}", i) for i, one in enumerate(layers)]
        if not layers:
            return gr.Dropdown(choices=[], value=None), None, ""
        layer = layers[index]
        known = layer.get("type") if layer.get("type") in LAYER_TYPES else None
        return gr.Dropdown(choices=choices, value=index), known, settings_text(layer)

    def doing(edit: Edit) -> Any:
        @for_browser
        def do(code: str, index: int | None, layer_type: str, settings: str) -> tuple[Any, ...]:
            layers, at = edited(code, index, edit, layer_type, settings)
            return network_text(layers), *look_at(layers, at)

        return do

    @for_browser
    def show_layer(code: str, index: int | None) -> tuple[Any, ...]:
        return look_at(read_network(code), index or 0)

    def take_row(code: str, row: gr.SelectData) -> tuple[Any, ...]:
        return for_browser(lambda: look_at(read_network(code), int(row.row_value[0])))()

    for button, edit in buttons:
        button.click(
            doing(edit),
            inputs=[step.code, *looked_at],
            outputs=[step.code, *looked_at],
            api_visibility="private",
        )
    step.layer.input(
        show_layer, inputs=[step.code, step.layer], outputs=looked_at, api_visibility="private"
    )
    step.table.select(take_row, inputs=step.code, outputs=looked_at, api_visibility="private")
    step.layer_type.input(
        lambda layer_type: network_settings(layer_type),
        inputs=step.layer_type,
        outputs=step.settings,
        api_visibility="private",
    )


def network_settings(layer_type: str) -> str:
    """Return what the settings of a new layer of this type begin with."""
    return settings_text(STARTING_SETTINGS.get(layer_type, {}))
