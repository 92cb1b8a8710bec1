"""Readers of small tables: Temple corpus, SeizeIT1, and MNE-Python.

- Temple corpus, `.csv_bi` and `.csv`: comment lines contain the duration of the recording; each row
  is an interval on one channel, or on `TERM`, which stands for all.
- SeizeIT1, `SUBJECT_rN_a1.tsv`, one file per annotator: comment lines, then a row per seizure
  without column names: onset and end in seconds (either may be "None"), type, and comments.
- Text files of `Annotations.save` of MNE-Python: comment lines contain the date of 0 s, if any, and
  the columns; rows are not quoted, so a description may contain commas. (Its CSV files are event
  tables, see `event_tables`.)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from seizure_core.errors import ReferenceFileError
from seizure_core.events.event import SEIZURE, Event
from seizure_core.recording import Finding
from seizure_core.references.annotations import ReferenceAnnotation, mark_times
from seizure_core.references.event_types import (
    is_background,
    read_annotation,
    read_type,
    seizure_code,
    sounds_like_seizure,
    split_link,
)
from seizure_core.references.model import (
    UNCERTAIN_ROWS,
    Reference,
    describe_span,
    make_reference,
    merge_overlapping,
    open_stretch,
    uncertain_stretch,
)
from seizure_core.references.readers.event_tables import MNE_COLUMNS, MNE_FORMAT
from seizure_core.references.tables import (
    Row,
    parse_date,
    parse_seconds,
    parse_table,
    split_lines,
)

_DURATION = re.compile(r"#\s*duration\s*=\s*(\S+)\s*sec\w*\s*", re.I)
_ALL_CHANNELS = "TERM"
_SOURCE = re.compile(r"^#\s*source\s*:\s*seizeit", re.I | re.M)
_SEIZEIT1_CODES = {
    "fa": "sz_foc_a",
    "fas": "sz_foc_a",
    "fia": "sz_foc_ia",
    "fias": "sz_foc_ia",
    "f-btc": "sz_foc_f2b",
    "fbtc": "sz_foc_f2b",
    "fbtcs": "sz_foc_f2b",
}
_SEIZEIT1_COLUMNS = ("onset", "end", "type", "note")
_TITLE = re.compile(r"#\s*mne-annotations\s*", re.I)
_DATE = re.compile(r"#\s*orig_time\s*:\s*(?P<date>.+)", re.I)
_HEADER = re.compile(r"#\s*(?P<columns>onset\s*,\s*duration\s*,\s*description.*)", re.I)


def is_tusz(text: str) -> bool:
    """Return whether a text looks like an annotation file of the Temple corpus."""
    head = text[:4096].lstrip()
    return (
        head.startswith("# version = ")
        or re.search(r"^channel\s*,\s*start_time\s*,\s*stop_time\s*,\s*label", head, re.M | re.I)
        is not None
    )


def parse_tusz(text: str, file_name: str, recording_start: datetime | None = None) -> Reference:
    """Parse one recording's annotations.

    Rows of several channels that overlap in time become one event with these channels; its type is
    theirs if they agree, else "sz".

    Raises
    ------
    ReferenceFileError
        A column is missing or a row is invalid.
    """
    lines = split_lines(text)
    duration_s = None
    for line in lines:
        match = _DURATION.fullmatch(line.strip())
        if match:
            duration_s = parse_seconds(match[1])
    table = parse_table(lines, ",", file_name, comment="#")
    for column in ("start_time", "stop_time", "label"):
        if column not in table.columns:
            raise ReferenceFileError(file_name, "the column {column!r} is missing.", column=column)
    events = []
    others = []
    for row in table.rows:
        code = seizure_code(row.text("label"))
        if code is not None:
            events.append(_tusz_event(row, code))
        elif not is_background(row.text("label")):
            others.append(row)
    uncertain = [
        uncertain_stretch(row.seconds("start_time"), row.seconds("stop_time"), row.text("label"))
        for row in others
        if sounds_like_seizure(row.text("label"))
    ]
    findings = list(_other_labels(others))
    if uncertain:
        findings.append(Finding.warning(UNCERTAIN_ROWS))
    return make_reference(
        file_name,
        "TUSZ csv",
        merge_overlapping(events),
        uncertain=uncertain,
        duration_s=duration_s if duration_s and duration_s > 0 else None,
        findings=findings,
    )


def _tusz_event(row: Row, code: str) -> Event:
    onset_s, stop_s = row.seconds("start_time"), row.seconds("stop_time")
    if stop_s <= onset_s:
        row.fail(
            "stop_time",
            "{stop_s:g} s is not after the start, {onset_s:g} s",
            stop_s=stop_s,
            onset_s=onset_s,
        )
    channel = row.text("channel")
    return Event(
        onset_s=onset_s,
        duration_s=stop_s - onset_s,
        event_type=code,
        confidence=row.fraction("confidence"),
        channels=() if channel in ("", _ALL_CHANNELS) else (channel,),
    )


def _other_labels(rows: Sequence[Row]) -> Iterator[Finding]:
    labels = sorted({row.text("label") for row in rows})
    shown = ", ".join(labels[:10]) + (", ..." if len(labels) > 10 else "")
    if rows:
        yield Finding.warning(
            "Rows of these labels are not taken as seizures: {shown}.", shown=shown
        )


def is_seizeit1(text: str) -> bool:
    """Return whether a text is a SeizeIT1 annotation file, which names its source."""
    return _SOURCE.search(text[:4096]) is not None


def parse_seizeit1(text: str, file_name: str, recording_start: datetime | None = None) -> Reference:
    """Parse one recording's seizures; those without onset or end become uncertain intervals.

    Raises
    ------
    ReferenceFileError
        A row is invalid.
    """
    table = parse_table(split_lines(text), "\t", file_name, comment="#", columns=_SEIZEIT1_COLUMNS)
    events: list[Event] = []
    half_known = []
    for row in table.rows:
        if "end" not in row.cells:
            row.fail("end", "it is missing")
        onset_s, end_s = row.given_seconds("onset"), row.given_seconds("end")
        kind = row.text("type")
        if kind and is_background(kind):
            continue
        if onset_s is None or end_s is None:
            half_known.append((row, onset_s, end_s))
            continue
        if end_s <= onset_s:
            row.fail(
                "end",
                "the seizure at {onset_s:g} s ends at {end_s:g} s",
                onset_s=onset_s,
                end_s=end_s,
            )
        mark = read_type(kind)
        code = _SEIZEIT1_CODES.get(kind.casefold(), mark.code if mark is not None else SEIZURE)
        events.append(
            Event(
                onset_s=onset_s,
                duration_s=end_s - onset_s,
                event_type=code,
                text=row.text("note"),
            )
        )
    uncertain = [open_stretch(on, end, events, row.text("type")) for row, on, end in half_known]
    findings = [
        Finding.warning(
            "The seizure of row {number} has no {lack}: {describe_span} count "
            "neither as seizure nor as background.",
            number=row.number,
            lack="end" if end_s is None else "onset",
            describe_span=describe_span(stretch),
        )
        for (row, _, end_s), stretch in zip(half_known, uncertain, strict=True)
    ]
    if not events and not half_known:
        findings.append(Finding.info("The file has no row: no seizure is marked."))
    return make_reference(
        file_name, "SeizeIT1 annotations", events, findings=findings, uncertain=uncertain
    )


def is_mne_text(text: str) -> bool:
    """Return whether a text starts like MNE's annotation files."""
    first = next((line.strip() for line in split_lines(text) if line.strip()), "")
    return _TITLE.fullmatch(first) is not None or _HEADER.fullmatch(first) is not None


def parse_mne_text(text: str, file_name: str, recording_start: datetime | None = None) -> Reference:
    """Parse one recording's annotations.

    Parameters
    ----------
    recording_start : datetime, optional
        If the file gives a date for 0 s.

    Raises
    ------
    ReferenceFileError
        A row is invalid.
    """
    columns: tuple[str, ...] = MNE_COLUMNS
    zero: datetime | None = None
    annotations = []
    for number, line in enumerate(split_lines(text), start=1):
        if match := _DATE.fullmatch(line.strip()):
            zero = parse_date(match["date"])
        elif match := _HEADER.fullmatch(line.strip()):
            columns = tuple(name.strip() for name in match["columns"].split(","))
        elif line.strip() and not line.lstrip().startswith("#"):
            annotations.append(_annotation(_mne_row(line, columns, number, file_name)))
    shift_s = 0.0
    if zero is not None and recording_start is not None:
        shift_s = (zero - recording_start).total_seconds()
    marked = mark_times(
        replace(annotation, onset_s=round(annotation.onset_s + shift_s, 6))
        for annotation in annotations
    )
    return make_reference(
        file_name,
        MNE_FORMAT,
        marked.events,
        start_time=recording_start or zero,
        findings=marked.findings,
        uncertain=marked.uncertain,
    )


def _mne_row(line: str, columns: tuple[str, ...], number: int, file_name: str) -> Row:
    """Return the cells of a line whose description may contain commas."""
    cells = line.split(",")
    n_fixed = len(MNE_COLUMNS)
    n_more = min(len(columns) - n_fixed, max(len(cells) - n_fixed, 0))
    stop = len(cells) - n_more
    joined = [*cells[:2], ",".join(cells[2:stop]), *cells[stop:]]
    return Row(file_name, number, dict(zip(columns, joined, strict=False)))


def _annotation(row: Row) -> ReferenceAnnotation:
    onset_s, duration_s = row.seconds("onset"), row.seconds("duration")
    if duration_s < 0:
        row.fail("duration", "{duration_s:g} s is below 0", duration_s=duration_s)
    said, channels = split_link(row.text("description"))
    return ReferenceAnnotation(
        onset_s=onset_s,
        duration_s=duration_s or None,
        text=row.text("description"),
        mark=read_annotation(said),
        channels=row.listed("ch_names", ":") or channels,
    )
