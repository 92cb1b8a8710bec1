"""Figure of probabilities over a whole recording, of one model or several."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from seizure_core.events.event import Event, clip_events
from seizure_core.events.trace import ProbabilityTrace
from seizure_core.figures.canvas import (
    EVENT,
    GRID,
    INK,
    MUTED,
    REFERENCE,
    TRACE,
    WIDTH_IN,
    counted,
    drawable,
    empty_figure,
    shade_gaps,
    time_axis,
    title,
)
from seizure_core.intervals import true_runs
from seizure_core.signals.quality_report import clock

_CHART_IN, _BOTTOM_IN = 1.9, 0.75
_LANE = 0.16  # Height of a lane relative to the probability axis.
_MAX_COLUMNS = 1500
_MIN_BAR = 0.0015  # Fraction of the recording: narrower bars would be invisible.


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curve:
    """Probability of one model: a value every `step_s`, NaN without any."""

    name: str
    step_s: float
    values: NDArray[np.floating[Any]]
    color: str = TRACE


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLane:
    """Events in a row of their own below the curves."""

    name: str
    events: Sequence[Event]
    color: str = EVENT


def trace_figure(
    trace: ProbabilityTrace,
    *,
    threshold: float | None = None,
    events: Iterable[Event] = (),
    reference: Iterable[Event] = (),
    start_time: datetime | None = None,
    heading: str = "Seizure probability",
    width_in: float = WIDTH_IN,
    height_in: float | None = None,
) -> Figure:
    """Draw the probability over a recording with threshold and events.

    Parameters
    ----------
    trace : ProbabilityTrace
        Undefined seconds are shaded grey.
    threshold : float, optional
        Drawn as a line.
    events : iterable of Event
        Detected events; shaded, and marked above so that short ones are visible.
    reference : iterable of Event
        Expert's events, in a lane below.
    start_time : datetime, optional
        Adds the time of day to the ticks.
    width_in, height_in : float
        Size of the figure; None means as high as necessary.
    """
    found, experts = tuple(events), tuple(reference)
    return probability_figure(
        [Curve(name=heading, step_s=1.0, values=trace.probabilities)],
        duration_s=trace.duration_s,
        levels=() if threshold is None else (threshold,),
        events=found,
        lanes=[EventLane(name="Expert", events=experts, color=REFERENCE)] if experts else (),
        start_time=start_time,
        heading=heading,
        remark=counted(len(clip_events(found, trace.duration_s)), "event"),
        width_in=width_in,
        height_in=height_in,
    )


def probability_figure(
    curves: Sequence[Curve],
    *,
    duration_s: float,
    levels: Sequence[float] = (),
    events: Iterable[Event] = (),
    lanes: Sequence[EventLane] = (),
    start_time: datetime | None = None,
    heading: str = "",
    remark: str = "",
    width_in: float = WIDTH_IN,
    height_in: float | None = None,
) -> Figure:
    """Draw one filled curve or several lines, and lanes of events below them.

    Parameters
    ----------
    curves : sequence of Curve
        For a single one, undefined intervals are shaded grey.
    duration_s : float
        Length of the recording.
    levels : sequence of float
        The threshold, and the lower one for the end of events.
    events : iterable of Event
        Shaded, and marked above.
    lanes : sequence of EventLane
        From top to bottom.
    start_time, heading, remark, width_in, height_in
        See `trace_figure`; the remark is on the right.
    """
    top_in = 0.75 if heading else 0.3
    if height_in is None:
        height_in = _CHART_IN * (1 + _LANE * len(lanes)) + top_in + _BOTTOM_IN
    figure, axes = empty_figure(
        height_in, top_in=top_in, left_in=0.85, right_in=0.95, width_in=width_in
    )
    duration_s = max(duration_s, 1e-3)
    axes.set_xlim(0, duration_s)
    axes.set_ylim(-_LANE * len(lanes), 1)
    for curve in curves:
        _draw_curve(axes, curve, duration_s, filled=len(curves) == 1)
    _draw_levels(axes, levels)
    _draw_events(axes, clip_events(events, duration_s))
    _draw_lanes(axes, lanes, duration_s)
    axes.set_ylabel("Probability", color=MUTED)
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    time_axis(axes, 0.0, duration_s, start_time)
    title(figure, heading, remark)
    return figure


def _draw_curve(axes: Axes, curve: Curve, duration_s: float, *, filled: bool) -> None:
    """Draw a curve as steps; long curves show the maximum of each column."""
    if not len(curve.values):
        return
    together = -(-len(curve.values) // _MAX_COLUMNS)
    starts = np.arange(0, len(curve.values), together)
    values = np.fmax.reduceat(curve.values, starts).astype(np.float64)
    # Steps as a line: matplotlib's step patches take seconds for thousands of them.
    times_s = np.repeat(np.append(starts * curve.step_s, duration_s), 2)[1:-1]
    steps = np.repeat(values, 2)
    axes.plot(times_s, steps, color=curve.color, linewidth=1.1, gid=f"said: {curve.name}")
    if filled:
        axes.fill_between(times_s, steps, color=curve.color, alpha=0.18, linewidth=0)
        undefined = true_runs(~np.isfinite(curve.values))
        gaps = [(first * curve.step_s, last * curve.step_s) for first, last in undefined]
        shade_gaps(axes, [(start_s, min(stop_s, duration_s)) for start_s, stop_s in gaps])


def _draw_levels(axes: Axes, levels: Sequence[float]) -> None:
    for number, level in enumerate(levels):
        style = (0, (5, 3)) if number == 0 else (0, (1, 3))
        axes.plot([0, 1], [level, level], color=INK, linewidth=1.0, linestyle=style,
                  transform=axes.get_yaxis_transform())  # fmt: skip
        name = "threshold" if number == 0 else "ends below"
        # Two levels may be close, so one label is above its line and one below.
        side = "center" if len(levels) == 1 else "bottom" if number == 0 else "top"
        axes.text(
            1.01,
            level,
            f"{name}\n{level:.3g}",
            va=side,
            fontsize=9,
            color=INK,
            transform=axes.get_yaxis_transform(),
        )


def _draw_events(axes: Axes, events: Sequence[Event]) -> None:
    for event in events:
        axes.axvspan(event.onset_s, event.offset_s, color=EVENT, alpha=0.18, linewidth=0)
    axes.plot(
        [(event.onset_s + event.offset_s) / 2 for event in events],
        [1.04] * len(events),
        "v",
        color=EVENT,
        markersize=6,
        transform=axes.get_xaxis_transform(),
        clip_on=False,
    )


def _draw_lanes(axes: Axes, lanes: Sequence[EventLane], duration_s: float) -> None:
    middles = [-_LANE * (number + 0.5) for number in range(len(lanes))]
    for middle, lane in zip(middles, lanes, strict=True):
        events = clip_events(lane.events, duration_s)
        bars = axes.barh(
            [middle] * len(events),
            [max(event.duration_s, _MIN_BAR * duration_s) for event in events],
            left=[event.onset_s for event in events],
            height=0.6 * _LANE,
            color=lane.color,
            linewidth=0,
        )
        for bar, event in zip(bars, events, strict=True):
            bar.set_gid(f"said: {lane.name}: {clock(event.onset_s)}, {event.duration_s:.3g} s")
    names = [drawable(lane.name, 14) for lane in lanes]
    axes.set_yticks(
        [0, 0.25, 0.5, 0.75, 1, *middles],
        labels=["0", "", "0.5", "", "1", *names],
        parse_math=False,
    )
