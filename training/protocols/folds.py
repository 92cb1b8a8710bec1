"""Division of the database into folds of training and test recordings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from training.errors import SplitError
from training.protocols.corpus import Corpus, CorpusRecording

FEWEST_TRAINING_SEIZURES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """Training and test recordings of one fold.

    Attributes
    ----------
    name : str
        Unique within its protocol; letters, digits and "-".
    train, test : tuple of CorpusRecording
        Disjoint.
    """

    name: str
    train: tuple[CorpusRecording, ...]
    test: tuple[CorpusRecording, ...]


def cross_patient_folds(corpus: Corpus, *, n_folds: int, seed: int) -> tuple[Fold, ...]:
    """Return folds without a person in both training and test.

    Persons are shuffled at random and distributed by their numbers of seizures. Each person is
    tested once, with all recordings.

    Raises
    ------
    SplitError
        There are fewer than two persons.
    """
    persons = corpus.persons
    if len(persons) < 2:
        raise SplitError(
            "Cross-patient folds need at least two patients. Fetch more of the database."
        )
    seizures = dict.fromkeys(persons, 0)
    for recording in corpus.recordings:
        seizures[recording.person] += recording.n_seizures
    shuffled = [persons[i] for i in np.random.default_rng([seed, 61]).permutation(len(persons))]
    ranked = sorted(shuffled, key=lambda person: -seizures[person])
    n_folds = min(n_folds, len(persons))
    folds = []
    for number in range(n_folds):
        tested = set(ranked[number::n_folds])
        folds.append(
            Fold(
                name=f"fold-{number + 1}",
                train=tuple(
                    recording for recording in corpus.recordings if recording.person not in tested
                ),
                test=tuple(
                    recording for recording in corpus.recordings if recording.person in tested
                ),
            )
        )
    return tuple(folds)


def patient_specific_folds(corpus: Corpus) -> tuple[Fold, ...]:
    """Return folds that train on a patient's past and test on the time after it.

    As soon as there have been two recordings with seizures, the model trained on the past is tested
    up to the next recording with a seizure, inclusive; then it is trained again with these, too. So
    each later recording is tested once, by a model that knows only earlier ones (after Shoeb and
    Guttag 2010, made causal).

    Raises
    ------
    SplitError
        No patient has a seizure after the first two.
    """
    folds: list[Fold] = []
    for case in corpus.cases:
        folds += _of_case(
            case, [recording for recording in corpus.recordings if recording.case == case]
        )
    if not folds:
        raise SplitError(
            "No patient has two seizures to train on and a later one to test on. Fetch whole "
            "patients."
        )
    return tuple(folds)


def _of_case(case: str, recordings: Sequence[CorpusRecording]) -> list[Fold]:
    folds: list[Fold] = []
    first = _first_test(recordings)
    position = first
    while position < len(recordings):
        # Up to and including the next recording with a seizure.
        stop = position
        while stop < len(recordings) and not recordings[stop].n_seizures:
            stop += 1
        stop = min(stop + 1, len(recordings))
        folds.append(
            Fold(
                name=f"{case}-{len(folds) + 1}",
                train=tuple(recordings[:position]),
                test=tuple(recordings[position:stop]),
            )
        )
        position = stop
    return folds if any(recording.n_seizures for recording in recordings[first:]) else []


def _first_test(recordings: Sequence[CorpusRecording]) -> int:
    """Return the index after enough seizures, or the end."""
    seen = 0
    for position, recording in enumerate(recordings):
        seen += recording.n_seizures
        if seen >= FEWEST_TRAINING_SEIZURES:
            return position + 1
    return len(recordings)
