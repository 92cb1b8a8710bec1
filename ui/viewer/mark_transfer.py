"""Marks between the browser and files: nothing stays on the server's disk."""

from __future__ import annotations

import base64
import binascii
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from seizure_core.errors import ParameterError
from seizure_core.events.mark_files import (
    read_marks,
    write_marks_csv,
    write_marks_edf,
    write_marks_tsv,
)
from seizure_core.events.marks import Mark, seizure_events
from seizure_core.recording import Recording

MEDIA_TYPES = {
    "tsv": "text/tab-separated-values",
    "edf": "application/octet-stream",
    "csv": "text/csv",
}
# A detector's results are called _events, _result and _report.
SUFFIX = "_marks"
NOTHING_MARKED = "There are no marks to save yet."
NO_SEIZURE_MARKED = (
    "No seizure is marked, and a TSV holds nothing else. Save the other marks as EDF+ or CSV."
)


def export_marks(recording: Recording, marks: Sequence[Mark], file_format: str) -> dict[str, Any]:
    """Return a file of marks, for the browser to save.

    Raises
    ------
    ParameterError
        The format is unknown, or it cannot hold one of the marks; or there is nothing to
        save: an empty file would say that the recording holds no seizure.
    """
    if file_format not in MEDIA_TYPES:
        raise ParameterError(
            "Marks can be saved as {media_types}, not {file_format!r}.",
            media_types=", ".join(MEDIA_TYPES),
            file_format=file_format,
        )
    if not marks:
        raise ParameterError(NOTHING_MARKED)
    if file_format == "tsv" and not seizure_events(marks):
        raise ParameterError(NO_SEIZURE_MARKED)
    name = f"{Path(recording.file_name).stem}{SUFFIX}.{file_format}"
    with tempfile.TemporaryDirectory(prefix="seizure-zoo-marks-") as folder:
        path = Path(folder) / f"marks.{file_format}"
        if file_format == "csv":
            write_marks_csv(path, marks)
        else:
            write = write_marks_tsv if file_format == "tsv" else write_marks_edf
            write(path, marks, duration_s=recording.duration_s, start_time=recording.start_time)
        content = path.read_bytes()
    left_out = sum(not mark.is_seizure for mark in marks) if file_format == "tsv" else 0
    message = f"{name}: {len(marks) - left_out} marks"
    if left_out:
        message += f", {left_out} that are no seizures are left out"
    return {
        "file_name": name,
        "media_type": MEDIA_TYPES[file_format],
        "content": base64.b64encode(content).decode("ascii"),
        "message": message,
    }


def import_marks(
    recording: Recording, file_name: str, content: str
) -> tuple[list[Mark], list[str]]:
    """Read marks from a file the browser sent as base64.

    Marks that lie outside the recording are cut or left out, and counted.

    Raises
    ------
    ReferenceFileError
        The file cannot be read or understood.
    ParameterError
        The browser sent no base64.
    """
    name = PurePosixPath(PureWindowsPath(file_name).name).name or "marks"
    try:
        raw = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise ParameterError("{name} did not arrive whole. Choose it again.", name=name) from None
    with tempfile.TemporaryDirectory(prefix="seizure-zoo-marks-") as folder:
        path = Path(folder) / f"marks{Path(name).suffix.lower()[:16]}"
        path.write_bytes(raw)
        found, messages = read_marks(
            path, file_name=name, recording_name=recording.file_name, recording=recording
        )
    inside = [_cut(mark, recording.duration_s) for mark in found]
    kept = [mark for mark in inside if mark is not None]
    if len(kept) < len(found):
        messages = (*messages, f"{len(found) - len(kept)} lie outside the recording.")
    return kept, list(messages)


def _cut(mark: Mark, duration_s: float) -> Mark | None:
    onset_s = max(mark.onset_s, 0.0)
    end_s = min(mark.onset_s + mark.duration_s, duration_s)
    if end_s < onset_s or onset_s > duration_s:
        return None
    return replace(mark, onset_s=onset_s, duration_s=end_s - onset_s)
