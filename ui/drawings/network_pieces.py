"""Layers as boxes, and composite layers as frames with their ways side by side."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

from ui.drawings import svg, words
from ui.drawings.network_nodes import Node, Way, shape_words
from ui.drawings.svg import SMALL_LETTER, TITLE_LETTER, SvgPiece
from ui.i18n.translation import tr

ARROW = 16.0
LEAF_WIDTH = 236.0
_PAD = 10.0
_LINE = 16.0
_HEAD = 26.0
_STRAIGHT_WIDTH = 64.0
_WAY_GAP = 14.0
_SPLIT, _JOIN = 14.0, 34.0

_FAMILIES = {
    "convolution": ("conv1d", "depthwise_conv1d", "conv_transpose1d"),
    "pooling": (
        "max_pool1d",
        "avg_pool1d",
        "adaptive_avg_pool1d",
        "adaptive_max_pool1d",
        "upsample",
        "attention_pool",
    ),
    "dense": ("linear", "flatten"),
    "memory": ("lstm", "gru", "self_attention", "positional_encoding"),
}
_FAMILY_OF = {one: family for family, types in _FAMILIES.items() for one in types}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pen:
    """How things are said: receptive fields in seconds where the sampling rate is known."""

    sampling_rate_hz: float | None

    def sees(self, samples: int) -> str:
        """Return how far a value sees."""
        if not self.sampling_rate_hz:
            return tr(words.SEES_SAMPLES, samples=samples)
        seconds = samples / self.sampling_rate_hz
        if seconds < 1:
            return tr(words.SEES_MS, milliseconds=1000 * seconds)
        return tr(words.SEES_S, seconds=seconds)

    def facts(self, node: Node) -> str:
        """Return parameters and reach of a layer."""
        said = [parameters_words(node.n_parameters)] if node.n_parameters else []
        return ", ".join([*said, self.sees(node.sees)])


def parameters_words(count: int) -> str:
    """Return "1,160 parameters"."""
    return tr(words.ONE_PARAMETER) if count == 1 else tr(words.PARAMETERS, count=count)


def width_of(nodes: Sequence[Node]) -> float:
    """Return the width a list of layers needs."""
    return max((_width(node) for node in nodes), default=_STRAIGHT_WIDTH)


def column(nodes: Sequence[Node], pen: Pen, width: float) -> SvgPiece:
    """Return layers one below the other, with arrows between them."""
    return stacked([layer_piece(node, pen, width) for node in nodes], width)


def stacked(pieces: Sequence[SvgPiece], width: float) -> SvgPiece:
    """Return pieces of one width below each other, with arrows between them."""
    parts, y = [], 0.0
    for number, piece in enumerate(pieces):
        if number:
            parts.append(svg.way((width / 2, y), (width / 2, y + ARROW), arrow=True))
            y += ARROW
        parts.append(svg.placed(piece, 0, y))
        y += piece.height
    return SvgPiece(width=width, height=y, svg="".join(parts))


def layer_piece(node: Node, pen: Pen, width: float) -> SvgPiece:
    """Return one layer, with whatever is inside it."""
    return _frame(node, pen, width) if node.ways else _leaf(node, pen, width)


def terminal(title: str, note: str, width: float) -> SvgPiece:
    """Return the box of the network's input or output."""
    lines = svg.wrapped(note, width - 2 * _PAD)
    height = _HEAD + len(lines) * _LINE + 4
    said = svg.text(width / 2, 18, title, kind="name", anchor="middle") + "".join(
        svg.text(width / 2, _HEAD + 9 + n * _LINE, line, kind="small", anchor="middle")
        for n, line in enumerate(lines)
    )
    return SvgPiece(width=width, height=height, svg=svg.box(width, height, kind="end") + said)


def _width(node: Node) -> float:
    if not node.ways:
        said = (
            f"{node.index}  {node.type}  {tr(words.DOES_NOT_FIT) if node.faults else _shape(node)}"
        )
        return max(LEAF_WIDTH, svg.width_of_text(said, TITLE_LETTER) + 2 * _PAD)
    ways = sum(width_of(one.nodes) for one in node.ways) + _WAY_GAP * (len(node.ways) - 1)
    return max(ways + 2 * _PAD, LEAF_WIDTH + 2 * _PAD)


def _shape(node: Node) -> str:
    if node.shape is not None:
        return shape_words(node.shape)
    # What is inside a layer that is not reached, or does not fit, needs no word of its own.
    return "" if node.is_inner else tr(words.NOT_REACHED)


def _heading(node: Node, width: float) -> str:
    return (
        f'<text x="{_PAD:g}" y="18"><tspan class="number">{node.index}</tspan>'
        f'<tspan class="name" dx="6">{html.escape(node.type)}</tspan></text>'
        + svg.text(
            width - _PAD,
            18,
            tr(words.DOES_NOT_FIT) if node.faults else _shape(node),
            kind="shape fault" if node.faults else "shape",
            anchor="end",
        )
    )


def _notes(node: Node, pen: Pen, width: float) -> list[tuple[str, str]]:
    """Return the lines below the heading, each with its class."""
    room = width - 2 * _PAD
    lines = [(line, "small") for line in svg.wrapped(node.settings, room)]
    if node.n_parameters and not node.faults:
        lines += [(line, "small quiet") for line in svg.wrapped(pen.facts(node), room)]
    for fault in node.faults:
        lines += [(line, "fault") for line in svg.wrapped(fault, room)]
    return lines


def _said(lines: Sequence[tuple[str, str]]) -> str:
    return "".join(
        svg.text(_PAD, _HEAD + 9 + number * _LINE, line, kind=kind)
        for number, (line, kind) in enumerate(lines)
    )


def _group(node: Node, content: str) -> str:
    state = " bad" if node.faults else ("" if node.shape is not None else " idle")
    family = _FAMILY_OF.get(node.type, "composite" if node.ways else "other")
    return f'<g class="layer {family}{state}">{content}</g>'


def _leaf(node: Node, pen: Pen, width: float) -> SvgPiece:
    lines = _notes(node, pen, width)
    height = _HEAD + len(lines) * _LINE + (6 if lines else 2)
    strip = f'<rect class="strip" x="1" y="6" width="4" height="{height - 12:g}" rx="2"/>'
    content = svg.box(width, height, kind="box") + strip + _heading(node, width) + _said(lines)
    return SvgPiece(width=width, height=height, svg=_group(node, content))


def _frame(node: Node, pen: Pen, width: float) -> SvgPiece:
    about = tr(words.COMPOSITES.get(node.type, ""))
    lines = [(line, "small") for line in svg.wrapped(about, width - 2 * _PAD)]
    lines += _notes(node, pen, width)
    top = _HEAD + len(lines) * _LINE + 6
    inside = _ways(node, pen, width - 2 * _PAD)
    height = top + inside.height + _PAD
    content = (
        svg.box(width, height, kind="frame")
        + _heading(node, width)
        + _said(lines)
        + svg.placed(inside, _PAD, top)
    )
    return SvgPiece(width=width, height=height, svg=_group(node, content))


def _ways(node: Node, pen: Pen, width: float) -> SvgPiece:
    """Return the ways of a composite layer: parted above, brought together below."""
    pieces = [_way_piece(one, pen, extra) for one, extra in _shares(node.ways, width)]
    tallest = max(piece.height for piece in pieces)
    centre, top = width / 2, _SPLIT
    bottom = top + ARROW + tallest + 8
    parts, centres, x = [], [], 0.0
    for piece in pieces:
        middle = x + piece.width / 2
        centres.append(middle)
        parts.append(svg.way((middle, top), (middle, top + ARROW), arrow=True))
        parts.append(svg.placed(piece, x, top + ARROW))
        parts.append(svg.way((middle, top + ARROW + piece.height), (middle, bottom)))
        x += piece.width + _WAY_GAP
    parts.append(svg.way((centre, 0), (centre, top)))
    for y in (top, bottom):
        parts.append(svg.way((min(*centres, centre), y), (max(*centres, centre), y)))
    parts.append(svg.way((centre, bottom), (centre, bottom + 10), arrow=True))
    parts.append(_joint(node.joined_by, centre, bottom + 10))
    return SvgPiece(width=width, height=bottom + _JOIN, svg="".join(parts))


def _shares(ways: Sequence[Way], width: float) -> list[tuple[Way, float]]:
    """Share the width out: what is left over goes to the ways that have layers."""
    needed = [width_of(one.nodes) for one in ways]
    left = width - sum(needed) - _WAY_GAP * (len(ways) - 1)
    n_full = sum(bool(one.nodes) for one in ways) or len(ways)
    return [
        (one, need + (left / n_full if one.nodes or n_full == len(ways) else 0.0))
        for one, need in zip(ways, needed, strict=True)
    ]


def _way_piece(one: Way, pen: Pen, width: float) -> SvgPiece:
    if one.nodes:
        return column(one.nodes, pen, width)
    middle = width / 2
    line = svg.way((middle, 0), (middle, 24))
    note = svg.text(middle, 38, tr(words.AS_IT_IS), kind="small quiet", anchor="middle")
    return SvgPiece(width=width, height=44, svg=line + note)


def _joint(label: str, centre: float, y: float) -> str:
    width = max(SMALL_LETTER * len(label) + 20, 44)
    return (
        f'<rect class="joint" x="{centre - width / 2:g}" y="{y:g}" width="{width:g}" '
        f'height="22" rx="11"/>' + svg.text(centre, y + 15, label, kind="small", anchor="middle")
    )
