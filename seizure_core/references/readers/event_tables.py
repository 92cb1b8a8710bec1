"""Readers of event tables: SzCORE (HED-SCORE) TSV, BIDS events and plain CSV.

Columns are found by name, never by position. SzCORE: ``onset duration eventType confidence channels
dateTime recordingDuration``; a recording without seizure has one row of type ``bckg``. BIDS:
``onset`` and ``duration`` and some column that says what happened. Plain CSV: a start and either a
duration or an end, in seconds. What `Annotations.save` of MNE writes as CSV is one of these, with
dates as onsets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from seizure_core.errors import ReferenceFileError
from seizure_core.events.event import SEIZURE
from seizure_core.recording import Finding
from seizure_core.references.annotations import ReferenceAnnotation, mark_times
from seizure_core.references.event_types import (
    is_background,
    read_annotation,
    read_type,
    sounds_like_seizure,
)
from seizure_core.references.model import Reference, make_reference
from seizure_core.references.tables import (
    Row,
    Table,
    normalise_column,
    parse_table,
    split_lines,
    zero_of_dates,
)

UNKNOWN_START = datetime(2000, 1, 1)
"""SzCORE's date for an unknown start; read as unknown."""

_ONSETS = ("onset", "onset_s", "start", "start_s", "start_time", "start_time_s", "begin")
_DURATIONS = ("duration", "duration_s", "length", "length_s")
_OFFSETS = ("offset", "offset_s", "stop", "stop_s", "stop_time", "end", "end_s", "end_time")
_TYPES = ("eventtype", "event_type", "trial_type", "type", "label", "class", "event", "seizure")
_TEXTS = ("event_value", "value", "description", "annotation", "text", "remark", "note")
MNE_FORMAT = "MNE annotations"
MNE_COLUMNS = ("onset", "duration", "description")
_DELIMITERS = ("\t", ",", ";", "|")


def parse_event_table(
    text: str, file_name: str, recording_start: datetime | None = None
) -> Reference:
    """Parse one recording's events from a table.

    Parameters
    ----------
    recording_start : datetime, optional
        For onsets that are dates.

    Returns
    -------
    Reference
        Rows other than seizure and background become findings; possible seizures become uncertain
        intervals.

    Raises
    ------
    ReferenceFileError
        Columns are missing or a row is invalid.
    """
    lines = split_lines(text)
    header = next((line for line in lines if line.strip()), "")
    delimiter = max(_DELIMITERS, key=header.count)
    table = parse_table(lines, delimiter, file_name)
    onset, extent = _time_columns(table, file_name)
    kinds = tuple(name for name in (*_TYPES, *_TEXTS) if name in table.columns)
    is_szcore = kinds[:1] == ("eventtype",)
    kinds = kinds[:1] if is_szcore else kinds
    findings: list[Finding] = []
    if not table.rows:
        findings.append(Finding.info("The table has no row: no seizure is marked."))
    elif not kinds:
        findings.append(
            Finding.warning("No column says the type of event: all rows count as seizures.")
        )
    zero = zero_of_dates(table.rows, onset, recording_start, file_name)
    # In SzCORE and tables without types every row has a duration; other rows may be points in time.
    layout = _Layout(onset, extent, is_strict=is_szcore or not kinds, zero=zero)
    said = [_event_text(row, kinds) if kinds else SEIZURE for row in table.rows]
    rows = zip(table.rows, said, strict=True)
    marked = mark_times(
        [_annotation(row, text, layout) for row, text in rows if _counts(text)], join_channels=False
    )
    findings += [
        *_other_types(said),
        *(f for f in marked.findings if f.severity != "info"),
    ]
    duration_s, start_time = _recording_facts(table.rows, findings)
    return make_reference(
        file_name,
        _format(delimiter, table.columns),
        marked.events,
        duration_s=duration_s,
        start_time=start_time,
        findings=findings,
        uncertain=marked.uncertain,
    )


def is_event_table(text: str) -> bool:
    """Return whether a text starts with the column names of an event table."""
    header = next((line for line in split_lines(text[:4096]) if line.strip()), "")
    delimiter = max(_DELIMITERS, key=header.count)
    columns = [normalise_column(cell) for cell in header.split(delimiter)]
    extent = _first(columns, _DURATIONS) or _first(columns, _OFFSETS)
    return _first(columns, _ONSETS) is not None and extent is not None


@dataclass(frozen=True, slots=True)
class _Layout:
    """Columns by meaning."""

    onset: str
    extent: str
    is_strict: bool
    zero: datetime | None


def _event_text(row: Row, kinds: Sequence[str]) -> str:
    """Return the event text of a row.

    The first non-empty type or text column, unless it is not about a seizure and a later one is:
    BIDS tables often have "n/a" or "annotation" as type and the annotator's text as value.
    """
    given = [column for column in kinds if row.is_given(column)]
    if not given:
        return row.text(kinds[0])
    first, *others = (row.text(column) for column in given)
    if _counts(first) or is_background(first):
        return first
    # A bare 1 is a seizure in a column of that name; elsewhere it is a trigger code.
    named = (
        text
        for column, text in zip(given[1:], others, strict=True)
        if read_annotation(text)
        or sounds_like_seizure(text)
        or (column == "seizure" and _counts(text))
    )
    return next(named, first)


def _counts(text: str) -> bool:
    """Return whether a text is about a seizure; times of other rows are not checked."""
    return read_type(text) is not None or (not is_background(text) and sounds_like_seizure(text))


def _annotation(row: Row, text: str, layout: _Layout) -> ReferenceAnnotation:
    onset_s = row.seconds_since(layout.onset, layout.zero)
    return ReferenceAnnotation(
        onset_s=onset_s,
        duration_s=_duration_s(row, onset_s, layout),
        text=text,
        mark=read_type(text),
        confidence=row.fraction("confidence"),
        channels=_channels(row),
        note=row.text("text"),
    )


def _duration_s(row: Row, onset_s: float, layout: _Layout) -> float | None:
    extent = layout.extent
    if not layout.is_strict and not row.is_given(extent):
        return None
    duration_s = row.seconds(extent)
    if extent in _OFFSETS:
        duration_s -= onset_s
    if duration_s == 0 and not layout.is_strict:
        return None
    if duration_s <= 0:
        row.fail(
            extent,
            "the event at {onset_s:g} s would last {duration_s:g} s",
            onset_s=onset_s,
            duration_s=duration_s,
        )
    return duration_s


def _format(delimiter: str, columns: Sequence[str]) -> str:
    if columns[:3] == MNE_COLUMNS:
        return MNE_FORMAT
    if delimiter != "\t":
        return "CSV"
    return "SzCORE TSV" if "eventtype" in columns else "BIDS events"


def _time_columns(table: Table, file_name: str) -> tuple[str, str]:
    onset = _first(table.columns, _ONSETS)
    extent = _first(table.columns, _DURATIONS) or _first(table.columns, _OFFSETS)
    if "probability" in table.columns:
        raise ReferenceFileError(
            file_name, "it is a table of windows. Choose the table of events made with it."
        )
    if onset is None or extent is None:
        raise ReferenceFileError(
            file_name,
            "it is not a known annotation file. A table of events needs a line of column names "
            "with 'onset' and 'duration' (or 'start' and 'stop'), in seconds.",
        )
    return onset, extent


def _channels(row: Row) -> tuple[str, ...]:
    if row.is_given("ch_names"):  # MNE's format for lists of names.
        return row.listed("ch_names", ":")
    is_all = not row.is_given("channels") or row.text("channels").casefold() == "all"
    return () if is_all else row.listed("channels")


def _other_types(said: Iterable[str]) -> Iterator[Finding]:
    counts: dict[str, int] = {}
    for text in said:
        if not text or (read_type(text) is None and not is_background(text)):
            counts[text] = counts.get(text, 0) + 1
    if not counts:
        return
    shown = ", ".join(f"{text!r} ({n})" for text, n in sorted(counts.items())[:10])
    more = ", ..." if len(counts) > 10 else ""
    yield Finding.warning(
        "Rows of these types are not taken as seizures: {shown}{more}.", shown=shown, more=more
    )


def _recording_facts(
    rows: Sequence[Row], findings: list[Finding]
) -> tuple[float | None, datetime | None]:
    """Return duration and start of the recording, with findings on rows that disagree."""
    durations = dict.fromkeys(
        _positive(row, "recordingduration") for row in rows if row.is_given("recordingduration")
    )
    starts = dict.fromkeys(_date(row) for row in rows if row.is_given("datetime"))
    for values, what in ((durations, "lengths"), (starts, "starts")):
        if len(values) > 1:
            findings.append(
                Finding.warning(
                    "The rows state different {what} of the recording; the first is taken.",
                    what=what,
                )
            )
    start = next(iter(starts), None)
    return next(iter(durations), None), None if start == UNKNOWN_START else start


def _positive(row: Row, column: str) -> float:
    value = row.seconds(column)
    if value <= 0:
        row.fail(column, "a recording cannot last {value:g} s", value=value)
    return value


def _date(row: Row) -> datetime:
    text = row.text("datetime")
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        row.fail("datetime", "{text!r} is not a date such as 2076-11-06 13:43:04", text=text)


def _first(columns: Sequence[str], names: Sequence[str]) -> str | None:
    return next((name for name in names if name in columns), None)
