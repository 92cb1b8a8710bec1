"""Detection as the job of a batch: a model over many recordings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from seizure_core import __version__
from seizure_core.batch.task import Progress, Task, TaskResult
from seizure_core.errors import SeizureZooError
from seizure_core.io.opening import open_recording
from seizure_core.signals.blocks import Cancelled
from zoo.detector import Detector
from zoo.hub.access import HubAccess
from zoo.inference.bids import write_sidecar
from zoo.inference.results import detection_json, write_detection
from zoo.loading import load_detector


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictJob:
    """Detection with one model and one choice of settings; None takes those of the card.

    Attributes
    ----------
    model_id : str
        As `load_detector` takes it.
    model : tuple of str
        Id and hashes of the model that was meant.
    is_bids : bool
        Whether the results are derivatives of a BIDS tree.
    bad_channels : tuple of str
        Labels of channels to leave out of every recording.
    access : HubAccess, optional
        Login for the Hub, if needed; None means this machine's user.
    """

    model_id: str
    model: tuple[str, str, str]
    threshold: float | None = None
    stride_s: float | None = None
    operating_point: str | None = None
    second_stage: bool = True
    is_bids: bool = False
    bad_channels: tuple[str, ...] = ()
    access: HubAccess | None = field(default=None, repr=False)

    @classmethod
    def of(cls, model_id: str, detector: Detector, **settings: Any) -> PredictJob:
        """Return the job of a loaded model.

        Raises
        ------
        ParameterError
            Threshold or stride is out of bounds, or the card has no such operating point.
        """
        job = cls(model_id=model_id, model=detector.card.identity, **settings)
        detector.check_settings(**job._settings)
        return job

    @property
    def kind(self) -> str:
        """Name of the ledger; several models may share the derivatives of a BIDS tree."""
        return f"predict-{self.model[0]}" if self.is_bids else "predict"

    @property
    def identity(self) -> Mapping[str, Any]:
        """Model, settings and version."""
        names = ("model_id", "card_sha256", "weights_sha256")
        facts = dict(zip(names, self.model, strict=True))
        return {
            **facts,
            **self._settings,
            "second_stage": self.second_stage,
            "is_bids": self.is_bids,
            "bad_channels": list(self.bad_channels),
            "app_version": __version__,
        }

    @property
    def _settings(self) -> dict[str, Any]:
        return {
            "threshold": self.threshold,
            "stride_s": self.stride_s,
            "operating_point": self.operating_point,
        }

    def run(
        self, task: Task, folder: Path, progress: Progress | None, cancelled: Cancelled | None
    ) -> TaskResult:
        """Detect seizures in the recording; write `STEM_events.tsv` and `STEM_windows.csv`."""
        detector = _model(self.model_id, self.model, self.access)
        recording = open_recording(task.recording, file_name=task.file_name)
        recording = recording.with_bad_channels(self.bad_channels)
        detection = detector.detect(
            recording,
            progress=progress,
            cancelled=cancelled,
            second_stage=self.second_stage,
            **self._settings,
        )
        files: tuple[Path, ...] = write_detection(folder, task.stem, detection)
        if self.is_bids:
            files = (*files, write_sidecar(files[0], detection))
        brief = detection_json(detection, with_windows=False)
        return TaskResult(
            duration_s=detection.duration_s,
            summary={name: value for name, value in brief.items() if name != "channels"},
            files=files,
            document=partial(detection_json, detection),
        )


@lru_cache(maxsize=2)
def _model(model_id: str, identity: tuple[str, str, str], access: HubAccess | None) -> Detector:
    """Load a model once a process."""
    detector = load_detector(model_id, access=access)
    if detector.card.identity != identity:
        raise SeizureZooError(
            "The model {model_id} is another one than when the work began. Begin again.",
            model_id=model_id,
        )
    return detector
