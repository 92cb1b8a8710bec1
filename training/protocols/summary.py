"""Results of a protocol for cards."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from seizure_core.events.score_summary import (
    FEW_UNITS,
    ScoreSummary,
    pool_scores,
    summarise_scores,
)
from training.evaluate.card_results import LONG_NAMES, CardMetrics, result_row, score_metrics
from training.protocols.fold_record import FileScore

INTERVAL = "95 % bootstrap over patients, of the pooled figure"
_FEW_HOURS = 24.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Texts of a card on a protocol."""

    dataset: str
    split: str
    note: str


def protocol_results(recordings: Sequence[FileScore], wording: Wording) -> list[dict[str, Any]]:
    """Return the results of a protocol: pooled, mean over patients, and two baselines.

    Parameters
    ----------
    recordings : sequence of FileScore
        Of all folds and seeds; a recording occurs once per seed.
    """
    summary = summarise_scores(
        [(recording.person, recording.score.score) for recording in recordings]
    )
    results = [
        _result(recordings, wording, _pooled_metrics(recordings, summary), "pooled", INTERVAL),
        _result(recordings, wording, _mean_metrics(summary), "mean over patients (sd)"),
    ]
    for name, scores in (
        ("always alarm", [recording.score.always for recording in recordings]),
        ("never alarm", [recording.score.never for recording in recordings]),
    ):
        metrics = score_metrics(pool_scores(scores), LONG_NAMES)
        results.append(_result(recordings, wording, metrics, f"baseline: {name}"))
    return results


def _pooled_metrics(recordings: Iterable[FileScore], summary: ScoreSummary) -> CardMetrics:
    enough = len(summary.patients) >= FEW_UNITS
    metrics = score_metrics(summary.pooled, LONG_NAMES, summary.intervals if enough else None)
    latencies = [s for recording in recordings for s in recording.score.latency_s]
    if latencies:
        metrics["latency_s"] = {"value": statistics.median(latencies)}
    return metrics


def _mean_metrics(summary: ScoreSummary) -> CardMetrics:
    metrics: CardMetrics = {}
    for name, spread in summary.spreads.items():
        metrics[LONG_NAMES[name]] = {"value": spread.mean}
        metrics[f"{LONG_NAMES[name]}_sd"] = {"value": spread.sd}
    return metrics


def _result(
    recordings: Sequence[FileScore],
    wording: Wording,
    metrics: CardMetrics,
    what: str,
    interval: str = "",
) -> dict[str, Any]:
    first = {recording.file_name: recording for recording in recordings}.values()
    duration_s = sum(row.score.score.event.duration_s for row in first)
    note = wording.note
    n_silent = len({recording.file_name for recording in recordings if recording.refused})
    if n_silent:
        note += f" {n_silent} recordings could not be taken by the model and count as silent."
    if duration_s < _FEW_HOURS * 3600:
        note += " Very few hours: these figures say little."
    return result_row(
        dataset=wording.dataset,
        split=f"{wording.split} Row: {what}.",
        n_recordings=len(first),
        n_seizures=sum(row.score.score.event.n_reference for row in first),
        duration_s=duration_s,
        metrics=metrics,
        interval=interval,
        note=note.strip(),
    )
