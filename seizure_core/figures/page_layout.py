"""The arithmetic of figures: ticks of time, round scales, labels that do not cover each other."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from seizure_core.display.pages import NO_SIGNAL, PageRow

_STEPS_S = (
    *(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30),
    *(60, 120, 300, 600, 1200, 1800, 3600, 7200, 10800, 21600, 43200, 86400),
)
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeTicks:
    """Where an axis of time has its ticks, and what they say.

    Attributes
    ----------
    unit : str
        "s", "min" or "h".
    times_s : tuple of float
        Positions.
    labels : tuple of str
        In `unit`; with the time of day in a second line where the start is known.
    """

    unit: str
    times_s: tuple[float, ...]
    labels: tuple[str, ...]


def time_ticks(
    start_s: float, stop_s: float, *, most: int = 12, start_time: datetime | None = None
) -> TimeTicks:
    """Return ticks at round times, at most about `most` of them.

    The unit is the one in which neighbouring ticks differ by whole numbers.
    """
    length_s = stop_s - start_s
    wide = [step for step in _STEPS_S if length_s / step <= most]
    step_s = wide[0] if wide else 86400.0 * math.ceil(length_s / most / 86400.0)
    unit, unit_s = ("s", 1.0) if step_s < 60 else ("min", 60.0) if step_s < 3600 else ("h", 3600.0)
    first = math.ceil(start_s / step_s - 1e-9)
    last = math.floor(stop_s / step_s + 1e-9)
    times_s = tuple(number * step_s for number in range(first, last + 1))
    decimals = max(0, -math.floor(math.log10(step_s))) if step_s < 1 else 0
    labels = [f"{time_s / unit_s:.{decimals}f}" for time_s in times_s]
    if start_time is not None:
        clocks = [_time_of_day(start_time, time_s, step_s) for time_s in times_s]
        labels = [f"{label}\n{clock}" for label, clock in zip(labels, clocks, strict=True)]
    return TimeTicks(unit=unit, times_s=times_s, labels=tuple(labels))


def _time_of_day(start_time: datetime, time_s: float, step_s: float) -> str:
    moment = start_time + timedelta(seconds=time_s)
    if step_s >= 60:
        return f"{moment:%H:%M}" if not start_time.second else f"{moment:%H:%M:%S}"
    if step_s >= 1 and not start_time.microsecond:
        return f"{moment:%H:%M:%S}"
    return f"{moment:%H:%M:%S}.{moment.microsecond // 1000:03d}"


def round_number(value: float) -> float:
    """Return the nearest of 1, 2, 5 times a power of ten, on a logarithmic scale."""
    if not (math.isfinite(value) and value > 0):
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    choices = [power * factor for factor in (1.0, 2.0, 5.0, 10.0)]
    return min(choices, key=lambda choice: abs(math.log(choice / value)))


def row_values(row: PageRow) -> NDArray[np.float64]:
    """Return a page's row in its unit, NaN where there is no signal.

    Returns
    -------
    ndarray of float64
        Shape (n_samples,), or (2, n_columns) with the smallest value of each column first.
    """
    values = row.values.astype(np.float64) * row.scale + row.offset
    values[row.values == NO_SIGNAL] = np.nan
    return values


def row_line(row: PageRow) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return times in seconds and values of the line that draws a page's row.

    Extremes become a stroke from the smallest to the largest value in the middle of each
    column; strokes run up and down in turn, so that the line between them stays inside.
    """
    values = row_values(row)
    if row.kind == "samples":
        return row.first_s + row.step_s * np.arange(len(values), dtype=np.float64), values
    strokes = values.T.copy()
    strokes[1::2] = strokes[1::2, ::-1]
    middles = row.first_s + row.step_s * (np.arange(len(strokes), dtype=np.float64) + 0.5)
    return np.repeat(middles, 2), strokes.ravel()


def typical_height(rows: Sequence[PageRow]) -> float:
    """Return how far rows of one unit reach from their centres, as most of them do.

    The median over the rows of what 95 % of their values stay within; 0 without signal.
    """
    heights = []
    for row in rows:
        values = np.abs(row_values(row) - row.centre)
        finite = values[np.isfinite(values)]
        if finite.size and finite.max() > 0:
            heights.append(float(np.quantile(finite, 0.95)) or float(finite.max()))
    return float(np.median(heights)) if heights else 0.0


def shortened(text: str, most: int) -> str:
    """Return one line of at most `most` characters, controls and line breaks left out."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + _ELLIPSIS


def without_overlap(
    labels: Iterable[tuple[float, str]], *, n_levels: int, width_of_character: float
) -> list[tuple[float, int, str]]:
    """Choose a level for each label so that none covers another; drop what finds no place.

    Parameters
    ----------
    labels : iterable of (float, str)
        Left edges and texts, by left edge.
    n_levels : int
        How many lines of labels there are.
    width_of_character : float
        In the unit of the left edges.

    Returns
    -------
    list of (float, int, str)
        Left edge, level from 0 on, text.
    """
    free_from = [-math.inf] * n_levels
    placed = []
    for left, text in labels:
        for level in range(n_levels):
            if left >= free_from[level]:
                free_from[level] = left + (len(text) + 1.5) * width_of_character
                placed.append((left, level, text))
                break
    return placed


def gaps_within(
    segments: Sequence[tuple[float, float]], start_s: float, stop_s: float
) -> list[tuple[float, float]]:
    """Return the stretches of `[start_s, stop_s)` that no segment covers."""
    gaps, reached_s = [], start_s
    for segment_start_s, segment_stop_s in sorted(segments):
        if segment_start_s > reached_s:
            gaps.append((reached_s, min(segment_start_s, stop_s)))
        reached_s = max(reached_s, segment_stop_s)
        if reached_s >= stop_s:
            return gaps
    return [*gaps, (reached_s, stop_s)]
