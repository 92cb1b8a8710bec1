"""Reader of seizures in the annotations of EDF+ and BDF+ files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from seizure_core.errors import RecordingError, ReferenceFileError
from seizure_core.io.opening import open_recording
from seizure_core.recording import Annotation, Finding, Recording
from seizure_core.references.annotations import (
    MarkedTimes,
    ReferenceAnnotation,
    mark_times,
    unplaced,
)
from seizure_core.references.event_types import read_annotation, split_link
from seizure_core.references.model import Reference, make_reference

END_OF_RECORDING = "Recording ends"
"""Standard EDF+ text that marks the end of the recording in annotation-only files."""


def read_edf_annotations(path: Path, file_name: str) -> Reference:
    """Read the seizures marked in an EDF+ or BDF+ file.

    Parameters
    ----------
    path : Path
        With signals or annotations only.
    file_name : str
        Name to show.

    Raises
    ------
    ReferenceFileError
        The file cannot be read, or its times are contradictory.
    """
    try:
        recording = open_recording(path, file_name=file_name)
    except RecordingError as error:
        raise ReferenceFileError(file_name, error.reason) from error
    return reference_inside(recording)


def reference_inside(recording: Recording) -> Reference:
    """Return the seizures in the annotations of a recording.

    Raises
    ------
    ReferenceFileError
        Its times are contradictory.
    """
    problem = next((finding for finding in recording.findings if finding.severity == "error"), None)
    if problem is not None:
        raise ReferenceFileError(recording.file_name, problem.message)
    marked = marks_of_annotations(recording.annotations)
    ends_s = (
        annotation.onset_s
        for annotation in recording.annotations
        if annotation.text == END_OF_RECORDING
    )
    return make_reference(
        recording.file_name,
        "EDF annotations",
        marked.events,
        duration_s=recording.duration_s or max(ends_s, default=None),
        start_time=recording.start_time,
        findings=(
            *(finding for finding in recording.findings if finding.severity != "info"),
            *marked.findings,
            *_lacking(recording),
        ),
        uncertain=(
            *marked.uncertain,
            *unplaced(recording.unreadable_marks, len(recording.annotations)),
        ),
    )


def marks_of_annotations(annotations: Iterable[Annotation]) -> MarkedTimes:
    """Return the seizures that annotations mark, and possible ones."""
    return mark_times(
        _with_mark(annotation) for annotation in annotations if annotation.text != END_OF_RECORDING
    )


def _with_mark(annotation: Annotation) -> ReferenceAnnotation:
    text, channels = split_link(annotation.text)
    return ReferenceAnnotation(
        onset_s=annotation.onset_s,
        duration_s=annotation.duration_s,
        text=annotation.text,
        mark=read_annotation(text),
        channels=channels,
    )


def _lacking(recording: Recording) -> Sequence[Finding]:
    if recording.unreadable_marks:
        doubtful = unplaced(recording.unreadable_marks, len(recording.annotations))
        if not doubtful:
            return ()
        said = Finding.warning(
            "An annotation whose time cannot be read may be a seizure: outside of the seizures "
            "that are marked, no second of the recording counts as background."
            if doubtful[0].text
            else "An annotation whose time cannot be read may hold seizures: outside of the "
            "seizures that are marked, no second of the recording counts as background."
        )
        return (said,)
    if not recording.annotations:
        return (Finding.info("The file has no annotation: no seizure is marked."),)
    return ()
