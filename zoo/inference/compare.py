"""Comparison of models on one recording: traces, events, scores and agreement.

Models may differ in windows, sampling rates and channels; they are compared on their probability
traces of one value per second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from seizure_core.errors import ParameterError, SeizureZooError
from seizure_core.events.event import Event
from seizure_core.events.scoring import RecordingScore, score_recording
from seizure_core.intervals import constant_runs
from seizure_core.recording import Recording
from zoo.inference.detection import Detection

if TYPE_CHECKING:
    from zoo.detector import Detector

MAX_MODELS = 12

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedModel:
    """A model of a comparison with its threshold."""

    detector: Detector
    threshold: float

    @classmethod
    def of(cls, detector: Detector, threshold: float | None = None) -> ComparedModel:
        """Return a model at a threshold; None takes the card's.

        Raises
        ------
        ParameterError
            The threshold is out of bounds.
        """
        return cls(detector=detector, threshold=detector.post_processing(threshold).threshold)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Agreement of two models, second by second.

    Attributes
    ----------
    first, second : int
        Positions of the models, from 0.
    n_both, n_neither : int
        Seconds that both or neither call seizure.
    n_first_only, n_second_only : int
        Seconds that only one of them calls seizure.
    """

    first: int
    second: int
    n_both: int
    n_neither: int
    n_first_only: int
    n_second_only: int

    @property
    def n_seconds(self) -> int:
        """Seconds for which both have a result."""
        return self.n_both + self.n_neither + self.n_first_only + self.n_second_only

    @property
    def fraction(self) -> float | None:
        """Fraction of the seconds in which they agree; None without seconds."""
        return (self.n_both + self.n_neither) / self.n_seconds if self.n_seconds else None

    @property
    def overlap(self) -> float | None:
        """Seconds that both call seizure over those that either does; None without any."""
        either = self.n_both + self.n_first_only + self.n_second_only
        return self.n_both / either if either else None

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa, the agreement beyond chance; None where chance agreement is perfect."""
        n = self.n_seconds
        if not n:
            return None
        first = (self.n_both + self.n_first_only) / n
        second = (self.n_both + self.n_second_only) / n
        by_chance = first * second + (1 - first) * (1 - second)
        agreed = (self.n_both + self.n_neither) / n
        return (agreed - by_chance) / (1 - by_chance) if by_chance < 1 else None

    def __add__(self, other: Agreement) -> Agreement:
        """Return the agreement over the seconds of both."""
        counts = ("n_both", "n_neither", "n_first_only", "n_second_only")
        return replace(
            self, **{name: getattr(self, name) + getattr(other, name) for name in counts}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Votes:
    """An interval in which at least one model finds a seizure.

    Attributes
    ----------
    seizure, background : tuple of int
        Positions of the models that call it seizure, and background.
    """

    onset_s: float
    duration_s: float
    seizure: tuple[int, ...]
    background: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class ModelOutput:
    """Detection and score of one model on one recording, or an error message."""

    detection: Detection | None
    score: RecordingScore | None = None
    message: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class RecordingComparison:
    """Results of several models on one recording.

    Attributes
    ----------
    models : tuple of ModelOutput
        In the order of the comparison.
    agreements : tuple of Agreement
        For every pair of models that have a detection.
    votes : tuple of Votes
        In order of time.
    reference : tuple of Event or None
        Events of the expert, if any.
    findings : tuple of str
        Warnings about recording and reference.
    """

    file_name: str
    duration_s: float
    models: tuple[ModelOutput, ...]
    agreements: tuple[Agreement, ...]
    votes: tuple[Votes, ...]
    reference: tuple[Event, ...] | None
    findings: tuple[str, ...] = ()

    @property
    def disagreements(self) -> tuple[Votes, ...]:
        """The intervals in which the models differ."""
        return tuple(one for one in self.votes if one.background)

    def first_alarm_s(self, position: int) -> float | None:
        """Return the onset of a model's first event; None without events."""
        detection = self.models[position].detection
        return detection.events[0].onset_s if detection and detection.events else None

    def first_alarm_difference_s(self, first: int, second: int) -> float | None:
        """Return the delay of the second model's first event; None unless both have one."""
        one, other = self.first_alarm_s(first), self.first_alarm_s(second)
        return None if one is None or other is None else other - one


def compare_models(
    recording: Recording,
    models: Sequence[ComparedModel],
    *,
    reference: Sequence[Event] | None = None,
    uncertain: Sequence[Event] = (),
    findings: Sequence[str] = (),
    progress: Progress | None = None,
) -> RecordingComparison:
    """Run several models over a recording and compare their results.

    If a model cannot be used on the recording, its message says why; the others are compared.

    Parameters
    ----------
    models : sequence of ComparedModel
        2 to 12; one model may occur at several thresholds.
    reference : sequence of Event, optional
        Events of the expert, to score against.
    uncertain : sequence of Event
        Intervals excluded from the score.
    findings : sequence of str
        Warnings about recording and reference.
    progress : callable, optional
        Called with the fraction done, 0 to 1.

    Raises
    ------
    ParameterError
        Too few or too many models.
    """
    check_number(len(models))
    rows = []
    for position, model in enumerate(models):

        def report(fraction: float, before: int = position) -> None:
            if progress is not None:
                progress((before + fraction) / len(models))

        rows.append(_run(model, recording, reference, uncertain, report))
    decisions = [None if row.detection is None else _decision(row.detection) for row in rows]
    return RecordingComparison(
        file_name=recording.file_name,
        duration_s=recording.duration_s,
        models=tuple(rows),
        agreements=tuple(_agreements(decisions)),
        votes=tuple(_votes(decisions, recording.duration_s)),
        reference=None if reference is None else tuple(reference),
        findings=tuple(findings),
    )


def check_number(n_models: int) -> None:
    """Check the number of models to compare.

    Raises
    ------
    ParameterError
        Too few or too many models.
    """
    if not 2 <= n_models <= MAX_MODELS:
        raise ParameterError(
            "2 to {max_models} models can be compared; {n_models} were given.",
            max_models=MAX_MODELS,
            n_models=n_models,
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Decision:
    """Per second, whether the model calls it seizure and whether it has a result."""

    seizure: NDArray[np.bool_]
    defined: NDArray[np.bool_]


def _run(
    model: ComparedModel,
    recording: Recording,
    reference: Sequence[Event] | None,
    uncertain: Sequence[Event],
    report: Progress,
) -> ModelOutput:
    try:
        detection = model.detector.detect(recording, threshold=model.threshold, progress=report)
        score = (
            None
            if reference is None
            else score_recording(
                reference,
                detection.events,
                duration_s=recording.duration_s,
                uncertain=uncertain,
            )
        )
    except SeizureZooError as error:
        return ModelOutput(detection=None, message=error.message)
    return ModelOutput(detection=detection, score=score)


def _decision(detection: Detection) -> _Decision:
    """Return for each second whether its middle lies in an event.

    A second without probability counts as decided if an event bridges it.
    """
    probabilities = detection.trace.probabilities
    middles = np.arange(len(probabilities)) + 0.5
    seizure = np.zeros(len(probabilities), dtype=np.bool_)
    for event in detection.events:
        seizure |= (middles >= event.onset_s) & (middles < event.offset_s)
    return _Decision(seizure, ~np.isnan(probabilities) | seizure)


def _agreements(decisions: Sequence[_Decision | None]) -> Iterator[Agreement]:
    present = [
        (index, decision) for index, decision in enumerate(decisions) if decision is not None
    ]
    for (first, decision), (second, other) in combinations(present, 2):
        # Two bits per second, one for each model.
        said = (decision.seizure * 2 + other.seizure)[decision.defined & other.defined]
        neither, second_only, first_only, both = np.bincount(said, minlength=4).tolist()
        yield Agreement(
            first=first,
            second=second,
            n_both=both,
            n_neither=neither,
            n_first_only=first_only,
            n_second_only=second_only,
        )


def _votes(decisions: Sequence[_Decision | None], duration_s: float) -> list[Votes]:
    """Return the intervals in which a model finds a seizure, with who does and who does not."""
    present = [
        (index, decision) for index, decision in enumerate(decisions) if decision is not None
    ]
    if len(present) < 2:
        return []
    # One bit per model: 1 for seizure, 0 for background or no result.
    code = np.zeros(len(present[0][1].seizure), dtype=np.int64)
    known = np.zeros_like(code)
    for bit, (_, decision) in enumerate(present):
        code |= decision.seizure.astype(np.int64) << bit
        known |= decision.defined.astype(np.int64) << bit
    found = []
    for start, stop in constant_runs(np.stack((code, known))):
        if not code[start]:
            continue
        bits = range(len(present))
        found.append(
            Votes(
                onset_s=float(start),
                duration_s=float(min(stop, duration_s) - start),
                seizure=tuple(present[bit][0] for bit in bits if code[start] >> bit & 1),
                background=tuple(
                    present[bit][0] for bit in bits if (known[start] & ~code[start]) >> bit & 1
                ),
            )
        )
    return found
