"""The result of a detection, as app, API and command line use it, with findings about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from seizure_core.channels.sources import ChannelSource
from seizure_core.events.event import Event
from seizure_core.events.postprocessing import PostProcessing, events_from_trace
from seizure_core.events.trace import ProbabilityTrace
from seizure_core.messages import Message
from seizure_core.recording import Finding, caveats_first
from seizure_core.signals.signs import Signs
from seizure_core.signals.windows import WindowGrid
from zoo.card.output import CARD_POINT, USER_POINT
from zoo.card.second_stage import DroppedEvent, SecondStage

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


@dataclass(frozen=True, kw_only=True, eq=False)
class Detection:
    """Probabilities and events of one model on one recording.

    Attributes
    ----------
    start_time : datetime or None
        Wall-clock start of the recording.
    duration_s : float
        Length of the recording, gaps included.
    post_processing : PostProcessing
        Settings that were used, which may differ from the card's.
    stride_s, window_s : float
        Stride and window that were used. `window_s` is the length of a row of `probabilities`: a
        window, or a step for models with one output per step.
    starts_s : ndarray of float64, shape (n_windows,)
        Starts of the windows.
    times_s : ndarray of float64, shape (n_windows,)
        Centres of the windows.
    probabilities : ndarray of float32, shape (n_windows,)
        Before post-processing; NaN for windows mostly in a gap.
    events : tuple of Event
        Seizures after post-processing.
    channels : tuple of ChannelSource
        Source of each input channel.
    coverage : float
        Fraction of the model's channels that were available.
    input_findings : tuple of Finding
        Warnings about the recording and the model's input.
    operating_point : str
        Name of the operating point used, or "own" for other settings.
    second_stage : SecondStage or None
        The card's classifier of events, if any.
    signs : ndarray of float32 or None, shape (n_seconds, n_signs)
        What it needs to know of the EEG; None if it was not asked for.
    uses_second_stage : bool
        Whether it has judged the events.
    dropped : tuple of DroppedEvent
        Events that it holds for no seizures, with reasons.
    """

    file_name: str
    start_time: datetime | None
    duration_s: float
    model_id: str
    model_version: str
    weights_sha256: str
    post_processing: PostProcessing
    stride_s: float
    window_s: float
    starts_s: NDArray[np.float64]
    times_s: NDArray[np.float64]
    probabilities: NDArray[np.float32]
    trace: ProbabilityTrace
    events: tuple[Event, ...]
    channels: tuple[ChannelSource, ...]
    coverage: float
    input_findings: tuple[Finding, ...]
    operating_point: str = CARD_POINT
    second_stage: SecondStage | None = None
    signs: Signs | None = None
    uses_second_stage: bool = False
    dropped: tuple[DroppedEvent, ...] = ()

    def at(self, settings: PostProcessing, operating_point: str = USER_POINT) -> Detection:
        """Return what the same probabilities give at another operating point; no network runs."""
        events = events_from_trace(self.trace, settings)
        dropped: tuple[DroppedEvent, ...] = ()
        if self.uses_second_stage and self.second_stage is not None and self.signs is not None:
            events, dropped = self.second_stage.judged(events, self.trace, self.signs)
        return replace(
            self,
            post_processing=settings,
            operating_point=operating_point,
            events=events,
            dropped=dropped,
        )

    def with_second_stage(self, on: bool) -> Detection:
        """Return the same with the second stage switched on or off; without one nothing changes."""
        switched = replace(self, uses_second_stage=on and self.signs is not None)
        return switched.at(self.post_processing, self.operating_point)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Warnings about recording and result, caveats first."""
        of_output = all_seizure_findings(
            self.trace, self.events, self.probabilities, self.threshold
        )
        return caveats_first((*of_output, *self.input_findings))

    @property
    def caveats(self) -> tuple[Finding, ...]:
        """Findings that cast doubt on the whole result; show them first."""
        return tuple(finding for finding in self.findings if finding.is_caveat)

    @property
    def other_findings(self) -> tuple[Finding, ...]:
        """Findings that are not caveats."""
        return tuple(finding for finding in self.findings if not finding.is_caveat)

    @property
    def threshold(self) -> float:
        """Probability at which an event starts."""
        return self.post_processing.threshold

    @property
    def threshold_off(self) -> float:
        """Probability below which an event ends; at most the threshold."""
        return self.post_processing.lower_threshold

    @property
    def is_seizure(self) -> NDArray[np.bool_]:
        """For each window, whether its probability reaches the threshold."""
        # NaN compares as false. In double precision, so that the comparison can be repeated on
        # exported numbers.
        reached: NDArray[np.bool_] = self.probabilities.astype(np.float64) >= self.threshold
        return reached

    @property
    def seizure_s(self) -> float:
        """Seconds covered by events."""
        return float(sum(event.duration_s for event in self.events))
