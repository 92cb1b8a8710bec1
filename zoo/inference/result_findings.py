"""Findings about a detection, such as caveats on the whole result."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from seizure_core.events.event import Event
from seizure_core.events.trace import ProbabilityTrace
from seizure_core.messages import Message
from seizure_core.recording import Finding
from seizure_core.signals.windows import WindowGrid

ALL_SEIZURE_FRACTION = 0.9
"""Fraction of a recording from which on a result is considered meaningless."""


def all_seizure_findings(
    trace: ProbabilityTrace,
    events: Sequence[Event],
    probabilities: NDArray[np.float32],
    threshold: float,
) -> tuple[Finding, ...]:
    """Return a caveat if nearly the whole recording is classified as seizure.

    Parameters
    ----------
    probabilities : ndarray, shape (n_windows,)
        Of the windows, before post-processing.
    threshold : float
        Probability that starts an event.
    """
    part = max(_part_of_windows(probabilities, threshold), _part_of_seconds(trace, events))
    if part < ALL_SEIZURE_FRACTION:
        return ()
    message = Message(
        "{part:.0%} of the recording comes out as seizure: such a result says nothing about "
        "where seizures are. Check unit, channels and signal quality, or use another model.",
        part=part,
    )
    return (Finding.caveat(message),)


def grid_findings(
    grid: WindowGrid, sampling_rate_hz: float, probabilities: NDArray[np.float32]
) -> tuple[Finding, ...]:
    """Return findings about the recording's end and gaps."""
    findings = []
    rest_s = grid.n_rest_samples / sampling_rate_hz
    if rest_s >= 1.0:
        findings.append(
            Finding.info(
                "The last {rest_s:g} s are shorter than a stride: they have no window of "
                "their own and take the probability of the last one.",
                rest_s=rest_s,
            )
        )
    n_undefined = int(np.isnan(probabilities).sum())
    if n_undefined:
        findings.append(
            Finding.warning(
                "{n_undefined} of {n_probabilities} windows lie mostly in gaps of the "
                "recording: they have no probability and start no event.",
                n_undefined=n_undefined,
                n_probabilities=len(probabilities),
            )
        )
    return tuple(findings)


def _part_of_windows(probabilities: NDArray[np.float32], threshold: float) -> float:
    defined = probabilities[~np.isnan(probabilities)].astype(np.float64)
    return float(np.mean(defined >= threshold)) if defined.size else 0.0


def _part_of_seconds(trace: ProbabilityTrace, events: Sequence[Event]) -> float:
    """Return the fraction of the time with probabilities that lies in events."""
    judged_s = float(np.count_nonzero(~np.isnan(trace.probabilities)))
    seizure_s = sum(event.duration_s for event in events)
    return min(1.0, seizure_s / judged_s) if judged_s else 0.0
