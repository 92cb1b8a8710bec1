from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import brentq

from seizure_core.errors import ParameterError
from seizure_core.review.agreement import (
    MARGIN,
    ReaderEvents,
    disagreements,
    fleiss_kappa,
    kappa_of,
    pair_scores,
    ratings_of,
    stand_in,
)
from tests.seizure_core.review.reviews import event

N_READERS, N_RECORDINGS, N_SAMPLES = 3, 20, 400
ERROR, PREVALENCE = 0.08, 0.2


def closed_form(errors: list[float], prevalence: float) -> float:
    """Return the true kappa of raters who err by chance about a hidden truth."""
    pairs = [(a, b) for i, a in enumerate(errors) for b in errors[i + 1 :]]
    agreed = np.mean([(1 - a) * (1 - b) + a * b for a, b in pairs])
    positive = np.mean([prevalence * (1 - e) + (1 - prevalence) * e for e in errors])
    chance = positive**2 + (1 - positive) ** 2
    return float((agreed - chance) / (1 - chance))


def study(rng: np.random.Generator, model_error: float) -> list[NDArray[np.bool_]]:
    """Return ratings of a model and readers; recordings differ in how much seizure they hold."""
    found = []
    for share in rng.beta(2, 8, size=N_RECORDINGS):  # mean: PREVALENCE
        truth = rng.random(N_SAMPLES) < share
        errors = np.array([model_error, *[ERROR] * N_READERS])[:, None]
        found.append(truth ^ (rng.random((N_READERS + 1, N_SAMPLES)) < errors))
    return found


def difference(model_error: float) -> float:
    with_model = closed_form([model_error, *[ERROR] * (N_READERS - 1)], PREVALENCE)
    return with_model - closed_form([ERROR] * N_READERS, PREVALENCE)


def test_kappa_equals_the_closed_form() -> None:
    # Fleiss 1971, ten subjects, fourteen raters, five categories.
    table = np.array(
        """0 0 0 0 14 / 0 2 6 4 2 / 0 0 3 5 6 / 0 3 9 2 0 / 2 2 8 1 1 / 7 7 0 0 0 / 3 2 6 3 0
        / 2 5 3 2 2 / 6 5 2 1 0 / 0 2 2 3 7""".replace("/", " ").split(),
        dtype=int,
    ).reshape(10, 5)
    n, raters = table.shape[0], 14
    agreed = sum((sum(x * x for x in row) - raters) / (raters * (raters - 1)) for row in table) / n
    chance = sum((sum(column) / (n * raters)) ** 2 for column in table.T)
    expected = (agreed - chance) / (1 - chance)
    assert round(expected, 3) == 0.21
    assert abs((fleiss_kappa(table) or 0) - expected) <= 1e-9


def test_kappa_over_recordings_is_kappa_of_all_their_seconds() -> None:
    ratings = study(np.random.default_rng(1), 0.3)
    positive = np.concatenate([said.sum(axis=0) for said in ratings])
    table = np.stack([positive, N_READERS + 1 - positive], axis=1)
    assert abs((kappa_of(ratings) or 0) - (fleiss_kappa(table) or 1)) <= 1e-9


def test_a_worse_model_is_wrongly_let_in_in_at_most_5_percent_of_1000_null_studies() -> None:
    model_error = brentq(lambda error: difference(error) + MARGIN, ERROR, 0.5)
    rng = np.random.default_rng(23)
    claimed = sum(stand_in(study(rng, model_error)).may_stand_in for _ in range(1000))
    assert claimed <= 50


def test_a_model_as_good_as_the_readers_is_let_in() -> None:
    rng = np.random.default_rng(7)
    claimed = sum(stand_in(study(rng, ERROR)).may_stand_in for _ in range(100))
    assert claimed >= 90


def test_too_little_to_compare_is_said() -> None:
    few = study(np.random.default_rng(1), ERROR)
    with pytest.raises(ParameterError, match="2 readers and 6 recordings"):
        stand_in(few[:5])
    with pytest.raises(ParameterError, match="2 readers and 6 recordings"):
        stand_in([said[:2] for said in few])
    with pytest.raises(ParameterError, match="too few seizures"):
        stand_in([np.zeros_like(said) for said in few])
    with pytest.raises(ParameterError, match="same number of raters"):
        fleiss_kappa([[2, 1], [3, 1]])


ONE = ReaderEvents(
    reader="A", is_model=False, events={"n1": (event(100), event(2000)), "n2": (), "n3": ()}
)
TWO = ReaderEvents(reader="B", is_model=False, events={"n1": (event(104),), "n2": (event(50),)})
DURATIONS_S = {"n1": 43_200.0, "n2": 43_200.0, "n3": 600.0}


def test_pairs_count_only_what_both_have_looked_at() -> None:
    rows = {(row.reference, row.hypothesis): row for row in pair_scores([ONE, TWO], DURATIONS_S)}
    forth, back = rows["A", "B"], rows["B", "A"]
    assert (forth.sensitivity, forth.false_alarms_per_24h) == (0.5, 1.0)
    assert (back.sensitivity, back.false_alarms_per_24h) == (0.5, 1.0)
    assert (forth.n_recordings, forth.hours) == (2, 24.0)


def test_disagreements_name_their_place_and_who_is_of_which_opinion() -> None:
    found = disagreements([ONE, TWO], DURATIONS_S)
    assert [(one.recording_id, one.onset_s, one.marked_by) for one in found] == [
        ("n1", 2000, ("A",)),
        ("n2", 50, ("B",)),
    ]
    assert found[0].not_marked_by == ("B",)


def test_seconds_are_rated_where_all_have_looked() -> None:
    ratings = ratings_of([ONE, TWO], DURATIONS_S)
    assert [said.shape for said in ratings] == [(2, 43_200), (2, 43_200)]
    assert ratings[0][0].sum() == 20
    assert np.flatnonzero(ratings[0][1]).tolist() == list(range(104, 114))
