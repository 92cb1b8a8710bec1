"""Pieces of SVG that know their size, and how they are put side by side."""

from __future__ import annotations

import html
import unicodedata
from dataclasses import dataclass

# Widths of a letter in px, on the safe side for whatever font the page has.
TITLE_LETTER, SMALL_LETTER = 8.0, 6.7
_WIDE = frozenset("mwMW@%&\u2026\N{REPLACEMENT CHARACTER}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SvgPiece:
    """Something drawn from (0, 0) down to the right.

    Attributes
    ----------
    width, height : float
        In px.
    svg : str
        The drawing; all text in it is escaped.
    """

    width: float
    height: float
    svg: str


def placed(piece: SvgPiece, x: float, y: float) -> str:
    """Return a piece moved to a place."""
    return f'<g transform="translate({x:g} {y:g})">{piece.svg}</g>'


def text(x: float, y: float, words: str, *, kind: str = "", anchor: str = "start") -> str:
    """Return a line of text; `kind` is a class of the style sheet."""
    return (
        f'<text x="{x:g}" y="{y:g}" class="{kind}" text-anchor="{anchor}">'
        f"{html.escape(words)}</text>"
    )


def box(width: float, height: float, *, kind: str, y: float = 0.0) -> str:
    """Return a rectangle with round corners."""
    return (
        f'<rect class="{kind}" x="0.5" y="{y + 0.5:g}" width="{width - 1:g}" '
        f'height="{height - 1:g}" rx="6"/>'
    )


def way(*points: tuple[float, float], arrow: bool = False) -> str:
    """Return a line through points, with an arrowhead at its end if it goes down there."""
    course = " ".join(f"{x:g},{y:g}" for x, y in points)
    line = f'<polyline class="way" points="{course}"/>'
    if not arrow:
        return line
    x, y = points[-1]
    head = f"M{x:g} {y:g}l-4 -6h8z"
    return f'{line}<path class="head" d="{head}"/>'


def width_of_text(words: str, letter: float = SMALL_LETTER) -> float:
    """Return the room in px a text needs at most."""
    return letter * sum(_share(one) for one in words)


def wrapped(words: str, width: float, letter: float = SMALL_LETTER) -> list[str]:
    """Return words as lines that fit a width in px; a long word is cut into several lines."""
    lines: list[str] = []
    line = ""
    for word in words.split():
        for part in _cut(word, width / letter):
            longer = f"{line} {part}".strip()
            if line and width_of_text(longer, letter) > width:
                lines.append(line)
                longer = part
            line = longer
    return [*lines, line] if line else lines


def _share(letter: str) -> float:
    """Return the width of a letter as a multiple of a usual one."""
    if unicodedata.east_asian_width(letter) in "WF":
        return 2.0
    return 1.7 if letter in _WIDE else 1.0


def _cut(word: str, room: float) -> list[str]:
    parts, used = [""], 0.0
    for letter in word:
        if parts[-1] and used + _share(letter) > room:
            parts.append("")
            used = 0.0
        parts[-1] += letter
        used += _share(letter)
    return parts
