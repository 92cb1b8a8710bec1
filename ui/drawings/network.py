"""Any network of the vocabulary as one SVG drawing: layers as boxes, composites as frames."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from ui.drawings.network_nodes import LayerLike, Node, nodes_of, shape_words
from ui.i18n import words
from ui.i18n.translation import tr, tr_message
from zoo.layers.network import NetworkReport, check_network

_CHANNELS_SAMPLES = "{n_channels:,} channels \u00d7 {n_samples:,} samples"
_DOES_NOT_FIT = "Does not fit"
_COMPOSITES = {
    "residual": "the sum of two branches",
    "parallel": "parallel branches, concatenated",
    "per_channel": "on every channel alone, then pooled",
}

_COLUMN_HEIGHT = 560.0
_GUTTER, _MARGIN = 36.0, 14.0
_SLACK = 1.12  # a column may be longer than its share, so that no small layer stands alone in one
_ARROW, _LEAF_WIDTH, _STRAIGHT_WIDTH = 16.0, 236.0, 64.0
_PAD, _LINE, _HEAD = 10.0, 16.0, 26.0
_WAY_GAP, _SPLIT, _JOIN = 14.0, 14.0, 34.0

# Widths of a letter in px, on the safe side for whatever font the page has.
_TITLE_LETTER, _SMALL_LETTER = 8.0, 6.7
_WIDE = frozenset("mwMW@%&\u2026\N{REPLACEMENT CHARACTER}")

_FAMILIES = {
    **dict.fromkeys(("conv1d", "depthwise_conv1d", "conv_transpose1d"), "convolution"),
    **dict.fromkeys(("max_pool1d", "avg_pool1d", "upsample", "attention_pool"), "pooling"),
    **dict.fromkeys(("adaptive_avg_pool1d", "adaptive_max_pool1d"), "pooling"),
    **dict.fromkeys(("linear", "flatten"), "dense"),
    **dict.fromkeys(("lstm", "gru", "self_attention", "positional_encoding"), "memory"),
}

_DRAWING = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" class="szn" role="img" width="{width:g}" '
    'height="{height:g}" viewBox="0 0 {width:g} {height:g}" aria-label="{label}">'
    "<title>{label}</title><desc>{summary}</desc><style>{style}</style>{svg}</svg>"
)
_STYLE = Markup(Path(__file__).with_name("network.css").read_text(encoding="utf-8"))  # noqa: S704
_FRAME = Markup('<div class="network-drawing" role="group" tabindex="0" aria-label="{}">{}</div>')
_MOVED = Markup('<g transform="translate({x:g} {y:g})">{svg}</g>')
_TEXT = Markup('<text x="{x:g}" y="{y:g}" class="{kind}" text-anchor="{anchor}">{words}</text>')
_BOX = Markup('<rect class="{kind}" x="0.5" y="0.5" width="{width:g}" height="{height:g}" rx="6"/>')
_STRIP = Markup('<rect class="strip" x="1" y="6" width="4" height="{height:g}" rx="2"/>')
_JOINT = Markup('<rect class="joint" x="{x:g}" y="{y:g}" width="{width:g}" height="22" rx="11"/>')
_WAY = Markup('<polyline class="way" points="{course}"/>')
_ARROWHEAD = Markup('<path class="head" d="M{x:g} {y:g}l-4 -6h8z"/>')
_HEADING = Markup(
    '<text x="{x:g}" y="18"><tspan class="number">{number}</tspan>'
    '<tspan class="name" dx="6">{type}</tspan></text>'
)
_LAYER = Markup('<g class="layer {classes}" data-place="{place}">{svg}</g>')


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Something drawn from (0, 0) down to the right, its size in px."""

    width: float
    height: float
    svg: Markup


def network_svg(
    layers: Sequence[LayerLike],
    *,
    n_channels: int,
    n_samples: int,
    sampling_rate_hz: float | None = None,
    name: str = "",
    column_height: float = _COLUMN_HEIGHT,
) -> Markup:
    """Draw a network, whether it fits or not.

    Parameters
    ----------
    layers : sequence of mapping or Layer
        The network: as data, or a card's.
    n_channels, n_samples : int
        Shape of one window.
    sampling_rate_hz : float, optional
        Lets receptive fields be said in seconds.
    name : str
        What the drawing is called for those who do not see it.
    column_height : float
        Longer networks go on in a next column, in px.

    Returns
    -------
    Markup
        An `<svg>` element that takes its colours from the page and can be saved on its own.
        Layers that do not fit are marked, with the reason. All text in it is escaped.
    """
    report = check_network(layers, n_channels, n_samples)
    nodes = nodes_of(layers, report, sampling_rate_hz)
    note = tr(_CHANNELS_SAMPLES, n_channels=n_channels, n_samples=n_samples)
    if sampling_rate_hz:
        seconds = n_samples / sampling_rate_hz
        note += " " + tr(
            "({seconds:g} s at {rate_hz:g} Hz)", seconds=seconds, rate_hz=sampling_rate_hz
        )
    width = max(_list_width(nodes), _LEAF_WIDTH)
    pieces = [
        _terminal(tr("Input"), note, width),
        *(_layer(node, width) for node in nodes),
        _terminal(tr("Output"), _output_words(report), width),
    ]
    drawn = _columns(pieces, width, column_height)
    return _DRAWING.format(
        width=drawn.width,
        height=drawn.height,
        label=name or tr("Network"),
        summary=_summary(nodes, report, (n_channels, n_samples)),
        style=_STYLE,
        svg=drawn.svg,
    )


def network_html(drawing: Markup, label: str) -> Markup:
    """Return a drawing in a frame that scrolls where there is too little room for it."""
    return _FRAME.format(label, drawing)


def _output_words(report: NetworkReport) -> str:
    if not report.valid or report.output_shape is None:
        whole = [tr_message(error.reason) for error in report.errors if error.index is None]
        return " ".join(whole) or tr(words.NOT_REACHED)
    steps = report.output_shape[1:]
    return tr("two logits, {n_steps:,} steps", n_steps=steps[0]) if steps else tr("two logits")


def _summary(nodes: Sequence[Node], report: NetworkReport, shape: tuple[int, int]) -> str:
    """Return the network in words, for those who do not see the drawing."""
    n, shown = report.n_parameters, shape_words(shape)
    said = [
        tr(
            "{n_layers} layers, {n_parameters:,} parameters, from {shape}.",
            n_layers=len(nodes),
            n_parameters=n,
            shape=shown,
        )
    ]
    for node in nodes:
        ends = (tr(_DOES_NOT_FIT), *node.faults) if node.faults else (node.shape, node.facts)
        facts = ", ".join(one for one in (node.settings, *ends) if one)
        said.append(
            tr("{number} {type}: {facts}.", number=node.number, type=node.type, facts=facts)
        )
    return " ".join(said)


def _columns(pieces: Sequence[Piece], width: float, limit: float) -> Piece:
    """Put pieces into few columns of about one height, with a way from each to the next."""
    total = sum(piece.height + _ARROW for piece in pieces)
    n_columns = max(round(total / limit + 0.3), 1)
    fair = max(total / n_columns, *(piece.height for piece in pieces)) * _SLACK
    columns: list[list[Piece]] = [[]]
    used = 0.0
    for piece in pieces:
        if columns[-1] and used + piece.height > fair:
            columns.append([])
            used = 0.0
        columns[-1].append(piece)
        used += piece.height + _ARROW
    stacks = [_stacked(column, width) for column in columns]
    parts = []
    for number, stack in enumerate(stacks):
        x = _MARGIN + number * (width + _GUTTER)
        parts.append(_MOVED.format(x=x, y=_MARGIN, svg=stack.svg))
        if number + 1 < len(stacks):
            middle, gutter = x + width / 2, x + width + _GUTTER / 2
            down, following = _MARGIN + stack.height, middle + width + _GUTTER
            turns = [(middle, down), (middle, down + 8), (gutter, down + 8), (gutter, 4.0)]
            parts.append(_arrow(*turns, (following, 4.0), (following, _MARGIN)))
    return Piece(
        width=2 * _MARGIN + len(stacks) * (width + _GUTTER) - _GUTTER,
        height=max(stack.height for stack in stacks) + 2 * _MARGIN,
        svg=Markup().join(parts),
    )


def _stacked(pieces: Sequence[Piece], width: float) -> Piece:
    """Return pieces of one width below each other, with arrows between them."""
    parts, y = [], 0.0
    for number, piece in enumerate(pieces):
        if number:
            parts.append(_arrow((width / 2, y), (width / 2, y + _ARROW)))
            y += _ARROW
        parts.append(_MOVED.format(x=0, y=y, svg=piece.svg))
        y += piece.height
    return Piece(width=width, height=y, svg=Markup().join(parts))


def _terminal(title: str, note: str, width: float) -> Piece:
    """Return the box of the network's input or output."""
    lines = wrapped(note, width - 2 * _PAD)
    height = _HEAD + len(lines) * _LINE + 4
    parts = [_box(width, height, "end"), _text(width / 2, 18, title, "name", "middle")]
    parts += [
        _text(width / 2, _HEAD + 9 + number * _LINE, line, "small", "middle")
        for number, line in enumerate(lines)
    ]
    return Piece(width=width, height=height, svg=Markup().join(parts))


def _list_width(nodes: Sequence[Node]) -> float:
    """Return the width a list of layers needs."""
    return max((_width(node) for node in nodes), default=_STRAIGHT_WIDTH)


def _width(node: Node) -> float:
    if node.ways:
        inside = sum(_list_width(way) for way in node.ways) + _WAY_GAP * (len(node.ways) - 1)
        return max(inside, _LEAF_WIDTH) + 2 * _PAD
    said = f"{node.number}  {node.type}  {_state(node)}"
    return max(_LEAF_WIDTH, _text_width(said, _TITLE_LETTER) + 2 * _PAD)


def _state(node: Node) -> str:
    return tr(_DOES_NOT_FIT) if node.faults else node.shape


def _layer(node: Node, width: float) -> Piece:
    """Return a layer as a box, or a composite one as a frame with its ways side by side."""
    room = width - 2 * _PAD
    notes = [(tr(_COMPOSITES.get(node.type, "")), "small")] if node.ways else []
    notes.append((node.settings, "small"))
    if node.has_parameters and not node.faults:
        notes.append((node.facts, "small quiet"))
    notes += [(fault, "fault") for fault in node.faults]
    lines = [(line, kind) for note, kind in notes for line in wrapped(note, room)]
    height = _HEAD + len(lines) * _LINE + (6 if lines or node.ways else 2)
    inside = _ways(node, room) if node.ways else None
    top, height = height, height + (inside.height + _PAD if inside else 0.0)
    parts = [_box(width, height, "frame" if inside else "box")]
    if inside is None:
        parts.append(_STRIP.format(height=height - 12))
    parts.append(_HEADING.format(x=_PAD, number=node.number, type=node.type))
    kind = "shape fault" if node.faults else "shape"
    parts.append(_text(width - _PAD, 18, _state(node), kind, "end"))
    for number, (line, kind) in enumerate(lines):
        parts.append(_text(_PAD, _HEAD + 9 + number * _LINE, line, kind))
    if inside is not None:
        parts.append(_MOVED.format(x=_PAD, y=top, svg=inside.svg))
    classes = _FAMILIES.get(node.type, "composite" if node.ways else "other")
    classes += " bad" if node.faults else "" if node.is_reached else " idle"
    svg = _LAYER.format(classes=classes, place=node.place, svg=Markup().join(parts))
    return Piece(width=width, height=height, svg=svg)


def _ways(node: Node, width: float) -> Piece:
    """Return the ways of a composite layer: parted above, brought together below."""
    needed = [_list_width(way) for way in node.ways]
    left = width - sum(needed) - _WAY_GAP * (len(needed) - 1)
    # What is left over goes to the ways that have layers.
    widened = [bool(way) for way in node.ways] if any(node.ways) else [True] * len(needed)
    pieces = [
        _way(way, need + (left / sum(widened) if wide else 0.0))
        for way, need, wide in zip(node.ways, needed, widened, strict=True)
    ]
    centre, bottom = width / 2, _SPLIT + _ARROW + max(piece.height for piece in pieces) + 8
    parts, middles, x = [], [centre], 0.0
    for piece in pieces:
        middle, below = x + piece.width / 2, _SPLIT + _ARROW + piece.height
        middles.append(middle)
        parts.append(_arrow((middle, _SPLIT), (middle, _SPLIT + _ARROW)))
        parts.append(_MOVED.format(x=x, y=_SPLIT + _ARROW, svg=piece.svg))
        parts.append(_line((middle, below), (middle, bottom)))
        x += piece.width + _WAY_GAP
    parts.append(_line((centre, 0.0), (centre, _SPLIT)))
    for y in (_SPLIT, bottom):
        parts.append(_line((min(middles), y), (max(middles), y)))
    parts.append(_arrow((centre, bottom), (centre, bottom + 10)))
    joint = max(_SMALL_LETTER * len(node.joined_by) + 20, 44)
    parts.append(_JOINT.format(x=centre - joint / 2, y=bottom + 10, width=joint))
    parts.append(_text(centre, bottom + 25, node.joined_by, "small", "middle"))
    return Piece(width=width, height=bottom + _JOIN, svg=Markup().join(parts))


def _way(nodes: Sequence[Node], width: float) -> Piece:
    if nodes:
        return _stacked([_layer(node, width) for node in nodes], width)
    middle = width / 2
    note = _text(middle, 38, tr("identity"), "small quiet", "middle")
    return Piece(width=width, height=44, svg=_line((middle, 0.0), (middle, 24.0)) + note)


def _box(width: float, height: float, kind: str) -> Markup:
    return _BOX.format(kind=kind, width=width - 1, height=height - 1)


def _text(x: float, y: float, line: str, kind: str, anchor: str = "start") -> Markup:
    return _TEXT.format(x=x, y=y, kind=kind, anchor=anchor, words=line)


def _line(*points: tuple[float, float]) -> Markup:
    return _WAY.format(course=" ".join(f"{x:g},{y:g}" for x, y in points))


def _arrow(*points: tuple[float, float]) -> Markup:
    """Return a line that goes down at its end, with an arrowhead there."""
    return _line(*points) + _ARROWHEAD.format(x=points[-1][0], y=points[-1][1])


def _text_width(line: str, letter: float = _SMALL_LETTER) -> float:
    """Return the room in px a text needs at most."""
    return letter * sum(_share(character) for character in line)


def _share(letter: str) -> float:
    """Return the width of a letter as a multiple of a usual one."""
    if unicodedata.east_asian_width(letter) in "WF":
        return 2.0
    return 1.7 if letter in _WIDE else 1.0


def wrapped(note: str, width: float) -> list[str]:
    """Return words as lines that fit a width in px; a long word is cut into several lines."""
    lines = [""]
    for word in note.split():
        if lines[-1] and _text_width(f"{lines[-1]} {word}") > width:
            lines.append("")
        elif lines[-1]:
            lines[-1] += " "
        for letter in word:
            if lines[-1] and _text_width(lines[-1] + letter) > width:
                lines.append("")
            lines[-1] += letter
    return [line for line in lines if line]
