"""Files that a viewer exports and marks that it imports; nothing stays on the server's disk."""

from __future__ import annotations

import base64
import binascii
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, Final

from seizure_core.errors import ParameterError
from seizure_core.events.event import Mark, seizure_events
from seizure_core.events.mark_files import (
    read_marks,
    write_marks_csv,
    write_marks_edf,
    write_marks_tsv,
)
from seizure_core.json_document import write_json
from seizure_core.recording import Recording
from seizure_core.review.exports import write_review
from seizure_core.review.page import Review, events_after, own_marks, reviewed
from seizure_core.review.stamp import Printed, stamp_of
from ui.i18n.translation import tr
from ui.i18n.wording import count_words
from ui.plain_data import without_undefined
from ui.viewer.handles import ViewedFile
from ui.viewer.requests import ViewerRequest
from ui.viewer.review_queue import QueuedRecording
from ui.widgets.pictures import draw_alone
from zoo.inference.detection import Detection
from zoo.inference.detection_report import write_detection_report
from zoo.inference.results import (
    detection_json,
    write_events_csv,
    write_events_edf,
    write_events_tsv,
    write_windows_csv,
)
from zoo.store.registry import model_card

ENDINGS: Final = {
    "events": "events.tsv",
    "edf": "events.edf",
    "csv": "events.csv",
    "windows": "windows.csv",
    "json": "result.json",
    "report": "report.pdf",
}
"""What the name of each kind of file ends with."""

MEDIA_TYPES: Final = {
    "tsv": "text/tab-separated-values",
    "edf": "application/octet-stream",
    "csv": "text/csv",
    "json": "application/json",
    "pdf": "application/pdf",
}
_OF_REVIEW: Final = {
    "events": "tsv",
    "edf": "edf",
    "csv": "csv",
    "json": "json",
    "report": "report",
}
NOTHING_TO_SAVE = "There is nothing to export yet: no event was found or marked."
NO_SEIZURE_MARKED = (
    "No seizure is marked, and a TSV holds nothing else. Save the other marks as EDF+ or CSV."
)
NO_RESULT = "This file is about what a model found: find seizures first."
_UNREVIEWED = "It holds what the model found: nothing was accepted, rejected or marked yet."


def export(opened: ViewedFile, request: ViewerRequest) -> dict[str, Any]:
    """Return a file, for the browser to save, and what it holds in words.

    Raises
    ------
    ParameterError
        The kind is unknown, or there is nothing such a file could hold: an empty one would say
        that the recording holds no seizure.
    """
    kind = request.text("kind")
    if kind not in ENDINGS:
        raise ParameterError(
            "Files are of the kinds {kinds}; not {kind!r}.", kinds=", ".join(ENDINGS), kind=kind
        )
    found, queued = opened.overlays.found, opened.queued
    with tempfile.TemporaryDirectory(prefix="seizure-zoo-export-") as folder:
        if queued is not None:
            path = _write_queued(Path(folder), kind, queued, opened.recording, request)
            held = stamp_of(queued.queue.review, queued.page.recording_id).sentence
        elif found is None:
            path = _write_marks(Path(folder), kind, opened)
            held = tr("It holds your {marks}.", marks=count_words(len(opened.review.marks), "mark"))
        else:
            path = file_of_result(Path(folder), kind, found, opened.review)
            if kind == "report":
                _write_report(path, found, opened, request)
            held = "" if kind == "windows" else held_words(found, opened.review)
        content = path.read_bytes()
    said = tr("{file} is saved.", file=path.name)
    return {
        "file_name": path.name,
        "media_type": MEDIA_TYPES[path.suffix[1:]],
        "content": base64.b64encode(content).decode("ascii"),
        "message": f"{said} {held}".strip(),
    }


def file_of_result(folder: Path, kind: str, found: Detection, review: Review) -> Path:
    """Write one file of a result and return it; a report is left to be written.

    A file that holds a review has another name than one that holds what the model found.
    """
    is_reviewed = bool(review) and kind != "windows"
    stem = Path(found.file_name).stem
    path = folder / f"{stem}_{'reviewed_' if is_reviewed else ''}{ENDINGS[kind]}"
    writers: Mapping[str, Callable[[], None]] = {
        "events": lambda: write_events_tsv(path, found, review),
        "edf": lambda: write_events_edf(path, found, review),
        "csv": lambda: write_events_csv(path, found, review),
        "windows": lambda: write_windows_csv(path, found),
        "json": lambda: write_json(path, without_undefined(detection_json(found, review))),
    }
    if kind in writers:
        writers[kind]()
    return path


def held_words(found: Detection, review: Review) -> str:
    """Return what of a review is in a file."""
    if not review:
        return tr(_UNREVIEWED)
    decisions = [event.decision for event in reviewed(found.events, review)]
    return tr(
        "It holds your review: {kept}, of which {undecided} not decided yet; {rejected} rejected; "
        "{marks} of your own.",
        kept=count_words(len(events_after(found.events, review)), "event"),
        undecided=decisions.count("undecided"),
        rejected=decisions.count("rejected"),
        marks=count_words(len(own_marks(found.events, review)), "mark"),
    )


def _write_report(path: Path, found: Detection, opened: ViewedFile, request: ViewerRequest) -> None:
    case, reviewer = _typed(request)
    draw_alone(
        lambda: write_detection_report(
            path,
            found,
            opened.recording,
            model_card(found.model_id),
            with_file_name=request.has("with_name"),
            made=datetime.now(),
            review=opened.review,
            case=case,
            reviewer=reviewer,
        )
    )


def _write_queued(
    folder: Path,
    kind: str,
    queued: QueuedRecording,
    recording: Recording,
    request: ViewerRequest,
) -> Path:
    """Write what a review says of a recording."""
    if kind not in _OF_REVIEW:
        raise ParameterError(NO_RESULT)
    case, reviewer = _typed(request)
    printed = Printed(case=case, reviewer=reviewer, with_file_name=request.has("with_name"))
    return draw_alone(
        lambda: write_review(
            folder,
            queued.queue.review,
            queued.page.recording_id,
            _OF_REVIEW[kind],
            recording=recording,
            printed=printed,
        )
    )


def _typed(request: ViewerRequest) -> tuple[str, str]:
    """Return the names of the case and the reviewer that a report prints."""
    case, reviewer = (
        request.text(key).strip() if request.has(key) else "" for key in ("case", "reviewer")
    )
    return case, reviewer


def _write_marks(folder: Path, kind: str, opened: ViewedFile) -> Path:
    """Write a person's marks where no model has been run."""
    marks, recording = opened.review.marks, opened.recording
    if kind not in ("events", "edf", "csv"):
        raise ParameterError(NO_RESULT)
    if not marks:
        raise ParameterError(NOTHING_TO_SAVE)
    if kind == "events" and not seizure_events(marks):
        raise ParameterError(NO_SEIZURE_MARKED)
    ending = Path(ENDINGS[kind]).suffix
    path = folder / f"{Path(recording.file_name).stem}_marks{ending}"
    if kind == "csv":
        write_marks_csv(path, marks)
    else:
        write = write_marks_tsv if kind == "events" else write_marks_edf
        write(path, marks, duration_s=recording.duration_s, start_time=recording.start_time)
    return path


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
