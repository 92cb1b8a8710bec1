"""Agreement of readers and machine: pairs, Fleiss' kappa, and whether one may stand in.

The pairwise table follows Scheuer and others (Clin. Neurophysiol. 2021), who compared three readers
and a detector with each other. The test of exchange follows the multi-rater Turing test (neonatal
EEG): the machine may stand in for a reader if the agreement of the group does not fall by more than
a margin when the machine takes a reader's place.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from seizure_core.errors import ParameterError
from seizure_core.events.event import Event, clip_events, seizures_of
from seizure_core.events.scoring import score_events
from seizure_core.intervals import joined
from seizure_core.review.model import ReviewState

MARGIN = 0.1
"""Largest loss of kappa that is called none."""
LEVEL = 0.025
"""One-sided, as is usual for trials of non-inferiority."""
MIN_RECORDINGS = 6
_DAY_S = 86_400.0
_SAME_EVENT_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderEvents:
    """Seizures of one reader or model.

    Attributes
    ----------
    events : mapping of str to tuple of Event
        By recording; one without seizures has an empty tuple, one not looked at is not there.
    """

    reader: str
    is_model: bool
    events: Mapping[str, tuple[Event, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairScore:
    """Agreement of one reader with another one, who is taken as the reference.

    Attributes
    ----------
    sensitivity, false_alarms_per_24h : float or None
        None if undefined.
    n_recordings, hours : int, float
        What both have looked at.
    """

    reference: str
    hypothesis: str
    sensitivity: float | None
    false_alarms_per_24h: float | None
    n_reference: int
    n_hypothesis: int
    n_recordings: int
    hours: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StandInResult:
    """Result of the test whether a model may take the place of a reader.

    Attributes
    ----------
    may_stand_in : bool
        Whether the lower bound lies above minus the margin.
    difference : float
        Kappa with the model in a reader's place, mean over the readers, minus that of the readers.
    lower_bound : float
        One-sided confidence bound of the difference.
    """

    model: str
    may_stand_in: bool
    difference: float
    lower_bound: float
    margin: float
    kappa_readers: float
    kappa_with_model: float
    n_readers: int
    n_recordings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A stretch that some readers call a seizure and others do not."""

    recording_id: str
    onset_s: float
    offset_s: float
    marked_by: tuple[str, ...]
    not_marked_by: tuple[str, ...]


def readings_of(state: ReviewState) -> list[ReaderEvents]:
    """Return what each source found, and what each reviewer left of it.

    A reviewer has read a recording once every candidate in it is decided; the seizures are those
    that the reviewer accepted or marked.
    """
    found = []
    for source in state.sources.values():
        if source.role == "self":
            continue
        events: dict[str, list[Event]] = {
            recording_id: []
            for recording_id, source_id in sorted(state.looked_at)
            if source_id == source.source_id
        }
        for item in state.all_items:
            if item.source_id == source.source_id:
                events[item.recording_id].append(item.event)
        found.append(_reading(source.name, source.role == "model", events))
    return [*found, *_reviewers(state)]


def _reviewers(state: ReviewState) -> Iterable[ReaderEvents]:
    left = {item.recording_id for item in state.candidates() if not item.is_decided}
    names = dict.fromkeys(item.who for item in state.all_items if item.who)
    for who in names:
        events: dict[str, list[Event]] = {}
        for item in state.all_items:
            if item.who == who and item.recording_id not in left:
                kept = events.setdefault(item.recording_id, [])
                if item.final is not None:
                    kept.append(item.final)
        if events:
            yield _reading(f"review by {who}", False, events)


def _reading(reader: str, is_model: bool, events: Mapping[str, Iterable[Event]]) -> ReaderEvents:
    kept = {recording_id: seizures_of(found) for recording_id, found in events.items()}
    return ReaderEvents(reader=reader, is_model=is_model, events=kept)


def pair_scores(
    readings: Sequence[ReaderEvents], durations_s: Mapping[str, float]
) -> list[PairScore]:
    """Return the score of each reader against each other, by SzCORE's rules for events."""
    rows = []
    for reference, hypothesis in itertools.permutations(readings, 2):
        common = [name for name in reference.events if name in hypothesis.events]
        scores = [
            score_events(
                reference.events[name], hypothesis.events[name], duration_s=durations_s[name]
            ).event
            for name in common
        ]
        n_reference = sum(score.n_reference for score in scores)
        duration_s = sum(score.duration_s for score in scores)
        n_false = sum(score.n_false_alarms for score in scores)
        n_detected = sum(score.n_detected for score in scores)
        rows.append(
            PairScore(
                reference=reference.reader,
                hypothesis=hypothesis.reader,
                sensitivity=n_detected / n_reference if n_reference else None,
                false_alarms_per_24h=n_false * _DAY_S / duration_s if duration_s else None,
                n_reference=n_reference,
                n_hypothesis=sum(score.n_hypothesis for score in scores),
                n_recordings=len(common),
                hours=duration_s / 3600.0,
            )
        )
    return rows


def fleiss_kappa(counts: ArrayLike) -> float | None:
    """Return Fleiss' kappa (1971); None where chance alone would agree always.

    Parameters
    ----------
    counts : array_like, shape (n_subjects, n_categories)
        How many raters chose each category; every subject has the same number of raters, 2 or more.

    Raises
    ------
    ParameterError
        The numbers of raters differ, or there are fewer than 2.
    """
    table = np.atleast_2d(np.asarray(counts, dtype=np.float64))
    raters = table.sum(axis=1)
    if not table.size or raters[0] < 2 or (raters != raters[0]).any():
        raise ParameterError("Kappa needs the same number of raters, 2 or more, for each subject.")
    n = raters[0]
    agreed = ((table**2).sum(axis=1) - n) / (n * (n - 1))
    by_chance = float(((table.sum(axis=0) / table.sum()) ** 2).sum())
    if math.isclose(by_chance, 1.0):
        return None
    return float((agreed.mean() - by_chance) / (1.0 - by_chance))


def ratings_of(
    readings: Sequence[ReaderEvents], durations_s: Mapping[str, float]
) -> list[NDArray[np.bool_]]:
    """Return what all readers said of each second, for recordings that all have looked at.

    Returns
    -------
    list of ndarray of bool, shape (n_readers, n_seconds)
        One a recording.
    """
    common = [name for name in durations_s if all(name in reading.events for reading in readings)]
    found = []
    for name in common:
        said = np.zeros((len(readings), max(math.ceil(durations_s[name]), 1)), dtype=bool)
        for row, reading in zip(said, readings, strict=True):
            for event in clip_events(reading.events[name], durations_s[name]):
                row[round(event.onset_s) : max(round(event.offset_s), round(event.onset_s) + 1)] = 1
        found.append(said)
    return found


def kappa_of(ratings: Sequence[NDArray[np.bool_]]) -> float | None:
    """Return Fleiss' kappa of readers over all seconds of recordings."""
    return _kappa(np.sum([_sums(said) for said in ratings], axis=0))


def stand_in(
    ratings: Sequence[NDArray[np.bool_]], *, model: str = "model", margin: float = MARGIN
) -> StandInResult:
    """Test whether a model may take the place of a reader.

    The difference of kappa is a ratio of sums over recordings; its error is found by leaving out
    one recording at a time (jackknife), because the seconds of a recording are not independent.

    Parameters
    ----------
    ratings : sequence of ndarray of bool, shape (1 + n_readers, n)
        One a recording: the model first, then two or more readers.
    margin : float
        Largest loss of kappa to be tolerated, 0 to 1.

    Raises
    ------
    ParameterError
        There are too few readers or recordings, or too few seizures to say anything.
    """
    n_readers = ratings[0].shape[0] - 1 if ratings else 0
    if n_readers < 2 or len(ratings) < MIN_RECORDINGS:
        raise ParameterError(
            "The test needs 2 readers and {most} recordings that they and the model have all read; "
            "there are {n_readers} and {n_recordings}.",
            most=MIN_RECORDINGS,
            n_readers=n_readers,
            n_recordings=len(ratings),
        )
    readers = list(range(1, n_readers + 1))
    groups = [readers, *([0, *(r for r in readers if r != out)] for out in readers)]
    # Shape (n_groups, n_recordings, 3).
    sums = np.array([[_sums(said[group]) for said in ratings] for group in groups])
    total = sums.sum(axis=1)
    kappas = np.array([_kappa(one) for one in total], dtype=np.float64)
    left_out = np.array(
        [[_kappa(all_ - one) for one in each] for all_, each in zip(total, sums, strict=True)],
        dtype=np.float64,  # NaN for None
    )
    if np.isnan(kappas).any() or np.isnan(left_out).any():
        raise ParameterError("There are too few seizures in these recordings to compare readers.")
    estimate = float(kappas[1:].mean() - kappas[0])
    differences = left_out[1:].mean(axis=0) - left_out[0]
    n = len(ratings)
    error = math.sqrt((n - 1) / n * float(((differences - differences.mean()) ** 2).sum()))
    lower = estimate - float(scipy.stats.t.ppf(1.0 - LEVEL, n - 1)) * error
    return StandInResult(
        model=model,
        may_stand_in=lower > -margin,
        difference=estimate,
        lower_bound=lower,
        margin=margin,
        kappa_readers=float(kappas[0]),
        kappa_with_model=float(kappas[1:].mean()),
        n_readers=n_readers,
        n_recordings=n,
    )


def _sums(said: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return agreeing pairs, positive ratings and all ratings of some raters."""
    n = len(said)
    positive = said.sum(axis=0, dtype=np.float64)
    agreed = (positive**2 + (n - positive) ** 2 - n) / (n * (n - 1))
    return np.array([agreed.sum() * n, positive.sum(), said.size])


def _kappa(sums: NDArray[np.float64]) -> float | None:
    agreed, positive, size = (float(one) for one in sums)
    if not size:
        return None
    share = positive / size
    by_chance = share**2 + (1.0 - share) ** 2
    return None if math.isclose(by_chance, 1.0) else (agreed / size - by_chance) / (1.0 - by_chance)


def disagreements(
    readings: Sequence[ReaderEvents], durations_s: Mapping[str, float]
) -> list[Disagreement]:
    """Return the stretches that some readers marked and others, who looked, did not."""
    found = []
    for name in durations_s:
        looked = [reading for reading in readings if name in reading.events]
        spans = joined(
            (event.span_s for reading in looked for event in reading.events[name]), _SAME_EVENT_S
        )
        for onset_s, offset_s in spans:
            marked = [
                reading.reader
                for reading in looked
                if any(
                    event.onset_s < offset_s and event.offset_s > onset_s
                    for event in reading.events[name]
                )
            ]
            others = [reading.reader for reading in looked if reading.reader not in marked]
            if others:
                found.append(
                    Disagreement(
                        recording_id=name,
                        onset_s=onset_s,
                        offset_s=offset_s,
                        marked_by=tuple(marked),
                        not_marked_by=tuple(others),
                    )
                )
    return found


def compare_readers(state: ReviewState, *, margin: float = MARGIN) -> dict[str, Any]:
    """Return all comparisons of a review as plain data; what cannot be said is None.

    Raises
    ------
    ParameterError
        Fewer than two readers, a model included, have looked at recordings of the review.
    """
    readings, durations_s = readings_of(state), state.durations_s
    if len(readings) < 2:
        raise ParameterError(
            "Two readers, or a reader and a model, are needed for a comparison; there are {n}.",
            n=len(readings),
        )
    experts = [reading for reading in readings if not reading.is_model]
    models = [reading for reading in readings if reading.is_model]
    common = ratings_of(experts, durations_s) if len(experts) > 1 else []
    tests = [_tested(model, experts, durations_s, margin) for model in models]
    return {
        "readers": [
            {"reader": one.reader, "is_model": one.is_model, "n_recordings": len(one.events)}
            for one in readings
        ],
        "pairs": [asdict(row) for row in pair_scores(readings, durations_s)],
        "kappa_readers": kappa_of(common) if common else None,
        "stand_in": tests,
        "disagreements": [asdict(one) for one in disagreements(readings, durations_s)],
    }


def _tested(
    model: ReaderEvents,
    experts: Sequence[ReaderEvents],
    durations_s: Mapping[str, float],
    margin: float,
) -> dict[str, Any]:
    ratings = ratings_of([model, *experts], durations_s)
    try:
        return asdict(stand_in(ratings, model=model.reader, margin=margin)) | {"reason": ""}
    except ParameterError as error:
        return {"model": model.reader, "may_stand_in": None, "reason": error.message}
