"""A net's channels on a head: pairs as lines, single electrodes as dots.

The drawing takes its colours from the page (`ui/zoo/style.css`), so it fits light and dark.
"""

from __future__ import annotations

import html
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from seizure_core.channels.labels import Derivation, parse_derivation
from seizure_core.channels.montages import ELECTRODES_10_20
from ui.drawings.scalp import electrode_position
from ui.i18n import zoo_text as words
from ui.i18n.translation import tr

_SCALE = 150.0
_REACH = 1.24  # the ears and the nose stand out of the rim
_MANY = 40  # so many electrodes get smaller dots
_APART = 0.05  # between two lines that join the same electrodes

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    """A channel of the net and what it is measured between."""

    number: int
    name: str
    derivation: Derivation | None

    @property
    def electrodes(self) -> tuple[str, ...]:
        """The electrodes that have a place on the head."""
        one = self.derivation
        if one is None:
            return ()
        ends = (one.plus,) if one.is_referential else (one.plus, one.minus)
        return tuple(end for end in ends if electrode_position(end) is not None)

    @property
    def is_drawn(self) -> bool:
        """Whether every end of it has a place."""
        one = self.derivation
        return one is not None and len(self.electrodes) == (1 if one.is_referential else 2)


def head_html(channels: Sequence[str] | None, *, min_channels: int | None = None) -> str:
    """Return the drawing with a line of words below it.

    Parameters
    ----------
    channels : sequence of str or None
        The net's channels in order; None means any.
    min_channels : int, optional
        How few will do, where any are taken.
    """
    placed = [
        _Placed(number=number, name=name, derivation=parse_derivation(name))
        for number, name in enumerate(channels or (), start=1)
    ]
    said = tr(words.HEAD_ANY, n=min_channels or 1) if channels is None else _description(placed)
    used = Counter(end for one in placed if one.is_drawn for end in one.electrodes)
    singles = {one.electrodes[0] for one in placed if one.is_drawn and len(one.electrodes) == 1}
    radius = 0.085 if len(used) <= _MANY else 0.055
    inside = "".join(
        (
            _outline(),
            *(_line(one, placed, radius) for one in placed if len(one.electrodes) == 2),
            *(_electrode(name, radius, style=_style(name, used, singles)) for name in _shown(used)),
        )
    )
    size = _REACH * _SCALE
    return (
        f'<figure class="zoo-head"><svg viewBox="{-size:g} {-size:g} {2 * size:g} {2 * size:g}" '
        f'role="img" aria-label="{html.escape(said, quote=True)}">{inside}</svg>'
        f"<figcaption>{html.escape(said)}</figcaption></figure>"
    )


def _description(placed: Sequence[_Placed]) -> str:
    pairs = sum(len(one.electrodes) == 2 for one in placed if one.is_drawn)
    singles = sum(len(one.electrodes) == 1 for one in placed if one.is_drawn)
    parts = []
    if pairs:
        parts.append(tr(words.HEAD_PAIRS, n=pairs))
    if singles:
        parts.append(tr(words.HEAD_SINGLES, n=singles))
    twice = [name for name, n in Counter(one.name for one in placed).items() if n > 1]
    if twice:
        parts.append(tr(words.HEAD_TWICE, names=", ".join(twice)))
    missing = [one.name for one in placed if not one.is_drawn]
    if missing:
        parts.append(tr(words.HEAD_ELSEWHERE, names=", ".join(missing)))
    return " ".join(parts)


def _shown(used: Counter[str]) -> Iterator[str]:
    """Yield the electrodes to draw: the common ones for orientation, then the net's own."""
    yield from (name for name in ELECTRODES_10_20 if name not in used)
    yield from used


def _style(name: str, used: Counter[str], singles: set[str]) -> str:
    if name not in used:
        return "unused"
    return "single" if name in singles else "used"


def _xy(point: Point) -> Point:
    """Return a place on the head as one in the drawing, whose y points down."""
    return point[0] * _SCALE, -point[1] * _SCALE


def _outline() -> str:
    nose = " ".join(
        f"{x:.1f},{y:.1f}" for x, y in map(_xy, ((-0.12, 0.99), (0, 1.15), (0.12, 0.99)))
    )
    ears = "".join(
        f'<ellipse class="zoo-outline" cx="{side * 1.05 * _SCALE:g}" cy="0" '
        f'rx="{0.06 * _SCALE:g}" ry="{0.17 * _SCALE:g}"/>'
        for side in (-1, 1)
    )
    return (
        f'{ears}<polyline class="zoo-outline" points="{nose}"/>'
        f'<circle class="zoo-outline" r="{_SCALE:g}"/>'
    )


def _electrode(name: str, radius: float, *, style: str) -> str:
    place = electrode_position(name)
    if place is None:
        return ""
    x, y = _xy(place)
    label = html.escape(_spelled(name))
    size = radius * _SCALE * (0.9 if len(name) < 4 else 0.7)
    return (
        f'<g class="zoo-electrode {style}">'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius * _SCALE:.1f}"/>'
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:.1f}">'
        f"{label}</text></g>"
    )


def _line(one: _Placed, all_of_them: Sequence[_Placed], radius: float) -> str:
    """Return the line of a pair; pairs of the same electrodes lie beside each other."""
    start, stop = (electrode_position(name) for name in one.electrodes)
    if start is None or stop is None:
        return ""
    same = [other.number for other in all_of_them if set(other.electrodes) == set(one.electrodes)]
    offset = (same.index(one.number) - (len(same) - 1) / 2) * _APART
    # The side to which lines are moved must not turn round with the pair.
    first, last = sorted((start, stop))
    length = math.dist(start, stop)
    aside = (-(last[1] - first[1]) / length * offset, (last[0] - first[0]) / length * offset)
    along = ((stop[0] - start[0]) / length * radius, (stop[1] - start[1]) / length * radius)
    x1, y1 = _xy((start[0] + aside[0] + along[0], start[1] + aside[1] + along[1]))
    x2, y2 = _xy((stop[0] + aside[0] - along[0], stop[1] + aside[1] - along[1]))
    title = html.escape(tr(words.HEAD_CHANNEL, number=one.number, name=one.name))
    return (
        f'<line class="zoo-pair" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}">'
        f"<title>{title}</title></line>"
    )


def _spelled(name: str) -> str:
    """Return an electrode's name as people write it: Fp1, Cz."""
    return name.replace("FP", "Fp").replace("Z", "z")
