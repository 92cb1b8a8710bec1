"""What follows from a network, as people read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from seizure_core.errors import ParameterError
from seizure_core.recording import Finding
from training import services as training
from ui import markup
from ui.train.dataset_views import input_shape, shape_words
from ui.train.layer_list import LayerData, read_network, settings_text
from ui.wording import NOTHING, TIMES

Rows = list[list[Any]]
_DOES_NOT_FIT = "does not fit"


def network_shown(
    text: str, card: dict[str, Any] | None, sampling_rate_hz: float
) -> tuple[str, Rows, list[tuple[str, int]]]:
    """Check a network.

    Parameters
    ----------
    text : str
        The editor's.
    card : dict or None
        Of the dataset it is meant for.
    sampling_rate_hz : float
        Of that dataset.

    Returns
    -------
    str
        Facts and errors.
    list
        A row for each layer, as `train_text.LAYER_COLUMNS` names them.
    list of (str, int)
        Layers to choose from.
    """
    try:
        layers = read_network(text)
    except ParameterError as error:
        return markup.findings([Finding(severity="error", message=str(error))]), [], []
    report = training.check_network(layers, *input_shape(card))
    choices = [(f"{i} {layer.get('type', '?')}", i) for i, layer in enumerate(layers)]
    return _facts(report, card, sampling_rate_hz), _rows(layers, report), choices


def _facts(report: dict[str, Any], card: dict[str, Any] | None, rate_hz: float) -> str:
    reach = report["receptive_field_samples"]
    errors = [Finding(severity="error", message=one["message"]) for one in report["errors"]]
    return markup.facts(
        [
            ("Input", shape_words(card)),
            ("Network", "fits" if report["valid"] else _DOES_NOT_FIT),
            ("Parameters", f"{report['n_parameters']:,}"),
            ("Receptive field", f"{reach / rate_hz:.3g} s ({reach:,} samples)"),
            ("Multiply-adds a window", f"{report['multiply_adds']:,}"),
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
                _DOES_NOT_FIT if index in bad else output,
                NOTHING if row is None else f"{row['n_parameters']:,}",
                NOTHING if row is None else f"{row['multiply_adds']:,}",
                settings_text(layer)[1:-1],
            ]
        )
    return rows
