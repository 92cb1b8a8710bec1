"""A network as a tree of what is to be drawn: layers with their facts, faults and inner ways."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from seizure_core.plain_text import printable
from ui.i18n import words
from ui.i18n.translation import tr, tr_message
from ui.i18n.wording import TIMES
from zoo.layers.base import Layer, LayerReport
from zoo.layers.network import NetworkReport

# Names of settings as torch has them, and how they are said in a small box.
_SETTINGS = {
    "out_channels": "channels",
    "out_features": "features",
    "kernel_size": "kernel",
    "output_size": "size",
    "hidden_size": "hidden",
    "hidden_features": "hidden",
    "num_heads": "heads",
    "num_groups": "groups",
    "num_layers": "layers",
    "scale_factor": "factor",
}
_JOINED_BY = {"residual": "add", "parallel": "join"}
_POOLED_BY = {"mean": "mean", "max": "max", "mean_max": "mean + max"}

LayerLike = Mapping[str, Any] | Layer

_LISTS = ("layers", "shortcut", "branches")
_MAX_TEXT = 36


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One layer to draw, in words.

    Attributes
    ----------
    place : str
        The way to it in plain data, such as "3" or "3/branches/0/1".
    number : int
        Position in its list, from 1.
    type : str
        As written, whether it exists or not.
    settings : str
        Empty if there are none.
    shape : str
        After the layer, or that no data reach it.
    facts : str
        Parameters with all that is inside, and how far one value sees.
    work : str
        Multiplications with addition for one window; empty where there are none.
    is_reached, has_parameters : bool
        Whether data reach it, and whether it holds any parameter.
    joined_by : str
        What happens where the ways of a composite layer meet.
    faults : tuple of str
        Why it does not fit.
    ways : tuple of tuple of Node
        Lists of layers inside a composite layer; an empty one passes its input on.
    """

    place: str
    number: int
    type: str
    settings: str
    shape: str
    facts: str
    work: str
    is_reached: bool
    has_parameters: bool
    joined_by: str
    faults: tuple[str, ...]
    ways: tuple[tuple[Node, ...], ...]


def nodes_of(
    layers: Sequence[LayerLike], report: NetworkReport, rate_hz: float | None
) -> tuple[Node, ...]:
    """Return what is to be shown of a network, which may not fit, and of the report about it.

    Nothing where the list as a whole is none, or too long.
    """
    if not report.layers and all(error.index is None for error in report.errors):
        return ()
    faults: dict[int, list[str]] = {}
    for error in report.errors:
        if error.index is not None:
            message = f"{tr_message(error.reason)} {tr_message(error.fix)}".strip()
            if ", " in error.where:  # a layer inside this one
                message = f"{tr_message(error.where)}: {message}"
            faults.setdefault(error.index, []).append(message)
    return _nodes(layers, report.layers, rate_hz, faults)


def _nodes(
    layers: Sequence[Any],
    rows: Sequence[LayerReport],
    rate_hz: float | None,
    faults: Mapping[int, Sequence[str]] | None = None,
    inside: str = "",
) -> tuple[Node, ...]:
    """Return the nodes of one list; without `faults` it stands inside a layer."""
    nodes = []
    for index, layer in enumerate(layers):
        row = rows[index] if index < len(rows) else None
        if isinstance(layer, Layer):
            layer = layer.model_dump(mode="json", exclude_unset=True)
        data = layer if isinstance(layer, Mapping) else {}
        layer_type = _cut(str(data.get("type", "no type")))
        parts = [part.layers for part in row.parts] if row else []
        place = f"{inside}{index}"
        ways = tuple(
            _nodes(way, parts[at] if at < len(parts) else (), rate_hz, inside=f"{place}/{name}/")
            for at, (name, way) in enumerate(ways_of(data))
        )
        pooled = _POOLED_BY.get(str(data.get("pool", "mean")), "?") if ways else ""
        # What is inside a layer that is not reached, or does not fit, needs no word of its own.
        unreached = "" if faults is None else tr(words.NOT_REACHED)
        nodes.append(
            Node(
                place=place,
                number=index + 1,
                type=layer_type,
                settings=_settings(layer_type, data),
                shape=shape_words(row.output_shape) if row else unreached,
                facts=_facts(row, rate_hz) if row else "",
                work=_work(row) if row else "",
                is_reached=row is not None,
                has_parameters=bool(row and row.n_parameters),
                joined_by=tr(_JOINED_BY.get(layer_type, pooled)),
                faults=tuple((faults or {}).get(index, ())),
                ways=ways,
            )
        )
    return tuple(nodes)


def shape_words(shape: Sequence[int]) -> str:
    """Return "10 x 1,538" with a proper sign."""
    return f" {TIMES} ".join(f"{size:,}" for size in shape)


def _facts(row: LayerReport, rate_hz: float | None) -> str:
    count, samples = row.n_parameters, row.receptive_field_samples
    said = [tr("1 parameter") if count == 1 else tr("{count:,} parameters", count=count)]
    if not rate_hz:
        said.append(tr("sees {samples:,} samples", samples=samples))
    elif samples < rate_hz:
        said.append(tr("sees {milliseconds:.3g} ms", milliseconds=1000 * samples / rate_hz))
    else:
        said.append(tr("sees {seconds:.3g} s", seconds=samples / rate_hz))
    return ", ".join(said if count else said[1:])


def _work(row: LayerReport) -> str:
    return tr("{n:,} multiply-adds", n=row.multiply_adds) if row.multiply_adds else ""


def ways_of(layer: Mapping[str, Any]) -> list[tuple[str, list[Any]]]:
    """Return the lists of layers inside a layer, with the ways to them; what is none is empty."""
    if layer.get("type") == "parallel":
        branches = layer.get("branches")
        branches = branches if isinstance(branches, list) else []
        ways = [(f"branches/{number}", branch) for number, branch in enumerate(branches)]
    else:
        names = {"residual": ("layers", "shortcut"), "per_channel": ("layers",)}
        ways = [(name, layer.get(name)) for name in names.get(str(layer.get("type")), ())]
    return [(name, way if isinstance(way, list) else []) for name, way in ways]


def _settings(layer_type: str, data: Mapping[str, Any]) -> str:
    said = []
    for name, value in data.items():
        if name in ("type", *_LISTS) or (layer_type, name) == ("per_channel", "pool"):
            continue
        if isinstance(value, bool):
            shown = tr("on") if value else tr("off")
        elif isinstance(value, float):
            shown = f"{value:g}"
        else:
            shown = _cut(value if isinstance(value, str) else json.dumps(value))
        said.append(f"{_cut(tr(_SETTINGS.get(name, name.replace('_', ' '))))} {shown}")
    return ", ".join(said)


def _cut(text: str) -> str:
    """Return text that may come from anybody, fit for a small box."""
    clean = printable(text)
    return clean if len(clean) <= _MAX_TEXT else f"{clean[: _MAX_TEXT - 1]}…"
