"""A net's probability over a whole recording, with an expert's seizures and the net's events."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from seizure_core.events.event import Event, clip_events, seizures_of
from seizure_core.events.postprocessing import PostProcessing
from training.evaluate.explorer import TracedFile
from ui.drawings.svg import text
from ui.i18n import score_text as words
from ui.i18n.translation import tr
from ui.i18n.wording import clock_words, count_words

_WIDTH, _CHART = 1000.0, 120.0
_LEFT, _RIGHT, _TOP, _AXIS = 56.0, 10.0, 8.0, 20.0
_LANE, _BAR = 18.0, 11.0
_LEAST_BAR = 2.0  # narrower ones would not be seen
_MOST_COLUMNS = 1800
_MOST_TICKS = 8
_TICK_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200)


def probability_html(traced: TracedFile, settings: PostProcessing) -> str:
    """Return the chart of a recording at an operating point."""
    duration_s = traced.trace.duration_s
    expert = clip_events(seizures_of(traced.reference), duration_s)
    found = traced.events(settings)
    title = tr(words.TRACE_TITLE, file=traced.file_name)
    said = tr(
        words.TRACE_SAID,
        events=count_words(len(found), "event"),
        seizures=count_words(len(expert), "seizure"),
        threshold=settings.threshold,
    )
    bottom = _TOP + _CHART + 2 * _LANE + 4
    content = "".join(
        (
            *_grid(duration_s, bottom),
            *_bars(expert, "reference", _TOP, _CHART, duration_s),
            *_levels(settings),
            f'<path class="trace" d="{_course(traced.trace.probabilities, duration_s)}"/>',
            *_lane(words.TRACE_REFERENCE, expert, "reference", 0, duration_s),
            *_lane(words.TRACE_EVENTS, found, "found", 1, duration_s),
        )
    )
    return (
        f'<figure class="probability"><figcaption>{html.escape(title)}: {html.escape(said)}'
        f'</figcaption><div class="figure-frame" role="group" tabindex="0" '
        f'aria-label="{html.escape(title, quote=True)}">'
        f'<svg viewBox="0 0 {_WIDTH:g} {bottom + _AXIS:g}" role="img" '
        f'aria-label="{html.escape(f"{title}: {said}", quote=True)}">{content}</svg></div></figure>'
    )


def _x(time_s: float, duration_s: float) -> float:
    return _LEFT + time_s / duration_s * (_WIDTH - _LEFT - _RIGHT)


def _y(value: float) -> float:
    return _TOP + (1.0 - value) * _CHART


def _grid(duration_s: float, bottom: float) -> Iterator[str]:
    for value in (0.0, 0.5, 1.0):
        y = _y(value)
        yield f'<line class="grid" x1="{_LEFT:g}" x2="{_WIDTH - _RIGHT:g}" y1="{y:g}" y2="{y:g}"/>'
        yield text(_LEFT - 6, y + 4, f"{value:g}", anchor="end")
    step_s = next((one for one in _TICK_STEPS_S if duration_s / one <= _MOST_TICKS), duration_s)
    for number in range(int(duration_s // step_s) + 1):
        x = round(_x(number * step_s, duration_s), 1)
        yield f'<line class="grid" x1="{x:g}" x2="{x:g}" y1="{_TOP:g}" y2="{bottom:g}"/>'
        # A label at the very end would stand out of the drawing.
        anchor = "middle" if x < _WIDTH - 40 else "end"
        yield text(x, bottom + 15, clock_words(number * step_s), anchor=anchor)


def _levels(settings: PostProcessing) -> Iterator[str]:
    levels = (("threshold", settings.threshold), ("threshold lower", settings.lower_threshold))
    for style, level in levels:
        y = f"{_y(level):.1f}"
        yield f'<line class="{style}" x1="{_LEFT:g}" x2="{_WIDTH - _RIGHT:g}" y1="{y}" y2="{y}"/>'


def _course(probabilities: NDArray[np.float32], duration_s: float) -> str:
    """Return the path of a trace; of very long ones the highest value of each column."""
    together = -(-len(probabilities) // _MOST_COLUMNS)
    parts, drawing = [], False
    for start in range(0, len(probabilities), together):
        piece = probabilities[start : start + together]
        piece = piece[np.isfinite(piece)]
        if not len(piece):
            drawing = False
            continue
        x = _x(min(start + together / 2, duration_s), duration_s)
        parts.append(f"{'L' if drawing else 'M'}{x:.1f} {_y(float(piece.max())):.1f}")
        drawing = True
    return "".join(parts)


def _lane(
    name: str, events: Sequence[Event], style: str, number: int, duration_s: float
) -> Iterator[str]:
    top = _TOP + _CHART + 4 + number * _LANE
    yield text(_LEFT - 6, top + _LANE / 2 + 4, tr(name), anchor="end")
    yield from _bars(events, f"{style} bar", top + (_LANE - _BAR) / 2, _BAR, duration_s)


def _bars(
    events: Sequence[Event], style: str, top: float, height: float, duration_s: float
) -> Iterator[str]:
    for event in events:
        left, right = _x(event.onset_s, duration_s), _x(event.offset_s, duration_s)
        yield (
            f'<rect class="{style}" x="{left:.1f}" y="{top:g}" '
            f'width="{max(right - left, _LEAST_BAR):.1f}" height="{height:g}">'
            f"<title>{clock_words(event.onset_s)}, {event.duration_s:.3g} s</title></rect>"
        )
