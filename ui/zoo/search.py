"""Search, filters and order of the models in the catalogue, with their fields."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.blocks import Block

from seizure_core.channels.plan import dead_channels
from seizure_core.errors import ParameterError, SeizureZooError
from seizure_core.recording import Recording
from ui.events import Updates
from ui.i18n import words
from ui.i18n.translation import tr
from ui.widgets.model_picker import refilled, refilled_many
from ui.zoo.catalogue import Catalogue, ListedModel, figure
from zoo.card.evidence import Evidence, deciding_evidence, rank_of
from zoo.card.schema import ArchitectureCard
from zoo.store.recommendation import reading_of

_ORDERS = (
    ("Best figures first", "best"),
    ("Name, A to Z", "title"),
    ("Newest first", "newest"),
    ("Fewest parameters first", "parameters"),
    ("Shortest window first", "window"),
    ("Highest sensitivity first", "sensitivity"),
    ("Fewest false alarms first", "false_alarms"),
)
_MONTAGES = (
    ("Any", "any"),
    ("Takes any montage", "all_montages"),
    ("Needs certain channels", "fixed"),
)
_SIZES = (
    ("Any", 0),
    ("Up to 5,000", 5_000),
    ("Up to 50,000", 50_000),
    ("Up to 500,000", 500_000),
    ("Up to 5 million", 5_000_000),
)
_ANY_DATASET = "Data set with most seizures"
_SENSITIVITIES = (
    ("Any", 0.0),
    ("Half or more", 0.5),
    ("75 % or more", 0.75),
    ("90 % or more", 0.9),
    ("All", 1.0),
)
_FALSE_ALARM_LEVELS = (
    ("Any", -1.0),
    ("At most 1", 1.0),
    ("At most 5", 5.0),
    ("At most 24", 24.0),
    ("At most 100", 100.0),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The search by the names of its fields; the defaults let everything through.

    Attributes
    ----------
    words : str
        All of them must occur in the model's texts.
    order : str
        One of the values in `ORDERS` of the texts.
    sources, licences : sequence of str
        One of them; empty means any.
    windows, rates : sequence of float
        One of them, in seconds or hertz; empty means any.
    montage : str
        "any", "all_montages" for models that take any channels, "fixed" for the others.
    size : int
        Not more parameters than that; 0 means any number.
    dataset : str
        The scores looked at are those on this EEG; "" takes those with most seizures.
    sensitivity : float
        0 to 1; a model without the figure does not pass a level above 0.
    false_alarms : float
        Not more per 24 h, below 0 means any number; a model without the figure does not pass.
    fits : bool
        Only models that can be used on the open recording.
    """

    words: str = ""
    order: str = "best"
    sources: Sequence[str] = ()
    montage: str = "any"
    windows: Sequence[float] = ()
    rates: Sequence[float] = ()
    size: int = 0
    licences: Sequence[str] = ()
    dataset: str = ""
    sensitivity: float = 0.0
    false_alarms: float = -1.0
    fits: bool = False


def matching(
    models: Sequence[ListedModel], wanted: Wanted, recording: Recording | None = None
) -> tuple[ListedModel, ...]:
    """Return the models that are wanted, in order; ties stay in the registry's order.

    Raises
    ------
    ParameterError
        Only models that fit the open recording are wanted, and none is open.
    """
    found = [one for one in models if _fits_facts(one, wanted) and _fits_scores(one, wanted)]
    if wanted.fits:
        if recording is None:
            raise ParameterError(
                "Open a recording first: then the models that can read it are found."
            )
        # Read once for all: a dead channel shows itself only at its end.
        dead = _dead_channels(recording)
        found = [model for model in found if fits(model.card, recording, dead)]
    return tuple(sorted(found, key=_key(wanted), reverse=wanted.order == "newest"))


def fits(card: ArchitectureCard, recording: Recording, dead: Collection[int]) -> bool:
    """Return whether a model can be used on a recording with these dead channels."""
    try:
        reading_of(recording, card, dead)
    except SeizureZooError:
        return False
    return True


def _dead_channels(recording: Recording) -> tuple[int, ...]:
    try:
        return dead_channels(recording)
    except SeizureZooError:  # cannot be read (any more): prediction says so
        return ()


def _fits_facts(model: ListedModel, wanted: Wanted) -> bool:
    card, texts = model.card, model.searched
    takes_any = card.input.channels is None
    return (
        all(word in texts for word in wanted.words.casefold().split())
        and (not wanted.sources or model.source in wanted.sources)
        and (not wanted.licences or card.license in wanted.licences)
        and (not wanted.windows or card.input.window_s in wanted.windows)
        and (not wanted.rates or card.input.sampling_rate_hz in wanted.rates)
        and (wanted.montage == "any" or takes_any == (wanted.montage == "all_montages"))
        and (not wanted.size or card.weights.n_parameters <= wanted.size)
    )


def _fits_scores(model: ListedModel, wanted: Wanted) -> bool:
    sensitivity, false_alarms = _figures(model, wanted)
    return (
        (not wanted.dataset or model.result_on(wanted.dataset) is not None)
        and (not wanted.sensitivity or sensitivity >= wanted.sensitivity)
        and (wanted.false_alarms < 0 or false_alarms <= wanted.false_alarms)
    )


def _figures(model: ListedModel, wanted: Wanted) -> tuple[float, float]:
    """Return sensitivity and false alarms per 24 h; what nothing says counts as the worst."""
    result = model.result_on(wanted.dataset or None)
    found, alarms = figure(result, "sensitivity"), figure(result, "false_alarms_per_24h")
    return -math.inf if found is None else found, math.inf if alarms is None else alarms


def _key(wanted: Wanted) -> Callable[[ListedModel], tuple[float | str, ...]]:
    def found(model: ListedModel) -> tuple[float, float]:
        """Return the worse ends of the intervals, which are far away where little was measured."""
        counts = deciding_evidence(model.card)[1]
        if wanted.dataset:
            counts = Evidence.of(filter(None, [model.result_on(wanted.dataset)]))
        return -counts.least_sensitivity, counts.most_false_alarms_per_day

    keys: dict[str, Callable[[ListedModel], tuple[float | str, ...]]] = {
        "best": lambda model: tuple(-number for number in rank_of(model.card)),
        "title": lambda model: (model.name.casefold(), model.model_id),
        "newest": lambda model: (model.card.created,),
        "parameters": lambda model: (model.card.weights.n_parameters,),
        "window": lambda model: (model.card.input.window_s,),
        "sensitivity": found,
        "false_alarms": lambda model: found(model)[::-1],
    }
    return keys[wanted.order]


class ModelFilters:
    """The components.

    Attributes
    ----------
    fields : dict of str to component
        By the names in `Wanted`.
    clear : gr.Button
        Sets them back.
    """

    def __init__(self) -> None:
        self.fields: dict[str, gr.Textbox | gr.Dropdown | gr.Checkbox] = {}
        with gr.Row():
            self.fields["words"] = gr.Textbox(
                label="Search the models",
                placeholder="Name, author, data, layer, purpose",
                scale=3,
                min_width=200,
                elem_id="zoo-search",
            )
            self._one("order", "Sort by", _ORDERS, "zoo-order", scale=2, min_width=180)
        with gr.Accordion("Filters", open=False, elem_id="zoo-filters"):
            with gr.Row():
                self._many("sources", "Source", "zoo-source")
                self._one("montage", words.MONTAGE, _MONTAGES, "zoo-montage")
                self._many("windows", words.WINDOW, "zoo-window")
                self._many("rates", "Rate of the model", "zoo-rate")
                self._one("size", words.SIZE, _SIZES, "zoo-size")
                self._many("licences", words.LICENCE, "zoo-licence")
            self._one("dataset", "Figures measured on", [(_ANY_DATASET, "")], "zoo-dataset")
            with gr.Row():
                self._one("sensitivity", "Sensitivity", _SENSITIVITIES, "zoo-sensitivity")
                self._one(
                    "false_alarms", "False alarms per 24 h", _FALSE_ALARM_LEVELS, "zoo-alarms"
                )
            self.fields["fits"] = gr.Checkbox(
                label="Only models that can read the open recording", elem_id="zoo-fits"
            )
            self.clear = gr.Button("Clear search and filters", size="md", elem_id="zoo-clear")

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

    def wanted(self, given: Mapping[Block, Any]) -> Wanted:
        """Return the search; a field that was emptied lets everything through."""
        values = {name: given[field] for name, field in self.fields.items()}
        return Wanted(**{name: value for name, value in values.items() if value is not None})

    def cleared(self) -> Updates:
        """Let everything through."""
        nothing = Wanted()
        return {
            field: list(value) if isinstance(value := getattr(nothing, name), tuple) else value
            for name, field in self.fields.items()
        }

    def offered(self, catalogue: Catalogue, wanted: Wanted) -> Updates:
        """Offer what the models of the zoo have; what is no longer offered is no longer chosen."""
        cards = [model.card for model in catalogue.models]
        sources = dict.fromkeys(model.source for model in catalogue.models)
        windows_s = sorted({card.input.window_s for card in cards})
        rates_hz = sorted({card.input.sampling_rate_hz for card in cards})
        datasets = sorted({result.dataset for card in cards for result in card.results})
        choices: dict[str, list[tuple[str, Any]]] = {
            "sources": [(words.SOURCE_WORDS[source], source) for source in sources],
            "windows": [(tr(words.SECONDS, s=window_s), window_s) for window_s in windows_s],
            "rates": [(tr(words.HERTZ, hz=rate_hz), rate_hz) for rate_hz in rates_hz],
            "licences": [(name, name) for name in sorted({card.license for card in cards})],
        }
        measured_on = [(tr(_ANY_DATASET), ""), *((dataset, dataset) for dataset in datasets)]
        return {
            **{
                self.fields[name]: refilled_many(offered, getattr(wanted, name))
                for name, offered in choices.items()
            },
            self.fields["dataset"]: refilled(measured_on, wanted.dataset)[0],
        }
