"""A network as a tree of what is to be drawn: layers with their facts, faults and inner ways."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from seizure_core.plain_text import printable
from ui.drawings import words
from ui.i18n.translation import tr, tr_message
from ui.i18n.wording import TIMES
from zoo.layers.base import Layer, LayerReport
from zoo.layers.network import NetworkReport

LayerLike = Mapping[str, Any] | Layer

_LISTS = ("layers", "shortcut", "branches")
_MAX_TEXT = 36


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A named list of layers inside a composite layer; empty is the input as it is."""

    name: str
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One layer to draw.

    Attributes
    ----------
    index : int
        Position in its list, from 0.
    type : str
        As written, whether it exists or not.
    settings : str
        In words; empty if there are none.
    shape : tuple of int or None
        Behind the layer; None if no data reach it.
    n_parameters : int
        Of the layer with all that is inside.
    sees : int
        Input samples that one value behind it sees; 0 if no data reach it.
    joined_by : str
        What happens where the ways of a composite layer meet.
    faults : tuple of str
        Why it does not fit.
    ways : tuple of Way
        Of a composite layer.
    is_inner : bool
        Whether it stands inside another layer.
    """

    index: int
    type: str
    settings: str
    shape: tuple[int, ...] | None = None
    n_parameters: int = 0
    sees: int = 0
    joined_by: str = ""
    faults: tuple[str, ...] = ()
    ways: tuple[Way, ...] = ()
    is_inner: bool = False


def nodes_of(layers: Sequence[LayerLike], report: NetworkReport) -> tuple[Node, ...]:
    """Return what is to be drawn of a network and of the report about it."""
    faults: dict[int, list[str]] = {}
    for error in report.errors:
        if error.index is not None:
            faults.setdefault(error.index, []).append(
                tr_message(f"{error.reason} {error.fix}".strip())
            )
    return tuple(
        _node(index, layer, row, tuple(faults.get(index, ())))
        for index, (layer, row) in enumerate(_beside(layers, report.layers))
    )


def shape_words(shape: Sequence[int]) -> str:
    """Return "10 x 1,538" with a proper sign."""
    return f" {TIMES} ".join(f"{size:,}" for size in shape)


def _beside(
    layers: Sequence[LayerLike], rows: Sequence[LayerReport]
) -> list[tuple[LayerLike, LayerReport | None]]:
    reached = list(rows[: len(layers)])
    return list(zip(layers, reached + [None] * (len(layers) - len(reached)), strict=True))


def _node(
    index: int,
    layer: LayerLike,
    row: LayerReport | None,
    faults: tuple[str, ...] = (),
    *,
    is_inner: bool = False,
) -> Node:
    data = _plain(layer)
    layer_type = _cut(str(data.get("type", words.UNKNOWN_LAYER)))
    ways = tuple(
        Way(
            name=name,
            nodes=tuple(
                _node(number, inner, inner_row, is_inner=True)
                for number, (inner, inner_row) in enumerate(_beside(part, _rows(row, at)))
            ),
        )
        for at, (name, part) in enumerate(_parts(layer_type, data))
    )
    pooled = words.POOLED_BY.get(str(data.get("pool", "mean")), "?") if ways else ""
    return Node(
        index=index,
        type=layer_type,
        settings=_settings_words(layer_type, data),
        shape=row.output_shape if row else None,
        n_parameters=row.n_parameters if row else 0,
        sees=row.receptive_field_samples if row else 0,
        joined_by=tr(words.JOINED_BY.get(layer_type, pooled)),
        faults=faults,
        ways=ways,
        is_inner=is_inner,
    )


def _plain(layer: object) -> Mapping[str, Any]:
    if isinstance(layer, Layer):
        return layer.model_dump(mode="json", exclude_unset=True)
    return layer if isinstance(layer, Mapping) else {}


def _rows(row: LayerReport | None, at: int) -> Sequence[LayerReport]:
    return row.parts[at].layers if row and at < len(row.parts) else ()


def _parts(layer_type: str, data: Mapping[str, Any]) -> list[tuple[str, list[Any]]]:
    if layer_type == "parallel":
        branches = _list(data.get("branches"))
        return [
            (tr(words.PARTS["branch"], number=number), _list(branch))
            for number, branch in enumerate(branches)
        ]
    names = {"residual": ("layers", "shortcut"), "per_channel": ("layers",)}.get(layer_type, ())
    return [(tr(words.PARTS[name]), _list(data.get(name))) for name in names]


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _settings_words(layer_type: str, data: Mapping[str, Any]) -> str:
    said = [
        f"{_cut(tr(words.SETTINGS.get(name, name.replace('_', ' '))))} {_value_words(value)}"
        for name, value in data.items()
        if name not in ("type", *_LISTS) and (layer_type, name) != ("per_channel", "pool")
    ]
    return ", ".join(said)


def _value_words(value: object) -> str:
    if isinstance(value, bool):
        return tr(words.ON) if value else tr(words.OFF)
    if isinstance(value, float):
        return f"{value:g}"
    return _cut(value if isinstance(value, str) else json.dumps(value))


def _cut(text: str) -> str:
    """Return text that may come from anybody, fit for a small box."""
    clean = printable(text)
    return clean if len(clean) <= _MAX_TEXT else f"{clean[: _MAX_TEXT - 1]}…"
