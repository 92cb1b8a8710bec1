"""The files a detection is taken away in."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from seizure_core.atomic import atomic_path
from seizure_core.events.review import Review
from ui.plain_data import without_undefined
from zoo.inference.detection import Detection
from zoo.inference.results import (
    detection_json,
    write_events_edf,
    write_events_tsv,
    write_windows_csv,
)

_TAILS = {
    "events": "events.tsv",
    "edf": "events.edf",
    "windows": "windows.csv",
    "json": "result.json",
    "report": "report.pdf",
}


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
    is_reviewed = bool(review) and kind != "windows"
    stem = Path(detection.file_name).stem
    path = folder / f"{stem}_{'reviewed_' if is_reviewed else ''}{_TAILS[kind]}"
    if kind == "events":
        write_events_tsv(path, detection, review)
    elif kind == "edf":
        write_events_edf(path, detection, review)
    elif kind == "windows":
        write_windows_csv(path, detection)
    elif kind == "json":
        write_json(path, detection_json(detection, review))
    return path


def write_json(path: Path, document: dict[str, Any]) -> None:
    """Write numbers and texts for reading by people and programs; undefined numbers are null."""
    plain = without_undefined(document)
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
