"""The probability of a seizure over a whole recording."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from seizure_core.events.event import Event, clip_events
from seizure_core.events.trace import ProbabilityTrace
from seizure_core.figures.canvas import (
    EVENT,
    GRID,
    INK,
    MUTED,
    REFERENCE,
    TRACE,
    counted,
    empty_figure,
    shade_gaps,
    time_axis,
    title,
)
from seizure_core.intervals import true_runs


def trace_figure(
    trace: ProbabilityTrace,
    *,
    threshold: float | None = None,
    events: Iterable[Event] = (),
    reference: Iterable[Event] = (),
    start_time: datetime | None = None,
    heading: str = "Seizure probability",
) -> Figure:
    """Draw the probability over the whole recording with its threshold and events.

    Parameters
    ----------
    trace : ProbabilityTrace
        One value a second; seconds without one are hatched.
    threshold : float, optional
        Drawn as a line.
    events : iterable of Event
        Detected; shaded, and marked above so that short ones show in long recordings.
    reference : iterable of Event
        Marked by experts; a bar below the top.
    start_time : datetime, optional
        Adds the time of day to the ticks.
    heading : str
        Stands above.
    """
    figure, axes = empty_figure(3.4, top_in=0.75, left_in=0.85, right_in=0.95)
    found = clip_events(events, trace.duration_s)
    draw_trace(
        axes,
        trace,
        threshold=threshold,
        events=found,
        reference=reference,
        start_time=start_time,
    )
    title(figure, heading, counted(len(found), "event"))
    return figure


def draw_trace(
    axes: Axes,
    trace: ProbabilityTrace,
    *,
    threshold: float | None,
    events: Iterable[Event],
    reference: Iterable[Event] = (),
    start_time: datetime | None = None,
) -> None:
    """Draw what `trace_figure` draws on axes that are there already."""
    duration_s = max(trace.duration_s, 1e-3)
    # Steps as a line: matplotlib's own step patches take seconds for a day's worth of them.
    times_s = np.repeat(np.append(trace.times_s, duration_s), 2)[1:-1]
    values = np.repeat(trace.probabilities, 2)
    axes.fill_between(times_s, values, color=TRACE, alpha=0.18, linewidth=0)
    axes.plot(times_s, values, color=TRACE, linewidth=1.1)
    if threshold is not None:
        axes.axhline(threshold, color=INK, linewidth=1.0, linestyle=(0, (5, 3)))
        axes.text(
            1.01,
            threshold,
            f"threshold\n{threshold:.3g}",
            va="center",
            fontsize=9,
            color=INK,
            transform=axes.get_yaxis_transform(),
        )
    undefined = true_runs(~np.isfinite(trace.probabilities))
    shade_gaps(axes, [(first, min(last, duration_s)) for first, last in undefined])
    found = clip_events(events, duration_s)
    for event in found:
        axes.axvspan(event.onset_s, event.offset_s, color=EVENT, alpha=0.18, linewidth=0)
    middles = [(event.onset_s + event.offset_s) / 2 for event in found]
    above: dict[str, Any] = {"transform": axes.get_xaxis_transform(), "clip_on": False}
    axes.plot(middles, [1.04] * len(middles), "v", color=EVENT, markersize=6, **above)
    for event in clip_events(reference, duration_s):
        span = (event.onset_s, event.offset_s)
        axes.fill_between(span, 0.96, 1.0, color=REFERENCE, linewidth=0.8, **above)
    axes.set_xlim(0, duration_s)
    axes.set_ylim(0, 1)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], labels=["0", "", "0.5", "", "1"])
    axes.set_ylabel("Probability", color=MUTED)
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    time_axis(axes, 0.0, duration_s, start_time)
