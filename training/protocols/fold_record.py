"""Scores of a fold, per test recording, stored as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seizure_core.events.postprocessing import PostProcessing
from seizure_core.events.scoring import (
    EventScore,
    RecordingScore,
    SampleScore,
    Score,
    score_recording,
)
from training.data.labelled_recordings import RefusedFile, open_labelled
from training.documents import read_document, write_document
from training.errors import EvaluationError
from training.evaluate.evaluation import evaluate_detector
from training.protocols.corpus import CorpusRecording, pairing_of
from zoo.detector import Detector

SCHEMA_VERSION = 1
_EVENT_COUNTS = ("n_reference", "n_hypothesis", "n_detected", "n_false_alarms", "duration_s")
_SCORES = {"net": "score", "always": "always", "never": "never"}
_SAMPLE_COUNTS = ("reference_s", "detected_s", "false_s")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileScore:
    """Score of a test recording.

    Attributes
    ----------
    score : RecordingScore
        Of the model and of the baselines.
    refused : str
        Why the model could not be run, in which case it counts as silent; else "".
    """

    file_name: str
    case: str
    person: str
    score: RecordingScore
    refused: str = ""


def score_fold(
    detector: Detector, test: Sequence[CorpusRecording]
) -> tuple[list[FileScore], PostProcessing]:
    """Run a model on all test recordings of a fold and score it.

    If the model cannot be run on a recording, e.g. for lack of channels, it counts as having found
    nothing; leaving the recording out would flatter the model.

    Raises
    ------
    EvaluationError
        A recording or its reference is damaged.
    """
    evaluation = evaluate_detector(detector, pairing_of(test))
    scored = {recording.traced.file_name: recording.score for recording in evaluation.recordings}
    reasons = {failure.file_name: failure.reason for failure in evaluation.failed}
    rows = []
    for recording in test:
        name = recording.pair.recording.file_name
        rows.append(
            FileScore(
                file_name=name,
                case=recording.case,
                person=recording.person,
                score=scored[name] if name in scored else _silent(recording, reasons[name]),
                refused=reasons.get(name, ""),
            )
        )
    return rows, evaluation.settings


def write_record(path: Path, rows: Sequence[FileScore], facts: Mapping[str, Any]) -> dict[str, Any]:
    """Write a fold's record atomically and return it.

    Raises
    ------
    RunError
        The disk is full.
    """
    document = {
        "schema_version": SCHEMA_VERSION,
        **facts,
        "recordings": [_row(row) for row in rows],
    }
    write_document(path, document)
    return document


def read_record(path: Path) -> list[FileScore]:
    """Read the scores of a fold.

    Raises
    ------
    EvaluationError
        The record is damaged.
    """
    try:
        return [_scored(row) for row in read_document(path, EvaluationError)["recordings"]]
    except (KeyError, TypeError) as error:
        raise EvaluationError(
            "{file_name} is damaged (no {error}). Delete it: the fold is done again.",
            file_name=path.name,
            error=error,
        ) from error


def made_with(path: Path) -> Any:
    """Return the settings a record was made with; None in old records.

    Raises
    ------
    EvaluationError
        The record is damaged.
    """
    return read_document(path, EvaluationError).get("made_with")


def _silent(recording: CorpusRecording, reason: str) -> RecordingScore:
    opened = open_labelled(recording.pair)
    if isinstance(opened, RefusedFile):
        raise EvaluationError(
            "{file_name} cannot be tested on: {reason} Fetch it again with --check.",
            file_name=recording.pair.recording.file_name,
            reason=reason,
        )
    return score_recording(
        opened.events, (), duration_s=opened.recording.duration_s, uncertain=opened.uncertain
    )


def _row(score: FileScore) -> dict[str, Any]:
    return {
        "file_name": score.file_name,
        "case": score.case,
        "person": score.person,
        "refused": score.refused,
        "latency_s": list(score.score.latency_s),
        **{name: _counts(getattr(score.score, attribute)) for name, attribute in _SCORES.items()},
    }


def _counts(score: Score) -> dict[str, Any]:
    return {
        "event": {name: getattr(score.event, name) for name in _EVENT_COUNTS},
        "sample": {name: getattr(score.sample, name) for name in _SAMPLE_COUNTS},
    }


def _scored(row: Mapping[str, Any]) -> FileScore:
    scores = {
        attribute: Score(
            event=EventScore(**row[name]["event"]), sample=SampleScore(**row[name]["sample"])
        )
        for name, attribute in _SCORES.items()
    }
    return FileScore(
        file_name=str(row["file_name"]),
        case=str(row["case"]),
        person=str(row["person"]),
        score=RecordingScore(**scores, latency_s=tuple(float(s) for s in row["latency_s"])),
        refused=str(row["refused"]),
    )
