"""The course of trainings as small drawings, which take their colours from the page."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from ui.drawings.chart import Axis, Line, chart, side_by_side
from ui.i18n.translation import tr
from ui.train.run_views import scored_words
from ui.widgets import markup

_NO_CURVES = "Curves appear after the first epoch."
_LOSS_CURVES = (("train_loss", "Training loss"), ("validation_loss", "Validation loss"))
_SCORE_CURVES = (("event_f1", "Event F1"), ("event_sensitivity", "Event sensitivity"))
_COMPARED_CURVES = (
    ("train_loss", "Training loss", None),
    ("validation_loss", "Validation loss", None),
    ("event_f1", "Event F1 on whole validation recordings", 1.0),
)

STYLES = ("first", "second", "third", "fourth", "fifth", "sixth")
"""Classes of lines, each with a colour and a dash of its own; so many fit one chart."""

Course = tuple[str, list[tuple[int, float]]]
"""A name for the key, and epochs with their values."""


def curves_html(history: Sequence[dict[str, Any]]) -> Markup:
    """Return the charts of a history, or an empty state."""
    if not history:
        return markup.empty(_NO_CURVES)
    charts = []
    for title, curves, top in (
        ("Loss of each epoch", _LOSS_CURVES, None),
        (_scores_title(history[-1]), _SCORE_CURVES, 1.0),
    ):
        courses = [(tr(name), _points(history, key)) for key, name in curves]
        if top is None or any(points for _, points in courses):
            charts.append(_chart(courses, title, top=top))
    return side_by_side(charts)


def _scores_title(row: Mapping[str, Any]) -> str:
    count = scored_words(row)
    if not count:
        return "Scores on whole validation recordings"
    return tr("Scores on whole validation recordings: {count}", count=count)


def compared_curves_html(histories: Sequence[tuple[str, Sequence[dict[str, Any]]]]) -> Markup:
    """Return charts in which each run is one line.

    Parameters
    ----------
    histories : sequence of (str, sequence)
        Names and histories of runs, as many as there are `STYLES` at most.
    """
    charts = []
    for key, title, top in _COMPARED_CURVES:
        courses = [(name, _points(history, key)) for name, history in histories]
        if any(points for _, points in courses):
            charts.append(_chart(courses, title, top=top))
    return side_by_side(charts) if charts else markup.empty(_NO_CURVES)


def _points(history: Sequence[dict[str, Any]], key: str) -> list[tuple[int, float]]:
    return [
        (int(row["epoch"]), float(row[key]))
        for row in history
        if row.get(key) is not None and math.isfinite(row[key])
    ]


def _chart(courses: Sequence[Course], title: str, *, top: float | None) -> Markup:
    values = [value for _, points in courses for _, value in points]
    highest = top or (max(values, default=1.0) * 1.05 or 1.0)
    last = max([2, *(epoch for _, points in courses for epoch, _ in points)])
    lines = [
        Line(
            style=style,
            name=f"{name} {points[-1][1]:.3g}" if points else name,
            points=[((n - 1) / (last - 1), min(value / highest, 1.0)) for n, value in points],
            radii=[2.5] * len(points),
        )
        for style, (name, points) in zip(STYLES, courses, strict=False)
    ]
    epochs = range(1, last + 1, max(1, round((last - 1) / 5)))
    ticks = [((n - 1) / (last - 1), str(n)) for n in epochs]
    ticks[0] = (0.0, tr("epoch {number}", number=1))
    shares = (0.0, 0.5, 1.0)
    return chart(
        tr(title),
        lines,
        x=Axis(ticks=ticks),
        y=Axis(ticks=[(share, f"{share * highest:.2g}") for share in shares]),
    )
