"""Reads the annotations of the Temple University seizure corpus: `.csv_bi` and `.csv`.

Comment lines give the recording's length; each row is a stretch on one channel, or on
`TERM`, which stands for all of them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from seizure_core.errors import ReferenceFileError
from seizure_core.events import SEIZURE, Event
from seizure_core.references.event_types import is_background, seizure_code
from seizure_core.references.model import Reference, make_reference, warning
from seizure_core.references.tables import Row, parse_table
from seizure_core.references.text_files import parse_seconds, split_lines

_DURATION = re.compile(r"#\s*duration\s*=\s*(\S+)\s*sec\w*\s*", re.I)
_ALL_CHANNELS = "TERM"


def is_tusz(text: str) -> bool:
    """Return whether a text looks like an annotation file of the Temple corpus."""
    head = text[:4096].lstrip()
    return (
        head.startswith("# version = ")
        or re.search(r"^channel\s*,\s*start_time\s*,\s*stop_time\s*,\s*label", head, re.M | re.I)
        is not None
    )


def parse_tusz(text: str, file_name: str) -> Reference:
    """Read one recording's annotations.

    Rows of several channels that overlap in time become one event with those channels; its
    type is theirs where they agree, else plain "sz".

    Parameters
    ----------
    text : str
        The whole file.
    file_name : str
        For messages.

    Raises
    ------
    ReferenceFileError
        A column is missing or a row is wrong; it is named.
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
            raise ReferenceFileError(file_name, f"the column {column!r} is missing.")
    events = []
    others = set()
    for row in table.rows:
        code = seizure_code(row.text("label"))
        if code is not None:
            events.append(_event(row, code))
        elif not is_background(row.text("label")):
            others.add(row.text("label"))
    findings = []
    if others:
        shown = ", ".join(sorted(others)[:10]) + (", ..." if len(others) > 10 else "")
        findings.append(warning(f"Rows of these labels are not taken as seizures: {shown}."))
    return make_reference(
        file_name,
        "TUSZ csv",
        merge_overlapping(events),
        duration_s=duration_s if duration_s and duration_s > 0 else None,
        findings=findings,
    )


def merge_overlapping(events: Sequence[Event]) -> tuple[Event, ...]:
    """Return events with those that overlap or touch in time made one.

    The event of several channels spans from the first onset to the last offset.
    """
    groups: list[list[Event]] = []
    reached_s = -math.inf
    for event in sorted(events, key=lambda e: (e.onset_s, e.offset_s, e.event_type)):
        if event.onset_s > reached_s:
            groups.append([])
        groups[-1].append(event)
        reached_s = max(reached_s, event.offset_s)
    return tuple(_joined(group) for group in groups)


def _joined(events: Sequence[Event]) -> Event:
    if len(events) == 1:
        return events[0]
    types = {event.event_type for event in events}
    confidences = [event.confidence for event in events if event.confidence is not None]
    everywhere = any(not event.channels for event in events)
    channels = dict.fromkeys(channel for event in events for channel in event.channels)
    return Event(
        onset_s=events[0].onset_s,
        duration_s=max(event.offset_s for event in events) - events[0].onset_s,
        event_type=types.pop() if len(types) == 1 else SEIZURE,
        confidence=max(confidences, default=None),
        channels=() if everywhere else tuple(channels),
    )


def _event(row: Row, code: str) -> Event:
    onset_s, stop_s = row.seconds("start_time"), row.seconds("stop_time")
    if stop_s <= onset_s:
        row.fail("stop_time", f"{stop_s:g} s is not after the start, {onset_s:g} s")
    channel = row.text("channel")
    return Event(
        onset_s=onset_s,
        duration_s=stop_s - onset_s,
        event_type=code,
        confidence=row.fraction("confidence"),
        channels=() if channel in ("", _ALL_CHANNELS) else (channel,),
    )
