"""The nets of the zoo as lists to choose from."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ui import markup, text
from ui.card_views import card_html, summary_html
from zoo.registry import Registry, list_models, model_card

MODEL_COLUMNS = (
    "Id",
    "Title",
    "Version",
    "Source",
    "Window (s)",
    "Stride (s)",
    "Channels",
    "Rate (Hz)",
    "Parameters",
    "Licence",
)


def model_choices() -> list[tuple[str, str]]:
    """Return (id and title shown, id) of every net; narrow pickers cut off titles only."""
    return [(f"{net.model_id}: {net.title}", net.model_id) for net in list_models()]


def chosen_of(choices: list[tuple[str, str]], before: str | None) -> str | None:
    """Return the id that was chosen before if it can still be chosen, else the first."""
    ids = [one for _, one in choices]
    return before if before in ids else next(iter(ids), None)


def model_rows() -> list[dict[str, Any]]:
    """Return the facts one chooses by, a dict for each net."""
    return [{**asdict(net), "license": model_card(net.model_id).license} for net in list_models()]


def model_findings_html() -> str:
    """Return what is wrong with nets that cannot be used; empty if there are none."""
    return markup.findings(Registry.load().summaries()[1])


def model_table() -> list[list[str | float | int]]:
    """Return the rows of the table of nets, as `MODEL_COLUMNS` names them."""
    return [
        [
            row["model_id"],
            row["title"],
            row["version"],
            text.SOURCE_WORDS[row["source"]],
            row["window_s"],
            row["stride_s"],
            row["n_channels"] or "any",
            row["sampling_rate_hz"],
            row["n_parameters"],
            row["license"],
        ]
        for row in model_rows()
    ]


def card_data(model_id: str) -> dict[str, Any]:
    """Return the card of a net as plain data."""
    return model_card(model_id).to_document()


def model_summary_html(model_id: str | None) -> str:
    """Return the card of a net in short, or an empty state."""
    return summary_html(model_card(model_id)) if model_id else markup.empty(text.NO_MODELS)


def model_card_html(model_id: str | None) -> str:
    """Return the whole card of a net, or an empty state."""
    return card_html(model_card(model_id)) if model_id else markup.empty(text.NO_MODELS)
