"""Reads tables of events: SzCORE (HED-SCORE) TSV, BIDS events and plain CSV.

Columns are found by name, never by position. SzCORE: ``onset duration eventType confidence
channels dateTime recordingDuration``; a recording without seizure has one row of type
``bckg``. BIDS: ``onset`` and ``duration`` and some column that says what happened. Plain
CSV: a start and either a duration or an end, in seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from seizure_core.errors import ReferenceFileError
from seizure_core.events import SEIZURE, Event
from seizure_core.recording import Finding
from seizure_core.references.event_types import is_background, seizure_code
from seizure_core.references.model import Reference, make_reference, warning
from seizure_core.references.tables import Row, Table, parse_table
from seizure_core.references.text_files import split_lines

UNKNOWN_START = datetime(2000, 1, 1)
"""What SzCORE files say where the date is hidden; read as unknown."""

_ONSETS = ("onset", "onset_s", "start", "start_s", "start_time", "start_time_s", "begin")
_DURATIONS = ("duration", "duration_s", "length", "length_s")
_OFFSETS = ("offset", "offset_s", "stop", "stop_s", "stop_time", "end", "end_s", "end_time")
_TYPES = ("eventtype", "event_type", "trial_type", "type", "label", "class", "event", "seizure")
_REMARKS = ("event_value", "value", "description", "annotation", "text", "remark", "note")
_DELIMITERS = ("\t", ",", ";", "|")


def parse_event_table(text: str, file_name: str) -> Reference:
    """Read one recording's events from a table.

    Parameters
    ----------
    text : str
        The whole file.
    file_name : str
        For messages.

    Returns
    -------
    Reference
        Rows of other types than seizure and background are left out and said.

    Raises
    ------
    ReferenceFileError
        Columns are missing or a row is wrong; it is named.
    """
    lines = split_lines(text)
    header = next((line for line in lines if line.strip()), "")
    delimiter = max(_DELIMITERS, key=header.count)
    table = parse_table(lines, delimiter, file_name)
    onset, extent = _time_columns(table, file_name)
    kind = _first(table.columns, _TYPES) or _first(table.columns, _REMARKS)
    findings: list[Finding] = []
    if not table.rows:
        findings.append(
            Finding(severity="info", message="The table has no row: no seizure is marked.")
        )
    elif kind is None:
        findings.append(warning("No column says the type of event: all rows count as seizures."))
    events = []
    for row in table.rows:
        code = seizure_code(row.text(kind)) if kind else SEIZURE
        if code is not None:
            events.append(_event(row, code, onset, extent))
    findings += _other_types(table.rows, kind)
    duration_s, start_time = _recording_facts(table.rows, findings)
    return make_reference(
        file_name,
        _format(delimiter, table.columns),
        events,
        duration_s=duration_s,
        start_time=start_time,
        findings=findings,
    )


def _format(delimiter: str, columns: Sequence[str]) -> str:
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
            "it is no known file of annotations. A table of events needs a line of column names "
            "with 'onset' and 'duration' (or 'start' and 'stop'), in seconds.",
        )
    return onset, extent


def _event(row: Row, code: str, onset: str, extent: str) -> Event:
    onset_s = row.seconds(onset)
    duration_s = row.seconds(extent)
    if extent in _OFFSETS:
        duration_s -= onset_s
    if duration_s <= 0:
        row.fail(extent, f"the event at {onset_s:g} s would last {duration_s:g} s")
    return Event(
        onset_s=onset_s,
        duration_s=duration_s,
        event_type=code,
        confidence=row.fraction("confidence"),
        channels=_channels(row),
        text=row.text("text"),
    )


def _channels(row: Row) -> tuple[str, ...]:
    if not row.is_given("channels") or row.text("channels").casefold() == "all":
        return ()
    return tuple(name.strip() for name in row.text("channels").split(",") if name.strip())


def _other_types(rows: Iterable[Row], kind: str | None) -> list[Finding]:
    if kind is None:
        return []
    counts: dict[str, int] = {}
    for row in rows:
        text = row.text(kind)
        if seizure_code(text) is None and not is_background(text):
            counts[text] = counts.get(text, 0) + 1
    if not counts:
        return []
    shown = ", ".join(f"{text!r} ({n})" for text, n in sorted(counts.items())[:10])
    more = ", ..." if len(counts) > 10 else ""
    return [warning(f"Rows of these types are not taken as seizures: {shown}{more}.")]


def _recording_facts(
    rows: Sequence[Row], findings: list[Finding]
) -> tuple[float | None, datetime | None]:
    """Return length and start of the recording; rows that disagree are a finding."""
    durations = dict.fromkeys(
        _positive(row, "recordingduration") for row in rows if row.is_given("recordingduration")
    )
    starts = dict.fromkeys(_date(row) for row in rows if row.is_given("datetime"))
    for values, what in ((durations, "lengths"), (starts, "starts")):
        if len(values) > 1:
            findings.append(
                warning(f"The rows state different {what} of the recording; the first is taken.")
            )
    start = next(iter(starts), None)
    return next(iter(durations), None), None if start == UNKNOWN_START else start


def _positive(row: Row, column: str) -> float:
    value = row.seconds(column)
    if value <= 0:
        row.fail(column, f"a recording cannot last {value:g} s")
    return value


def _date(row: Row) -> datetime:
    text = row.text("datetime")
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        row.fail("datetime", f"{text[:40]!r} is no date such as 2076-11-06 13:43:04")


def _first(columns: Sequence[str], names: Sequence[str]) -> str | None:
    return next((name for name in names if name in columns), None)
