"""Making of a model's second stage on simulated restless people, and its measurement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from seizure_core.events.score_summary import summarise_scores
from seizure_core.events.scoring import Score
from training.errors import TrainingError
from training.evaluate.card_results import SHORT_NAMES, CardMetrics, result_row, score_metrics
from training.fit.event_classifier import fit_second_stage, with_threshold
from training.recipes.found_in_people import (
    PERSON_S,
    TRAINING_PEOPLE,
    VALIDATION_PEOPLE,
    FoundInPerson,
    features_of,
    found_in_people,
    pooled,
)
from zoo.card.evidence import PEOPLE
from zoo.card.second_stage import SecondStage
from zoo.detector import Detector

# Of the sensitivity on validation people; on others it may be two points more.
_MOST_LOST = 0.03


def make_second_stage(
    detector: Detector, work: Path, *, n_people: int, report: Callable[[str], None] = print
) -> SecondStage | None:
    """Train a second stage on simulated people, and choose its threshold on others.

    Parameters
    ----------
    work : Path
        Folder for what is found in people, to resume from.
    n_people : int
        For training; half as many are for the threshold.

    Returns
    -------
    SecondStage or None
        None if the model finds too little to learn from.
    """
    training, validation = (
        [found for (found,) in found_in_people([detector], seeds, work, report)]
        for seeds in (
            range(TRAINING_PEOPLE, TRAINING_PEOPLE + n_people),
            range(VALIDATION_PEOPLE, VALIDATION_PEOPLE + n_people // 2),
        )
    )
    return second_stage_of(training, validation)


def second_stage_of(
    training: Sequence[FoundInPerson], validation: Sequence[FoundInPerson]
) -> SecondStage | None:
    """Return the second stage for what a model found in people, see `make_second_stage`."""
    # The same event may be found at several thresholds.
    rows = {
        (person.seed, row.onset_s, row.duration_s): row
        for person in training
        for point in person.candidates.values()
        for row in point
        if row.event_class
    }
    candidates = list(rows.values())
    try:
        stage = fit_second_stage(
            features_of(candidates),
            [row.event_class for row in candidates],  # type: ignore[misc]
            trained_on=f"{len(candidates)} events in {len(training)} simulated restless people of "
            f"10 min; threshold chosen on {len(validation)} others",
        )
    except TrainingError:
        return None
    stage = with_threshold(
        stage, lambda tried: _sensitivity(pooled(validation, tried)), most_lost=_MOST_LOST
    )
    return stage.model_copy(update={"metrics": _metrics(validation, stage)})


def _sensitivity(score: Score) -> float:
    return score.event.sensitivity or 0.0


def _metrics(people: Sequence[FoundInPerson], stage: SecondStage) -> dict[str, Any]:
    before, after = (pooled(people, one) for one in (None, stage))
    return {
        "sensitivity": {"value": after.event.sensitivity},
        "sensitivity_without": {"value": before.event.sensitivity},
        "false_alarms_per_24h": {"value": after.event.false_alarms_per_24h},
        "false_alarms_per_24h_without": {"value": before.event.false_alarms_per_24h},
    }


def people_result(people: Sequence[FoundInPerson], stage: SecondStage | None) -> dict[str, Any]:
    """Return the entry of a card's `results` for unseen simulated people."""
    scores = [person.score(stage) for person in people]
    summary = summarise_scores(list(zip((str(p.seed) for p in people), scores, strict=True)))
    metrics: CardMetrics = score_metrics(summary.pooled, SHORT_NAMES, summary.intervals)
    without = pooled(people, None).event
    metrics |= {
        "sensitivity_without_second_stage": {"value": without.sensitivity},
        "false_alarms_per_24h_without_second_stage": {"value": without.false_alarms_per_24h},
        "n_false_alarms": {"value": float(summary.pooled.event.n_false_alarms)},
    }
    for metric in metrics.values():
        metric.update({key: None if one is None else round(one, 4) for key, one in metric.items()})
    return result_row(
        dataset=PEOPLE,
        split="random seeds used neither for training nor for choices",
        n_recordings=len(people),
        n_seizures=sum(len(person.seizures) for person in people),
        duration_s=len(people) * PERSON_S,
        metrics=metrics,
        interval=f"95 % bootstrap over {len(people)} people",
        note="Adults, children and neonates with every kind of seizure, rhythmic movement, "
        "rhythmic and periodic patterns and artefacts, one seizure in 10 min. Figures on simulated "
        "EEG show how a model behaves, not how well it works on patients.",
    )


def reasons_of(people: Sequence[FoundInPerson], stage: SecondStage) -> dict[str, float]:
    """Return for each true class of event the share that a stage drops."""
    shares: dict[str, float] = {}
    rows = [row for person in people for row in person.candidates["card"] if row.event_class]
    if not rows:
        return shares
    dropped = stage.probabilities(features_of(rows))[:, 0] < stage.threshold
    for name in dict.fromkeys(row.event_class for row in rows):
        mine = np.array([row.event_class == name for row in rows])
        shares[name] = float(dropped[mine].mean())
    return shares
