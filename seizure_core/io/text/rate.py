"""Sampling rate and gaps of a text file, from titles or the times of its rows.

A stated rate has precedence over times, which are often those of arrival. The precision of times is
judged by how well they fit a line.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from seizure_core.errors import RecordingError
from seizure_core.io.text.layout import (
    EPOCHS_S,
    MAX_RATE_HZ,
    PLAUSIBLE_HZ,
    SECONDS_PER_UNIT,
    SPELLINGS,
    TextLayout,
    TimeUnit,
)
from seizure_core.io.timeline import MAX_DURATION_S, TimeLine, continuous, filled, gap_finding
from seizure_core.messages import Message
from seizure_core.recording import Finding

_USUAL_HZ = np.array(
    (100, 125, 128, 160, 173.61, 200, 220, 250, 256, 300, 400, 500, 512, 1000, 1024, 2000, 2048)
)
_MIN_EXACT = 0.01
_NOTABLE = 0.01

_DAY_S = 86400.0
_MAX_GAPS = 10_000
_BURST_GAP_S = 1.0
_NOTABLE_DRIFT_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TimesFound:
    """Result for a column of times.

    Attributes
    ----------
    sampling_rate_hz : float or None
        None if it counts the rows.
    error : float
        Relative error of the rate.
    is_regular : bool
        Whether the times are evenly spaced; if not, the rate is an estimate.
    """

    unit: TimeUnit
    sampling_rate_hz: float | None
    error: float = 0.0
    is_regular: bool = True


def rate_of_times(
    times: NDArray[np.float64], unit: str, stated_hz: float | None = None
) -> TimesFound | None:
    """Return the result for the times of the first rows; None without a plausible rate.

    Parameters
    ----------
    times : ndarray of float64
        In order, NaN if missing.
    unit : str
        From the header, or ""; "clock" for times of day.
    stated_hz : float, optional
        Stated rate, which tells the unit if nothing else does.
    """
    known = times[np.isfinite(times)]
    if unit == "clock" and len(known):
        known = known + np.cumsum(_clock_wraps(np.diff(known, prepend=known[0])))
    if len(known) < 3 or not (np.diff(known) > 0).any():
        return None
    period, error, is_regular = _period(known)
    named: TimeUnit | None = "clock" if unit == "clock" else SPELLINGS.get(unit.casefold())
    time_unit = named or _likely_unit(known, period, stated_hz)
    if time_unit == "samples":
        return TimesFound(unit="samples", sampling_rate_hz=None)
    if time_unit is None or not period > 0:
        return None
    rate_hz = 1 / (period * SECONDS_PER_UNIT[time_unit])
    if not 0.001 <= rate_hz <= MAX_RATE_HZ:
        return None
    return TimesFound(
        unit=time_unit,
        sampling_rate_hz=_rounded(rate_hz, error, usual_only=not is_regular),
        error=error,
        is_regular=is_regular,
    )


def _period(times: NDArray[np.float64]) -> tuple[float, float, bool]:
    """Return the time between rows, its relative error, and whether it is even."""
    steps = np.diff(times)
    usual = float(np.median(steps[steps > 0]))
    resolution = rounding_of(times)
    jumps = np.flatnonzero((steps > 1.5 * usual + 2 * resolution) | (steps < 0))
    edges = np.concatenate([[0], jumps + 1, [len(times)]])
    longest = int(np.argmax(np.diff(edges)))
    run = times[edges[longest] : edges[longest + 1]]
    if len(run) >= 3 and len(jumps) <= 0.05 * len(steps):
        rows = np.arange(len(run)) - (len(run) - 1) / 2
        period = float(rows @ (run - run.mean()) / (rows @ rows))
        off = np.abs(run - run.mean() - period * rows)
        error = 3 * float(off.max()) / (abs(period) * (len(run) - 1)) if period > 0 else 1.0
        is_regular = np.quantile(off, 0.95) <= 0.25 * period + 1.1 * resolution
        if (
            is_regular
            and error <= _MIN_EXACT
            and not _are_bursts(steps, jumps, period, off, resolution)
        ):
            return period, max(error, 1e-9), True
    return _period_of_bursts(times, steps)


def _are_bursts(
    steps: NDArray[np.float64],
    jumps: NDArray[np.intp],
    period: float,
    off: NDArray[np.float64],
    resolution: float,
) -> bool:
    """Return whether rows come in bursts with most of the time between them."""
    between = float(steps[jumps].sum() - len(jumps) * period)
    if not len(jumps) or between < 0.5 * float(steps.sum()):
        return False
    is_clean = (
        resolution <= 1.05 * period and np.quantile(off, 0.95) <= 0.1 * period + 0.5 * resolution
    )
    return not is_clean


def _period_of_bursts(
    times: NDArray[np.float64], steps: NDArray[np.float64]
) -> tuple[float, float, bool]:
    """Return the mean time between rows, from the start of the first burst to that of the last."""
    starts = np.flatnonzero(steps > 0.5 * steps.max()) + 1
    if len(starts) < 3:  # The first burst may have started before the file.
        starts = np.concatenate([[0], starts])
    n_rows = int(starts[-1] - starts[0])
    span = float(times[starts[-1]] - times[starts[0]])
    if not span > 0:
        n_rows, span = len(steps), float(times[-1] - times[0])
    period = span / n_rows if span > 0 else float(np.mean(np.abs(steps)))
    return period, 0.02 + float(steps.max()) / max(span, period), False


def _clock_wraps(steps: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the seconds to add at midnight, or at noon on a 12-hour clock."""
    wraps = np.where(steps < -_DAY_S / 2 - 3600, _DAY_S, 0.0)
    wraps[np.abs(steps + _DAY_S / 2) <= 3600] = _DAY_S / 2
    return wraps


def rounding_of(times: NDArray[np.float64]) -> float:
    """Return the unit of the last digit of times, 0 if unknown."""
    slack = max(1e-9, 4 * float(np.spacing(np.abs(times).max())))
    for digits in range(10):
        if np.abs(np.round(times, digits) - times).max() < slack:
            return float(10.0**-digits)
    return 0.0


def _likely_unit(
    times: NDArray[np.float64], period: float, stated_hz: float | None
) -> TimeUnit | None:
    """Return the plausible unit of times: dates, the stated rate, or usual rates of EEG."""
    units: tuple[TimeUnit, ...] = ("s", "ms", "us", "ns")
    rates_hz = {unit: 1 / (period * SECONDS_PER_UNIT[unit]) for unit in units}
    for unit in units:
        first_s = times[0] * SECONDS_PER_UNIT[unit]
        if EPOCHS_S[0] <= first_s < EPOCHS_S[1] and (times.min() * SECONDS_PER_UNIT[unit] > 0):
            return unit
        if stated_hz and abs(rates_hz[unit] / stated_hz - 1) < 0.2:
            return unit
    if (np.diff(times) == 1).mean() > 0.95:
        return "samples"
    low, high = PLAUSIBLE_HZ
    return next((unit for unit in units if low <= rates_hz[unit] <= high), None)


def _rounded(rate_hz: float, relative_error: float, *, usual_only: bool) -> float:
    """Return the roundest rate compatible with the times."""
    margin = min(max(relative_error, 1e-9), 0.02) * rate_hz
    usual = float(_USUAL_HZ[np.argmin(np.abs(_USUAL_HZ - rate_hz))])
    if abs(rate_hz - usual) <= margin:
        return usual
    if usual_only:
        return round(rate_hz, 2)
    for digits in range(7):
        if abs(round(rate_hz, digits) - rate_hz) <= margin:
            return round(rate_hz, digits)
    return rate_hz


def chosen_rate(
    stated_hz: float | None, times: TimesFound | None, known: tuple[str, float] | None
) -> tuple[float | None, list[Finding]]:
    """Return the sampling rate: stated, else from even times, else known, else estimated.

    `known` is the kind of file with its rate.
    """
    by_times_hz = times.sampling_rate_hz if times else None
    is_even = times is not None and times.is_regular
    if stated_hz is not None:
        error = times.error if times and not is_even else 0.0
        by_hz = by_times_hz or stated_hz
        if abs(by_hz / stated_hz - 1) <= max(_NOTABLE, error):
            return stated_hz, []
        message = Message(
            "The file says {stated_hz:g} Hz, but by the times of its rows it is "
            "{by_hz:g} Hz. {stated_hz:g} Hz is used. Check the sampling rate.",
            stated_hz=stated_hz,
            by_hz=by_hz,
        )
        return stated_hz, [Finding.warning(message)]
    if known is not None and not is_even:
        name, known_hz = known
        message = Message(
            "The file does not say its sampling rate. It looks like a file of the {name}, "
            "so {known_hz:g} Hz is assumed.",
            name=name,
            known_hz=known_hz,
        )
        return known_hz, [Finding.warning(message)]
    if by_times_hz is None or is_even:
        return by_times_hz, []
    message = Message(
        "The times of the rows are uneven; {by_times_hz:g} Hz is estimated. "
        "Give the sampling rate if you know it better.",
        by_times_hz=by_times_hz,
    )
    return by_times_hz, [Finding.warning(message)]


class RowTimes:
    """Collects gaps between rows from a stream of their times.

    Parameters
    ----------
    layout : TextLayout
        With a sampling rate.
    """

    def __init__(self, layout: TextLayout, file_name: str) -> None:
        self._rate_hz = layout.sampling_rate_hz or 1.0
        self._unit = layout.row_unit
        self._file_name = file_name
        samples = 1 / self._rate_hz
        self.seconds = samples if self._unit == "samples" else SECONDS_PER_UNIT[self._unit]
        self._first: float | None = None
        self._last = 0.0
        self._wrapped_s = 0.0
        self._gap_s: float | None = None
        self._n_rows = 0
        self._starts: list[tuple[int, float]] = [(0, 0.0)]

    def add(self, times: NDArray[np.float64]) -> None:
        """Add the times of the next rows, NaN if missing.

        Raises
        ------
        RecordingError
            Times run backwards, or there are more gaps than consecutive rows.
        """
        if not len(times):
            return
        times_s = self._filled(times * self.seconds)
        if self._first is None:
            self._first = float(times_s[0])
            self._last = self._first - 1 / self._rate_hz
        if self._unit in ("clock", "samples"):
            times_s = self._unwrapped(times_s)
        steps = np.diff(times_s, prepend=self._last)
        if self._gap_s is None:
            self._gap_s = self._smallest_gap(steps, times_s)
        self._check_order(steps)
        # A tolerance: a step of exactly the bound is no gap.
        for row in np.flatnonzero(steps > self._gap_s * (1 + 1e-6)):
            self._starts.append((self._n_rows + int(row), float(times_s[row] - self._first)))
        if len(self._starts) > _MAX_GAPS or len(self._starts) > 2 + 0.2 * (
            self._n_rows + len(times)
        ):
            raise RecordingError(
                self._file_name,
                "its times do not fit {rate_hz:g} Hz: {n_starts} gaps were found by line {n_rows}. "
                "Correct the sampling rate or the column of times, or leave that column out.",
                rate_hz=self._rate_hz,
                n_starts=len(self._starts),
                n_rows=self._n_rows + len(times),
            )
        self._last = float(times_s[-1])
        self._n_rows += len(times)

    def time_line(self, n_samples: int) -> tuple[TimeLine, list[Finding]]:
        """Return the time line of all rows, with findings.

        Raises
        ------
        RecordingError
            It is too long.
        """
        if self._first is None:
            period_s = 1 / Fraction(str(self._rate_hz))
            return continuous(n_samples, period_s, self._file_name), []
        line = TimeLine(
            first_records=np.array([row for row, _ in self._starts], dtype=np.int64),
            starts_s=np.array([start for _, start in self._starts]),
            n_records=self._n_rows,
            record_duration_s=1 / Fraction(str(self._rate_hz)),
        )
        if not line.duration_s <= MAX_DURATION_S:
            raise RecordingError(
                self._file_name,
                "by its times the recording would last {duration_s:.1f} days; up "
                "to {max_duration_s} are possible. Correct the column of times.",
                duration_s=line.duration_s / _DAY_S,
                max_duration_s=MAX_DURATION_S // 86400,
            )
        drift_s = self._last - self._first - (line.duration_s - 1 / self._rate_hz)
        notable_s = max(_NOTABLE_DRIFT_S, 0.8 * (self._gap_s or 0.0))  # Two bursts.
        if not line.has_gaps and abs(drift_s) > notable_s:
            message = Message(
                "By its column of times the recording lasts {drift_s:+.3g} s more than its "
                "{n_rows} rows at {rate_hz:g} Hz. Check the sampling rate.",
                drift_s=drift_s,
                n_rows=self._n_rows,
                rate_hz=self._rate_hz,
            )
            return line, [Finding.warning(message)]
        return line, [gap_finding(line)] if line.has_gaps else []

    def _smallest_gap(self, steps: NDArray[np.float64], times_s: NDArray[np.float64]) -> float:
        """Return the smallest step that is a gap; larger for bursts and irregular arrival."""
        period_s = 1 / self._rate_hz
        # Times with few digits are uneven.
        gap_s = max(1.5 * period_s, 2.2 * rounding_of(times_s))
        is_long = steps > gap_s * (1 + 1e-6)
        too_late_s = float((steps[is_long] - period_s).sum())
        too_early_s = float((period_s - steps[steps < 0.9 * period_s]).sum())
        if not is_long.any() or (is_long.mean() < 0.2 and too_early_s < 0.5 * too_late_s):
            return gap_s
        return max(_BURST_GAP_S, 2.5 * float(np.quantile(steps[is_long], 0.9)))

    def _filled(self, times_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Replace missing times by those that follow from the row before."""
        before = self._last - self._wrapped_s if self._first is not None else -1 / self._rate_hz
        return filled(np.concatenate([[before], times_s]), 1 / self._rate_hz)[0][1:]

    def _unwrapped(self, times_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Unwrap clocks at midnight (or noon), and counters at their maximum."""
        times_s = times_s + self._wrapped_s
        before = np.concatenate([[self._last], times_s[:-1]])
        steps = times_s - before
        if self._unit == "clock":
            wrapped_s = _clock_wraps(steps)
        else:
            again = (steps < 0) & (times_s - self._wrapped_s <= 1.5 * self.seconds)
            wrapped_s = np.where(again, self.seconds - steps, 0.0)
        total_s = np.cumsum(wrapped_s)
        self._wrapped_s += float(total_s[-1])
        return np.asarray(times_s + total_s, dtype=np.float64)

    def _check_order(self, steps: NDArray[np.float64]) -> None:
        back = np.flatnonzero(steps < -(self._gap_s or 0.0))
        if len(back):
            row = self._n_rows + int(back[0])
            raise RecordingError(
                self._file_name,
                "the time of row {row} lies {steps:.6g} s before that of "
                "the row ahead of it. Rows must follow each other in time: sort them, split the "
                "file there, or leave the column of times out.",
                row=row + 1,
                steps=-float(steps[back[0]]),
            )
