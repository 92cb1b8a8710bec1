"""Features of candidate events: shape of the probability, evolution of the EEG, alarm history."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from seizure_core.events.event import Event
from seizure_core.events.trace import ProbabilityTrace
from seizure_core.intervals import joined, true_runs
from seizure_core.signals.signs import SIGNS, Signs

FEATURES: Final = (
    "duration",
    "highest probability",
    "mean probability",
    "time to highest probability",
    "swing of probability",
    "probability before",
    "earlier alarms",
    "time in earlier alarms",
    *(f"mean {sign}" for sign in SIGNS),
    *(f"rise of {sign}" for sign in ("amplitude", "spread", "slow", "muscle", "rhythm")),
    *(f"swing of {sign}" for sign in ("amplitude", "peak", "rhythm")),
    *(f"drift of {sign}" for sign in ("amplitude", "peak")),
)
"""Names of the features of a candidate event, see `candidate_features`."""

BEFORE_S: Final = 10
_LEAST_PROBABILITY = 0.05
_HISTORY_S = 600.0
_CALM_S = 30
# Logits of float32 probabilities that are rounded to 0 or 1.
_SURE = 1e-4


def seconds_to_look_at(trace: ProbabilityTrace) -> list[tuple[int, int]]:
    """Return the stretches of a recording where events may be, with the time before them."""
    runs = true_runs(np.nan_to_num(trace.probabilities) >= _LEAST_PROBABILITY)
    return joined((max(start - BEFORE_S, 0), stop) for start, stop in runs)


def candidate_features(
    candidates: Sequence[Event], trace: ProbabilityTrace, signs: Signs
) -> NDArray[np.float64]:
    """Return the features of each candidate event.

    Durations are logarithms of seconds and probabilities logits. "Rise" is the difference to the
    `BEFORE_S` seconds before the event, "swing" the standard deviation over its seconds, "drift"
    the difference of its last and first third. Earlier alarms are candidates within 10 min before.

    Parameters
    ----------
    candidates : sequence of Event
        In order.
    signs : ndarray, shape (n_seconds, len(SIGNS))
        From `seizure_core.signals.signs`, at least where `seconds_to_look_at` says.

    Returns
    -------
    ndarray of float64, shape (n_candidates, len(FEATURES))
        NaN where unknown.
    """
    rows = [
        (*_of_probability(event, trace), *_of_history(event, candidates), *_of_signs(event, signs))
        for event in candidates
    ]
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(FEATURES))


def _of_probability(event: Event, trace: ProbabilityTrace) -> list[float]:
    first, stop = _seconds(event)
    clipped = np.clip(trace.probabilities.astype(np.float64), _SURE, 1.0 - _SURE)
    logits = np.log(clipped / (1.0 - clipped))
    inside, before = logits[first:stop], logits[max(first - _CALM_S, 0) : first]
    known = inside[np.isfinite(inside)]
    if not known.size:
        return [math.log(event.duration_s), *[math.nan] * 5]
    return [
        math.log(event.duration_s),
        float(known.max()),
        float(known.mean()),
        math.log1p(float(np.nanargmax(inside))),
        float(known.std()),
        _mean(before),
    ]


def _of_history(event: Event, candidates: Sequence[Event]) -> list[float]:
    earlier = [
        other
        for other in candidates
        if other.offset_s <= event.onset_s and other.offset_s > event.onset_s - _HISTORY_S
    ]
    return [math.log1p(len(earlier)), math.log1p(sum(other.duration_s for other in earlier))]


def _of_signs(event: Event, signs: Signs) -> list[float]:
    first, stop = _seconds(event)
    inside, before = signs[first:stop], signs[max(first - BEFORE_S, 0) : first]
    third = max(len(inside) // 3, 1)
    column = {name: number for number, name in enumerate(SIGNS)}
    values = [_mean(inside[:, number]) for number in range(len(SIGNS))]
    for name in ("amplitude", "spread", "slow", "muscle", "rhythm"):
        values.append(_mean(inside[:, column[name]]) - _mean(before[:, column[name]]))
    for name in ("amplitude", "peak", "rhythm"):
        known = inside[:, column[name]]
        known = known[np.isfinite(known)]
        values.append(float(known.std()) if known.size else math.nan)
    for name in ("amplitude", "peak"):
        course = inside[:, column[name]]
        values.append(_mean(course[-third:]) - _mean(course[:third]))
    return values


def _seconds(event: Event) -> tuple[int, int]:
    return math.floor(event.onset_s), math.ceil(event.offset_s)


def _mean(values: NDArray[np.floating]) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if known.size else math.nan
