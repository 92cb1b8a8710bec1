"""The course of a training as small drawings, which take their colours from the page."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ui import markup
from ui import train_text as words

_WIDTH, _HEIGHT = 460.0, 190.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 46.0, 10.0, 10.0, 24.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One line of a chart.

    Attributes
    ----------
    name : str
        For the legend.
    key : str
        In a row of the history.
    style : str
        Class of the line, for the style sheet.
    """

    name: str
    key: str
    style: str


LOSS = (
    Curve(name="Training loss", key="train_loss", style="first"),
    Curve(name="Validation loss", key="validation_loss", style="second"),
)
SCORES = (
    Curve(name="Event F1", key="event_f1", style="first"),
    Curve(name="Event sensitivity", key="event_sensitivity", style="second"),
)


def curves_html(history: Sequence[dict[str, Any]]) -> str:
    """Return the charts of a history, or an empty state."""
    if not history:
        return markup.empty(words.NO_CURVES)
    charts = [_chart(history, LOSS, "Loss of each epoch", top=None)]
    if any(row.get(curve.key) is not None for row in history for curve in SCORES):
        charts.append(_chart(history, SCORES, "Scores on whole validation recordings", top=1.0))
    return f'<div class="curves">{"".join(charts)}</div>'


def _chart(
    history: Sequence[dict[str, Any]], curves: Sequence[Curve], title: str, *, top: float | None
) -> str:
    points = {curve.key: _points(history, curve.key) for curve in curves}
    values = [value for one in points.values() for _, value in one]
    highest = top or (max(values, default=1.0) * 1.05 or 1.0)
    last = max(int(history[-1]["epoch"]), 2)
    lines = "".join(_line(curve, points[curve.key], last, highest) for curve in curves)
    names = "".join(
        f'<span class="key {curve.style}">{html.escape(curve.name)}{_newest(points[curve.key])}'
        "</span>"
        for curve in curves
    )
    return (
        f'<figure><figcaption>{html.escape(title)}<span class="keys">{names}</span></figcaption>'
        f'<svg viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" role="img" aria-label="{html.escape(title)}">'
        f"{_axes(last, highest)}{lines}</svg></figure>"
    )


def _points(history: Sequence[dict[str, Any]], key: str) -> list[tuple[int, float]]:
    found = []
    for row in history:
        value = row.get(key)
        if value is not None and math.isfinite(value):
            found.append((int(row["epoch"]), float(value)))
    return found


def _newest(points: Sequence[tuple[int, float]]) -> str:
    return f" {points[-1][1]:.3g}" if points else ""


def _place(epoch: int, value: float, last: int, highest: float) -> tuple[float, float]:
    x = _LEFT + (epoch - 1) / (last - 1) * (_WIDTH - _LEFT - _RIGHT)
    y = _HEIGHT - _BOTTOM - min(value / highest, 1.0) * (_HEIGHT - _TOP - _BOTTOM)
    return x, y


def _line(curve: Curve, points: Sequence[tuple[int, float]], last: int, highest: float) -> str:
    places = [_place(epoch, value, last, highest) for epoch, value in points]
    dots = "".join(
        f'<circle class="{curve.style}" cx="{x:.1f}" cy="{y:.1f}" r="2.5"/>' for x, y in places
    )
    course = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    return f'<polyline class="{curve.style}" points="{course}"/>{dots}'


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
        name = f"epoch {epoch}" if epoch == 1 else str(epoch)
        marks.append(f'<text x="{x:.1f}" y="{_HEIGHT - 6:g}" text-anchor="{anchor}">{name}</text>')
    return "".join(marks)
