"""How far probabilities mean what they say: a reliability diagram, before and after."""

from __future__ import annotations

import html
import math
from collections.abc import Iterator, Sequence
from typing import Protocol

from ui.drawings.svg import text
from ui.i18n import score_text as words
from ui.i18n.translation import tr

_SIZE = 250.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 44.0, 12.0, 10.0, 40.0
_LARGEST_DOT, _SMALLEST_DOT = 7.0, 2.5


class Bin(Protocol):
    """Windows of about the same probability."""

    @property
    def probability(self) -> float:
        """Their mean probability."""
        ...

    @property
    def seizure_fraction(self) -> float:
        """How many of them are seizure."""
        ...

    @property
    def n(self) -> int:
        """How many they are."""
        ...


def reliability_html(
    before: Sequence[Bin], after: Sequence[Bin], *, error_before: float, error_after: float
) -> str:
    """Return the diagram.

    Parameters
    ----------
    before, after : sequence of Bin
        As the net was trained, and as it is kept.
    error_before, error_after : float
        Expected calibration errors of the two.
    """
    title = html.escape(tr(words.RELIABILITY), quote=True)
    said = html.escape(
        tr(words.RELIABILITY_SAID, before=error_before, after=error_after), quote=True
    )
    keys = "".join(
        f'<span class="key {style}">{html.escape(name)}</span>'
        for style, name in (
            ("second", tr(words.BEFORE, error=error_before)),
            ("first", tr(words.AFTER, error=error_after)),
            ("ideal", tr(words.IDEAL)),
        )
    )
    return (
        f'<div class="curves"><figure class="reliability"><figcaption>{title}'
        f'<span class="keys">{keys}</span></figcaption>'
        f'<svg viewBox="0 0 {_SIZE:g} {_SIZE:g}" role="img" aria-label="{title}: {said}">'
        f"{''.join(_axes())}{_course(before, 'second')}{_course(after, 'first')}"
        f"</svg><p>{html.escape(tr(words.RELIABILITY_DOTS))}</p></figure></div>"
    )


def _xy(probability: float, fraction: float) -> tuple[float, float]:
    return (
        _LEFT + probability * (_SIZE - _LEFT - _RIGHT),
        _SIZE - _BOTTOM - fraction * (_SIZE - _TOP - _BOTTOM),
    )


def _axes() -> Iterator[str]:
    for value in (0.0, 0.5, 1.0):
        x, y = _xy(value, value)
        left, bottom = _xy(0.0, 0.0)
        right, top = _xy(1.0, 1.0)
        yield f'<line x1="{left:g}" x2="{right:g}" y1="{y:g}" y2="{y:g}"/>'
        yield f'<line x1="{x:g}" x2="{x:g}" y1="{top:g}" y2="{bottom:g}"/>'
        yield text(left - 5, y + 4, f"{value:g}", anchor="end")
        yield text(x, bottom + 15, f"{value:g}", anchor="middle")
    (x0, y0), (x1, y1) = _xy(0.0, 0.0), _xy(1.0, 1.0)
    yield f'<line class="ideal" x1="{x0:g}" y1="{y0:g}" x2="{x1:g}" y2="{y1:g}"/>'
    yield text(_SIZE - _RIGHT, _SIZE - 6, tr(words.RELIABILITY_X), anchor="end")
    yield (
        f'<g transform="translate(11 {_SIZE - _BOTTOM:g}) rotate(-90)">'
        f"{text(0, 0, tr(words.RELIABILITY_Y))}</g>"
    )


def _course(bins: Sequence[Bin], style: str) -> str:
    most = max((one.n for one in bins), default=1)
    places = [(_xy(one.probability, one.seizure_fraction), one) for one in bins]
    course = " ".join(f"{x:.1f},{y:.1f}" for (x, y), _ in places)
    dots = "".join(
        f'<circle class="{style}" cx="{x:.1f}" cy="{y:.1f}" r="{_radius(one.n, most):.1f}"><title>'
        f"{html.escape(_bin_words(one))}</title></circle>"
        for (x, y), one in places
    )
    return f'<polyline class="{style}" points="{course}"/>{dots}'


def _radius(n: int, most: int) -> float:
    """Return a dot's radius: its area grows with the windows it stands for."""
    return max(_SMALLEST_DOT, _LARGEST_DOT * math.sqrt(n / most))


def _bin_words(one: Bin) -> str:
    return tr(
        words.RELIABILITY_BIN,
        n=one.n,
        probability=one.probability,
        fraction=one.seizure_fraction,
    )
