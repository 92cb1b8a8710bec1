"""Probabilities of several nets over each other, with their events in lanes below.

The drawing takes its colours from the page: net number n has the class `net-n`.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ui.i18n.wording import clock_words

_WIDTH, _CHART = 1000.0, 170.0
_LEFT, _RIGHT, _TOP, _AXIS = 66.0, 12.0, 10.0, 24.0
_LANE, _BAR = 20.0, 12.0
_LEAST_BAR = 1.5  # narrower ones would not be seen
_MOST_TICKS = 9
_TICK_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200)


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceLine:
    """The probability of one net.

    Attributes
    ----------
    number : int
        Which net, from 0; says its colour.
    name : str
        For whoever points at it.
    step_s : float
        Between values.
    values : sequence of float or None
        0 to 1; None where there is none.
    """

    number: int
    name: str
    step_s: float
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """Events in a row of their own.

    Attributes
    ----------
    name : str
        Beside the row.
    style : str
        Class of its bars.
    events : sequence of (float, float)
        Onset and duration in seconds.
    """

    name: str
    style: str
    events: Sequence[tuple[float, float]]


def traces_svg(
    lines: Sequence[TraceLine], lanes: Sequence[Lane], *, duration_s: float, said: str
) -> str:
    """Return the drawing.

    Parameters
    ----------
    lines : sequence of TraceLine
        Drawn over each other.
    lanes : sequence of Lane
        Drawn below, from top to bottom.
    duration_s : float
        Length of the recording.
    said : str
        What is to be seen, for those who cannot see it.
    """
    lanes_top = _TOP + _CHART + 8
    bottom = lanes_top + len(lanes) * _LANE
    content = "".join(
        (
            *_grid(duration_s, bottom),
            *(_line(line, duration_s) for line in lines),
            *(_lane(lane, lanes_top + i * _LANE, duration_s) for i, lane in enumerate(lanes)),
        )
    )
    return (
        '<div class="zoo-traces" tabindex="0" role="group" '
        f'aria-label="{html.escape(said, quote=True)}">'
        f'<svg viewBox="0 0 {_WIDTH:g} {bottom + _AXIS:g}" role="img" '
        f'aria-label="{html.escape(said, quote=True)}">{content}</svg></div>'
    )


def _x(time_s: float, duration_s: float) -> float:
    return _LEFT + time_s / duration_s * (_WIDTH - _LEFT - _RIGHT)


def _y(value: float) -> float:
    return _TOP + (1.0 - min(max(value, 0.0), 1.0)) * _CHART


def _grid(duration_s: float, bottom: float) -> Iterator[str]:
    for value in (0.0, 0.5, 1.0):
        y = _y(value)
        yield f'<line class="grid" x1="{_LEFT:g}" x2="{_WIDTH - _RIGHT:g}" y1="{y:g}" y2="{y:g}"/>'
        yield f'<text x="{_LEFT - 6:g}" y="{y + 4:g}" text-anchor="end">{value:g}</text>'
    step = next((one for one in _TICK_STEPS_S if duration_s / one <= _MOST_TICKS), duration_s)
    for number in range(int(duration_s // step) + 1):
        time_s = number * step
        x = _x(time_s, duration_s)
        yield f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP:g}" y2="{bottom:g}"/>'
        # A label at the very end would stand out of the drawing.
        anchor = "middle" if x < _WIDTH - 30 else "end"
        yield (
            f'<text x="{x:.1f}" y="{bottom + 16:g}" text-anchor="{anchor}">'
            f"{clock_words(time_s)}</text>"
        )


def _line(line: TraceLine, duration_s: float) -> str:
    parts, drawing = [], False
    for index, value in enumerate(line.values):
        if value is None:
            drawing = False
            continue
        x = _x(min((index + 0.5) * line.step_s, duration_s), duration_s)
        parts.append(f"{'L' if drawing else 'M'}{x:.1f} {_y(value):.1f}")
        drawing = True
    return (
        f'<path class="trace net-{line.number}" d="{"".join(parts)}">'
        f"<title>{html.escape(line.name)}</title></path>"
    )


def _lane(lane: Lane, top: float, duration_s: float) -> str:
    name = html.escape(lane.name)
    bars = "".join(
        f'<rect class="{lane.style}" x="{_x(onset_s, duration_s):.1f}" '
        f'y="{top + (_LANE - _BAR) / 2:g}" height="{_BAR:g}" width="'
        f'{max(_x(onset_s + length_s, duration_s) - _x(onset_s, duration_s), _LEAST_BAR):.1f}">'
        f"<title>{name}: {clock_words(onset_s)}, {length_s:.3g} s</title></rect>"
        for onset_s, length_s in lane.events
    )
    middle = top + _LANE / 2
    return (
        f'<line class="grid" x1="{_LEFT:g}" x2="{_WIDTH - _RIGHT:g}" '
        f'y1="{middle:g}" y2="{middle:g}"/>{bars}'
        f'<text x="{_LEFT - 6:g}" y="{middle + 4:g}" text-anchor="end">{name}</text>'
    )
