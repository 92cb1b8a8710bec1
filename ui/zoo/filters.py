"""The search box, the order and the filters above the list of nets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from ui.i18n import text
from ui.i18n import zoo_text as words
from ui.i18n.translation import tr
from ui.opening.recordings import OpenRecording
from ui.widgets.model_picker import refilled, refilled_many
from ui.zoo.catalogue import Catalogue
from ui.zoo.search import Order, Wanted

# What nothing being filtered looks like, in the order of `FilterParts.inputs`.
_CLEARED: tuple[Any, ...] = ("", "registry", [], "any", [], [], 0, [], "", 0.0, -1.0, False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterParts:
    """The components, in the order in which handlers get their values."""

    words: gr.Textbox
    order: gr.Dropdown
    sources: gr.Dropdown
    montage: gr.Dropdown
    windows: gr.Dropdown
    rates: gr.Dropdown
    size: gr.Dropdown
    licences: gr.Dropdown
    dataset: gr.Dropdown
    sensitivity: gr.Dropdown
    false_alarms: gr.Dropdown
    fits: gr.Checkbox
    clear: gr.Button

    @property
    def inputs(self) -> list[gr.components.Component]:
        """What `wanted_of` takes the values of."""
        return [getattr(self, one.name) for one in fields(self) if one.name != "clear"]

    @property
    def offering(self) -> list[gr.Dropdown]:
        """What `offered_by` gives values for."""
        return [self.sources, self.windows, self.rates, self.licences, self.dataset]


def build_filters() -> FilterParts:
    """Build them inside the current Blocks context."""
    with gr.Row():
        search = gr.Textbox(
            label=words.SEARCH,
            placeholder=words.SEARCH_HINT,
            scale=3,
            min_width=200,
            elem_id="zoo-search",
        )
        order = gr.Dropdown(
            choices=list(words.ORDERS),
            value="registry",
            label=words.ORDER,
            scale=2,
            min_width=180,
            elem_id="zoo-order",
        )
    with gr.Accordion(words.FILTERS, open=False, elem_id="zoo-filters"):
        with gr.Row():
            sources = _many(words.SOURCE, "zoo-source")
            montage = _one(words.MONTAGE, words.MONTAGES, "zoo-montage")
            windows = _many(words.WINDOW, "zoo-window")
            rates = _many(words.RATE, "zoo-rate")
            size = _one(words.SIZE, words.SIZES, "zoo-size")
            licences = _many(words.LICENCE, "zoo-licence")
        dataset = _one(words.DATASET, [(words.ANY_DATASET, "")], "zoo-dataset")
        with gr.Row():
            sensitivity = _one(words.SENSITIVITY, words.SENSITIVITIES, "zoo-sensitivity")
            false_alarms = _one(words.FALSE_ALARMS, words.FALSE_ALARM_LEVELS, "zoo-alarms")
        fits = gr.Checkbox(label=words.FITS, elem_id="zoo-fits")
        clear = gr.Button(words.CLEAR, size="md", elem_id="zoo-clear")
    return FilterParts(
        words=search,
        order=order,
        sources=sources,
        montage=montage,
        windows=windows,
        rates=rates,
        size=size,
        licences=licences,
        dataset=dataset,
        sensitivity=sensitivity,
        false_alarms=false_alarms,
        fits=fits,
        clear=clear,
    )


def cleared() -> tuple[Any, ...]:
    """Return the values of `FilterParts.inputs` that let everything through."""
    return _CLEARED


def wanted_of(opened: OpenRecording | None, values: Sequence[Any]) -> tuple[Wanted, Order]:
    """Return what is looked for and in which order it is shown.

    Parameters
    ----------
    opened : OpenRecording or None
        The session's recording.
    values : sequence
        Of `FilterParts.inputs`.

    Raises
    ------
    ParameterError
        Only nets that fit the open recording are wanted, and none is open.
    """
    search, order, sources, montage, windows, rates, size, licences, *scores, fits = values
    dataset, sensitivity, false_alarms = scores
    if fits and opened is None:
        raise ParameterError(tr(words.OPEN_RECORDING_FIRST))
    wanted = Wanted(
        words=search or "",
        sources=tuple(sources or ()),
        licences=tuple(licences or ()),
        windows_s=tuple(windows or ()),
        rates_hz=tuple(rates or ()),
        montage=montage or "any",
        max_parameters=size or None,
        dataset=dataset or None,
        min_sensitivity=sensitivity or 0.0,
        max_false_alarms=None if false_alarms is None or false_alarms < 0 else false_alarms,
        recording=opened.recording if fits and opened is not None else None,
    )
    return wanted, order or "registry"


def offered_by(catalogue: Catalogue, values: Sequence[Any]) -> tuple[gr.Dropdown, ...]:
    """Return the choices of `FilterParts.offering`: what the nets of the zoo have.

    Parameters
    ----------
    catalogue : Catalogue
        The nets as they are now.
    values : sequence
        Of `FilterParts.inputs`; what is no longer offered is no longer chosen.
    """
    nets = catalogue.nets
    _, _, sources, _, windows, rates, _, licences, dataset, *_ = values
    datasets = sorted({score.dataset for net in nets for score in net.scores})
    return (
        refilled_many(
            [(text.SOURCE_WORDS[one], one) for one in dict.fromkeys(net.source for net in nets)],
            sources,
        ),
        refilled_many(
            [(tr(words.SECONDS, s=one), one) for one in sorted({n.window_s for n in nets})],
            windows,
        ),
        refilled_many(
            [(tr(words.HERTZ, hz=one), one) for one in sorted({n.sampling_rate_hz for n in nets})],
            rates,
        ),
        refilled_many([(one, one) for one in sorted({net.license for net in nets})], licences),
        refilled([(tr(words.ANY_DATASET), ""), *((one, one) for one in datasets)], dataset)[0],
    )


def _many(label: str, elem_id: str) -> gr.Dropdown:
    return gr.Dropdown(choices=[], multiselect=True, label=label, min_width=150, elem_id=elem_id)


def _one(label: str, choices: Sequence[tuple[str, Any]], elem_id: str) -> gr.Dropdown:
    return gr.Dropdown(
        choices=list(choices),
        value=choices[0][1],
        label=label,
        min_width=150,
        elem_id=elem_id,
    )
