"""The Model Zoo tab: which nets there are, and the card of the chosen one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from ui import markup, text
from ui.errors import for_browser
from ui.models import (
    MODEL_COLUMNS,
    chosen_of,
    model_card_html,
    model_choices,
    model_findings_html,
    model_table,
)

# One for each of MODEL_COLUMNS; together the whole width, so that none is cut off.
COLUMN_WIDTHS = ("12%", "22%", "8%", "10%", "7.5%", "7%", "9%", "6.5%", "10%", "8%")


@dataclass(frozen=True, slots=True, kw_only=True)
class ZooTab:
    """What the layout needs of the tab.

    Attributes
    ----------
    listing : dict
        Arguments of an event that lists the nets as they are now.
    """

    listing: dict[str, Any]


def build_zoo(demo: gr.Blocks) -> ZooTab:
    """Build the tab inside the current Blocks context; `demo`'s loading fills it."""
    models = gr.Dataframe(
        headers=list(MODEL_COLUMNS),
        interactive=False,
        label="Nets of the zoo (choose a row to read its card)",
        elem_id="models",
        max_height=300,
        wrap=True,
        column_widths=list(COLUMN_WIDTHS),
    )
    faults = gr.HTML("", elem_id="zoo-faults")
    chosen = gr.Dropdown(choices=[], label="Card of the net", elem_id="card-choice")
    card = gr.HTML(markup.empty(text.NO_MODELS), elem_id="card")

    @for_browser
    def refresh(before: str | None) -> tuple[Any, ...]:
        choices = model_choices()
        first = chosen_of(choices, before)
        return (
            model_table(),
            model_findings_html(),
            gr.Dropdown(choices=choices, value=first),
            model_card_html(first),
        )

    def show_row(row: gr.SelectData) -> tuple[str, str]:
        return for_browser(lambda: (row.row_value[0], model_card_html(row.row_value[0])))()

    listing: dict[str, Any] = {
        "fn": refresh,
        "inputs": chosen,
        "outputs": [models, faults, chosen, card],
        "api_visibility": "private",
    }
    demo.load(**listing)
    models.select(show_row, outputs=[chosen, card], api_visibility="private")
    chosen.input(
        for_browser(model_card_html), inputs=chosen, outputs=card, api_visibility="private"
    )
    return ZooTab(listing=listing)
