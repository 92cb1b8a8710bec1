"""Comparison of models on files, and its conversion to plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from seizure_core import __version__
from seizure_core.errors import ParameterError, SeizureZooError
from seizure_core.events.score_summary import pool_scores
from seizure_core.events.scoring import RecordingScore
from seizure_core.io.opening import open_recording
from seizure_core.recording import Recording
from seizure_core.references.model import Reference
from seizure_core.references.reading import read_reference
from zoo.inference.compare import (
    Agreement,
    ComparedModel,
    RecordingComparison,
    Votes,
    check_number,
    compare_models,
)
from zoo.inference.detection import Detection
from zoo.inference.results import event_json, findings_json
from zoo.loading import load_detector

BatchProgress = Callable[[float, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedFile:
    """A recording that could not be opened, or whose reference could not be read."""

    file_name: str
    message: str


@dataclass(frozen=True, kw_only=True, eq=False)
class FileComparison:
    """Several models on several recordings.

    Attributes
    ----------
    models : tuple of ComparedModel
        In order; other values refer to them by position, from 0.
    failed : tuple of FailedFile
        Recordings that could not be opened.
    """

    models: tuple[ComparedModel, ...]
    recordings: tuple[RecordingComparison, ...]
    failed: tuple[FailedFile, ...]


def load_models(
    model_ids: Sequence[str], thresholds: Sequence[float | None] | None = None
) -> tuple[ComparedModel, ...]:
    """Load the models of a comparison, each once.

    Parameters
    ----------
    model_ids : sequence of str
        2 to 12 ids or addresses; an id may occur twice.
    thresholds : sequence of float or None, optional
        One per model; None takes the card's.

    Raises
    ------
    ParameterError
        Too few or too many models, or not one threshold per model.
    UnknownModelError, CardError, WeightsError, RegistryError, HubError
        A model cannot be loaded.
    """
    check_number(len(model_ids))
    levels = list(thresholds) if thresholds else [None] * len(model_ids)
    if len(levels) != len(model_ids):
        raise ParameterError(
            "{n_levels} thresholds were given for {n_model_ids} models; give one each.",
            n_levels=len(levels),
            n_model_ids=len(model_ids),
        )
    detectors = {model_id: load_detector(model_id) for model_id in dict.fromkeys(model_ids)}
    return tuple(
        ComparedModel.of(detectors[model_id], level)
        for model_id, level in zip(model_ids, levels, strict=True)
    )


def compare_files(
    models: Sequence[ComparedModel],
    recordings: Sequence[Path],
    *,
    references: Sequence[Path | None] | None = None,
    file_names: Sequence[str] | None = None,
    progress: BatchProgress | None = None,
) -> FileComparison:
    """Compare models on one recording after another; failing files are listed.

    Parameters
    ----------
    models : sequence of ComparedModel
        From `load_models`.
    references : sequence of Path or None, optional
        Expert's events of each recording, to score against.
    file_names : sequence of str, optional
        Names to show, if not those of the paths.
    progress : callable, optional
        Called with the fraction done and the recording's name.

    Raises
    ------
    ParameterError
        Numbers of recordings, references and names differ, or there are too few models.
    """
    check_number(len(models))
    names = list(file_names) if file_names else [path.name for path in recordings]
    experts = list(references) if references else [None] * len(recordings)
    if not recordings or len(names) != len(recordings) or len(experts) != len(recordings):
        raise ParameterError(
            "{n_recordings} recordings, {n_experts} references and {n_names} names were "
            "given; there must be as many of each, at least one.",
            n_recordings=len(recordings),
            n_experts=len(experts),
            n_names=len(names),
        )
    done, failed = [], []
    for number, (path, name, expert) in enumerate(zip(recordings, names, experts, strict=True)):

        def report(fraction: float, before: int = number, file_name: str = name) -> None:
            if progress is not None:
                progress((before + fraction) / len(recordings), file_name)

        try:
            recording = open_recording(path, file_name=name)
            known = None if expert is None else read_reference(expert, recording=recording)
            done.append(
                compare_models(
                    recording,
                    models,
                    reference=None if known is None else known.events,
                    uncertain=() if known is None else known.uncertain,
                    findings=_oddities(recording, known),
                    progress=report,
                )
            )
        except SeizureZooError as error:
            failed.append(FailedFile(file_name=name, message=error.message))
    return FileComparison(models=tuple(models), recordings=tuple(done), failed=tuple(failed))


def _oddities(recording: Recording, reference: Reference | None) -> list[str]:
    found = [*recording.findings, *(() if reference is None else reference.findings)]
    return list(dict.fromkeys(item.message for item in found if item.severity != "info"))


def comparison_json(comparison: FileComparison, *, max_points: int | None = None) -> dict[str, Any]:
    """Return a comparison as plain data; undefined numbers are None.

    Parameters
    ----------
    max_points : int, optional
        Maximum length of a trace; longer ones are reduced by taking maxima, so that no alarm is
        lost. None returns one value per second.
    """
    return {
        "app_version": __version__,
        "nets": [_model(model) for model in comparison.models],
        "recordings": [_recording(recording, max_points) for recording in comparison.recordings],
        "failed": [asdict(failure) for failure in comparison.failed],
        "overall": {
            "nets": [_overall(comparison, index) for index in range(len(comparison.models))],
            "agreement": [
                _agreement(pooled_agreement) for pooled_agreement in _pooled_agreements(comparison)
            ],
        },
    }


def _model(model: ComparedModel) -> dict[str, Any]:
    card = model.detector.card
    return {
        "model_id": card.model_id,
        "model_version": card.version,
        "weights_sha256": model.detector.weights_sha256,
        "title": card.title,
        "threshold": model.threshold,
        "window_s": card.input.window_s,
        "stride_s": card.input.stride_s,
        "sampling_rate_hz": card.input.sampling_rate_hz,
        "n_channels": card.input.n_channels,
        "n_parameters": card.weights.n_parameters,
    }


def _recording(comparison: RecordingComparison, max_points: int | None) -> dict[str, Any]:
    return {
        "file_name": comparison.file_name,
        "duration_s": comparison.duration_s,
        "nets": list(_model_rows(comparison, max_points)),
        "agreement": [
            {
                **_agreement(pair),
                "first_alarm_difference_s": comparison.first_alarm_difference_s(
                    pair.first, pair.second
                ),
            }
            for pair in comparison.agreements
        ],
        "votes": [_interval(one) for one in comparison.votes],
        "disagreements": [_interval(one) for one in comparison.disagreements],
        "reference": None
        if comparison.reference is None
        else [event_json(event) for event in comparison.reference],
        "findings": list(comparison.findings),
    }


def _interval(votes: Votes) -> dict[str, Any]:
    return {**asdict(votes), "seizure": [*votes.seizure], "background": [*votes.background]}


def _model_rows(
    comparison: RecordingComparison, max_points: int | None
) -> Iterator[dict[str, Any]]:
    for position, model in enumerate(comparison.models):
        if model.detection is None:
            yield {"ok": False, "message": model.message, "findings": []}
            continue
        yield {
            "ok": True,
            "message": " ".join(finding.message for finding in model.detection.caveats),
            "findings": findings_json(model.detection.findings),
            "trace": _trace(model.detection, max_points),
            "events": [event_json(event) for event in model.detection.events],
            "n_events": len(model.detection.events),
            "seizure_s": model.detection.seizure_s,
            "coverage": model.detection.coverage,
            "first_alarm_s": comparison.first_alarm_s(position),
            "score": None if model.score is None else _score(model.score),
        }


def _trace(detection: Detection, max_points: int | None) -> dict[str, Any]:
    values = detection.trace.probabilities.astype(np.float64)
    step = 1 if not max_points else max(1, -(-len(values) // max_points))
    if step > 1:
        padded = np.full(-(-len(values) // step) * step, -np.inf)
        padded[: len(values)] = np.where(np.isnan(values), -np.inf, values)
        values = padded.reshape(-1, step).max(axis=1)
    return {
        "step_s": float(step),
        "probabilities": [float(value) if np.isfinite(value) else None for value in values],
    }


def _score(score: RecordingScore) -> dict[str, Any]:
    return {
        "event": asdict(score.score.event),
        "sample": asdict(score.score.sample),
        "latency_s": list(score.latency_s),
    }


def _agreement(pair: Agreement) -> dict[str, Any]:
    return {
        **asdict(pair),
        "n_seconds": pair.n_seconds,
        "agreement": pair.fraction,
        "overlap": pair.overlap,
        "kappa": pair.kappa,
    }


def _pooled_agreements(comparison: FileComparison) -> list[Agreement]:
    pooled: dict[tuple[int, int], Agreement] = {}
    for recording in comparison.recordings:
        for pair in recording.agreements:
            key = (pair.first, pair.second)
            pooled[key] = pooled[key] + pair if key in pooled else pair
    return [pooled[key] for key in sorted(pooled)]


def _overall(comparison: FileComparison, position: int) -> dict[str, Any]:
    models = [recording.models[position] for recording in comparison.recordings]
    scores = [model.score.score for model in models if model.score is not None]
    pooled = pool_scores(scores) if scores else None
    return {
        "n_recordings": sum(model.detection is not None for model in models),
        "n_scored": len(scores),
        "n_events": sum(len(model.detection.events) for model in models if model.detection),
        "seizure_s": sum(model.detection.seizure_s for model in models if model.detection),
        "event": None if pooled is None else asdict(pooled.event),
        "sample": None if pooled is None else asdict(pooled.sample),
    }
