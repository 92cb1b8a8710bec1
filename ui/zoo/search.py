"""Which models of the catalogue are shown, in which order; and the fields that ask for them."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import gradio as gr

from seizure_core.channels.plan import dead_channels
from seizure_core.errors import ParameterError, SeizureZooError
from seizure_core.recording import Recording
from seizure_core.signals.model_input import prepare_input
from ui.events import Updates
from ui.i18n import text
from ui.i18n import zoo_text as words
from ui.i18n.translation import tr
from ui.opening.recordings import OpenRecording
from ui.widgets.model_picker import refilled, refilled_many
from ui.zoo.catalogue import Catalogue, ListedModel, figure
from zoo.card.schema import ArchitectureCard

Order = Literal[
    "registry", "title", "newest", "parameters", "window", "sensitivity", "false_alarms"
]
Montage = Literal["any", "all_montages", "fixed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody looks for; the defaults let everything through.

    Attributes
    ----------
    words : str
        All of them must occur in the model's texts.
    sources, licences : tuple of str
        One of them; empty means any.
    windows_s, rates_hz : tuple of float
        One of them; empty means any.
    montage : str
        "any", "all_montages" for models that take any channels, "fixed" for the others.
    max_parameters : int or None
        Not more than so many.
    dataset : str or None
        The scores looked at are those on this EEG; None takes those with most seizures.
    min_sensitivity : float
        0 to 1; a model without the figure does not pass a level above 0.
    max_false_alarms : float or None
        Per 24 h; a model without the figure does not pass.
    recording : Recording or None
        Only models that can be used on it.
    """

    words: str = ""
    sources: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()
    windows_s: tuple[float, ...] = ()
    rates_hz: tuple[float, ...] = ()
    montage: Montage = "any"
    max_parameters: int | None = None
    dataset: str | None = None
    min_sensitivity: float = 0.0
    max_false_alarms: float | None = None
    recording: Recording | None = None


def matching(
    models: Sequence[ListedModel], wanted: Wanted, order: Order
) -> tuple[ListedModel, ...]:
    """Return the models that are wanted, in an order; ties stay in the registry's order."""
    found = [one for one in models if _fits_facts(one, wanted) and _fits_scores(one, wanted)]
    if wanted.recording is not None:
        # Read once for all: a dead channel shows itself only at its end.
        dead = _dead_channels(wanted.recording)
        found = [one for one in found if fits(one.card, wanted.recording, dead)]
    if order == "registry":
        return tuple(found)
    return tuple(sorted(found, key=_key(order, wanted.dataset), reverse=order == "newest"))


def fits(card: ArchitectureCard, recording: Recording, dead: Collection[int]) -> bool:
    """Return whether a model can be used on a recording, by what prediction itself asks of it.

    Parameters
    ----------
    card : ArchitectureCard
        Of the model.
    recording : Recording
        The file.
    dead : collection of int
        Its channels without any value, from `dead_channels`.
    """
    contract = card.input
    try:
        fed = prepare_input(
            recording,
            channels=contract.channels,
            sampling_rate_hz=contract.sampling_rate_hz,
            min_coverage=contract.min_coverage,
            min_channels=contract.min_channels or 1,
            dead=dead,
        )
    except SeizureZooError:
        return False
    return min(recording.duration_s, fed.duration_s) >= contract.window_s


def _dead_channels(recording: Recording) -> tuple[int, ...]:
    try:
        return dead_channels(recording)
    except SeizureZooError:  # cannot be read (any more): prediction says so
        return ()


def _fits_facts(model: ListedModel, wanted: Wanted) -> bool:
    card, texts = model.card, model.searched
    takes_any = card.input.channels is None
    most = wanted.max_parameters
    return (
        all(word in texts for word in wanted.words.casefold().split())
        and (not wanted.sources or model.source in wanted.sources)
        and (not wanted.licences or card.license in wanted.licences)
        and (not wanted.windows_s or card.input.window_s in wanted.windows_s)
        and (not wanted.rates_hz or card.input.sampling_rate_hz in wanted.rates_hz)
        and (wanted.montage == "any" or takes_any == (wanted.montage == "all_montages"))
        and (most is None or card.weights.n_parameters <= most)
    )


def _fits_scores(model: ListedModel, wanted: Wanted) -> bool:
    sensitivity, false_alarms = _figures(model, wanted.dataset)
    most = wanted.max_false_alarms
    return (
        (wanted.dataset is None or model.result_on(wanted.dataset) is not None)
        and (not wanted.min_sensitivity or sensitivity >= wanted.min_sensitivity)
        and (most is None or false_alarms <= most)
    )


def _figures(model: ListedModel, dataset: str | None) -> tuple[float, float]:
    """Return sensitivity and false alarms per 24 h; what nothing says counts as the worst."""
    result = model.result_on(dataset)
    found, alarms = figure(result, "sensitivity"), figure(result, "false_alarms_per_24h")
    return -math.inf if found is None else found, math.inf if alarms is None else alarms


def _key(order: Order, dataset: str | None) -> Callable[[ListedModel], tuple[float | str, ...]]:
    def score(model: ListedModel) -> tuple[float, float]:
        sensitivity, false_alarms = _figures(model, dataset)
        return -sensitivity, false_alarms

    keys: dict[str, Callable[[ListedModel], tuple[float | str, ...]]] = {
        "title": lambda model: (model.card.title.casefold(), model.model_id),
        "newest": lambda model: (model.card.created,),
        "parameters": lambda model: (model.card.weights.n_parameters,),
        "window": lambda model: (model.card.input.window_s,),
        "sensitivity": score,
        "false_alarms": lambda model: score(model)[::-1],
    }
    return keys[order]


CLEARED: Mapping[str, Any] = {
    "words": "",
    "order": "registry",
    "sources": [],
    "montage": "any",
    "windows": [],
    "rates": [],
    "size": 0,
    "licences": [],
    "dataset": "",
    "sensitivity": 0.0,
    "false_alarms": -1.0,
    "fits": False,
}
"""What the fields hold when they let everything through."""


class ModelFilters:
    """The components.

    Attributes
    ----------
    fields : dict of str to component
        Those that `wanted_of` takes the values of, by the names in `CLEARED`.
    clear : gr.Button
        Sets them back.
    """

    def __init__(self) -> None:
        self.fields: dict[str, gr.Textbox | gr.Dropdown | gr.Checkbox] = {}
        with gr.Row():
            self.fields["words"] = gr.Textbox(
                label=words.SEARCH,
                placeholder=words.SEARCH_HINT,
                scale=3,
                min_width=200,
                elem_id="zoo-search",
            )
            self._one("order", words.ORDER, words.ORDERS, "zoo-order", scale=2, min_width=180)
        with gr.Accordion(words.FILTERS, open=False, elem_id="zoo-filters"):
            with gr.Row():
                self._many("sources", words.SOURCE, "zoo-source")
                self._one("montage", words.MONTAGE, words.MONTAGES, "zoo-montage")
                self._many("windows", words.WINDOW, "zoo-window")
                self._many("rates", words.RATE, "zoo-rate")
                self._one("size", words.SIZE, words.SIZES, "zoo-size")
                self._many("licences", words.LICENCE, "zoo-licence")
            self._one("dataset", words.DATASET, [(words.ANY_DATASET, "")], "zoo-dataset")
            with gr.Row():
                self._one("sensitivity", words.SENSITIVITY, words.SENSITIVITIES, "zoo-sensitivity")
                self._one(
                    "false_alarms", words.FALSE_ALARMS, words.FALSE_ALARM_LEVELS, "zoo-alarms"
                )
            self.fields["fits"] = gr.Checkbox(label=words.FITS, elem_id="zoo-fits")
            self.clear = gr.Button(words.CLEAR, size="md", elem_id="zoo-clear")

    def _many(self, name: str, label: str, elem_id: str) -> None:
        self.fields[name] = gr.Dropdown(
            choices=[], multiselect=True, label=label, min_width=150, elem_id=elem_id
        )

    def _one(
        self,
        name: str,
        label: str,
        choices: Sequence[tuple[str, Any]],
        elem_id: str,
        *,
        min_width: int = 150,
        scale: int | None = None,
    ) -> None:
        self.fields[name] = gr.Dropdown(
            choices=list(choices),
            value=choices[0][1],
            label=label,
            scale=scale,
            min_width=min_width,
            elem_id=elem_id,
        )

    def named(self, values: Sequence[Any]) -> dict[str, Any]:
        """Return the values of `fields` by name."""
        return dict(zip(self.fields, values, strict=True))

    def cleared(self) -> Updates:
        """Let everything through."""
        return {self.fields[name]: value for name, value in CLEARED.items()}

    def offered(self, catalogue: Catalogue, values: Mapping[str, Any]) -> Updates:
        """Offer what the models of the zoo have; what is no longer offered is no longer chosen."""
        cards = [model.card for model in catalogue.models]
        sources = dict.fromkeys(model.source for model in catalogue.models)
        windows_s = sorted({card.input.window_s for card in cards})
        rates_hz = sorted({card.input.sampling_rate_hz for card in cards})
        datasets = sorted({result.dataset for card in cards for result in card.results})
        choices: dict[str, list[tuple[str, Any]]] = {
            "sources": [(text.SOURCE_WORDS[one], one) for one in sources],
            "windows": [(tr(words.SECONDS, s=one), one) for one in windows_s],
            "rates": [(tr(words.HERTZ, hz=one), one) for one in rates_hz],
            "licences": [(one, one) for one in sorted({card.license for card in cards})],
        }
        measured_on = [(tr(words.ANY_DATASET), ""), *((one, one) for one in datasets)]
        return {
            **{self.fields[name]: refilled_many(choices[name], values[name]) for name in choices},
            self.fields["dataset"]: refilled(measured_on, values["dataset"])[0],
        }


def wanted_of(opened: OpenRecording | None, values: Mapping[str, Any]) -> tuple[Wanted, Order]:
    """Return what is looked for and in which order it is shown.

    Parameters
    ----------
    opened : OpenRecording or None
        The session's recording.
    values : mapping
        Of the fields, by the names in `CLEARED`; an empty one is None.

    Raises
    ------
    ParameterError
        Only models that fit the open recording are wanted, and none is open.
    """
    if values["fits"] and opened is None:
        raise ParameterError(tr(words.OPEN_RECORDING_FIRST))
    most = values["false_alarms"]
    wanted = Wanted(
        words=values["words"] or "",
        sources=tuple(values["sources"] or ()),
        licences=tuple(values["licences"] or ()),
        windows_s=tuple(values["windows"] or ()),
        rates_hz=tuple(values["rates"] or ()),
        montage=values["montage"] or "any",
        max_parameters=values["size"] or None,
        dataset=values["dataset"] or None,
        min_sensitivity=values["sensitivity"] or 0.0,
        max_false_alarms=None if most is None or most < 0 else most,
        recording=opened.recording if values["fits"] and opened is not None else None,
    )
    return wanted, values["order"] or "registry"
