"""The models of the zoo as lists to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import gradio as gr

from ui.i18n import words
from ui.widgets import markup
from ui.zoo.card.results import summary_html
from zoo.store.registry import list_models, model_card


def model_choices() -> list[tuple[str, str]]:
    """Return (id and title shown, id) of every model; narrow pickers cut off titles only."""
    return [(f"{model.model_id}: {model.title}", model.model_id) for model in list_models()]


def refilled(
    choices: list[tuple[str, str]], before: str | None, *, default: str | None = None, **looks: Any
) -> tuple[gr.Dropdown, str | None]:
    """Return a dropdown with other choices, and what is chosen in it then.

    What was chosen before stays untouched while it can be chosen: a person may have chosen
    something else since the list was asked for, and must not be taken back. Else it is the default,
    or the first.

    Parameters
    ----------
    choices : list of (str, str)
        What is shown, and its value.
    before : str or None
        What was chosen when the list was asked for.
    default : str, optional
        What to choose where nothing was.
    **looks
        More arguments of the dropdown.
    """
    ids = [one for _, one in choices]
    if before in ids:
        return gr.Dropdown(choices=choices, **looks), before
    first = default if default in ids else next(iter(ids), None)
    return gr.Dropdown(choices=choices, value=first, **looks), first


def refilled_many(choices: Sequence[tuple[str, Any]], before: Sequence[Any] | None) -> gr.Dropdown:
    """Return a dropdown for several with other choices, as `refilled` does for one.

    What can no longer be chosen is left out; nothing is chosen in its place.
    """
    offered = [one for _, one in choices]
    still = [one for one in before or () if one in offered]
    if len(still) == len(before or ()):
        return gr.Dropdown(choices=list(choices))
    return gr.Dropdown(choices=list(choices), value=still, multiselect=True)


def model_rows() -> list[dict[str, Any]]:
    """Return the facts one chooses by, a dict for each model."""
    return [
        {**asdict(model), "license": model_card(model.model_id).license} for model in list_models()
    ]


def card_data(model_id: str) -> dict[str, Any]:
    """Return the card of a model as plain data."""
    return model_card(model_id).to_document()


def model_summary_html(model_id: str | None) -> str:
    """Return the card of a model in short, or an empty state."""
    return summary_html(model_card(model_id)) if model_id else markup.empty(words.NO_MODELS)
