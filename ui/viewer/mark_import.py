"""Marks from a file that the browser sends: nothing stays on the server's disk."""

from __future__ import annotations

import base64
import binascii
import tempfile
from dataclasses import replace
from pathlib import Path, PurePosixPath, PureWindowsPath

from seizure_core.errors import ParameterError
from seizure_core.events.mark_files import read_marks
from seizure_core.events.marks import Mark
from seizure_core.recording import Recording


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
        raise ParameterError(
            "{name} did not arrive completely. Choose it again.", name=name
        ) from None
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
