"""The files a detection is taken away in."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from seizure_core.atomic import atomic_path
from ui.plain_data import without_undefined
from zoo.detection import Detection
from zoo.results import detection_json, write_detection


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
    plain = without_undefined(detection_json(detection))
    with atomic_path(everything) as temporary:
        temporary.write_text(json.dumps(plain, indent=1, allow_nan=False), encoding="utf-8")
    return ResultFiles(events=events, windows=windows, everything=everything)


def pack(paths: Sequence[Path], target: Path) -> None:
    """Pack files, without their folders, into a zip archive."""
    with (
        atomic_path(target) as temporary,
        zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for path in paths:
            archive.write(path, arcname=path.name)
