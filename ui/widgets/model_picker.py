"""The models of the zoo as lists to choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import gradio as gr
from markupsafe import Markup

from seizure_core.errors import SeizureZooError
from seizure_core.recording import Recording
from ui.i18n import words
from ui.i18n.translation import tr, tr_message
from ui.widgets import markup
from ui.zoo.card.results import summary_html
from ui.zoo.catalogue import ListedModel, read_catalogue
from zoo.card.evidence import chosen_by, verdict
from zoo.store.recommendation import default_model, reading_of, recommend
from zoo.store.registry import list_models, model_card


def model_choices() -> list[tuple[str, str]]:
    """Return (name and id, id) of every model."""
    return read_catalogue().choices()


def name_of(model_id: str) -> str:
    """Return what people call a model."""
    names = {model.model_id: model.name for model in read_catalogue().models}
    return names.get(model_id, model_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedModels:
    """The models to choose from for a recording.

    Attributes
    ----------
    choices : list of (str, str)
        What is shown, and the id.
    model_id : str or None
        The choice of the person, else the model that suits the recording best.
    line : Markup
        One line that says why, or why not.
    """

    choices: list[tuple[str, str]]
    model_id: str | None
    line: Markup


def offered_models(recording: Recording | None, picked: str | None = None) -> OfferedModels:
    """Offer the models for a recording.

    Parameters
    ----------
    recording : Recording or None
        The one that is open; no sample of it is read.
    picked : str or None
        The person's own choice, which stays while that model exists.
    """
    catalogue = read_catalogue()
    models = {model.model_id: model for model in catalogue.models}
    cards = {model.model_id: model.card for model in catalogue.models if model.is_here}
    best, refusal = default_model(), ""
    if recording is not None:
        found = recommend(recording, cards)
        best, refusal = found.model_id, "" if found.model_id else tr_message(found.reason)
    model_id = picked if picked in models else best or next(iter(models), None)
    said = refusal or _why(models, model_id, best, recording)
    line = Markup('<p class="model-why" role="status">{}</p>').format(said)
    return OfferedModels(choices=catalogue.choices(), model_id=model_id, line=line)


def _why(
    models: Mapping[str, ListedModel],
    model_id: str | None,
    best: str | None,
    recording: Recording | None,
) -> str:
    """Return how a model suits a recording, and which one suits it best."""
    model = models.get(model_id or "")
    if model is None:
        return ""
    if recording is None:
        return tr("{name}. {verdict}", name=model.name, verdict=verdict(model.card))
    try:
        reads = reading_of(recording, model.card).words
    except SeizureZooError as error:
        said = tr("{name} cannot read this recording: {reason}", name=model.name, reason=error)
    else:
        template = "{name} {reads}; {figures}."
        if model_id == best:
            template = "Best for this recording: {name}. It {reads}; {figures}."
        said = tr(template, name=model.name, reads=reads, figures=chosen_by(model.card))
    if best is None or model_id == best:
        return said
    return tr("{said} Best for this recording: {name}.", said=said, name=models[best].name)


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
    ids = [choice for _, choice in choices]
    if before in ids:
        return gr.Dropdown(choices=choices, **looks), before
    first = default if default in ids else next(iter(ids), None)
    return gr.Dropdown(choices=choices, value=first, **looks), first


def refilled_many(choices: Sequence[tuple[str, Any]], before: Sequence[Any] | None) -> gr.Dropdown:
    """Return a dropdown for several with other choices, as `refilled` does for one.

    What can no longer be chosen is left out; nothing is chosen in its place.
    """
    offered = [choice for _, choice in choices]
    still = [choice for choice in before or () if choice in offered]
    if len(still) == len(before or ()):
        return gr.Dropdown(choices=list(choices))
    return gr.Dropdown(choices=list(choices), value=still, multiselect=True)


def model_rows() -> list[dict[str, Any]]:
    """Return the facts one chooses by, a dict for each model."""
    with_cards = [(model, model_card(model.model_id)) for model in list_models()]
    return [
        {**asdict(model), "license": card.license, "verdict": str(verdict(card))}
        for model, card in with_cards
    ]


def card_data(model_id: str) -> dict[str, Any]:
    """Return the card of a model as plain data."""
    return model_card(model_id).to_document()


def model_summary_html(model_id: str | None) -> str:
    """Return the card of a model in short, or an empty state."""
    return summary_html(model_card(model_id)) if model_id else markup.empty(words.NO_MODELS)
