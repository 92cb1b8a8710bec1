"""Conversion of evaluations to plain data, as returned by `/evaluate`."""

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
    """Return an evaluation as plain data; undefined numbers are None."""
    detector = evaluation.detector
    missed, false_alarms = worst_mistakes(evaluation.traced, evaluation.settings)
    failed = [
        {
            "file_name": failure.file_name,
            "message": failure.reason,
            "in_training": failure.in_training,
        }
        for failure in evaluation.failed
    ]
    return {
        "model_id": detector.card.model_id,
        "model_version": detector.card.version,
        "weights_sha256": detector.weights_sha256,
        "app_version": __version__,
        "operating_point": operating_point_json(evaluation.settings),
        "recordings": recording_rows(evaluation) + [_failed_row(row) for row in failed],
        "warnings": [
            *by_recording(
                (recording.traced.file_name, recording.findings)
                for recording in evaluation.recordings
            )
        ],
        "overall": overall_json(evaluation),
        "failed": failed,
        "n_scored": len(evaluation.recordings),
        "n_failed": len(failed),
        "thresholds": curve_json(evaluation),
        "missed_seizures": [asdict(mistake) for mistake in missed],
        "false_alarms": [asdict(mistake) for mistake in false_alarms],
    }


def curve_json(evaluation: Evaluation) -> list[dict[str, Any]]:
    """Return the pooled event score at each threshold."""
    if not evaluation.recordings:
        return []
    return [
        {"threshold": point.settings.threshold, **asdict(point.score.event)}
        for point in threshold_curve(evaluation.traced, evaluation.settings)
    ]


def recording_rows(evaluation: Evaluation) -> list[dict[str, Any]]:
    """Return a row per scored recording."""
    return [_row(recording) for recording in evaluation.recordings]


def _row(recording: EvaluatedRecording) -> dict[str, Any]:
    return {
        "file_name": recording.traced.file_name,
        "patient": recording.traced.patient,
        "ok": True,
        "message": recording.message,
        "findings": list(recording.findings),
        "uncertain_s": sum(event.duration_s for event in recording.traced.uncertain),
        **score_json(recording.score.score),
        "intervals": _intervals(event_intervals(recording.score.score)),
        "latency_s": list(recording.score.latency_s),
        "duration_s": recording.traced.trace.duration_s,
    }


def _failed_row(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "ok": False,
        "findings": [row["message"]],
        "event": None,
        "sample": None,
        "latency_s": [],
    }


def overall_json(evaluation: Evaluation) -> dict[str, Any]:
    """Return the pooled scores, with intervals, baselines and patients."""
    recordings, summary = evaluation.recordings, evaluation.summary()
    bootstrap = ("unit", "n_units", "n_draws", "seed", "few")
    return {
        **score_json(summary.pooled),
        "latency_s": [s for recording in recordings for s in recording.score.latency_s],
        "baselines": {
            "always": score_json(pool_scores([recording.score.always for recording in recordings])),
            "never": score_json(pool_scores([recording.score.never for recording in recordings])),
            "line_length": score_json(
                pool_scores([recording.line_length for recording in recordings])
            ),
        },
        "patients": {name: score_json(score) for name, score in summary.patients.items()},
        "spread": {name: asdict(spread) for name, spread in summary.spreads.items()},
        "intervals": _intervals(summary.intervals),
        "bootstrap": {name: getattr(summary, name) for name in bootstrap},
    }


def _intervals(intervals: Mapping[str, Interval]) -> dict[str, Any]:
    return {name: asdict(interval) for name, interval in intervals.items()}
