"""Step 2: a network is built, checked and drawn while it is written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from training.data.store import list_datasets
from ui.errors import for_browser
from ui.i18n import train_text as words
from ui.i18n.translation import filled_table
from ui.train.network.layer_editor import LayerEditor, build_layer_editor, wire_layer_editor
from ui.train.network.layer_list import network_text
from ui.train.network.network_comparison import (
    ComparisonParts,
    build_network_comparison,
    wire_network_comparison,
)
from ui.train.network.network_files import SAVE_DRAWING, SAVE_NETWORK, network_of_file
from ui.train.network.network_start import FIRST_START, is_net, layers_of, start_choices, start_of
from ui.train.network.views import network_shown
from zoo.presets import PRESETS


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkStep:
    """The components of the step."""

    start: gr.Dropdown
    with_weights: gr.Checkbox
    code: gr.Code
    load: gr.UploadButton
    save: gr.Button
    facts: gr.HTML
    editor: LayerEditor
    drawing: gr.HTML
    save_drawing: gr.Button
    comparison: ComparisonParts

    @property
    def beginning(self) -> list[Any]:
        """What `beginning_from` gives values for."""
        return [self.start, self.with_weights, self.code, self.comparison.other]


def build_network(demo: gr.Blocks, dataset: gr.Dropdown) -> NetworkStep:
    """Build the step inside the current Blocks context; `dataset` gives the input's shape."""
    with gr.Row(equal_height=False):
        with gr.Column(scale=2, min_width=320):
            start, with_weights = _build_start()
            code = _build_code()
            with gr.Row():
                load = gr.UploadButton(
                    words.LOAD_NETWORK,
                    file_types=[".json"],
                    size="md",
                    min_width=130,
                    elem_id="load-network",
                )
                save = gr.Button(
                    words.SAVE_NETWORK, size="md", min_width=130, elem_id="save-network"
                )
        with gr.Column(scale=3, min_width=320):
            facts = gr.HTML("", elem_id="network-facts")
            editor = build_layer_editor()
    with gr.Row(equal_height=True, elem_classes="heading-row"):
        gr.Markdown(words.DRAWING)
        save_drawing = gr.Button(
            words.SAVE_DRAWING, size="md", scale=0, min_width=210, elem_id="save-drawing"
        )
    drawing = gr.HTML("", elem_id="network-drawing")
    step = NetworkStep(
        start=start,
        with_weights=with_weights,
        code=code,
        load=load,
        save=save,
        facts=facts,
        editor=editor,
        drawing=drawing,
        save_drawing=save_drawing,
        comparison=build_network_comparison(),
    )
    _wire_start(demo, step)
    _wire_files(step)
    _wire_check(demo, step, dataset)
    wire_layer_editor(editor, code)
    wire_network_comparison(demo, step.comparison, code)
    return step


def beginning_from(model_id: str) -> tuple[Any, ...]:
    """Return the values of `NetworkStep.beginning` that begin with a net of the zoo.

    Raises
    ------
    UnknownModelError
        There is no such net any more.
    """
    start = start_of(model_id)
    return (
        gr.Dropdown(choices=start_choices(), value=start),
        gr.Checkbox(visible=True, value=True),
        network_text(layers_of(start)),
        start,
    )


def _build_start() -> tuple[gr.Dropdown, gr.Checkbox]:
    start = gr.Dropdown(
        choices=start_choices(), value=FIRST_START, label=words.START_FROM, elem_id="start-from"
    )
    with_weights = gr.Checkbox(
        label=words.WITH_WEIGHTS,
        info=words.WITH_WEIGHTS_INFO,
        visible=False,
        elem_id="with-weights",
    )
    return start, with_weights


def _build_code() -> gr.Code:
    return gr.Code(
        network_text(PRESETS[0].layers),
        language="json",
        label=words.NETWORK,
        wrap_lines=True,
        lines=1,
        max_lines=24,
        interactive=True,
        elem_id="network-code",
    )


def _wire_start(demo: gr.Blocks, step: NetworkStep) -> None:
    @for_browser
    def take(start: str) -> tuple[Any, ...]:
        from_net = is_net(start)
        boxed = gr.Checkbox(visible=from_net, value=from_net)
        return network_text(layers_of(start)), boxed, start

    demo.load(
        for_browser(lambda: gr.Dropdown(choices=start_choices())),
        outputs=step.start,
        api_visibility="private",
    )
    step.start.input(
        take,
        inputs=step.start,
        outputs=[step.code, step.with_weights, step.comparison.other],
        api_visibility="private",
    )


def _wire_files(step: NetworkStep) -> None:
    @for_browser
    def load(path: str) -> tuple[Any, ...]:
        return network_of_file(Path(path)), gr.Checkbox(value=False)

    step.load.upload(
        load, inputs=step.load, outputs=[step.code, step.with_weights], api_visibility="private"
    )
    step.save.click(None, inputs=step.code, js=SAVE_NETWORK, api_visibility="private")
    step.save_drawing.click(None, js=SAVE_DRAWING, api_visibility="private")


def _wire_check(demo: gr.Blocks, step: NetworkStep, dataset: gr.Dropdown) -> None:
    @for_browser
    def check(code: str, dataset_id: str | None) -> tuple[Any, ...]:
        cards = [one for one in list_datasets() if one["dataset_id"] == dataset_id]
        card = cards[0] if cards else None
        rate_hz = card["settings"]["sampling_rate_hz"] if card else PRESETS[0].sampling_rate_hz
        shown = network_shown(code, card, rate_hz)
        table = filled_table(words.LAYER_COLUMNS, shown.rows)
        return shown.facts, shown.drawing, table, gr.Dropdown(choices=shown.choices)

    gr.on(
        [demo.load, step.code.change, dataset.change],
        check,
        inputs=[step.code, dataset],
        outputs=[step.facts, step.drawing, step.editor.table, step.editor.layer],
        show_progress="hidden",
        trigger_mode="always_last",
        api_visibility="private",
    )
