"""What follows from a network, as people read it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from seizure_core.errors import ParameterError
from seizure_core.recording import Finding
from ui.drawings.network import network_html, network_svg
from ui.i18n import train_text as words
from ui.i18n.translation import grouped, tr
from ui.i18n.wording import NOTHING, TIMES
from ui.train.data.dataset_views import input_shape, shape_words
from ui.train.network.layer_list import LayerData, read_network
from ui.widgets import markup
from zoo.layers.network import check_network

Rows = list[list[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkShown:
    """A network that was checked.

    Attributes
    ----------
    facts : str
        HTML of facts and errors.
    drawing : str
        HTML of the drawing.
    rows : list
        A row for each layer, as `train_text.LAYER_COLUMNS` names them.
    choices : list of (str, int)
        Layers to choose from.
    """

    facts: str
    drawing: str
    rows: Rows
    choices: list[tuple[str, int]]


def network_shown(text: str, card: dict[str, Any] | None, sampling_rate_hz: float) -> NetworkShown:
    """Check a network.

    Parameters
    ----------
    text : str
        The editor's.
    card : dict or None
        Of the dataset it is meant for.
    sampling_rate_hz : float
        Of that dataset.
    """
    try:
        layers = read_network(text)
    except ParameterError as error:
        found = markup.findings([Finding.error(str(error))])
        return NetworkShown(
            facts=found, drawing=markup.empty(words.NO_DRAWING), rows=[], choices=[]
        )
    shape = input_shape(card)
    report = check_network(layers, *shape).to_dict()
    drawing = network_svg(
        layers,
        n_channels=shape[0],
        n_samples=shape[1],
        sampling_rate_hz=sampling_rate_hz,
        name=tr(words.DRAWING_NAME),
    )
    return NetworkShown(
        facts=_facts(report, card, sampling_rate_hz),
        drawing=network_html(drawing, tr(words.DRAWING_NAME)),
        rows=_rows(layers, report),
        choices=layer_choices(layers),
    )


def layer_choices(layers: Sequence[LayerData]) -> list[tuple[str, int]]:
    """Return (name shown, position) of every layer."""
    return [(f"{i} {layer.get('type', '?')}", i) for i, layer in enumerate(layers)]


def _facts(report: dict[str, Any], card: dict[str, Any] | None, rate_hz: float) -> str:
    reach = report["receptive_field_samples"]
    errors = [Finding.error(one["message"]) for one in report["errors"]]
    return markup.facts(
        [
            (words.NETWORK_INPUT, shape_words(card)),
            (words.NETWORK_STATE, tr(words.FITS if report["valid"] else words.DOES_NOT_FIT)),
            (words.PARAMETERS, grouped(report["n_parameters"])),
            (words.RECEPTIVE_FIELD, tr(words.REACH, seconds=reach / rate_hz, samples=reach)),
            (words.MULTIPLY_ADDS, grouped(report["multiply_adds"])),
        ],
        lead=True,
    ) + markup.findings(errors)


def _rows(layers: Sequence[LayerData], report: dict[str, Any]) -> Rows:
    known = {row["index"]: row for row in report["layers"]}
    bad = {one["index"] for one in report["errors"]}
    rows: Rows = []
    for index, layer in enumerate(layers):
        row = known.get(index)
        output = NOTHING if row is None else f" {TIMES} ".join(map(str, row["output_shape"]))
        rows.append(
            [
                index,
                str(layer.get("type", "?")),
                tr(words.DOES_NOT_FIT) if index in bad else output,
                NOTHING if row is None else grouped(row["n_parameters"]),
                NOTHING if row is None else grouped(row["multiply_adds"]),
                ", ".join(f"{k} {json.dumps(v)}" for k, v in layer.items() if k != "type"),
            ]
        )
    return rows
