"""Reading and writing of marks: SzCORE TSV, EDF+ annotations, CSV."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from seizure_core.atomic import atomic_path
from seizure_core.errors import RecordingError, ReferenceFileError
from seizure_core.events.event import (
    SIDES,
    Event,
    Mark,
    in_order,
    is_seizure_kind,
    seizure_events,
)
from seizure_core.events.types import OTHER_CODES
from seizure_core.io.edf.writer import write_edf_annotations
from seizure_core.io.opening import open_recording
from seizure_core.recording import Annotation, Recording
from seizure_core.references import read_reference, write_szcore_tsv
from seizure_core.references.event_types import split_link
from seizure_core.references.readers.edf_annotations import END_OF_RECORDING
from seizure_core.references.writing import CSV_COLUMNS

_EDF_SUFFIXES = (".edf", ".bdf")
_COLUMNS = (*CSV_COLUMNS, "side")
_SIDE = re.compile(rf"\(({'|'.join(filter(None, SIDES))})\)\s*")
_SAME_TIME_S = 1e-4
_MAX_FILE_BYTES = 10 << 20


def write_marks_tsv(
    path: str | Path, marks: Iterable[Mark], *, duration_s: float, start_time: datetime | None
) -> None:
    """Write the marked seizures as SzCORE TSV; those without duration get a millisecond.

    Without a marked seizure the table has no row, because it was never stated that there is none.
    """
    events = [with_extent(event, duration_s) for event in seizure_events(marks)]
    write_szcore_tsv(
        path, events, duration_s=duration_s, start_time=start_time, with_background_row=False
    )


def write_marks_edf(
    path: str | Path, marks: Sequence[Mark], *, duration_s: float, start_time: datetime | None
) -> None:
    """Write all marks as an EDF+ annotation file.

    See `annotations_of` for their texts.
    """
    annotations = annotations_of(marks)
    annotations.append(Annotation(onset_s=duration_s, duration_s=None, text=END_OF_RECORDING))
    write_edf_annotations(path, annotations, start_time=start_time)


def annotations_of(marks: Iterable[Mark]) -> list[Annotation]:
    """Return marks as annotations of a file.

    A seizure is written as its SzCORE code, which other programs expect as the whole text; side,
    comment and channels become a second annotation at the same time, "(left) text@@F7@@T7".
    """
    found = []
    for mark in marks:
        remark = f"({mark.side}) {mark.text}".strip() if mark.side else mark.text
        linked = remark + "".join(f"@@{channel}" for channel in mark.channels)
        if mark.is_seizure:
            texts = [mark.kind, linked]
        else:
            texts = [f"{mark.kind}: {linked}" if remark else f"{mark.kind}{linked}"]
        found += [
            Annotation(onset_s=mark.onset_s, duration_s=mark.duration_s, text=text)
            for text in texts
            if text
        ]
    return found


def write_marks_csv(path: str | Path, marks: Iterable[Mark]) -> None:
    """Write all marks as CSV, times to the microsecond."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for mark in marks:
        sure = "" if mark.confidence is None else repr(mark.confidence)
        times = [repr(round(time_s, 6)) for time_s in (mark.onset_s, mark.duration_s)]
        channels = ",".join(mark.channels)
        writer.writerow([*times, mark.kind, sure, channels, mark.text, mark.side])
    with atomic_path(path) as temporary:
        temporary.write_text(text.getvalue(), encoding="utf-8", newline="")


def read_marks(
    path: Path, *, file_name: str, recording_name: str, recording: Recording | None = None
) -> tuple[tuple[Mark, ...], tuple[str, ...]]:
    """Read marks from a file in any format of `read_reference`, or from our CSV.

    Parameters
    ----------
    file_name : str
        Name to show.
    recording_name : str
        The wanted recording, if the file describes several.
    recording : Recording, optional
        The recording itself, for files with dates or times of day.

    Returns
    -------
    marks : tuple of Mark
        With origin "imported", sorted by onset. EDF+ and our CSV contain all marks, other formats
        seizures only.
    messages : tuple of str
        Warnings about the file.

    Raises
    ------
    ReferenceFileError
        The file cannot be read or understood.
    """
    if path.stat().st_size > _MAX_FILE_BYTES and path.suffix.lower() not in _EDF_SUFFIXES:
        raise ReferenceFileError(
            file_name,
            "it is larger than {max_file_bytes} MB, too large for a file of marks.",
            max_file_bytes=_MAX_FILE_BYTES >> 20,
        )
    ours = _rows_of_our_csv(path)
    if ours is not None:
        events = [_event_of_row(row, number, file_name) for number, row in enumerate(ours, 2)]
        return _marks(events), ()
    reference = read_reference(
        path, recording_name=recording_name, file_name=file_name, recording=recording
    )
    remarks: list[Event] = []
    seizures = list(reference.events)
    if reference.format == "EDF annotations":
        seizures, remarks = _with_remarks(path, file_name, seizures)
    # Annotations that are not seizures are imported as marks, so they need no warning.
    messages = tuple(
        finding.message
        for finding in reference.findings
        if finding.severity != "info" or not remarks
    )
    return _marks([*seizures, *remarks]), messages


def _marks(events: Iterable[Event]) -> tuple[Mark, ...]:
    return tuple(
        replace(Mark.of_event(event, f"imported-{number}"), origin="imported")
        for number, event in enumerate(in_order(events))
    )


def with_extent(event: Event, duration_s: float) -> Event:
    """Return an event with at least a millisecond of duration."""
    extent_s = max(event.duration_s, 1e-3)
    onset_s = min(event.onset_s, max(duration_s - extent_s, 0.0))
    return replace(event, onset_s=onset_s, duration_s=extent_s)


def _rows_of_our_csv(path: Path) -> list[list[str]] | None:
    """Return the rows below the header, None if the file is not one of ours."""
    head = ",".join(CSV_COLUMNS).encode()
    with path.open("rb") as file:
        if file.read(len(head) + 3).removeprefix(b"\xef\xbb\xbf")[: len(head)] != head:
            return None
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    return [row for row in csv.reader(io.StringIO(text)) if row][1:]


def _event_of_row(row: Sequence[str], number: int, file_name: str) -> Event:
    # Tables of earlier versions have no sides.
    if len(row) not in (len(CSV_COLUMNS), len(_COLUMNS)):
        raise ReferenceFileError(
            file_name,
            "line {number} has {n_row} cells; it should have {n_csv_columns}.",
            number=number,
            n_row=len(row),
            n_csv_columns=len(_COLUMNS),
        )
    onset, duration, kind, confidence, channels, text, *side = row
    if not is_seizure_kind(kind) and kind not in OTHER_CODES:
        raise ReferenceFileError(
            file_name, "line {number}: there is no event_type {kind!r}.", number=number, kind=kind
        )
    numbers = [_number(cell, number, file_name) for cell in (onset, duration)]
    if numbers[1] < 0:
        raise ReferenceFileError(
            file_name, "line {number}: the duration is below 0.", number=number
        )
    return Event(
        onset_s=numbers[0],
        duration_s=numbers[1],
        event_type=kind,
        confidence=_number(confidence, number, file_name) if confidence else None,
        channels=tuple(filter(None, channels.split(","))),
        text=text,
        side=side[0] if side and side[0] in SIDES else "",
    )


def _number(cell: str, line: int, file_name: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ReferenceFileError(
            file_name, "line {line}: {cell!r} is not a number.", line=line, cell=cell
        )
    return value


def _with_remarks(
    path: Path, file_name: str, seizures: Sequence[Event]
) -> tuple[list[Event], list[Event]]:
    """Return seizures with comments, and the other annotations as marks."""
    try:
        annotations = open_recording(path, file_name=file_name).annotations
    except RecordingError as error:
        raise ReferenceFileError(file_name, error.reason) from error
    commented, remarks = list(seizures), []
    for annotation in annotations:
        said, channels = split_link(annotation.text)
        kind, _, text = (part.strip() for part in said.partition(":"))
        if said == END_OF_RECORDING or is_seizure_kind(said):
            continue
        twin = next((i for i, e in enumerate(commented) if _same_time(e, annotation)), None)
        if kind in OTHER_CODES:
            remarks.append(_remark(annotation, kind, text, channels))
        elif twin is None:
            remarks.append(_remark(annotation, "note", said, channels))
        elif not commented[twin].text:
            twin_of = _remark(annotation, commented[twin].event_type, said, channels)
            commented[twin] = replace(
                commented[twin], channels=channels, text=twin_of.text, side=twin_of.side
            )
    return commented, remarks


def _same_time(event: Event, annotation: Annotation) -> bool:
    return (
        abs(event.onset_s - annotation.onset_s) < _SAME_TIME_S
        and abs(event.duration_s - (annotation.duration_s or 0.0)) < _SAME_TIME_S
    )


def _remark(annotation: Annotation, kind: str, text: str, channels: tuple[str, ...] = ()) -> Event:
    side = _SIDE.match(text)
    return Event(
        onset_s=annotation.onset_s,
        duration_s=annotation.duration_s or 0.0,
        event_type=kind,
        channels=channels,
        text=text[side.end() :] if side else text,
        side=side[1] if side else "",
    )
