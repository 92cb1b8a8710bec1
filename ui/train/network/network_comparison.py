"""The network in the editor beside another one: where it began, or any other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from seizure_core.recording import Finding
from ui.errors import for_browser
from ui.i18n import train_text as words
from ui.i18n.translation import tr
from ui.train.network.difference import difference_html
from ui.train.network.layer_list import read_network
from ui.train.network.network_start import FIRST_START, layers_of, start_choices
from ui.widgets import markup
from zoo.errors import UnknownModelError

_PASTED = "pasted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonParts:
    """The components."""

    other: gr.Dropdown
    pasted: gr.Textbox
    shown: gr.HTML


def build_network_comparison() -> ComparisonParts:
    """Build the controls inside the current Blocks context."""
    with gr.Accordion(words.DIFFERENCES, open=False, elem_id="network-differences"):
        with gr.Row(equal_height=False):
            with gr.Column(scale=2, min_width=300):
                other = gr.Dropdown(
                    choices=_choices(),
                    value=FIRST_START,
                    label=words.COMPARE_WITH,
                    elem_id="compare-network-with",
                )
                pasted = gr.Textbox(
                    label=words.PASTED_NETWORK,
                    lines=4,
                    max_lines=12,
                    visible=False,
                    elem_id="pasted-network",
                )
            with gr.Column(scale=3, min_width=300):
                shown = gr.HTML(markup.empty(words.NO_DIFFERENCE), elem_id="network-difference")
    return ComparisonParts(other=other, pasted=pasted, shown=shown)


def wire_network_comparison(demo: gr.Blocks, parts: ComparisonParts, code: gr.Code) -> None:
    """Let the comparison follow the network and the choice of the other one."""

    @for_browser
    def compare(text: str, other: str | None, pasted: str) -> tuple[Any, ...]:
        is_pasted = other == _PASTED
        return gr.Textbox(visible=is_pasted), compared(text, other, pasted)

    demo.load(
        for_browser(lambda: gr.Dropdown(choices=_choices())),
        outputs=parts.other,
        api_visibility="private",
    )
    gr.on(
        [code.change, parts.other.change, parts.pasted.change],
        compare,
        inputs=[code, parts.other, parts.pasted],
        outputs=[parts.pasted, parts.shown],
        show_progress="hidden",
        trigger_mode="always_last",
        api_visibility="private",
    )


def compared(text: str, other: str | None, pasted: str) -> str:
    """Return in what a network differs from another, or why that cannot be said."""
    try:
        before = read_network(pasted) if other == _PASTED else layers_of(other or FIRST_START)
        return difference_html(before, read_network(text))
    except (ParameterError, UnknownModelError) as error:
        return markup.findings([Finding.info(str(error))])


def _choices() -> list[tuple[str, str]]:
    return [*start_choices(), (tr(words.PASTED), _PASTED)]
