"""Scoring of detected against expert events by SzCORE's rules.

The rules are those of `timescoring` (Dan, Pale and others) with its defaults: events less than 90 s
apart are merged, those longer than 5 min split; a detection counts from 30 s before to 60 s after a
seizure; samples are seconds. As that package neither sorts nor clips events and merges nested ones
wrongly, they are normalised here first. Only latency and uncertain intervals, which are excluded
from the score, have rules of our own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray
from timescoring.annotations import Annotation
from timescoring.scoring import EventScoring, SampleScoring

from seizure_core.errors import ParameterError
from seizure_core.events.event import Event, clip_events, seizures_of, subtract_events
from seizure_core.intervals import joined, outside

TOLERANCE_BEFORE_S = 30.0
TOLERANCE_AFTER_S = 60.0
MERGE_GAP_S = 90.0
MAX_EVENT_S = 300.0
MAX_DURATION_S = 32 * 86_400.0  # The rules work on masks of ten samples per second.

_EVENT_RATE_HZ = 10  # Of timescoring's event masks.
_DAY_S = 86_400.0

Span = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventScore:
    """Event-based score; None if a metric is undefined.

    Attributes
    ----------
    sensitivity, precision, f1 : float or None
        0 to 1.
    n_reference, n_hypothesis : int
        Numbers after merging and splitting.
    n_detected, n_false_alarms : int
        Detected reference events, and hypothesis events without reference.
    duration_s : float
        Scored duration.
    """

    sensitivity: float | None = field(init=False)
    precision: float | None = field(init=False)
    f1: float | None = field(init=False)
    false_alarms_per_24h: float | None = field(init=False)
    n_reference: int
    n_hypothesis: int
    n_detected: int
    n_false_alarms: int
    duration_s: float

    def __post_init__(self) -> None:
        _settle(self, ratios(self.n_reference, self.n_detected, self.n_false_alarms))
        days = self.duration_s / 3600 / 24
        rate = self.n_false_alarms / days if days else None
        object.__setattr__(self, "false_alarms_per_24h", rate)


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleScore:
    """Score second by second; None if a metric is undefined.

    Attributes
    ----------
    sensitivity, precision, f1 : float or None
        0 to 1.
    reference_s, detected_s, false_s : int
        Seconds of seizure, of these detected, and detected elsewhere.
    """

    sensitivity: float | None = field(init=False)
    precision: float | None = field(init=False)
    f1: float | None = field(init=False)
    reference_s: int
    detected_s: int
    false_s: int

    def __post_init__(self) -> None:
        _settle(self, ratios(self.reference_s, self.detected_s, self.false_s))


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Event-based and sample-based score."""

    event: EventScore
    sample: SampleScore


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingScore:
    """Score of one recording.

    Attributes
    ----------
    latency_s : tuple of float
        For each detected seizure in order: onset of the first event within the tolerance minus
        onset of the seizure; negative if the event came first.
    always, never : Score
        Baselines: an alarm over the whole recording, and none.
    """

    score: Score
    latency_s: tuple[float, ...]
    always: Score
    never: Score


def score_recording(
    reference: Iterable[Event],
    hypothesis: Iterable[Event],
    *,
    duration_s: float,
    uncertain: Iterable[Event] = (),
) -> RecordingScore:
    """Score the events detected in one recording.

    Parameters
    ----------
    reference, hypothesis : iterable of Event
        In any order; only seizures count, clipped to the recording.
    duration_s : float
        1 s to 32 days.
    uncertain : iterable of Event
        Possible seizures. Their seconds are excluded, and an alarm that only they would explain is
        neither right nor false.

    Raises
    ------
    ParameterError
        The duration is out of bounds.
    """
    _check_length(duration_s)
    known = tuple(reference)
    expert, found = tidy_spans(known, duration_s), tidy_spans(hypothesis, duration_s)
    unclear = _unclear_spans(known, uncertain, duration_s)
    return RecordingScore(
        score=_score(expert, found, duration_s, unclear),
        latency_s=_latencies_s(expert, found),
        always=_score(expert, [(0.0, duration_s)], duration_s, unclear),
        never=_score(expert, [], duration_s, unclear),
    )


def score_events(
    reference: Iterable[Event],
    hypothesis: Iterable[Event],
    *,
    duration_s: float,
    uncertain: Iterable[Event] = (),
) -> Score:
    """Return the score of `score_recording` without latency and baselines.

    Raises
    ------
    ParameterError
        The duration is out of bounds.
    """
    _check_length(duration_s)
    known = tuple(reference)
    return _score(
        tidy_spans(known, duration_s),
        tidy_spans(hypothesis, duration_s),
        duration_s,
        _unclear_spans(known, uncertain, duration_s),
    )


def tidy_spans(events: Iterable[Event], duration_s: float) -> list[Span]:
    """Return onset and offset of seizures: sorted, clipped, overlaps merged."""
    clipped = clip_events(seizures_of(events), duration_s)
    return joined(event.span_s for event in clipped)


def ratios(true: ArrayLike, found: ArrayLike, false: ArrayLike) -> dict[str, NDArray[np.float64]]:
    """Return sensitivity, precision and F1 from counts, by `timescoring`; NaN if undefined."""
    n_true, n_found, n_false = (np.asarray(n, dtype=np.float64) for n in (true, found, false))
    with np.errstate(invalid="ignore", divide="ignore"):
        return {
            "sensitivity": n_found / n_true,
            "precision": n_found / (n_found + n_false),
            "f1": 2 * n_found / (n_found + n_false + n_true),
        }


def _settle(score: object, known: Mapping[str, NDArray[np.float64]]) -> None:
    for name, value in known.items():
        object.__setattr__(score, name, float(value) if np.isfinite(value) else None)


def _check_length(duration_s: float) -> None:
    if not 1.0 <= duration_s <= MAX_DURATION_S:
        raise ParameterError(
            "Recordings of 1 s to {max_duration_s:g} days can be scored; this one lasts "
            "{duration_s:g} s.",
            max_duration_s=MAX_DURATION_S / _DAY_S,
            duration_s=duration_s,
        )


def _unclear_spans(
    reference: Sequence[Event], uncertain: Iterable[Event], duration_s: float
) -> list[Span]:
    left = subtract_events(clip_events(uncertain, duration_s), seizures_of(reference))
    return joined(event.span_s for event in left)


def _score(
    expert: Sequence[Span],
    found: Sequence[Span],
    duration_s: float,
    unclear: Sequence[Span] = (),
) -> Score:
    n_samples = round(duration_s * _EVENT_RATE_HZ)

    def annotation(spans: Sequence[Span]) -> Annotation:
        return Annotation(list(spans), _EVENT_RATE_HZ, n_samples)

    # Merging across short gaps is the first step of the rules; done here it is fast for very many
    # events.
    events = EventScoring(
        annotation(joined(expert, MERGE_GAP_S)),
        annotation(_judged(joined(found, MERGE_GAP_S), expert, unclear)),
    )
    samples = SampleScoring(annotation(expert), annotation(outside(found, unclear)))
    unclear_s = sum(stop_s - start_s for start_s, stop_s in unclear)
    return Score(
        event=EventScore(
            n_reference=int(events.refTrue),
            n_hypothesis=len(events.hyp.events),
            n_detected=int(events.tp),
            n_false_alarms=int(events.fp),
            duration_s=max(events.numSamples / events.fs - unclear_s, 0.0),
        ),
        sample=SampleScore(
            reference_s=int(samples.refTrue),
            detected_s=int(samples.tp),
            false_s=int(samples.fp),
        ),
    )


def _judged(
    found: Sequence[Span], expert: Sequence[Span], unclear: Sequence[Span]
) -> Sequence[Span]:
    """Return the alarms to score: not those that only an uncertain interval explains.

    Long ones are split first, as in the rules.
    """
    if not unclear:
        return found
    pieces = [
        (start_s, min(start_s + MAX_EVENT_S, stop_s))
        for onset_s, stop_s in found
        for start_s in np.arange(onset_s, stop_s, MAX_EVENT_S).tolist()
    ]
    return [
        piece
        for piece in pieces
        if any(_explains(seizure, piece) for seizure in expert)
        or not any(_explains(event, piece) for event in unclear)
    ]


def _explains(seizure: Span, alarm: Span) -> bool:
    return alarm[0] < seizure[1] + TOLERANCE_AFTER_S and alarm[1] > seizure[0] - TOLERANCE_BEFORE_S


def _latencies_s(expert: Sequence[Span], found: Sequence[Span]) -> tuple[float, ...]:
    latencies_s = []
    first = 0  # Both are sorted and disjoint: events before one seizure are before all later ones.
    for onset_s, offset_s in expert:
        while first < len(found) and found[first][1] <= onset_s - TOLERANCE_BEFORE_S:
            first += 1
        if first < len(found) and found[first][0] < offset_s + TOLERANCE_AFTER_S:
            latencies_s.append(found[first][0] - onset_s)
    return tuple(latencies_s)
