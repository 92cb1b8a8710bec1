"""Training of second stages: it learns what differs, and its threshold keeps seizures."""

from __future__ import annotations

import numpy as np
import pytest

from seizure_core.events.candidates import FEATURES
from training.errors import TrainingError
from training.fit.event_classifier import fit_second_stage, with_threshold
from zoo.card.second_stage import EventClass, SecondStage

KINDS: tuple[EventClass, ...] = ("seizure", "rhythmic movement", "other")
DRIFT, MUSCLE = FEATURES.index("drift of peak"), FEATURES.index("mean muscle")


def events(n: int, seed: int = 0) -> tuple[np.ndarray, list[EventClass]]:
    """Return events: seizures drift, movement does not, and all else has muscle."""
    rng = np.random.default_rng(seed)
    features = rng.normal(0.0, 1.0, (n, len(FEATURES)))
    classes = [KINDS[number % 3] for number in range(n)]
    for row, kind in zip(features, classes, strict=True):
        row[DRIFT] -= 4.0 * (kind == "seizure")
        row[MUSCLE] += 4.0 * (kind == "other")
    return features, classes


@pytest.fixture(scope="module")
def stage() -> SecondStage:
    features, classes = events(300)
    features[::7, 0] = np.nan
    return fit_second_stage(features, classes, trained_on="made events")


def test_it_tells_apart_events_it_has_not_seen(stage: SecondStage) -> None:
    features, classes = events(300, seed=1)
    said = [stage.classes[number] for number in stage.probabilities(features).argmax(axis=1)]
    assert np.mean([one == other for one, other in zip(said, classes, strict=True)]) > 0.9
    weights = {one.feature: np.abs(one.weights).max() for one in stage.features}
    assert sorted(weights, key=lambda name: weights[name])[-2:] in (
        ["mean muscle", "drift of peak"],
        ["drift of peak", "mean muscle"],
    )


def test_the_same_events_give_the_same_numbers(stage: SecondStage) -> None:
    features, classes = events(300)
    features[::7, 0] = np.nan
    again = fit_second_stage(features, classes, trained_on="made events")
    assert again == stage


def test_the_highest_threshold_that_keeps_enough_seizures_is_chosen(stage: SecondStage) -> None:
    features, classes = events(300, seed=2)
    is_seizure = np.array([kind == "seizure" for kind in classes])
    chances = stage.probabilities(features)[:, 0]

    def sensitivity(tried: SecondStage) -> float:
        return float((chances[is_seizure] >= tried.threshold).mean())

    chosen = with_threshold(stage, sensitivity, most_lost=0.03)
    assert sensitivity(chosen) >= 0.97
    higher = chosen.model_copy(update={"threshold": chosen.threshold + 0.01})
    assert chosen.threshold == 0.98 or sensitivity(higher) < 0.97
    assert (chances[~is_seizure] < chosen.threshold).mean() > 0.8


def test_a_rare_class_counts_as_other_and_too_few_events_are_refused() -> None:
    features, classes = events(60)
    classes = ["rhythmic or periodic pattern" if n == 2 else one for n, one in enumerate(classes)]
    found = fit_second_stage(features, classes, trained_on="made events")
    assert found.classes == KINDS
    with pytest.raises(TrainingError, match="at least 10 events"):
        fit_second_stage(features[:12], classes[:12], trained_on="made events")
