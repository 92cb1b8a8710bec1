"""An evaluation as plain data, as the endpoint `/evaluate` answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from seizure_core import __version__
from seizure_core.events.score_files import score_json
from seizure_core.events.score_summary import Interval, event_intervals, pool_scores
from training.data.card import by_recording
from training.evaluate.card_results import operating_point_json
from training.evaluate.evaluation import EvaluatedRecording, Evaluation
from training.evaluate.explorer import threshold_curve
from training.evaluate.mistakes import worst_mistakes


def evaluation_json(evaluation: Evaluation) -> dict[str, Any]:
    """Return everything about an evaluation; undefined numbers are None."""
    detector = evaluation.detector
    missed, false_alarms = worst_mistakes(evaluation.traced, evaluation.settings)
    failed = [
        {"file_name": one.file_name, "message": one.reason, "in_training": one.in_training}
        for one in evaluation.failed
    ]
    return {
        "model_id": detector.card.model_id,
        "model_version": detector.card.version,
        "weights_sha256": detector.weights_sha256,
        "app_version": __version__,
        "operating_point": operating_point_json(evaluation.settings),
        "recordings": recording_rows(evaluation) + [_failed_row(one) for one in failed],
        "warnings": [
            *by_recording((one.traced.file_name, one.findings) for one in evaluation.recordings)
        ],
        "overall": overall_json(evaluation),
        "failed": failed,
        "n_scored": len(evaluation.recordings),
        "n_failed": len(failed),
        "thresholds": curve_json(evaluation),
        "missed_seizures": [one.row() for one in missed],
        "false_alarms": [one.row() for one in false_alarms],
    }


def curve_json(evaluation: Evaluation) -> list[dict[str, Any]]:
    """Return the pooled event score at each of some thresholds."""
    if not evaluation.recordings:
        return []
    return [
        {"threshold": point.settings.threshold, **asdict(point.score.event)}
        for point in threshold_curve(evaluation.traced, evaluation.settings)
    ]


def recording_rows(evaluation: Evaluation) -> list[dict[str, Any]]:
    """Return a row for each recording that was scored."""
    return [_row(one) for one in evaluation.recordings]


def _row(one: EvaluatedRecording) -> dict[str, Any]:
    return {
        "file_name": one.traced.file_name,
        "patient": one.traced.patient,
        "ok": True,
        "message": one.message,
        "findings": list(one.findings),
        "uncertain_s": sum(event.duration_s for event in one.traced.uncertain),
        **score_json(one.score.score),
        "intervals": _intervals(event_intervals(one.score.score)),
        "latency_s": list(one.score.latency_s),
        "duration_s": one.traced.trace.duration_s,
    }


def _failed_row(one: dict[str, Any]) -> dict[str, Any]:
    return {
        **one,
        "ok": False,
        "findings": [one["message"]],
        "event": None,
        "sample": None,
        "latency_s": [],
    }


def overall_json(evaluation: Evaluation) -> dict[str, Any]:
    """Return the scores of all recordings together, with intervals, baselines and patients."""
    recordings, summary = evaluation.recordings, evaluation.summary()
    bootstrap = ("unit", "n_units", "n_draws", "seed", "few")
    return {
        **score_json(summary.pooled),
        "latency_s": [s for one in recordings for s in one.score.latency_s],
        "baselines": {
            "always": score_json(pool_scores([one.score.always for one in recordings])),
            "never": score_json(pool_scores([one.score.never for one in recordings])),
            "line_length": score_json(pool_scores([one.line_length for one in recordings])),
        },
        "patients": {name: score_json(score) for name, score in summary.patients.items()},
        "spread": {name: asdict(one) for name, one in summary.spreads.items()},
        "intervals": _intervals(summary.intervals),
        "bootstrap": {name: getattr(summary, name) for name in bootstrap},
    }


def _intervals(intervals: Mapping[str, Interval]) -> dict[str, Any]:
    return {name: asdict(one) for name, one in intervals.items()}
