"""Minutes that a reviewer would spend on a model's events, by the share of seizures found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from seizure_core.events.postprocessing import PostProcessing
from seizure_core.events.score_summary import percentile_interval
from training.evaluate.card_results import CardMetrics
from training.evaluate.operating_points import PointGrid
from training.recipes.found_in_people import PERSON_S, TracedPerson, pooled
from zoo.card.second_stage import SecondStage

TARGETS: Final = (0.80, 0.90, 0.95)
_N_DRAWS, _LEVEL, _RANDOM_SEED = 1000, 0.95, 0


def review_metrics(
    people: Sequence[TracedPerson], settings: PostProcessing, stage: SecondStage | None
) -> CardMetrics:
    """Return the minutes of EEG in events per 24 h at the highest threshold that finds enough.

    They are None where no threshold finds that share of the seizures.

    Parameters
    ----------
    settings : PostProcessing
        Only the threshold is moved, together with the lower one.
    """
    (curve,) = PointGrid.of_shape(settings).curves()
    found = [(point, pooled(people, point, stage).event.sensitivity or 0.0) for point in curve]
    metrics: CardMetrics = {}
    for target in TARGETS:
        reaching = [point for point, sensitivity in found if sensitivity >= target]
        name = f"minutes_to_review_per_24h_at_{target:.0%}".replace("%", "_percent")
        metrics[name] = _minutes(people, reaching[-1], stage) if reaching else {"value": None}
    return metrics


def _minutes(
    people: Sequence[TracedPerson], point: PostProcessing, stage: SecondStage | None
) -> dict[str, float | None]:
    marked_s = np.array([_marked_s(person, point, stage) for person in people])
    minutes = marked_s / PERSON_S * 24 * 60
    rng = np.random.default_rng(_RANDOM_SEED)
    drawn = rng.choice(minutes, (_N_DRAWS, len(minutes))).mean(axis=1)
    interval = percentile_interval(drawn, _LEVEL)
    return {"value": float(minutes.mean()), "ci_low": interval.low, "ci_high": interval.high}


def _marked_s(person: TracedPerson, point: PostProcessing, stage: SecondStage | None) -> float:
    return sum(event.duration_s for event in person.events(point, stage))
