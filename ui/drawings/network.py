"""Any network of the vocabulary as one SVG drawing."""

from __future__ import annotations

import html
from collections.abc import Sequence

from ui.drawings import svg, words
from ui.drawings.network_nodes import LayerLike, Node, nodes_of, shape_words
from ui.drawings.network_pieces import (
    ARROW,
    LEAF_WIDTH,
    Pen,
    layer_piece,
    stacked,
    terminal,
    width_of,
)
from ui.drawings.svg import SvgPiece
from ui.i18n.translation import tr, tr_message
from zoo.layers.network import NetworkReport, check_network

COLUMN_HEIGHT = 560.0
_GUTTER = 36.0
_MARGIN = 14.0
# How much longer than its share a column may be, so that no small layer stands alone in one.
_SLACK = 1.12

# The colours are the theme's where there is one, so light and dark pages both fit; a file that
# is saved on its own falls back on those behind the commas.
_STYLE = """
.szn { color: var(--body-text-color, #1f2937); font-family: inherit; }
.szn text { fill: currentColor; font-size: 13px; }
.szn .name { font-weight: 700; }
.szn .number, .szn .quiet { opacity: 0.75; }
.szn .small { font-size: 12px; }
.szn .shape { font-variant-numeric: tabular-nums; }
.szn .fault { fill: var(--szn-fault, #b91c1c); font-size: 12px; }
.szn .shape.fault { font-weight: 700; }
.dark .szn .fault { --szn-fault: #f87171; }
.szn .box, .szn .end { fill: var(--background-fill-primary, #fff); }
.szn .box, .szn .end, .szn .frame, .szn .joint { stroke: currentColor; stroke-opacity: 0.35; }
.szn .end { fill: none; stroke-dasharray: 4 3; }
.szn .frame { fill: currentColor; fill-opacity: 0.045; }
.szn .joint { fill: var(--background-fill-primary, #fff); }
.szn .strip { fill: #94a3b8; }
.szn .convolution .strip { fill: #0d9488; }
.szn .pooling .strip { fill: #d97706; }
.szn .dense .strip { fill: #7c3aed; }
.szn .memory .strip { fill: #2563eb; }
.szn .way { fill: none; stroke: currentColor; stroke-opacity: 0.6; stroke-width: 1.4; }
.szn .head { fill: currentColor; fill-opacity: 0.75; }
.szn .idle { opacity: 0.65; }
.szn .idle .idle, .szn .bad .idle { opacity: 1; }
.szn .idle > .box { stroke-dasharray: 4 3; }
.szn .bad > .box, .szn .bad > .frame { stroke: #dc2626; stroke-opacity: 1; stroke-width: 2; }
"""


def network_svg(
    layers: Sequence[LayerLike],
    *,
    n_channels: int,
    n_samples: int,
    sampling_rate_hz: float | None = None,
    name: str = "",
    column_height: float = COLUMN_HEIGHT,
) -> str:
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
    str
        An `<svg>` element that takes its colours from the page and can be saved on its own.
        Layers that do not fit are marked, with the reason. All text in it is escaped.
    """
    report = check_network(layers, n_channels, n_samples)
    nodes = nodes_of(layers, report) if _is_drawn(report) else ()
    pen = Pen(sampling_rate_hz=sampling_rate_hz)
    width = max(width_of(nodes), LEAF_WIDTH)
    pieces = [
        _input(n_channels, n_samples, sampling_rate_hz, width),
        *(layer_piece(node, pen, width) for node in nodes),
        _output(report, width),
    ]
    drawn = _columns(pieces, width, column_height)
    label = name or tr(words.NETWORK)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="szn" role="img" '
        f'width="{drawn.width:g}" height="{drawn.height:g}" '
        f'viewBox="0 0 {drawn.width:g} {drawn.height:g}" '
        f'aria-label="{html.escape(label, quote=True)}">'
        f"<title>{html.escape(label)}</title>"
        f"<desc>{html.escape(_summary(nodes, report, pen, (n_channels, n_samples)))}</desc>"
        f"<style>{_STYLE}</style>{drawn.svg}</svg>"
    )


def network_html(svg_drawing: str, label: str) -> str:
    """Return a drawing in a frame that scrolls where there is too little room for it."""
    return (
        '<div class="network-drawing" role="group" tabindex="0" '
        f'aria-label="{html.escape(label, quote=True)}">{svg_drawing}</div>'
    )


def _is_drawn(report: NetworkReport) -> bool:
    """Whether there are layers to draw: not where the list as a whole is none, or too long."""
    return bool(report.layers) or any(error.index is not None for error in report.errors)


def _input(n_channels: int, n_samples: int, rate_hz: float | None, width: float) -> SvgPiece:
    note = tr(words.CHANNELS_SAMPLES, n_channels=n_channels, n_samples=n_samples)
    if rate_hz:
        note += " " + tr(words.AT_RATE, seconds=n_samples / rate_hz, rate_hz=rate_hz)
    return terminal(tr(words.INPUT), note, width)


def _output(report: NetworkReport, width: float) -> SvgPiece:
    if not report.valid or report.output_shape is None:
        whole = [tr_message(str(error.reason)) for error in report.errors if error.index is None]
        return terminal(tr(words.OUTPUT), " ".join(whole) or tr(words.NOT_REACHED), width)
    steps = report.output_shape[1:]
    note = tr(words.LOGITS_EACH_STEP, n_steps=steps[0]) if steps else tr(words.LOGITS)
    return terminal(tr(words.OUTPUT), note, width)


def _columns(pieces: Sequence[SvgPiece], width: float, limit: float) -> SvgPiece:
    """Put pieces into columns of one height, with a way from each to the next."""
    columns = _filled(pieces, limit)
    stacks = [stacked(one, width) for one in columns]
    height = max(one.height for one in stacks) + 2 * _MARGIN
    parts = []
    for number, one in enumerate(stacks):
        x = _MARGIN + number * (width + _GUTTER)
        parts.append(svg.placed(one, x, _MARGIN))
        if number + 1 < len(stacks):
            middle, gutter = x + width / 2, x + width + _GUTTER / 2
            bottom, following = _MARGIN + one.height, middle + width + _GUTTER
            parts.append(
                svg.way(
                    (middle, bottom),
                    (middle, bottom + 8),
                    (gutter, bottom + 8),
                    (gutter, 4),
                    (following, 4),
                    (following, _MARGIN),
                    arrow=True,
                )
            )
    total = 2 * _MARGIN + len(stacks) * width + (len(stacks) - 1) * _GUTTER
    return SvgPiece(width=total, height=height, svg="".join(parts))


def _filled(pieces: Sequence[SvgPiece], limit: float) -> list[list[SvgPiece]]:
    """Share pieces out to as few columns of about one height as the limit allows."""
    total = sum(piece.height + ARROW for piece in pieces)
    n_columns = max(round(total / limit + 0.3), 1)
    tallest = max(piece.height for piece in pieces)
    fair = max(total / n_columns, tallest) * _SLACK
    columns: list[list[SvgPiece]] = [[]]
    used = 0.0
    for piece in pieces:
        if columns[-1] and used + piece.height > fair:
            columns.append([])
            used = 0.0
        columns[-1].append(piece)
        used += piece.height + ARROW
    return columns


def _summary(nodes: Sequence[Node], report: NetworkReport, pen: Pen, shape: tuple[int, int]) -> str:
    """Return the network in words, for those who do not see the drawing."""
    said = [
        tr(
            words.SUMMARY,
            n_layers=len(nodes),
            n_parameters=report.n_parameters,
            shape=shape_words(shape),
        )
    ]
    for node in nodes:
        facts = [node.settings] if node.settings else []
        if node.faults:
            facts += [tr(words.DOES_NOT_FIT), *node.faults]
        elif node.shape is None:
            facts.append(tr(words.NOT_REACHED))
        else:
            facts += [shape_words(node.shape), pen.facts(node)]
        said.append(tr(words.ONE_LAYER, number=node.index, type=node.type, facts=", ".join(facts)))
    return " ".join(said)
