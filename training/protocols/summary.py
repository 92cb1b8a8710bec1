"""The results of a protocol's folds as they stand on a card."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from seizure_core.events.score_summary import ScoreSummary, pool_scores, summarise_scores
from seizure_core.events.scoring import Score
from training.card_document import PROTOCOL
from training.protocols.fold_record import FileScore

# Names on cards by the names of `seizure_core.events.score_summary.METRICS`.
_NAMES = {
    "event.sensitivity": "event_sensitivity",
    "event.precision": "event_precision",
    "event.f1": "event_f1",
    "event.false_alarms_per_24h": "false_alarms_per_24h",
    "sample.sensitivity": "sample_sensitivity",
    "sample.precision": "sample_precision",
    "sample.f1": "sample_f1",
}
INTERVAL = "95 % bootstrap over patients, of the pooled figure"
# With fewer patients an interval over patients says nothing.
_FEWEST_PATIENTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a card says about a protocol besides numbers.

    Attributes
    ----------
    dataset, split, note : str
        As in the card's results.
    """

    dataset: str
    split: str
    note: str


def protocol_results(recordings: Sequence[FileScore], wording: Wording) -> list[dict[str, Any]]:
    """Return the results of a protocol: pooled, mean over patients, and the two baselines.

    Parameters
    ----------
    recordings : sequence of FileScore
        Of all folds and seeds; a recording occurs once for each seed.
    wording : Wording
        Texts.
    """
    summary = summarise_scores([(one.person, one.score) for one in recordings])
    results = [
        _result(recordings, wording, _pooled_metrics(recordings, summary), "pooled", INTERVAL),
        _result(recordings, wording, _mean_metrics(summary), "mean over patients (sd)"),
    ]
    for name, scores in (
        ("always alarm", [one.always for one in recordings]),
        ("never alarm", [one.never for one in recordings]),
    ):
        metrics = _plain_metrics(pool_scores(scores))
        results.append(_result(recordings, wording, metrics, f"baseline: {name}"))
    return results


def _pooled_metrics(
    recordings: Iterable[FileScore], summary: ScoreSummary
) -> dict[str, dict[str, float | None]]:
    metrics = _plain_metrics(summary.pooled)
    if len(summary.patients) >= _FEWEST_PATIENTS:
        for long_name, interval in summary.intervals.items():
            metrics[_NAMES[long_name]] |= {"ci_low": interval.low, "ci_high": interval.high}
    latencies = [s for one in recordings for s in one.latency_s]
    if latencies:
        metrics["latency_s"] = {"value": statistics.median(latencies)}
    return metrics


def _mean_metrics(summary: ScoreSummary) -> dict[str, dict[str, float | None]]:
    metrics: dict[str, dict[str, float | None]] = {}
    for long_name, spread in summary.spreads.items():
        metrics[_NAMES[long_name]] = {"value": spread.mean}
        metrics[f"{_NAMES[long_name]}_sd"] = {"value": spread.sd}
    return metrics


def _plain_metrics(score: Score) -> dict[str, dict[str, float | None]]:
    return {
        short: {"value": getattr(getattr(score, name.split(".")[0]), name.split(".")[1])}
        for name, short in _NAMES.items()
    }


def _result(
    recordings: Sequence[FileScore],
    wording: Wording,
    metrics: dict[str, dict[str, float | None]],
    what: str,
    interval: str = "",
) -> dict[str, Any]:
    names = {one.file_name for one in recordings}
    first = {one.file_name: one for one in recordings}.values()
    hours = sum(one.score.event.duration_s for one in first) / 3600
    silent = sorted({one.file_name for one in recordings if one.refused})
    note = wording.note
    if silent:
        note += f" {len(silent)} recordings could not be taken by the net and count as silent."
    if hours < 24.0:
        note += " Very few hours: these figures say little."
    return {
        "dataset": wording.dataset,
        "protocol": PROTOCOL,
        "split": f"{wording.split} Row: {what}.",
        "n_recordings": len(names),
        "n_seizures": sum(one.score.event.n_reference for one in first),
        "hours": round(hours, 4),
        "metrics": metrics,
        "interval": interval,
        "note": note.strip(),
    }
