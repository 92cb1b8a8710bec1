"""The probability of a seizure, one value a second, from the first to the last second."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from seizure_core.errors import ParameterError

# A duration that misses a whole number of seconds by less than this is rounding, no extra second.
_ROUNDING_S = 1e-6
# Two windows whose distances differ by less than this are equally near.
_TIE_S = 1e-9
_MOST_DIGITS = 4


def n_seconds(duration_s: float) -> int:
    """Return how many seconds a recording has, a last incomplete one counted."""
    return max(math.ceil(duration_s - _ROUNDING_S), 0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ProbabilityTrace:
    """Probability of a seizure in each second `[i, i + 1)` of a recording.

    Attributes
    ----------
    probabilities : ndarray of float32, shape (n_seconds,)
        0 to 1, NaN where the model could say nothing.
    duration_s : float
        Length of the recording; the last second is cut there.
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
    """Give each second the value of the window whose centre is nearest to its middle.

    The first and last windows thus reach the recording's edges. Of two equally near
    windows the earlier counts. A second whose nearest window is undefined (NaN) is undefined.

    Parameters
    ----------
    centres_s : array_like, shape (n_windows,)
        Middle of each window in seconds, ascending.
    probabilities : array_like, shape (n_windows,)
        Value of each window, NaN where undefined.
    duration_s : float
        Length of the recording in seconds.

    Returns
    -------
    ProbabilityTrace
        All NaN where there is no window.

    Raises
    ------
    ParameterError
        The two arrays differ in length or the centres are not ascending.
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
    """Write a probability with so many digits, or more: nothing but 1 itself reads as 1."""
    if value < 1 and round(value, digits) == 1:
        digits = min(digits + 1, _MOST_DIGITS)
        return f"{min(value, 1 - 10.0**-digits):.{digits}f}"
    return f"{value:.{digits}f}"
