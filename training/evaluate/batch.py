"""Evaluation as the job of a batch: a model on recordings with references."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from seizure_core import __version__
from seizure_core.batch.task import Batch, Progress, Task, TaskResult
from seizure_core.errors import SeizureZooError
from seizure_core.events.event import Event
from seizure_core.events.scoring import RecordingScore, Score
from seizure_core.events.trace import ProbabilityTrace
from seizure_core.json_document import write_json
from seizure_core.signals.blocks import Cancelled
from training.data.labelled_recordings import RefusedFile
from training.errors import RefusedRecordingError, SeenInTrainingError
from training.evaluate.evaluation import EvaluatedRecording, Evaluation, Evaluator
from training.evaluate.explorer import TracedFile
from training.saving import any_detector


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredScore:
    """Everything about an evaluated recording except its trace."""

    file_name: str
    patient: str
    duration_s: float
    score: RecordingScore
    line_length: Score
    reference: tuple[Event, ...]
    uncertain: tuple[Event, ...]
    input_caveats: tuple[str, ...]
    notes: tuple[str, ...]
    in_training: bool


_STORED = TypeAdapter(StoredScore)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluateJob:
    """Scores and traces of one model; None takes the settings of its card.

    Attributes
    ----------
    model_id : str
        Of a model or a run.
    model : tuple of str
        Id and hashes of the model that was meant.
    """

    model_id: str
    model: tuple[str, str, str]
    threshold: float | None = None
    stride_s: float | None = None
    allow_training_data: bool = False
    kind: str = "evaluate"

    @classmethod
    def of(cls, model_id: str, evaluator: Evaluator) -> EvaluateJob:
        """Return the job of a loaded model and its settings."""
        return cls(
            model_id=model_id,
            model=evaluator.detector.card.identity,
            threshold=evaluator.threshold,
            stride_s=evaluator.stride_s,
            allow_training_data=evaluator.allow_training_data,
        )

    @property
    def identity(self) -> Mapping[str, Any]:
        """Model, settings and version."""
        names = ("model_id", "card_sha256", "weights_sha256")
        return {
            **dict(zip(names, self.model, strict=True)),
            "threshold": self.threshold,
            "stride_s": self.stride_s,
            "allow_training_data": self.allow_training_data,
            "app_version": __version__,
        }

    def run(
        self, task: Task, folder: Path, progress: Progress | None, cancelled: Cancelled | None
    ) -> TaskResult:
        """Score the recording; write `STEM_score.json`, `STEM_trace.npy`, and its signs."""
        found = _evaluator(self).evaluate(task.material, progress, cancelled)
        if isinstance(found, RefusedFile):
            refused = SeenInTrainingError if found.in_training else RefusedRecordingError
            raise refused(found.file_name, "{reason}", reason=found.reason)
        traced = found.traced
        summary = _STORED.dump_python(
            StoredScore(
                file_name=traced.file_name,
                patient=traced.patient,
                duration_s=traced.trace.duration_s,
                score=found.score,
                line_length=found.line_length,
                reference=traced.reference,
                uncertain=traced.uncertain,
                input_caveats=found.input_caveats,
                notes=found.notes,
                in_training=found.in_training,
            ),
            mode="json",
        )
        score = folder / f"{task.stem}_score.json"
        write_json(score, summary)
        files = [score]
        for name, values in (("trace", traced.trace.probabilities), ("signs", traced.signs)):
            if values is not None:
                files.append(folder / f"{task.stem}_{name}.npy")
                np.save(files[-1], values, allow_pickle=False)
        return TaskResult(duration_s=traced.trace.duration_s, summary=summary, files=tuple(files))


@lru_cache(maxsize=1)
def _evaluator(job: EvaluateJob) -> Evaluator:
    """Load a model once a process."""
    detector = any_detector(job.model_id)
    if detector.card.identity != job.model:
        raise SeizureZooError(
            "The model {model_id} is another one than when the work began. Begin again.",
            model_id=job.model_id,
        )
    return Evaluator.of(
        detector,
        threshold=job.threshold,
        stride_s=job.stride_s,
        allow_training_data=job.allow_training_data,
    )


def stored_evaluation(batch: Batch, tasks: Sequence[Task], evaluator: Evaluator) -> Evaluation:
    """Add up the stored results of recordings, in their order, without running the model."""
    scored: list[EvaluatedRecording] = []
    failed: list[RefusedFile] = []
    for task in tasks:
        entry, summary = batch.ledger.result(task.name)
        if entry is None:
            failed.append(RefusedFile(file_name=task.file_name, reason="it was not evaluated"))
            continue
        if entry.state == "failed":
            failed.append(
                RefusedFile(
                    file_name=task.file_name,
                    reason=entry.message.removeprefix(f"{task.file_name}: "),
                    in_training=summary.get("error") == SeenInTrainingError.__name__,
                )
            )
            continue
        stored = _STORED.validate_python(summary)
        arrays = {
            name.rpartition("_")[2]: np.load(batch.out / name, allow_pickle=False)
            for name, _ in entry.files
            if name.endswith(".npy")
        }
        scored.append(_evaluated(stored, arrays, evaluator))
    return Evaluation(
        detector=evaluator.detector,
        settings=evaluator.settings,
        recordings=tuple(scored),
        failed=tuple(failed),
    )


def _evaluated(
    stored: StoredScore, arrays: Mapping[str, NDArray[np.float32]], evaluator: Evaluator
) -> EvaluatedRecording:
    return EvaluatedRecording(
        traced=TracedFile(
            file_name=stored.file_name,
            patient=stored.patient,
            trace=ProbabilityTrace(probabilities=arrays["trace.npy"], duration_s=stored.duration_s),
            reference=stored.reference,
            uncertain=stored.uncertain,
            second_stage=evaluator.detector.card.output.second_stage,
            signs=arrays.get("signs.npy"),
        ),
        score=stored.score,
        line_length=stored.line_length,
        settings=evaluator.settings,
        input_caveats=stored.input_caveats,
        notes=stored.notes,
        in_training=stored.in_training,
    )
