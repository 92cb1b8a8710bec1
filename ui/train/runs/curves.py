"""The course of trainings as small drawings, which take their colours from the page."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ui.i18n import run_text as words
from ui.i18n.translation import tr
from ui.widgets import markup

STYLES = ("first", "second", "third", "fourth", "fifth", "sixth")
"""Classes of lines, each with a colour and a dash of its own; so many fit one chart."""

_WIDTH, _HEIGHT = 460.0, 190.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 46.0, 10.0, 10.0, 24.0

Points = Sequence[tuple[int, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveLine:
    """One line of a chart.

    Attributes
    ----------
    name : str
        For the legend.
    points : sequence of (int, float)
        Epoch and value.
    style : str
        One of `STYLES`.
    """

    name: str
    points: Points
    style: str


def curves_html(history: Sequence[dict[str, Any]]) -> str:
    """Return the charts of a history, or an empty state."""
    if not history:
        return markup.empty(words.NO_CURVES)
    losses = _lines_of(history, words.LOSS_CURVES)
    scores = _lines_of(history, words.SCORE_CURVES)
    charts = [_chart(losses, words.LOSS_CHART)]
    if any(line.points for line in scores):
        charts.append(_chart(scores, words.SCORE_CHART, top=1.0))
    return _side_by_side(charts)


def compared_curves_html(histories: Sequence[tuple[str, Sequence[dict[str, Any]]]]) -> str:
    """Return charts in which each run is one line.

    Parameters
    ----------
    histories : sequence of (str, sequence)
        Names and histories of runs, as many as there are `STYLES` at most.
    """
    charts = []
    for key, title, top in words.COMPARED_CURVES:
        lines = [
            CurveLine(name=name, points=_points(history, key), style=style)
            for style, (name, history) in zip(STYLES, histories, strict=False)
        ]
        if any(line.points for line in lines):
            charts.append(_chart(lines, title, top=top))
    return _side_by_side(charts) if charts else markup.empty(words.NO_CURVES)


def _side_by_side(charts: Sequence[str]) -> str:
    return f'<div class="curves">{"".join(charts)}</div>'


def _lines_of(
    history: Sequence[dict[str, Any]], curves: Sequence[tuple[str, str]]
) -> list[CurveLine]:
    return [
        CurveLine(name=tr(name), points=_points(history, key), style=style)
        for style, (key, name) in zip(STYLES, curves, strict=False)
    ]


def _chart(lines: Sequence[CurveLine], title: str, *, top: float | None = None) -> str:
    values = [value for line in lines for _, value in line.points]
    highest = top or (max(values, default=1.0) * 1.05 or 1.0)
    last = max((epoch for line in lines for epoch, _ in line.points), default=2)
    last = max(last, 2)
    drawn = "".join(_line(line, last, highest) for line in lines)
    names = "".join(
        f'<span class="key {line.style}">{html.escape(line.name)}{_newest(line.points)}</span>'
        for line in lines
    )
    label = html.escape(tr(title), quote=True)
    return (
        f'<figure><figcaption>{label}<span class="keys">{names}</span></figcaption>'
        f'<svg viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" role="img" aria-label="{label}">'
        f"{_axes(last, highest)}{drawn}</svg></figure>"
    )


def _points(history: Sequence[dict[str, Any]], key: str) -> list[tuple[int, float]]:
    found = []
    for row in history:
        value = row.get(key)
        if value is not None and math.isfinite(value):
            found.append((int(row["epoch"]), float(value)))
    return found


def _newest(points: Points) -> str:
    return f" {points[-1][1]:.3g}" if points else ""


def _place(epoch: int, value: float, last: int, highest: float) -> tuple[float, float]:
    x = _LEFT + (epoch - 1) / (last - 1) * (_WIDTH - _LEFT - _RIGHT)
    y = _HEIGHT - _BOTTOM - min(value / highest, 1.0) * (_HEIGHT - _TOP - _BOTTOM)
    return x, y


def _line(line: CurveLine, last: int, highest: float) -> str:
    places = [_place(epoch, value, last, highest) for epoch, value in line.points]
    dots = "".join(
        f'<circle class="{line.style}" cx="{x:.1f}" cy="{y:.1f}" r="2.5"/>' for x, y in places
    )
    course = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    return f'<polyline class="{line.style}" points="{course}"/>{dots}'


def _axes(last: int, highest: float) -> str:
    marks = []
    for share in (0.0, 0.5, 1.0):
        x, y = _place(1, share * highest, last, highest)
        marks.append(
            f'<line x1="{x:g}" x2="{_WIDTH - _RIGHT:g}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text x="{x - 6:g}" y="{y + 4:.1f}" text-anchor="end">{share * highest:.2g}</text>'
        )
    for epoch, anchor in ((1, "start"), (last, "end")):
        x, _ = _place(epoch, 0.0, last, highest)
        name = html.escape(tr(words.EPOCH, number=epoch)) if epoch == 1 else str(epoch)
        marks.append(f'<text x="{x:.1f}" y="{_HEIGHT - 6:g}" text-anchor="{anchor}">{name}</text>')
    return "".join(marks)
