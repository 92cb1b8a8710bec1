"""Reads seizures out of the annotations of an EDF+ or BDF+ file.

An annotation counts when its whole text is in the vocabulary of `event_types`: a remark with
a duration, or a pair of remarks for start and end. Everything else is counted and, where it
sounds like a seizure, shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from seizure_core.errors import RecordingError, ReferenceFileError
from seizure_core.events import Event
from seizure_core.opening import open_recording
from seizure_core.recording import Annotation, Finding
from seizure_core.references.event_types import read_remark, sounds_like_seizure
from seizure_core.references.model import Reference, make_reference, warning

END_OF_RECORDING = "Recording ends"
"""Standard EDF+ remark by which an annotation-only file tells how long the recording was."""

_SHOWN = 10


def read_edf_annotations(path: Path, file_name: str) -> Reference:
    """Read the seizures marked in an EDF+ or BDF+ file.

    Parameters
    ----------
    path : Path
        The file; it may hold signals or annotations only.
    file_name : str
        The name to show.

    Raises
    ------
    ReferenceFileError
        The file cannot be read.
    """
    try:
        recording = open_recording(path, file_name=file_name)
    except RecordingError as error:
        raise ReferenceFileError(file_name, error.reason) from error
    events, findings = events_of_annotations(recording.annotations)
    if not recording.annotations:
        findings.append(
            Finding(severity="info", message="The file has no annotation: no seizure is marked.")
        )
    return make_reference(
        file_name,
        "EDF annotations",
        events,
        duration_s=_duration_s(recording.duration_s, recording.annotations),
        start_time=recording.start_time,
        findings=findings,
    )


def events_of_annotations(
    annotations: Iterable[Annotation],
) -> tuple[tuple[Event, ...], list[Finding]]:
    """Return the seizures that annotations mark, and what the user should know about the rest.

    Parameters
    ----------
    annotations : iterable of Annotation
        As in the file.

    Returns
    -------
    events : tuple of Event
        Marked by one remark with a duration, or by a start and the end that follows it.
    findings : list of Finding
        Ends and starts without the other, and remarks that did not count.
    """
    events: list[Event] = []
    findings: list[Finding] = []
    started: tuple[Annotation, str] | None = None
    others: list[str] = []
    for annotation in sorted(annotations, key=lambda a: a.onset_s):
        mark = read_remark(annotation.text)
        if mark is None:
            if annotation.text != END_OF_RECORDING:
                others.append(annotation.text)
        elif annotation.duration_s is not None and annotation.duration_s > 0:
            events.append(_event(annotation, annotation.duration_s, mark.code))
        elif mark.role == "end":
            if started is None:
                findings.append(_alone(annotation, "no start before it"))
            elif annotation.onset_s > started[0].onset_s:
                length_s = annotation.onset_s - started[0].onset_s
                events.append(_event(started[0], length_s, started[1]))
            started = None
        else:
            if started is not None:
                findings.append(_alone(started[0], "neither a duration nor an end"))
            started = (annotation, mark.code)
    if started is not None:
        findings.append(_alone(started[0], "neither a duration nor an end"))
    return tuple(events), findings + _uncounted(others)


def _event(annotation: Annotation, duration_s: float, code: str) -> Event:
    return Event(onset_s=annotation.onset_s, duration_s=duration_s, event_type=code)


def _alone(annotation: Annotation, lack: str) -> Finding:
    return warning(
        f"The annotation {annotation.text!r} at {annotation.onset_s:g} s has {lack}: not used."
    )


def _uncounted(texts: list[str]) -> list[Finding]:
    if not texts:
        return []
    suspicious = sorted({text for text in texts if sounds_like_seizure(text)})
    findings = [
        Finding(severity="info", message=f"{len(texts)} annotation(s) do not mark a seizure.")
    ]
    if suspicious:
        shown = ", ".join(repr(text) for text in suspicious[:_SHOWN])
        more = ", ..." if len(suspicious) > _SHOWN else ""
        findings.append(
            warning(f"These annotations are not understood as seizures: {shown}{more}.")
        )
    return findings


def _duration_s(stored_s: float, annotations: Iterable[Annotation]) -> float | None:
    if stored_s > 0:
        return stored_s
    return max((a.onset_s for a in annotations if a.text == END_OF_RECORDING), default=None)
