"""A model's channels on a head seen from above: pairs as lines, single electrodes as dots.

The positions follow from the rule of the international 10-20 system and its finer
descendants: rows at fixed shares of the way from nasion to inion, and in each row places at
fixed shares of the way from the midline to the side. The head's rim, on which nasion, inion and
the places 9 and 10 lie, has radius 1; x points to the right ear, y to the nose.

The drawing takes its colours from the page (`ui/zoo/style.css`), so it fits light and dark.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup

from seizure_core.channels.labels import parse_derivation
from seizure_core.channels.montages import ELECTRODES_10_20
from ui.i18n.translation import tr

# From nose to neck in steps of 9 degrees; temporal names share the angle of central ones.
_ROWS = "FP AFP AF AFF F FFC,FFT FC,FT FCC,FTT C,T CCP,TTP CP,TP CPP,TPP P PPO PO POO O,OI,I"
_DEGREES = {
    name: 18.0 + 9.0 * number
    for number, names in enumerate(_ROWS.split())
    for name in names.split(",")
}
_EARS = {"A1": (-1.13, 0.0), "A2": (1.13, 0.0), "M1": (-1.1, -0.32), "M2": (1.1, -0.32)}
_NAME = re.compile(r"([A-Z]{1,3}?)(Z|[0-9]{1,2})(H?)")
_SIDE_RADIUS = 0.8
# The frontal and occipital rows have one place a side, which lies where others have place 7.
_SHORT_ROWS = frozenset({"FP", "O", "OI", "I"})


def electrode_position(name: str) -> tuple[float, float] | None:
    """Return where an electrode is.

    Parameters
    ----------
    name : str
        Normalised, as `seizure_core.channels.labels` gives it: "FP1", "T7", "CZ", "A1".

    Returns
    -------
    (float, float) or None
        x to the right ear and y to the nose, in radii of the head; None for what is no
        position on the head.
    """
    if name in _EARS:
        return _EARS[name]
    if name == "NZ":
        return 0.0, 1.0
    found = _NAME.fullmatch(name)
    if found is None or found[1] not in _DEGREES:
        return None
    if found[2] == "Z":
        return 0.0, _midline(found[1])
    return _lateral(found[1], int(found[2]), half=bool(found[3]))


def _midline(row: str) -> float:
    """Return where a row crosses the midline."""
    return {"OI": -0.9, "I": -1.0}.get(row, 1.0 - _DEGREES[row] / 90.0)


def _lateral(row: str, number: int, *, half: bool) -> tuple[float, float] | None:
    """Return a place off the midline: odd numbers are left, even ones right."""
    angle, midline = math.radians(_DEGREES[row]), _midline(row)
    step = (number + 1) // 2 - (0.5 if half else 0.0)
    side = -1.0 if number % 2 else 1.0
    if not 0 < step <= 6:
        return None
    if row in _SHORT_ROWS and step <= 1:
        radius = max(_SIDE_RADIUS, abs(midline))
        return side * radius * math.sin(angle) * step, radius * math.cos(angle)
    if step > 4:  # below the circle through the temples
        radius = _SIDE_RADIUS + 0.2 * (step - 4)
        return side * radius * math.sin(angle), radius * math.cos(angle)
    share = step / 4
    outer_y = _SIDE_RADIUS * math.cos(angle)
    return side * _SIDE_RADIUS * math.sin(angle) * share, midline + (outer_y - midline) * share**2


_SCALE = 150.0
_SIZE = 1.24 * _SCALE  # the ears and the nose stand out of the rim
_MANY = 40  # so many electrodes get smaller dots
_APART = 0.05  # between two lines that join the same electrodes

_FIGURE = Markup(
    '<figure class="zoo-head"><svg viewBox="-{size:g} -{size:g} {width:g} {width:g}" role="img" '
    'aria-label="{said}">{outline}{inside}</svg><figcaption>{said}</figcaption></figure>'
)
_OUTLINE = Markup(
    '<ellipse class="zoo-outline" cx="-157.5" cy="0" rx="9" ry="25.5"/>'
    '<ellipse class="zoo-outline" cx="157.5" cy="0" rx="9" ry="25.5"/>'
    '<polyline class="zoo-outline" points="-18,-148.5 0,-172.5 18,-148.5"/>'
    '<circle class="zoo-outline" r="150"/>'
)
_ELECTRODE = Markup(
    '<g class="zoo-electrode {style}"><circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}"/>'
    '<text x="{x:.1f}" y="{y:.1f}" font-size="{size:.1f}">{name}</text></g>'
)
_LINE = Markup(
    '<line class="zoo-pair" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}">'
    "<title>{title}</title></line>"
)

Point = tuple[float, float]


def head_html(channels: Sequence[str] | None, *, min_channels: int | None = None) -> Markup:
    """Return the drawing with a line of words below it.

    Parameters
    ----------
    channels : sequence of str or None
        The model's channels in order; None means any.
    min_channels : int, optional
        How few will do, where any are taken.
    """
    names = channels or ()
    ends = [_ends(name) for name in names]
    used = Counter(end for pair in ends for end in pair)
    singles = {pair[0] for pair in ends if len(pair) == 1}
    radius = 0.085 if len(used) <= _MANY else 0.055
    places = {
        name: place
        for name in (*(electrode for electrode in ELECTRODES_10_20 if electrode not in used), *used)
        if (place := electrode_position(name)) is not None
    }
    parts = []
    for number, (name, pair) in enumerate(zip(names, ends, strict=True), start=1):
        if len(pair) == 2:
            same = [n for n, one in enumerate(ends, start=1) if set(one) == set(pair)]
            offset = (same.index(number) - (len(same) - 1) / 2) * _APART
            title = tr("Channel {number}: {name}", number=number, name=name)
            parts.append(_line(places[pair[0]], places[pair[1]], offset, radius, title))
    for name, (x, y) in places.items():
        parts.append(
            _ELECTRODE.format(
                style="single" if name in singles else "used" if name in used else "unused",
                x=x * _SCALE,
                y=-y * _SCALE,
                r=radius * _SCALE,
                size=radius * _SCALE * (0.9 if len(name) < 4 else 0.7),
                name=name.replace("FP", "Fp").replace("Z", "z"),
            )
        )
    said = tr(
        "Any montage: these or other channels in any order, {n} or more.", n=min_channels or 1
    )
    if channels is not None:
        said = _description(list(zip(names, ends, strict=True)))
    inside = Markup().join(parts)
    return _FIGURE.format(size=_SIZE, width=2 * _SIZE, said=said, outline=_OUTLINE, inside=inside)


def _ends(channel: str) -> tuple[str, ...]:
    """Return the electrodes of a channel, or none where one of them has no place on the head."""
    derivation = parse_derivation(channel)
    if derivation is None:
        return ()
    ends = (derivation.plus,) if derivation.is_referential else (derivation.plus, derivation.minus)
    return ends if all(electrode_position(end) is not None for end in ends) else ()


def _description(placed: Sequence[tuple[str, tuple[str, ...]]]) -> str:
    counts = Counter(len(ends) for _, ends in placed)
    names = Counter(name for name, _ in placed)
    parts = []
    if counts[2]:
        parts.append(tr("Channels between two electrodes, joined by a line: {n}.", n=counts[2]))
    if counts[1]:
        parts.append(
            tr("Channels of one electrode against the recorder's reference: {n}.", n=counts[1])
        )
    twice = [name for name, n in names.items() if n > 1]
    if twice:
        parts.append(tr("Twice in the list: {names}.", names=", ".join(twice)))
    missing = [name for name, ends in placed if not ends]
    if missing:
        parts.append(tr("Not on the scalp: {names}.", names=", ".join(missing)))
    return " ".join(parts)


def _line(start: Point, stop: Point, offset: float, radius: float, title: str) -> Markup:
    """Return the line of a pair, moved aside where others join the same electrodes."""
    # The side to which lines are moved must not turn round with the pair.
    first, last = sorted((start, stop))
    length = math.dist(start, stop)
    aside = (-(last[1] - first[1]) / length * offset, (last[0] - first[0]) / length * offset)
    along = ((stop[0] - start[0]) / length * radius, (stop[1] - start[1]) / length * radius)
    return _LINE.format(
        x1=(start[0] + aside[0] + along[0]) * _SCALE,
        y1=-(start[1] + aside[1] + along[1]) * _SCALE,
        x2=(stop[0] + aside[0] - along[0]) * _SCALE,
        y2=-(stop[1] + aside[1] - along[1]) * _SCALE,
        title=title,
    )
