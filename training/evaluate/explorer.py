"""Scores at other thresholds and post-processing, from stored traces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from seizure_core.events.event import Event
from seizure_core.events.postprocessing import PostProcessing, events_from_trace
from seizure_core.events.score_summary import pool_scores
from seizure_core.events.scoring import RecordingScore, Score, score_events, score_recording
from seizure_core.events.trace import ProbabilityTrace
from seizure_core.signals.signs import Signs
from zoo.card.second_stage import SecondStage

THRESHOLDS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TracedFile:
    """Trace and reference of a recording.

    Attributes
    ----------
    uncertain : tuple of Event
        Intervals excluded from the score, see `score_recording`.
    second_stage : SecondStage or None
        Judges the events of every post-processing; it needs the signs of the EEG.
    signs : ndarray of float32 or None, shape (n_seconds, n_signs)
        From `Detector.signs`.
    """

    file_name: str
    patient: str
    trace: ProbabilityTrace
    reference: tuple[Event, ...]
    uncertain: tuple[Event, ...] = ()
    second_stage: SecondStage | None = None
    signs: Signs | None = None

    def events(self, settings: PostProcessing) -> tuple[Event, ...]:
        """Return the events of a post-processing that the second stage, if any, lets stay."""
        events = events_from_trace(self.trace, settings)
        if self.second_stage is None or self.signs is None:
            return events
        return self.second_stage.judged(events, self.trace, self.signs)[0]

    def score(self, settings: PostProcessing) -> RecordingScore:
        """Return the score of a post-processing, with latency and baselines.

        Raises
        ------
        ParameterError
            The recording is shorter than a second.
        """
        return score_recording(
            self.reference,
            self.events(settings),
            duration_s=self.trace.duration_s,
            uncertain=self.uncertain,
        )

    def plain_score_of(self, events: Sequence[Event]) -> Score:
        """Return the score of given events, without latency and baselines; raises like `score`."""
        return score_events(
            self.reference, events, duration_s=self.trace.duration_s, uncertain=self.uncertain
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExploredPoint:
    """A post-processing with its pooled score."""

    settings: PostProcessing
    score: Score


def explore(
    recordings: Sequence[TracedFile], settings: PostProcessing
) -> tuple[Score, list[RecordingScore]]:
    """Return the pooled score, and each recording's, at a post-processing."""
    scores = [recording.score(settings) for recording in recordings]
    return pool_scores([score.score for score in scores]), scores


def threshold_curve(
    recordings: Sequence[TracedFile],
    settings: PostProcessing,
    thresholds: Sequence[float] = THRESHOLDS,
) -> list[ExploredPoint]:
    """Return the pooled score at each threshold.

    The lower threshold keeps its ratio.
    """
    ratio = settings.lower_threshold / settings.threshold if settings.threshold else 1.0
    points = []
    for threshold in thresholds:
        moved = replace(settings, threshold=threshold, threshold_off=round(ratio * threshold, 6))
        score = pool_scores(
            [recording.plain_score_of(recording.events(moved)) for recording in recordings]
        )
        points.append(ExploredPoint(settings=moved, score=score))
    return points


def best_point(points: Sequence[ExploredPoint]) -> ExploredPoint | None:
    """Return the point with the largest event F1; None if all are undefined.

    Among equal ones, return the middle one, which is the least sensitive to small changes.
    """
    defined = [point for point in points if point.score.event.f1 is not None]
    if not defined:
        return None
    top = max(point.score.event.f1 or 0.0 for point in defined)
    equals = [point for point in defined if point.score.event.f1 == top]
    return equals[(len(equals) - 1) // 2]
