"""Reads the text files that `Annotations.save` of MNE-Python writes.

Comment lines hold the date that 0 s stands for, if there is one, and the columns; rows follow
without any quoting, so that a description may hold commas. (Its CSV files are tables of
events, see `event_tables`.)
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from seizure_core.errors import ReferenceFileError
from seizure_core.references.clock import parse_date
from seizure_core.references.event_types import read_remark, split_link
from seizure_core.references.model import Reference, make_reference
from seizure_core.references.readers.event_tables import MNE_COLUMNS, MNE_FORMAT
from seizure_core.references.remarks import Remark, mark_times
from seizure_core.references.text_files import parse_seconds, split_lines

_TITLE = re.compile(r"#\s*mne-annotations\s*", re.I)
_DATE = re.compile(r"#\s*orig_time\s*:\s*(?P<date>.+)", re.I)
_HEADER = re.compile(r"#\s*(?P<columns>onset\s*,\s*duration\s*,\s*description.*)", re.I)
_CHANNELS = "ch_names"


def is_mne_text(text: str) -> bool:
    """Return whether a text begins as MNE's text files do."""
    first = next((line.strip() for line in split_lines(text) if line.strip()), "")
    return _TITLE.fullmatch(first) is not None or _HEADER.fullmatch(first) is not None


def parse_mne_text(text: str, file_name: str, recording_start: datetime | None = None) -> Reference:
    """Read one recording's annotations.

    Parameters
    ----------
    text : str
        The whole file.
    file_name : str
        For messages.
    recording_start : datetime, optional
        Start of the recording, where the file gives a date for 0 s.

    Raises
    ------
    ReferenceFileError
        A row is wrong; it is named.
    """
    columns: tuple[str, ...] = MNE_COLUMNS
    zero: datetime | None = None
    remarks = []
    for number, line in enumerate(split_lines(text), start=1):
        if match := _DATE.fullmatch(line.strip()):
            zero = parse_date(match["date"])
        elif match := _HEADER.fullmatch(line.strip()):
            columns = tuple(name.strip() for name in match["columns"].split(","))
        elif line.strip() and not line.lstrip().startswith("#"):
            remarks.append(_remark(line, columns, f"row {number}", file_name))
    shift_s = 0.0
    if zero is not None and recording_start is not None:
        shift_s = (zero - recording_start).total_seconds()
    marked = mark_times(replace(one, onset_s=round(one.onset_s + shift_s, 6)) for one in remarks)
    return make_reference(
        file_name,
        MNE_FORMAT,
        marked.events,
        start_time=recording_start or zero,
        findings=marked.findings,
        uncertain=marked.uncertain,
    )


def _remark(line: str, columns: tuple[str, ...], where: str, file_name: str) -> Remark:
    cells = line.split(",")
    n_behind = len(columns) - len(MNE_COLUMNS)
    if len(cells) < len(MNE_COLUMNS):
        raise ReferenceFileError(
            file_name, "{where} lacks an onset, a duration or a description.", where=where
        )
    onset_s, duration_s = (parse_seconds(cell) for cell in cells[:2])
    if onset_s is None or duration_s is None or duration_s < 0:
        raise ReferenceFileError(
            file_name,
            "{where}: {cells!r} are no onset and duration in seconds.",
            where=where,
            cells=",".join(cells[:2])[:40],
        )
    n_behind = min(n_behind, len(cells) - len(MNE_COLUMNS))
    stop = len(cells) - n_behind
    behind = dict(zip(columns[len(MNE_COLUMNS) :], cells[stop:], strict=False))
    description = ",".join(cells[2:stop]).strip()
    said, channels = split_link(description)
    named = tuple(name.strip() for name in behind.get(_CHANNELS, "").split(":") if name.strip())
    return Remark(
        onset_s=onset_s,
        duration_s=duration_s or None,
        text=description,
        mark=read_remark(said),
        channels=named or channels,
    )
