"""The files a detection is taken away in."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from seizure_core.atomic import atomic_path
from seizure_core.events.review import NO_REVIEW, Review
from ui.plain_data import without_undefined
from zoo.inference.detection import Detection
from zoo.inference.results import (
    detection_json,
    write_detection,
    write_events_edf,
    write_events_tsv,
    write_windows_csv,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFiles:
    """Paths of the files of one detection.

    Attributes
    ----------
    events : Path
        `STEM_events.tsv`.
    windows : Path
        `STEM_windows.csv`.
    everything : Path
        `STEM_result.json`, the same as the API answers.
    """

    events: Path
    windows: Path
    everything: Path


def write_result(folder: Path, detection: Detection, *, stem: str | None = None) -> ResultFiles:
    """Write the files of a detection into a folder.

    Parameters
    ----------
    folder : Path
        Where to.
    detection : Detection
        What was found.
    stem : str, optional
        How the names begin; None means the recording's name without suffix.
    """
    stem = stem or Path(detection.file_name).stem
    events, windows = write_detection(folder, stem, detection)
    everything = folder / f"{stem}_result.json"
    _write_json(everything, detection, NO_REVIEW)
    return ResultFiles(events=events, windows=windows, everything=everything)


def file_of_result(folder: Path, kind: str, detection: Detection, review: Review) -> Path:
    """Write one file of a detection and return it; a report's is left to be written.

    Parameters
    ----------
    folder : Path
        Where to.
    kind : str
        "events", "edf", "windows", "json" or "report".
    detection : Detection
        What was found.
    review : Review
        What a person marked and decided. A file that holds any of it has another name than
        one that does not.
    """
    tail = {
        "events": "events.tsv",
        "edf": "events.edf",
        "windows": "windows.csv",
        "json": "result.json",
        "report": "report.pdf",
    }[kind]
    is_reviewed = bool(review) and kind != "windows"
    stem = Path(detection.file_name).stem
    path = folder / f"{stem}_{'reviewed_' if is_reviewed else ''}{tail}"
    if kind == "events":
        write_events_tsv(path, detection, review)
    elif kind == "edf":
        write_events_edf(path, detection, review)
    elif kind == "windows":
        write_windows_csv(path, detection)
    elif kind == "json":
        _write_json(path, detection, review)
    return path


def _write_json(path: Path, detection: Detection, review: Review) -> None:
    plain = without_undefined(detection_json(detection, review))
    with atomic_path(path) as temporary:
        temporary.write_text(json.dumps(plain, indent=1, allow_nan=False), encoding="utf-8")


def pack(paths: Sequence[Path], target: Path) -> None:
    """Pack files, without their folders, into a zip archive."""
    with (
        atomic_path(target) as temporary,
        zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for path in paths:
            archive.write(path, arcname=path.name)
