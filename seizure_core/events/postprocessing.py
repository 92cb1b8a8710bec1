"""Post-processing of a probability trace: smoothing, hysteresis, merging, minimum duration."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from seizure_core.errors import ParameterError
from seizure_core.events.event import SEIZURE, Event
from seizure_core.events.trace import ProbabilityTrace
from seizure_core.intervals import joined, true_runs


@dataclass(frozen=True, slots=True, kw_only=True)
class PostProcessing:
    """Settings of the post-processing; part of an operating point.

    Attributes
    ----------
    threshold : float
        An event starts at the first second with at least this probability; 0 to 1.
    threshold_off : float or None
        An event ends before the first second below it; None means `threshold`. Limited to
        `threshold`, which may have been lowered by the user.
    smoothing_s : float
        Length of the centred moving average, rounded down to an odd number of seconds; less than 3
        means none.
    min_duration_s : float
        Shorter events are dropped, after merging.
    merge_gap_s : float
        Events closer than this are merged.

    Raises
    ------
    ParameterError
        A value is out of bounds.
    """

    threshold: float = 0.5
    threshold_off: float | None = None
    smoothing_s: float = 0.0
    min_duration_s: float = 0.0
    merge_gap_s: float = 0.0

    def __post_init__(self) -> None:
        for name in ("threshold", "threshold_off"):
            value = getattr(self, name)
            if value is not None and not 0 <= value <= 1:
                raise ParameterError(
                    "{name} must lie between 0 and 1; {value:g} was given.", name=name, value=value
                )
        for name in ("smoothing_s", "min_duration_s", "merge_gap_s"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value >= 0):
                raise ParameterError(
                    "{name} must be 0 s or more; {value:g} was given.", name=name, value=value
                )

    @property
    def lower_threshold(self) -> float:
        """Probability below which an event ends; at most `threshold`."""
        if self.threshold_off is None:
            return self.threshold
        return min(self.threshold, self.threshold_off)

    def with_threshold(self, threshold: float | None) -> PostProcessing:
        """Return these settings with another threshold; None changes nothing."""
        return self if threshold is None else replace(self, threshold=threshold)


def reaches(probabilities: ArrayLike, threshold: float) -> NDArray[np.bool_]:
    """Return which probabilities reach a threshold; NaN does not.

    Compared in float64, as printed, so that a reader of the numbers gets the same result.
    """
    return np.asarray(np.asarray(probabilities, dtype=np.float64) >= threshold)


def smoothed(probabilities: NDArray[np.float32], smoothing_s: float) -> NDArray[np.float32]:
    """Return the centred moving average of a trace.

    Each second is the mean of the defined seconds around it, fewer at the edges; NaN stays NaN.

    Parameters
    ----------
    probabilities : ndarray of float32, shape (n_seconds,)
        One value per second, NaN where undefined.
    smoothing_s : float
        See `PostProcessing`.
    """
    half = (min(math.floor(smoothing_s), 2 * len(probabilities) + 1) - 1) // 2
    if half < 1:
        return probabilities
    defined = np.isfinite(probabilities)
    padded_values = np.pad(np.where(defined, probabilities, 0.0).astype(np.float64), half)
    padded_defined = np.pad(defined.astype(np.float64), half)
    kernel = np.ones(2 * half + 1)
    sums = np.convolve(padded_values, kernel, mode="valid")
    counts = np.convolve(padded_defined, kernel, mode="valid")
    # Cast to float32 so that averaging equal values returns the value exactly.
    means = (sums / np.maximum(counts, 1.0)).astype(np.float32)
    return np.where(defined, means, np.float32(np.nan))


def events_from_trace(trace: ProbabilityTrace, settings: PostProcessing) -> tuple[Event, ...]:
    """Return the events of a probability trace.

    In this order: smoothing, hysteresis, merging, minimum duration. Events start and end on whole
    seconds, or at the recording's end. An undefined second never starts an event and ends a running
    one, but merging may bridge it. A lower threshold never loses a second of an event.

    Returns
    -------
    tuple of Event
        Seizures, sorted and disjoint; `confidence` is the largest unsmoothed probability inside.
    """
    values = smoothed(trace.probabilities, settings.smoothing_s)
    runs = _hysteresis(
        reaches(values, settings.threshold), reaches(values, settings.lower_threshold)
    )
    stretches = [(float(start), min(float(stop), trace.duration_s)) for start, stop in runs]
    return tuple(
        _event(trace, onset_s, offset_s)
        for onset_s, offset_s in joined(stretches, settings.merge_gap_s)
        if offset_s - onset_s >= settings.min_duration_s
    )


def _hysteresis(high: NDArray[np.bool_], low: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return intervals `[start, stop)` that start at a high second and last while low is true.

    `high` implies `low`. Every run of low seconds with a high one gives one interval, from its
    first high second to its end.
    """
    stretches = []
    for start, stop in true_runs(low):
        inside = high[start:stop]
        if inside.any():
            stretches.append((start + int(inside.argmax()), stop))
    return stretches


def _event(trace: ProbabilityTrace, onset_s: float, offset_s: float) -> Event:
    inside = trace.probabilities[math.floor(onset_s) : math.ceil(offset_s)]
    return Event(
        onset_s=onset_s,
        duration_s=offset_s - onset_s,
        event_type=SEIZURE,
        confidence=float(np.nanmax(inside)),
    )
