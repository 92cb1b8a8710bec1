"""Signals of a dataset's recordings, stored by the job of a batch."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seizure_core import __version__
from seizure_core.batch.ledger import LEDGER_FOLDER
from seizure_core.batch.task import Batch, Progress, Task, TaskResult
from seizure_core.io.opening import open_recording
from seizure_core.messages import templates_in, with_templates
from seizure_core.recording import Finding, Recording
from seizure_core.signals.blocks import Cancelled
from seizure_core.signals.model_input import ModelInput, prepare_input
from training.data.labelled_recordings import RefusedFile
from training.data.settings import DatasetSettings
from training.data.signal_hashes import hash_file, new_salt
from training.data.signal_store import StoredSignals, store_signals
from training.errors import DatasetError

_SALT_FILE = "salt"
_OF_THE_DISK = (DatasetError.__name__, OSError.__name__)
_INPUT = ("channels", "sampling_rate_hz", "preprocessing", "min_coverage", "min_channels")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalsJob:
    """Signals of recordings as model input, and the hashes that identify them.

    Attributes
    ----------
    salt : str
        Of the hashes, the same for all recordings of a dataset.
    """

    settings: DatasetSettings
    salt: str
    kind: str = "dataset"

    @property
    def identity(self) -> Mapping[str, Any]:
        """The settings that the signals depend on, salt and version."""
        document = self.settings.model_dump(mode="json")
        inputs = {name: document[name] for name in _INPUT}
        return {**inputs, "salt": self.salt, "app_version": __version__}

    def run(
        self, task: Task, folder: Path, progress: Progress | None, cancelled: Cancelled | None
    ) -> TaskResult:
        """Write `STEM_signals.f32` and `STEM_hashes.npy`."""
        recording = open_recording(task.recording, file_name=task.file_name)
        signals, hashes = folder / f"{task.stem}_signals.f32", folder / f"{task.stem}_hashes.npy"
        stored = store_signals(signals, model_input_of(recording, self.settings), progress)
        np.save(hashes, hash_file(task.recording, salt=self.salt), allow_pickle=False)
        findings = [
            {"severity": one.severity, "message": one.message, "is_caveat": one.is_caveat}
            for one in stored.findings
        ]
        summary = {
            "sha256": stored.sha256,
            "gaps": stored.gaps.tolist(),
            "findings": findings,
            "templates": templates_in(findings),
        }
        return TaskResult(duration_s=recording.duration_s, summary=summary, files=(signals, hashes))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StoredPart:
    """A recording whose signals are stored, and where."""

    signals: Path
    hashes: NDArray[np.void]
    stored: StoredSignals

    def put(self, target: Path) -> None:
        """Put the signals into a dataset: the same bytes on the disk where it can be so."""
        try:
            os.link(self.signals, target)
        except OSError:
            shutil.copyfile(self.signals, target)


def model_input_of(recording: Recording, settings: DatasetSettings) -> ModelInput:
    """Return a recording as the dataset's model input.

    Raises
    ------
    SeizureZooError
        It does not fit the settings.
    """
    return prepare_input(
        recording,
        channels=settings.channels,
        sampling_rate_hz=settings.sampling_rate_hz,
        preprocessing=settings.preprocessing,
        min_coverage=settings.min_coverage,
        min_channels=settings.min_channels,
    )


def stored_part(batch: Batch, task: Task, duration_s: float) -> StoredPart | RefusedFile:
    """Return what a job has stored of a recording, or why it could not.

    Raises
    ------
    DatasetError
        The disk is full or cannot be written.
    """
    entry, summary = batch.ledger.result(task.name)
    if entry is None or entry.state == "failed":
        message = "" if entry is None else entry.message
        if summary.get("error") in _OF_THE_DISK:
            raise DatasetError("{reason}", reason=message)
        reason = message.removeprefix(f"{task.file_name}: ") or "it was not stored"
        return RefusedFile(file_name=task.file_name, reason=reason, duration_s=duration_s)
    signals, hashes = (batch.out / name for name, _ in entry.files)
    findings = with_templates(summary["findings"], summary["templates"])
    return StoredPart(
        signals=signals,
        hashes=np.load(hashes, allow_pickle=False),
        stored=StoredSignals(
            sha256=summary["sha256"],
            gaps=np.array(summary["gaps"], dtype=np.int64).reshape(-1, 2),
            findings=tuple(Finding(**one) for one in findings),
        ),
    )


def kept_salt(folder: Path) -> str:
    """Return the salt of a folder of parts, drawn by whichever process comes first."""
    path = folder / LEDGER_FOLDER / _SALT_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{_SALT_FILE}-{os.getpid()}")
    fresh.write_text(new_salt(), encoding="utf-8")
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    except OSError:  # a disk without hard links
        if not path.exists():
            shutil.copyfile(fresh, path)
    finally:
        fresh.unlink()
    return path.read_text(encoding="utf-8")
