"""Reads the annotations of the SeizeIT1 database: `SUBJECT_rN_a1.tsv`, one file an annotator.

Comment lines, then a row a seizure without column names: onset and end in seconds (either may
be "None"), type, and remarks.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from seizure_core.errors import ReferenceFileError
from seizure_core.events.event import SEIZURE, Event
from seizure_core.recording import Finding
from seizure_core.references.event_types import is_background, read_type
from seizure_core.references.model import (
    Reference,
    describe_span,
    make_reference,
    uncertain_stretch,
)
from seizure_core.references.tables import NOT_AVAILABLE
from seizure_core.references.text_files import parse_seconds, split_lines

_SOURCE = re.compile(r"^#\s*source\s*:\s*seizeit", re.I | re.M)
_CODES = {
    "fa": "sz_foc_a",
    "fas": "sz_foc_a",
    "fia": "sz_foc_ia",
    "fias": "sz_foc_ia",
    "f-btc": "sz_foc_f2b",
    "fbtc": "sz_foc_f2b",
    "fbtcs": "sz_foc_f2b",
}


def is_seizeit1(text: str) -> bool:
    """Return whether a text is an annotation file of SeizeIT1: it names its source."""
    return _SOURCE.search(text[:4096]) is not None


def parse_seizeit1(text: str, file_name: str) -> Reference:
    """Read one recording's seizures; one without onset or end is an uncertain stretch.

    Raises
    ------
    ReferenceFileError
        A row is wrong; it is named.
    """
    rows = [
        _row(line, number, file_name)
        for number, line in enumerate(split_lines(text), start=1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    rows = [row for row in rows if not (row.kind and is_background(row.kind))]
    events = [row.event() for row in rows if row.is_whole]
    uncertain: list[Event] = []
    findings: list[Finding] = []
    for row in rows:
        if row.is_whole:
            continue
        stretch = row.stretch(events)
        uncertain.append(stretch)
        lack = "end" if row.end_s is None else "onset"
        findings.append(
            Finding.warning(
                "The seizure of row {number} has no {lack}: {describe_span} count "
                "neither as seizure nor as background.",
                number=row.number,
                lack=lack,
                describe_span=describe_span(stretch),
            )
        )
    if not rows:
        message = "The file has no row: no seizure is marked."
        findings.append(Finding.info(message))
    return make_reference(
        file_name, "SeizeIT1 annotations", events, findings=findings, uncertain=uncertain
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """A seizure as written."""

    number: int
    onset_s: float | None
    end_s: float | None
    kind: str
    note: str

    @property
    def is_whole(self) -> bool:
        return self.onset_s is not None and self.end_s is not None

    def event(self) -> Event:
        onset_s, end_s = self.onset_s or 0.0, self.end_s or 0.0
        return Event(
            onset_s=onset_s, duration_s=end_s - onset_s, event_type=_code(self.kind), text=self.note
        )

    def stretch(self, events: Sequence[Event]) -> Event:
        """Return where the seizure may be: it neither reaches into the one before nor the next."""
        onset_s, end_s = self.onset_s, self.end_s
        if onset_s is None:
            before = [e.offset_s for e in events if end_s is not None and e.offset_s <= end_s]
            onset_s = max(before, default=0.0) if end_s is not None else 0.0
        if end_s is None:
            later = [e.onset_s for e in events if self.onset_s is not None and e.onset_s > onset_s]
            end_s = min(later, default=math.inf)
        return uncertain_stretch(onset_s, end_s, self.kind)


def _row(line: str, number: int, file_name: str) -> _Row:
    cells = [cell.strip() for cell in line.split("\t")] + ["", ""]
    if len(cells) < 4:
        raise ReferenceFileError(file_name, "row {number} holds no onset and end.", number=number)
    onset_s, end_s = (_seconds(cell, number, file_name) for cell in cells[:2])
    if onset_s is not None and end_s is not None and end_s <= onset_s:
        raise ReferenceFileError(
            file_name,
            "row {number}: the seizure at {onset_s:g} s ends at {end_s:g} s.",
            number=number,
            onset_s=onset_s,
            end_s=end_s,
        )
    return _Row(number, onset_s, end_s, cells[2], cells[3])


def _code(kind: str) -> str:
    mark = read_type(kind)
    known = mark.code if mark is not None else SEIZURE
    return _CODES.get(kind.casefold(), known)


def _seconds(cell: str, number: int, file_name: str) -> float | None:
    if cell.casefold() in NOT_AVAILABLE:
        return None
    value = parse_seconds(cell)
    if value is None:
        raise ReferenceFileError(
            file_name,
            "row {number}: {cell!r} is no number of seconds and not 'None'.",
            number=number,
            cell=cell[:40],
        )
    return value
