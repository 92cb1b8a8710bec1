"""Watches the times of rows as they stream by and finds the gaps between them."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from seizure_core.errors import RecordingError
from seizure_core.formats.edf_timeline import MAX_DURATION_S, TimeLine
from seizure_core.formats.text_layout import TextLayout
from seizure_core.formats.text_rate import SECONDS_PER_UNIT
from seizure_core.recording import Finding

_DAY_S = 86400.0
_MAX_GAPS = 10_000
_BURST_GAP_S = 1.0
_NOTABLE_DRIFT_S = 1.0


class RowTimes:
    """Collects where rows stop following each other.

    Parameters
    ----------
    layout : TextLayout
        With a sampling rate.
    file_name : str
        For messages.
    """

    def __init__(self, layout: TextLayout, file_name: str) -> None:
        self._rate_hz = layout.sampling_rate_hz or 1.0
        self._unit = layout.row_unit
        self._file_name = file_name
        samples = 1 / self._rate_hz
        self._seconds = samples if self._unit == "samples" else SECONDS_PER_UNIT[self._unit]
        self._first: float | None = None
        self._last = 0.0
        self._day_s = 0.0
        self._gap_s: float | None = None
        self._n_rows = 0
        self._starts: list[tuple[int, float]] = [(0, 0.0)]

    def add(self, times: NDArray[np.float64]) -> None:
        """Take in the times of the next rows, NaN where one has none.

        Raises
        ------
        RecordingError
            Times run backwards, or there are more gaps than rows that follow each other.
        """
        if not len(times):
            return
        times_s = self._filled(times * self._seconds)
        if self._first is None:
            self._first = float(times_s[0])
            self._last = self._first - 1 / self._rate_hz
        if self._unit == "clock":
            times_s = self._past_midnight(times_s)
        steps = np.diff(times_s, prepend=self._last)
        if self._gap_s is None:
            even = np.abs(steps * self._rate_hz - 1) < 0.75
            self._gap_s = 1.5 / self._rate_hz if even.mean() > 0.5 else _BURST_GAP_S
            # Times written with few digits step unevenly.
            self._gap_s = max(self._gap_s, 2.2 * self._rounding(times_s))
        self._check_order(steps)
        # A tiny slack: a step of exactly the bound is none.
        for row in np.flatnonzero(steps > self._gap_s * (1 + 1e-6)):
            self._starts.append((self._n_rows + int(row), float(times_s[row] - self._first)))
        if len(self._starts) > _MAX_GAPS or len(self._starts) > 2 + 0.2 * (
            self._n_rows + len(times)
        ):
            raise RecordingError(
                self._file_name,
                f"its times do not fit {self._rate_hz:g} Hz: {len(self._starts)} gaps were found "
                f"by line {self._n_rows + len(times)}. Correct the sampling rate or the column "
                "of times, or leave that column out.",
            )
        self._last = float(times_s[-1])
        self._n_rows += len(times)

    def time_line(self) -> tuple[TimeLine, tuple[Finding, ...]]:
        """Return the time line of all rows.

        Raises
        ------
        RecordingError
            It is longer than any recording can be.
        """
        line = TimeLine(
            first_records=np.array([row for row, _ in self._starts], dtype=np.int64),
            starts_s=np.array([start for _, start in self._starts]),
            n_records=self._n_rows,
            record_duration_s=1 / Fraction(str(self._rate_hz)),
        )
        if not line.duration_s <= MAX_DURATION_S:
            raise RecordingError(
                self._file_name,
                f"by its times the recording would last {line.duration_s / _DAY_S:.1f} days; up "
                f"to {MAX_DURATION_S // 86400} are possible. Correct the column of times.",
            )
        drift_s = self._last - (self._first or 0.0) - (line.duration_s - 1 / self._rate_hz)
        if not line.has_gaps and abs(drift_s) > _NOTABLE_DRIFT_S:
            message = (
                f"By its column of times the recording lasts {drift_s:+.3g} s more than its "
                f"{self._n_rows} rows at {self._rate_hz:g} Hz. Check the sampling rate."
            )
            return line, (Finding(severity="warning", message=message),)
        return line, ()

    def _filled(self, times_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give rows without a time the one that follows from the row before."""
        unknown = np.isnan(times_s)
        if not unknown.any():
            return times_s
        before = self._last if self._first is not None else -1 / self._rate_hz
        known = np.concatenate([[before], times_s])
        numbers = np.arange(len(known))
        mask = np.concatenate([[False], unknown])
        last_known = np.maximum.accumulate(np.where(mask, 0, numbers))
        filled: NDArray[np.float64] = known[last_known] + (numbers - last_known) / self._rate_hz
        return filled[1:]

    def _past_midnight(self, times_s: NDArray[np.float64]) -> NDArray[np.float64]:
        times_s = times_s + self._day_s
        steps = np.diff(times_s, prepend=self._last)
        nights = np.cumsum(steps < -_DAY_S / 2) * _DAY_S
        self._day_s += float(nights[-1])
        return np.asarray(times_s + nights, dtype=np.float64)

    def _rounding(self, times_s: NDArray[np.float64]) -> float:
        """Return the unit of the last digit in which times of the first rows are given."""
        for digits in range(10):
            if np.abs(np.round(times_s, digits) - times_s).max() < 1e-9:
                return float(10.0**-digits)
        return 0.0

    def _check_order(self, steps: NDArray[np.float64]) -> None:
        back = np.flatnonzero(steps < -(self._gap_s or 0.0))
        if len(back):
            row = self._n_rows + int(back[0])
            raise RecordingError(
                self._file_name,
                f"the time of row {row + 1} lies {-float(steps[back[0]]):.6g} s before that of "
                "the row ahead of it. Rows must follow each other in time: sort them, split the "
                "file there, or leave the column of times out.",
            )
