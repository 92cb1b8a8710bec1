"""Making of a model's second stage on simulated restless people, and its measurement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seizure_core.events.candidates import FEATURES
from seizure_core.events.postprocessing import PostProcessing
from seizure_core.events.score_summary import summarise_scores
from training.errors import TrainingError
from training.evaluate.card_results import SHORT_NAMES, CardMetrics, result_row, score_metrics
from training.fit.event_classifier import fit_second_stage, with_threshold
from training.recipes.found_in_people import PERSON_S, Candidate, TracedPerson, pooled
from training.recipes.review_time import review_metrics
from zoo.card.evidence import PEOPLE
from zoo.card.second_stage import SecondStage

# Shares of the operating point's threshold: lower ones give a second stage more to learn from.
_THRESHOLD_SHARES = (1.0, 0.6, 0.3)
# Of the sensitivity on validation people; on others it may be two points more.
_MOST_LOST = 0.03


def make_second_stage(
    training: Sequence[TracedPerson],
    validation: Sequence[TracedPerson],
    settings: PostProcessing,
) -> SecondStage | None:
    """Train a second stage on simulated people, and choose its threshold on others.

    Parameters
    ----------
    settings : PostProcessing
        The model's operating point.

    Returns
    -------
    SecondStage or None
        None if the model finds too little to learn from.
    """
    # The same event may be found at several thresholds.
    rows = {
        (person.seed, row.event.onset_s, row.event.duration_s): row
        for person in training
        for share in _THRESHOLD_SHARES
        for row in person.candidates(settings.with_threshold(share * settings.threshold))
        if row.event_class
    }
    candidates = list(rows.values())
    try:
        stage = fit_second_stage(
            _features_of(candidates),
            [row.event_class for row in candidates],  # type: ignore[misc]
            trained_on=f"{len(candidates)} events in {len(training)} simulated restless people of "
            f"10 min; threshold chosen on {len(validation)} others",
        )
    except TrainingError:
        return None
    return with_threshold(
        stage,
        lambda tried: pooled(validation, settings, tried).event.sensitivity or 0.0,
        most_lost=_MOST_LOST,
    )


def _features_of(candidates: Sequence[Candidate]) -> NDArray[np.float64]:
    rows = [candidate.features for candidate in candidates]
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(FEATURES))


def stage_metrics(
    people: Sequence[TracedPerson], settings: PostProcessing, stage: SecondStage
) -> dict[str, Any]:
    """Return a stage's `metrics` for its card: scores with it and without it."""
    before, after = (pooled(people, settings, one) for one in (None, stage))
    return {
        "sensitivity": {"value": after.event.sensitivity},
        "sensitivity_without": {"value": before.event.sensitivity},
        "false_alarms_per_24h": {"value": after.event.false_alarms_per_24h},
        "false_alarms_per_24h_without": {"value": before.event.false_alarms_per_24h},
    }


def people_result(
    people: Sequence[TracedPerson], settings: PostProcessing, stage: SecondStage | None
) -> dict[str, Any]:
    """Return the entry of a card's `results` for unseen simulated people."""
    scores = [person.score(settings, stage) for person in people]
    summary = summarise_scores(list(zip((str(p.seed) for p in people), scores, strict=True)))
    metrics: CardMetrics = score_metrics(summary.pooled, SHORT_NAMES, summary.intervals)
    metrics |= {"n_false_alarms": {"value": float(summary.pooled.event.n_false_alarms)}}
    metrics |= review_metrics(people, settings, stage)
    if stage is not None:
        without = pooled(people, settings, None).event
        metrics |= {
            "sensitivity_without_second_stage": {"value": without.sensitivity},
            "false_alarms_per_24h_without_second_stage": {"value": without.false_alarms_per_24h},
        }
    for metric in metrics.values():
        metric.update({key: None if one is None else round(one, 4) for key, one in metric.items()})
    return result_row(
        dataset=PEOPLE,
        split="random seeds used neither for training nor for choices",
        n_recordings=len(people),
        n_seizures=sum(len(person.traced.reference) for person in people),
        duration_s=len(people) * PERSON_S,
        metrics=metrics,
        interval=f"95 % bootstrap over {len(people)} people",
        note="Adults, children and neonates with every kind of seizure, rhythmic movement, "
        "rhythmic and periodic patterns and artefacts, one seizure in 10 min. Minutes to review "
        "are those of the EEG in events, at the highest threshold that finds such a share of the "
        "seizures; left open where none does. Figures on simulated EEG show how a model behaves, "
        "not how well it works on patients.",
    )


def reasons_of(
    people: Sequence[TracedPerson], settings: PostProcessing, stage: SecondStage
) -> dict[str, float]:
    """Return for each true class of event the share that a stage drops."""
    rows = [row for person in people for row in person.candidates(settings) if row.event_class]
    dropped = stage.probabilities(_features_of(rows))[:, 0] < stage.threshold
    shares: dict[str, float] = {}
    for name in dict.fromkeys(row.event_class for row in rows):
        mine = np.array([row.event_class == name for row in rows])
        shares[name] = float(dropped[mine].mean())
    return shares
