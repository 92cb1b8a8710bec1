"""Scores and operating points in the form of cards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seizure_core.events.postprocessing import PostProcessing
from seizure_core.events.score_summary import METRICS, Interval, metric
from seizure_core.events.scoring import Score

PROTOCOL = (
    "SzCORE event scoring (timescoring): any overlap, tolerance 30 s before and 60 s after, "
    "events under 90 s apart merged, over 5 min split"
)

CardMetrics = dict[str, dict[str, float | None]]

# Names on cards of `seizure_core.events.score_summary.METRICS`.
LONG_NAMES: Mapping[str, str] = {
    name: name.replace(".", "_").replace("event_false", "false") for name in METRICS
}
SHORT_NAMES: Mapping[str, str] = {
    "event.sensitivity": "sensitivity",
    "event.precision": "precision",
    "event.f1": "f1",
    "event.false_alarms_per_24h": "false_alarms_per_24h",
    "sample.f1": "sample_f1",
}


def score_metrics(
    score: Score, names: Mapping[str, str], intervals: Mapping[str, Interval] | None = None
) -> CardMetrics:
    """Return the metrics of a score under their names on cards, with intervals if known."""
    metrics: CardMetrics = {}
    for name, on_card in names.items():
        metrics[on_card] = {"value": metric(score, name)}
        if intervals is not None:
            interval = intervals[name]
            metrics[on_card] |= {"ci_low": interval.low, "ci_high": interval.high}
    return metrics


def operating_point_json(settings: PostProcessing) -> dict[str, float]:
    """Return a post-processing as in a card's output section."""
    return {
        "threshold": settings.threshold,
        "threshold_off": settings.lower_threshold,
        "smoothing_s": settings.smoothing_s,
        "min_duration_s": settings.min_duration_s,
        "merge_gap_s": settings.merge_gap_s,
    }


def result_row(
    *,
    dataset: str,
    split: str,
    n_recordings: int,
    n_seizures: int,
    duration_s: float,
    metrics: CardMetrics,
    protocol: str = PROTOCOL,
    interval: str = "",
    note: str = "",
) -> dict[str, Any]:
    """Return an entry of a card's `results`; the default protocol is SzCORE."""
    return {
        "dataset": dataset,
        "protocol": protocol,
        "split": split,
        "n_recordings": n_recordings,
        "n_seizures": n_seizures,
        "hours": round(duration_s / 3600, 4),
        "metrics": metrics,
        **({"interval": interval} if interval else {}),
        "note": note,
    }
