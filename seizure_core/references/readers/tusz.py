"""Reads the annotations of the Temple University seizure corpus: `.csv_bi` and `.csv`.

Comment lines give the recording's length; each row is a stretch on one channel, or on
`TERM`, which stands for all of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from seizure_core.errors import ReferenceFileError
from seizure_core.events.event import Event
from seizure_core.recording import Finding
from seizure_core.references.event_types import is_background, seizure_code, sounds_like_seizure
from seizure_core.references.model import (
    UNCERTAIN_ROWS,
    Reference,
    make_reference,
    merge_overlapping,
    uncertain_stretch,
)
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
            raise ReferenceFileError(file_name, "the column {column!r} is missing.", column=column)
    events = []
    others = []
    for row in table.rows:
        code = seizure_code(row.text("label"))
        if code is not None:
            events.append(_event(row, code))
        elif not is_background(row.text("label")):
            others.append(row)
    uncertain = [
        uncertain_stretch(row.seconds("start_time"), row.seconds("stop_time"), row.text("label"))
        for row in others
        if sounds_like_seizure(row.text("label"))
    ]
    findings = _other_labels(others)
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


def _other_labels(rows: Sequence[Row]) -> list[Finding]:
    if not rows:
        return []
    labels = sorted({row.text("label") for row in rows})
    shown = ", ".join(labels[:10]) + (", ..." if len(labels) > 10 else "")
    return [
        Finding.warning("Rows of these labels are not taken as seizures: {shown}.", shown=shown)
    ]
