"""Small charts as SVG, which take their colours from the page: lines and dots over two axes.

Those of a tested model: its operating points, its calibration, its probability.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from markupsafe import Markup

from seizure_core import figures
from seizure_core.events.event import clip_events, seizures_of
from seizure_core.events.postprocessing import PostProcessing
from training.evaluate.explorer import ExploredPoint, TracedFile
from ui.i18n.translation import tr
from ui.i18n.wording import count_words
from ui.widgets import markup
from ui.widgets.pictures import CHART_WIDTH_IN, chart_html

_LEFT, _RIGHT, _TOP, _BOTTOM = 52.0, 14.0, 10.0, 24.0
_LABEL = 16.0  # more room below, where the axis has a name

_FIGURE = Markup(
    '<figure class="{kind}"><figcaption>{title}<span class="keys">{keys}</span></figcaption>'
    '<svg viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{label}">{content}</svg>'
    "{note}</figure>"
)
_KEY = Markup('<span class="key {style}">{name}</span>')
_GRID = Markup('<line x1="{x1:.1f}" x2="{x2:.1f}" y1="{y1:.1f}" y2="{y2:.1f}"/>')
_TEXT = Markup('<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{words}</text>')
_TURNED = Markup('<text transform="translate(11 {y:g}) rotate(-90)">{words}</text>')
_LINE = Markup('<polyline class="{style}" points="{course}"/>')
_DOT = Markup(
    '<circle class="{style}" cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}"><title>{said}</title></circle>'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """Ticks as places from 0 to 1 along the axis with their words, and the axis's name."""

    ticks: Sequence[tuple[float, str]]
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line through points, each of which may be a dot.

    Attributes
    ----------
    style : str
        Class that says its colour.
    points : sequence of (float, float)
        Places along the two axes, 0 to 1.
    name : str
        For the key; empty leaves it out.
    radii : sequence of float
        Of the dots in px; empty draws none.
    said : sequence of str
        What each dot stands for, to be read when it is pointed at.
    """

    style: str
    points: Sequence[tuple[float, float]]
    name: str = ""
    radii: Sequence[float] = ()
    said: Sequence[str] = ()


def chart(
    title: str,
    lines: Sequence[Line],
    *,
    x: Axis,
    y: Axis,
    size: tuple[float, float] = (460.0, 190.0),
    kind: str = "",
    said: str = "",
    note: Markup = Markup(),  # noqa: B008 - immutable
) -> Markup:
    """Return a chart with its key.

    Parameters
    ----------
    title : str
        Stands above.
    lines : sequence of Line
        Drawn in order, the last on top.
    x, y : Axis
        Below and on the left.
    size : (float, float)
        Width and height the text is sized for; the page scales the chart.
    kind : str
        Class of the figure.
    said : str
        What is to be seen, for those who cannot see it.
    note : Markup
        Stands below.
    """
    width, height = size
    bottom = height - _BOTTOM - (_LABEL if x.label else 0.0)
    right = width - _RIGHT

    def at(point: tuple[float, float]) -> tuple[float, float]:
        return _LEFT + point[0] * (right - _LEFT), bottom - point[1] * (bottom - _TOP)

    parts = []
    for share, words in y.ticks:
        _, height_px = at((0.0, share))
        parts.append(_GRID.format(x1=_LEFT, x2=right, y1=height_px, y2=height_px))
        parts.append(_TEXT.format(x=_LEFT - 6, y=height_px + 4, anchor="end", words=words))
    for share, words in x.ticks:
        across_px, _ = at((share, 0.0))
        anchor = "middle" if share < 0.97 else "end"
        parts.append(_GRID.format(x1=across_px, x2=across_px, y1=_TOP, y2=bottom))
        parts.append(_TEXT.format(x=across_px, y=bottom + 15, anchor=anchor, words=words))
    parts.append(_TEXT.format(x=right, y=height - 6, anchor="end", words=x.label))
    parts.append(_TURNED.format(y=bottom, words=y.label))
    for line in lines:
        places = [at(point) for point in line.points]
        course = " ".join(f"{left:.1f},{top:.1f}" for left, top in places)
        parts.append(_LINE.format(style=line.style, course=course))
        said_of = line.said or [""] * len(line.radii)
        for (left, top), radius, words in zip(places, line.radii, said_of, strict=False):
            parts.append(_DOT.format(style=line.style, x=left, y=top, r=radius, said=words))
    keys = [_KEY.format(style=line.style, name=line.name) for line in lines if line.name]
    return _FIGURE.format(
        kind=kind,
        title=title,
        keys=Markup().join(keys),
        width=width,
        height=height,
        label=f"{title}: {said}" if said else title,
        content=Markup().join(parts),
        note=note,
    )


def side_by_side(charts: Sequence[Markup]) -> Markup:
    """Return charts in a row, or below each other where there is little room."""
    return Markup('<div class="curves">{}</div>').format(Markup().join(charts))


_ALARM_TICKS = (0, 1, 3, 10, 30, 100, 300, 1000, 3000, 10_000)
_SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
_LARGEST_DOT, _SMALLEST_DOT = 7.0, 2.5


def operating_curve_html(points: Sequence[ExploredPoint], now: ExploredPoint) -> Markup:
    """Return sensitivity against false alarms, or an empty state where there is no seizure.

    Parameters
    ----------
    points : sequence of ExploredPoint
        By rising threshold.
    now : ExploredPoint
        The one in use.
    """
    known = [point for point in (*points, now) if _figures(point) is not None]
    if now not in known:
        return markup.empty("There is no seizure in these recordings, so there is nothing to find.")
    alarms = [(_figures(point) or (0.0, 0.0))[0] for point in known]
    span = math.log10(1.0 + max(*alarms, 1.0))

    def along(value: float) -> float:
        """Alarms are drawn by their logarithm, for they span decades."""
        return math.log10(1.0 + value) / span

    places = [(along(found[0]), found[1]) for point in known if (found := _figures(point))]
    said = [
        tr(
            "threshold {threshold:g}: {sensitivity:.0%} of the seizures found, {alarms:.3g} false "
            "alarms per 24 h",
            threshold=point.settings.threshold,
            sensitivity=at[1],
            alarms=n,
        )
        for point, at, n in zip(known, places, alarms, strict=True)
    ]
    others, here = places[:-1], places[-1]
    drawn = chart(
        tr("Sensitivity against false alarms, over all thresholds"),
        [
            Line(
                style="first",
                points=others,
                name=tr("other thresholds"),
                radii=[3.0] * len(others),
                said=said[:-1],
            ),
            Line(style="now", points=[here], name=tr("these numbers"), radii=[7.0], said=said[-1:]),
        ],
        x=Axis(
            ticks=[(along(n), f"{n:,}") for n in _ALARM_TICKS if along(n) <= 1.0],
            label=tr("false alarms per 24 h"),
        ),
        y=Axis(ticks=[(share, f"{share:.0%}") for share in _SHARES], label=tr("seizures found")),
        # Small, so that its letters can be read where it is drawn smaller still, on a phone.
        size=(400.0, 250.0),
        kind="operating-curve",
        said=said[-1],
    )
    return side_by_side([drawn])


def _figures(point: ExploredPoint) -> tuple[float, float] | None:
    """Return false alarms per 24 h and sensitivity."""
    event = point.score.event
    if event.sensitivity is None or event.false_alarms_per_24h is None:
        return None
    return event.false_alarms_per_24h, event.sensitivity


class Bin(Protocol):
    """Windows of about the same probability: its mean, how many are seizure, how many they are."""

    @property
    def probability(self) -> float: ...  # noqa: D102
    @property
    def seizure_fraction(self) -> float: ...  # noqa: D102
    @property
    def n(self) -> int: ...  # noqa: D102


def reliability_html(
    before: Sequence[Bin], after: Sequence[Bin], *, error_before: float, error_after: float
) -> Markup:
    """Return how far probabilities mean what they say, as the model was trained and is kept."""
    ticks = [(share, f"{share:g}") for share in (0.0, 0.5, 1.0)]
    drawn = chart(
        tr("Calibration of the probabilities"),
        [
            Line(
                style="ideal",
                points=[(0.0, 0.0), (1.0, 1.0)],
                name=tr("perfect calibration"),
            ),
            _bins("second", tr("as trained (error {error:.3f})", error=error_before), before),
            _bins("first", tr("as kept (error {error:.3f})", error=error_after), after),
        ],
        x=Axis(ticks=ticks, label=tr("predicted probability")),
        y=Axis(ticks=ticks, label=tr("observed fraction of seizure")),
        size=(250.0, 250.0),
        kind="reliability",
        said=tr(
            "expected calibration error {before:.3f} before, {after:.3f} after",
            before=error_before,
            after=error_after,
        ),
        note=Markup("<p>{}</p>").format(tr("The larger a dot, the more windows it stands for.")),
    )
    return side_by_side([drawn])


def _bins(style: str, name: str, bins: Sequence[Bin]) -> Line:
    """Return a line whose dots have areas that grow with the windows they stand for."""
    most = max((group.n for group in bins), default=1)
    return Line(
        style=style,
        name=name,
        points=[(group.probability, group.seizure_fraction) for group in bins],
        radii=[max(_SMALLEST_DOT, _LARGEST_DOT * math.sqrt(group.n / most)) for group in bins],
        said=[
            tr(
                "{n:,} windows, mean probability {probability:.2f}; {fraction:.0%} are seizure",
                n=group.n,
                probability=group.probability,
                fraction=group.seizure_fraction,
            )
            for group in bins
        ],
    )


def probability_html(traced: TracedFile, settings: PostProcessing) -> Markup:
    """Return the probability over a recording at an operating point, with an expert's seizures."""
    expert = clip_events(seizures_of(traced.reference), traced.trace.duration_s)
    found = traced.events(settings)
    title = tr("Probability of seizure in {file}", file=traced.file_name)
    said = tr(
        "{events} found, {seizures} marked by the expert, threshold {threshold:g}",
        events=count_words(len(found), "event"),
        seizures=count_words(len(expert), "seizure"),
        threshold=settings.threshold,
    )
    return chart_html(
        lambda: figures.probability_figure(
            [figures.Curve(name=title, step_s=1.0, values=traced.trace.probabilities)],
            duration_s=traced.trace.duration_s,
            width_in=CHART_WIDTH_IN,
            levels=(settings.threshold, settings.lower_threshold),
            events=found,
            lanes=(figures.EventLane(name="expert", events=expert, color=figures.REFERENCE),),
        ),
        alternative=f"{title}: {said}",
        caption=f"{title}: {said}",
    )
