"""The search box, the order and the filters above the list of models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from ui.events import Updates
from ui.i18n import text
from ui.i18n import zoo_text as words
from ui.i18n.translation import tr
from ui.opening.recordings import OpenRecording
from ui.widgets.model_picker import refilled, refilled_many
from ui.zoo.catalogue import Catalogue
from ui.zoo.search import Order, Wanted

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
