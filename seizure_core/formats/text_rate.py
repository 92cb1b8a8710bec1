"""The sampling rate of a text: out of its times, or of what its comments say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seizure_core.formats.text_cells import clock_seconds, n_decimals
from seizure_core.formats.text_layout import MAX_RATE_HZ, TimeUnit

SECONDS_PER_UNIT: dict[str, float] = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9, "clock": 1.0}
_SPELLINGS: dict[str, TimeUnit] = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "s"),
    **dict.fromkeys(("ms", "msec", "millisecond", "milliseconds"), "ms"),
    **dict.fromkeys(("us", "µs", "μs", "usec", "microseconds"), "us"),
    **dict.fromkeys(("ns", "nsec", "nanoseconds"), "ns"),
}
_STATED = re.compile(
    r"(?:sampl\w*[ _-]*(?:rate|freq\w*)|srate|sfreq|frequency|fs)\b[^0-9\n]{0,20}"
    r"(?P<number>[0-9]+(?:[.,][0-9]+)?)\s*(?P<kilo>k?)(?:hz|sps)?",
    re.I,
)
_USUAL_HZ = (100, 125, 128, 160, 200, 250, 256, 300, 400, 500, 512, 1000, 1024, 2000, 2048)
_PLAUSIBLE_HZ = (10.0, 50_000.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimesFound:
    """What a column of times says.

    Attributes
    ----------
    unit : str
        What it counts in.
    sampling_rate_hz : float
        Rows a second.
    is_regular : bool
        Whether the times are evenly spaced; if not, the rate is an estimate.
    """

    unit: TimeUnit
    sampling_rate_hz: float
    is_regular: bool


def stated_rate(remarks: Sequence[str]) -> float | None:
    """Return the rate that titles or comments name ("%Sample Rate = 250 Hz")."""
    for line in remarks:
        found = _STATED.search(line)
        if found is not None:
            rate_hz = float(found["number"].replace(",", ".")) * (1000 if found["kilo"] else 1)
            if 0.001 <= rate_hz <= MAX_RATE_HZ:
                return rate_hz
    return None


def rate_of_times(
    cells: Sequence[str], values: NDArray[np.float64], unit: str, decimal: str
) -> TimesFound | None:
    """Return the rate of evenly spaced rows.

    Parameters
    ----------
    cells : sequence of str
        Times as written, in order.
    values : ndarray of float64
        The same as numbers, NaN for clock times.
    unit : str
        As the header names it, "" where it does not.
    decimal : str
        "." or ",".

    Returns
    -------
    TimesFound or None
        None where there are fewer than three times.
    """
    if len(cells) < 3:
        return None
    if not np.isfinite(values).any():
        clock = [clock_seconds(cell) for cell in cells]
        values = np.array([np.nan if c is None else c for c in clock], dtype=np.float64)
        unit, decimal = "clock", "," if any("," in cell for cell in cells) else "."
    resolution = 10.0 ** -max(n_decimals(cell, decimal) for cell in cells)
    known = values[np.isfinite(values)]
    steps = np.diff(known)
    if not (steps > 0).any():
        return None
    named: TimeUnit | None = "clock" if unit == "clock" else _SPELLINGS.get(unit.casefold())
    period = float(np.mean(steps[: _last_even(steps, resolution)]))
    time_unit = named or _likely_unit(period)
    if time_unit is None or not period > 0:
        return None
    seconds = SECONDS_PER_UNIT[time_unit]
    usual = float(np.median(steps[steps > 0]))
    is_regular = bool(np.mean(np.abs(steps - usual) <= 0.1 * usual + 2 * resolution) > 0.9)
    n_even = _last_even(steps, resolution)
    error = 2 * resolution / (period * n_even) if is_regular else 0.02
    rate_hz = 1 / (period * seconds)
    if not 0.001 <= rate_hz <= MAX_RATE_HZ:
        return None
    rate_hz = _rounded(rate_hz, error, usual_only=not is_regular)
    return TimesFound(unit=time_unit, sampling_rate_hz=rate_hz, is_regular=is_regular)


def _last_even(steps: NDArray[np.float64], resolution: float) -> int:
    """Return how many first steps come before the first gap; at least 1."""
    usual = float(np.median(steps[steps > 0]))
    jumps = np.flatnonzero((steps > 1.5 * usual + 2 * resolution) | (steps < 0))
    # Times that come in bursts jump all the time: their mean is taken over all.
    if not len(jumps) or len(jumps) > 0.05 * len(steps):
        return len(steps)
    return max(int(jumps[0]), 1)


def _likely_unit(period: float) -> TimeUnit | None:
    """Return the unit by which a period makes a rate at which EEG is sampled."""
    units: tuple[TimeUnit, ...] = ("s", "ms", "us", "ns")
    for unit in units:
        if _PLAUSIBLE_HZ[0] <= 1 / (period * SECONDS_PER_UNIT[unit]) <= _PLAUSIBLE_HZ[1]:
            return unit
    return None


def _rounded(rate_hz: float, relative_error: float, *, usual_only: bool) -> float:
    """Return the roundest rate that the times allow."""
    margin = max(relative_error, 1e-9) * rate_hz
    for usual in _USUAL_HZ:
        if abs(rate_hz - usual) <= margin:
            return float(usual)
    if usual_only:
        return round(rate_hz, 2)
    for digits in range(7):
        if abs(round(rate_hz, digits) - rate_hz) <= margin:
            return round(rate_hz, digits)
    return rate_hz
