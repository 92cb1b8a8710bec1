"""Evaluations as plain data, as returned by `/evaluate`, with their worst mistakes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from seizure_core import __version__
from seizure_core.events.event import Event, clip_events, seizures_of
from seizure_core.events.postprocessing import PostProcessing
from seizure_core.events.score_files import score_json
from seizure_core.events.score_summary import Interval, event_intervals, pool_scores
from seizure_core.events.scoring import TOLERANCE_AFTER_S, TOLERANCE_BEFORE_S
from training.data.card import by_recording
from training.evaluate.card_results import operating_point_json
from training.evaluate.evaluation import EvaluatedRecording, Evaluation
from training.evaluate.explorer import TracedFile, threshold_curve


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """A missed seizure or a false alarm.

    Attributes
    ----------
    kind : str
        "missed seizure" or "false alarm".
    probability : float or None
        Largest probability during the event; None without any.
    """

    kind: Literal["missed seizure", "false alarm"]
    file_name: str
    onset_s: float
    duration_s: float
    probability: float | None


def worst_mistakes(
    recordings: Sequence[TracedFile], settings: PostProcessing, *, limit: int = 20
) -> tuple[list[Mistake], list[Mistake]]:
    """Return missed seizures and false alarms, worst first.

    Parameters
    ----------
    settings : PostProcessing
        The operating point.
    limit : int
        Maximum number of each.

    Returns
    -------
    missed : list of Mistake
        Lowest probability first.
    false_alarms : list of Mistake
        Highest probability, then longest, first.
    """
    missed, false_alarms = [], []
    for recording in recordings:
        expert = clip_events(seizures_of(recording.reference), recording.trace.duration_s)
        unclear = clip_events(recording.uncertain, recording.trace.duration_s)
        found = recording.events(settings)
        missed += [
            _mistake("missed seizure", recording, seizure)
            for seizure in expert
            if not any(_belongs(event, seizure) for event in found)
        ]
        false_alarms += [
            _mistake("false alarm", recording, event)
            for event in found
            if not any(_belongs(event, seizure) for seizure in (*expert, *unclear))
        ]
    missed.sort(key=lambda m: (m.probability if m.probability is not None else -1.0, m.onset_s))
    false_alarms.sort(key=lambda m: (-(m.probability or 0.0), -m.duration_s))
    return missed[:limit], false_alarms[:limit]


def _belongs(event: Event, seizure: Event) -> bool:
    """Return whether an event is within a seizure's tolerance, by SzCORE's rules."""
    return (
        event.onset_s < seizure.offset_s + TOLERANCE_AFTER_S
        and event.offset_s > seizure.onset_s - TOLERANCE_BEFORE_S
    )


def _mistake(
    kind: Literal["missed seizure", "false alarm"], recording: TracedFile, event: Event
) -> Mistake:
    inside = recording.trace.probabilities[math.floor(event.onset_s) : math.ceil(event.offset_s)]
    defined = inside[np.isfinite(inside)]
    return Mistake(
        kind=kind,
        file_name=recording.file_name,
        onset_s=event.onset_s,
        duration_s=event.duration_s,
        probability=float(defined.max()) if len(defined) else None,
    )


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
