"""A dataset: stored signals, an index of windows into them, and a card."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seizure_core.intervals import Spans, covered
from seizure_core.references.names import stem_of
from training.data.labelling import SEIZURE_LABEL, WINDOWS, is_seizure
from training.data.settings import DatasetSettings, dataset_settings
from training.data.signal_hashes import HASHES
from training.data.signal_store import open_signals
from training.documents import read_document
from training.errors import DatasetError
from training.patients import public_name

DATASET_FILE = "dataset.json"
WINDOWS_FILE = "windows.npy"
HASHES_FILE = "hashes.npy"
SIGNALS_FOLDER = "signals"

_QUOTED = re.compile(r"(?<!\w)'(?:[^'\\]|\\.)*'(?!\w)|\"[^\"]*\"")
_FILE = re.compile(r"\S+\.(?:edf|bdf|tsv|csv|txt|seizures|csv_bi|gz)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DatasetRecording:
    """One recording of a dataset.

    Attributes
    ----------
    file_name, patient, person : str
        `person` is the same for patient ids that are one person.
    n_channels, n_samples : int
        Shape of its stored signals.
    ictal, gaps : Spans
        In samples.
    events : tuple of (float, float)
        Onset and duration of each seizure, in seconds.
    uncertain : tuple of (float, float)
        Intervals that may contain a seizure, likewise.
    references : tuple of str
        Names of the reference files.
    """

    file_name: str
    patient: str
    person: str
    n_channels: int
    n_samples: int
    duration_s: float
    ictal: Spans
    gaps: Spans
    events: tuple[tuple[float, float], ...]
    uncertain: tuple[tuple[float, float], ...] = ()
    findings: tuple[str, ...] = ()
    references: tuple[str, ...] = ()

    @property
    def public_findings(self) -> tuple[str, ...]:
        """The findings without names of files and quoted annotations, which may tell of a patient.

        Cards are published, and runs are kept and shown when the recordings are long gone.
        """
        stems = "|".join(re.escape(stem_of(name)) for name in (self.file_name, *self.references))
        names = re.compile(rf"[\w.+-]*(?:{stems})[\w.+-]*", re.IGNORECASE)
        found = (_QUOTED.sub("'...'", finding) for finding in self.findings)
        return tuple(_FILE.sub("its file", names.sub("its file", finding)) for finding in found)


@dataclass(frozen=True, kw_only=True, eq=False)
class Dataset:
    """An opened dataset.

    Attributes
    ----------
    card : dict
        As plain data.
    windows : ndarray of dtype WINDOWS
        The index.
    """

    dataset_id: str
    folder: Path
    card: dict[str, Any]
    settings: DatasetSettings
    recordings: tuple[DatasetRecording, ...]
    windows: NDArray[np.void]
    _maps: dict[int, NDArray[np.float32]] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        """Hash of settings, signals and windows."""
        return str(self.card["sha256"])

    @property
    def used(self) -> NDArray[np.int64]:
        """Positions of the used windows in the index."""
        return np.flatnonzero(self.windows["used"])

    @property
    def n_channels(self) -> int | None:
        """Channels per window; None if recordings differ."""
        channels = self.settings.channels
        return None if channels is None else len(channels)

    @cached_property
    def persons(self) -> NDArray[np.str_]:
        """Person of each window."""
        persons = np.array([recording.person for recording in self.recordings])
        by_window: NDArray[np.str_] = persons[self.windows["recording"]]
        return by_window

    @cached_property
    def public_persons(self) -> Mapping[str, str]:
        """Each person's id for logs and published cards: that of a database, else a number."""
        persons = dict.fromkeys(recording.person for recording in self.recordings)
        return {person: public_name(person, n) for n, person in enumerate(persons, start=1)}

    def signals(self, recording: int) -> NDArray[np.float32]:
        """Return the stored signals of a recording, memory-mapped, (n_channels, n_samples)."""
        if recording not in self._maps:
            stored = self.recordings[recording]
            path = self.folder / SIGNALS_FOLDER / signals_name(recording)
            self._maps[recording] = open_signals(path, (stored.n_channels, stored.n_samples))
        return self._maps[recording]

    def window(self, index: int) -> NDArray[np.float32]:
        """Return one window of the index, a view, shape (n_channels, window_samples)."""
        row = self.windows[index]
        start = int(row["start"])
        return self.signals(int(row["recording"]))[:, start : start + self.settings.window_samples]

    def step_labels(self, indices: NDArray[np.int64], n_steps: int) -> NDArray[np.int64]:
        """Return the class of each of the equal steps of some windows.

        A step is labelled by the dataset's rule, like a window.
        """
        length = self.settings.window_samples // n_steps
        labels = np.zeros((len(indices), n_steps), dtype=np.int64)
        rows = self.windows[indices]
        offsets = np.arange(n_steps) * length
        for recording in np.unique(rows["recording"]):
            mine = rows["recording"] == recording
            starts = (rows["start"][mine][:, None] + offsets).ravel()
            n_ictal = covered(starts, length, self.recordings[int(recording)].ictal)
            labels[mine] = is_seizure(n_ictal, length, self.settings.labelling).reshape(-1, n_steps)
        return labels

    def counts(self, indices: NDArray[np.int64]) -> tuple[int, int]:
        """Return the numbers of background and seizure windows among some windows."""
        n_seizure = int((self.windows["label"][indices] == SEIZURE_LABEL).sum())
        return len(indices) - n_seizure, n_seizure


def signals_name(recording: int) -> str:
    """Return the file name of a recording's signals."""
    return f"{recording:05d}.f32"


def read_dataset(folder: Path) -> Dataset:
    """Open a dataset folder.

    Raises
    ------
    DatasetError
        A part of it is missing or damaged.
    """
    card = read_document(folder / DATASET_FILE, DatasetError)
    try:
        settings = dataset_settings(card["settings"])
        recordings = tuple(_recording(recording) for recording in card["recordings"])
        windows = read_array(folder / WINDOWS_FILE, WINDOWS)
    except (KeyError, TypeError, AttributeError) as error:
        raise DatasetError(
            "{folder_name}/{dataset_file} lacks {error}: the dataset is damaged. Delete it.",
            folder_name=folder.name,
            dataset_file=DATASET_FILE,
            error=error,
        ) from error
    _check(folder.name, windows, recordings, settings)
    return Dataset(
        dataset_id=folder.name,
        folder=folder,
        card=card,
        settings=settings,
        recordings=recordings,
        windows=windows,
    )


def read_hashes(folder: Path) -> NDArray[np.void]:
    """Return the signal hashes of a dataset's recordings, dtype `HASHES`."""
    return read_array(folder / HASHES_FILE, HASHES)


def read_array(path: Path, dtype: np.dtype[Any]) -> NDArray[Any]:
    """Read an array written by `numpy.save`, without pickle.

    Raises
    ------
    DatasetError
        The file is missing, damaged or of another dtype.
    """
    try:
        array = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise DatasetError(
            "{name}/{file_name} cannot be read: the dataset is damaged. Delete it.",
            name=path.parent.name,
            file_name=path.name,
        ) from error
    if array.dtype != dtype or array.ndim != 1:
        raise DatasetError(
            "{name}/{file_name} is not what it should be. Delete it.",
            name=path.parent.name,
            file_name=path.name,
        )
    checked: NDArray[Any] = array
    return checked


def _recording(document: Mapping[str, Any]) -> DatasetRecording:
    return DatasetRecording(
        file_name=str(document["file_name"]),
        patient=str(document["patient"]),
        person=str(document["person"]),
        n_channels=int(document["n_channels"]),
        n_samples=int(document["n_samples"]),
        duration_s=float(document["duration_s"]),
        ictal=np.array(document["ictal_samples"], dtype=np.int64).reshape(-1, 2),
        gaps=np.array(document["gap_samples"], dtype=np.int64).reshape(-1, 2),
        events=_stretches(document["events"]),
        # Datasets of version 0.1 have none.
        uncertain=_stretches(document.get("uncertain", ())),
        findings=tuple(str(finding) for finding in document.get("findings", ())),
        references=tuple(str(reference) for reference in document.get("references", ())),
    )


def _stretches(rows: Iterable[Any]) -> tuple[tuple[float, float], ...]:
    return tuple((float(onset), float(length)) for onset, length in rows)


def _check(
    name: str,
    windows: NDArray[np.void],
    recordings: tuple[DatasetRecording, ...],
    settings: DatasetSettings,
) -> None:
    numbers = windows["recording"]
    sizes = np.array([recording.n_samples for recording in recordings], dtype=np.int64)
    if len(windows) and (
        numbers.min() < 0
        or numbers.max() >= len(recordings)
        or windows["start"].min() < 0
        or (windows["start"] + settings.window_samples > sizes[numbers]).any()
    ):
        raise DatasetError(
            "Windows of {name} lie outside its recordings: it is damaged.", name=name
        )
