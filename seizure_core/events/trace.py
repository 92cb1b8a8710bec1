"""The probability trace: one value per second of a recording."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from seizure_core.errors import ParameterError

# A duration within this of a whole second is rounded instead of adding a second.
_ROUNDING_S = 1e-6
# Windows whose distances differ by less than this are equally near.
_TIE_S = 1e-9
_MAX_DIGITS = 4


def n_seconds(duration_s: float) -> int:
    """Return the number of seconds of a recording, including an incomplete last one."""
    return max(math.ceil(duration_s - _ROUNDING_S), 0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ProbabilityTrace:
    """Probability of a seizure in each second `[i, i + 1)` of a recording.

    Attributes
    ----------
    probabilities : ndarray of float32, shape (n_seconds,)
        0 to 1, NaN where undefined.
    duration_s : float
        Length of the recording; may end within the last second.
    """

    probabilities: NDArray[np.float32]
    duration_s: float

    def __post_init__(self) -> None:
        expected = n_seconds(self.duration_s)
        if self.probabilities.shape != (expected,):
            raise ParameterError(
                "A trace of {duration_s:g} s needs {expected} values, one a second; "
                "an array of shape {shape} was given.",
                duration_s=self.duration_s,
                expected=expected,
                shape=self.probabilities.shape,
            )

    @property
    def times_s(self) -> NDArray[np.float64]:
        """Start of each second, shape (n_seconds,)."""
        return np.arange(len(self.probabilities), dtype=np.float64)


def trace_from_windows(
    centres_s: ArrayLike, probabilities: ArrayLike, duration_s: float
) -> ProbabilityTrace:
    """Return a trace in which each second has the value of the nearest window centre.

    So the first and last windows extend to the recording's edges. Of two equally near windows the
    earlier counts. Seconds of an undefined window (NaN) are undefined.

    Parameters
    ----------
    centres_s : array_like, shape (n_windows,)
        Ascending.
    probabilities : array_like, shape (n_windows,)
        NaN where undefined.

    Returns
    -------
    ProbabilityTrace
        All NaN without windows.

    Raises
    ------
    ParameterError
        The arrays differ in length, or the centres are not ascending.
    """
    centres = np.asarray(centres_s, dtype=np.float64)
    values = np.asarray(probabilities, dtype=np.float32)
    if centres.ndim != 1 or centres.shape != values.shape:
        raise ParameterError(
            "Each window needs one centre and one probability; shapes {shape} and "
            "{shape_2} were given.",
            shape=centres.shape,
            shape_2=values.shape,
        )
    if np.any(np.diff(centres) < 0):
        raise ParameterError("The centres of windows must be in order of time.")
    n_values = n_seconds(duration_s)
    if not len(centres):
        empty = np.full(n_values, np.nan, dtype=np.float32)
        return ProbabilityTrace(probabilities=empty, duration_s=duration_s)
    nearest = _nearest(centres, np.arange(n_values, dtype=np.float64) + np.float64(0.5))
    return ProbabilityTrace(probabilities=values[nearest], duration_s=duration_s)


def _nearest(centres: NDArray[np.float64], times: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the index of the centre nearest to each time, the earlier of equals."""
    later = np.clip(np.searchsorted(centres, times), 0, len(centres) - 1)
    earlier = np.maximum(later - 1, 0)
    to_earlier = np.abs(times - centres[earlier])
    to_later = np.abs(centres[later] - times)
    return np.where(to_earlier <= to_later + _TIE_S, earlier, later)


def probability_words(value: float, digits: int = 3) -> str:
    """Format a probability with at least the given digits; only 1 itself is written as 1."""
    if value < 1 and round(value, digits) == 1:
        digits = min(digits + 1, _MAX_DIGITS)
        return f"{min(value, 1 - 10.0**-digits):.{digits}f}"
    return f"{value:.{digits}f}"
