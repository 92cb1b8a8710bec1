"""Sensitivity against false alarms per 24 h over thresholds, with the point in use."""

from __future__ import annotations

import html
import math
from collections.abc import Iterator, Sequence

from training.evaluate.explorer import ExploredPoint
from ui.drawings.svg import text
from ui.i18n import score_text as words
from ui.i18n.translation import tr
from ui.widgets import markup

# Small, so that its letters can be read where it is drawn smaller still, on a phone.
_WIDTH, _HEIGHT = 400.0, 250.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 56.0, 16.0, 12.0, 40.0
_ALARM_TICKS = (0, 1, 3, 10, 30, 100, 300, 1000, 3000, 10_000)

# A place of the curve: false alarms per 24 h, sensitivity.
Place = tuple[float, float]


def operating_curve_html(points: Sequence[ExploredPoint], now: ExploredPoint) -> str:
    """Return the chart, or an empty state where there is no seizure to find.

    Parameters
    ----------
    points : sequence of ExploredPoint
        By rising threshold.
    now : ExploredPoint
        The one in use.
    """
    here = _place(now)
    if here is None:
        return markup.empty(words.NO_CURVE)
    known = [(point, place) for point in points if (place := _place(point)) is not None]
    most = max([here[0], *(alarms for _, (alarms, _) in known)])
    course = " ".join("{:.1f},{:.1f}".format(*_xy(place, most)) for _, place in known)
    dots = "".join(_dot(point, place, most, "first") for point, place in known)
    title = html.escape(tr(words.CURVE_TITLE), quote=True)
    said = html.escape(_said(now, here), quote=True)
    return (
        f'<div class="curves"><figure class="operating-curve"><figcaption>{title}'
        f'<span class="keys"><span class="key first">{html.escape(tr(words.CURVE_OTHERS))}</span>'
        f'<span class="key now">{html.escape(tr(words.CURVE_NOW))}</span></span></figcaption>'
        f'<svg viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" role="img" aria-label="{title}: {said}">'
        f"{''.join(_axes(most))}"
        f'<polyline class="first" points="{course}"/>{dots}{_dot(now, here, most, "now")}'
        f"</svg></figure></div>"
    )


def _place(point: ExploredPoint) -> Place | None:
    event = point.score.event
    if event.sensitivity is None or event.false_alarms_per_24h is None:
        return None
    return event.false_alarms_per_24h, event.sensitivity


def _said(point: ExploredPoint, place: Place) -> str:
    return tr(
        words.CURVE_POINT,
        threshold=point.settings.threshold,
        sensitivity=place[1],
        alarms=place[0],
    )


def _xy(place: Place, most: float) -> tuple[float, float]:
    """Return where a place is drawn; alarms by their logarithm, for they span decades."""
    alarms, sensitivity = place
    share = math.log10(1.0 + alarms) / math.log10(1.0 + max(most, 1.0))
    return (
        _LEFT + share * (_WIDTH - _LEFT - _RIGHT),
        _HEIGHT - _BOTTOM - sensitivity * (_HEIGHT - _TOP - _BOTTOM),
    )


def _dot(point: ExploredPoint, place: Place, most: float, style: str) -> str:
    x, y = _xy(place, most)
    radius = 7.0 if style == "now" else 3.0
    return (
        f'<circle class="{style}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}">'
        f"<title>{html.escape(_said(point, place))}</title></circle>"
    )


def _axes(most: float) -> Iterator[str]:
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        x, y = _xy((0.0, share), most)
        yield f'<line x1="{x:g}" x2="{_WIDTH - _RIGHT:g}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield text(x - 6, round(y + 4, 1), f"{share:.0%}", anchor="end")
    for alarms in (one for one in _ALARM_TICKS if one <= max(most, 1.0)):
        x, y = _xy((float(alarms), 0.0), most)
        yield f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP:g}" y2="{y:.1f}"/>'
        yield text(round(x, 1), y + 15, f"{alarms:,}", anchor="middle")
    yield text(_WIDTH - _RIGHT, _HEIGHT - 6, tr(words.CURVE_ALARMS), anchor="end")
    yield (
        f'<g transform="translate(11 {_HEIGHT - _BOTTOM:g}) rotate(-90)">'
        f"{text(0, 0, tr(words.CURVE_SENSITIVITY))}</g>"
    )
