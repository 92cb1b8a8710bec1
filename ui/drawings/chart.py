"""Small charts as SVG, which take their colours from the page: lines and dots over two axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

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
