"""Writes events as an EDF+ file that holds annotations only.

Such a file has one data record of length zero and one signal, "EDF Annotations". EDFbrowser
and other viewers lay it over the recording. Source: EDF+ (Kemp and Olivan 2003), 2.2.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from seizure_core.atomic import atomic_path
from seizure_core.errors import ParameterError
from seizure_core.events.event import Event
from seizure_core.references.event_types import writable_code
from seizure_core.references.readers.edf_remarks import END_OF_RECORDING
from seizure_core.references.writing import checked_seizures

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_MAX_RECORD_BYTES = 10_000_000  # other readers refuse longer data records
_LABEL = "EDF Annotations"


def write_edf_annotations(
    path: str | Path,
    events: Iterable[Event],
    *,
    duration_s: float,
    start_time: datetime | None = None,
) -> None:
    """Write the seizures among events as annotations, to the microsecond.

    Each becomes one annotation with onset, duration and its SzCORE code as text; the remark
    "Recording ends" tells how long the recording was. Confidence and channels have no place
    in the format. The file names no patient.

    Parameters
    ----------
    path : str or Path
        Where to; an existing file is replaced.
    events : iterable of Event
        Others than seizures are left out.
    duration_s : float
        Length of the recording.
    start_time : datetime, optional
        Start of the recording, to the second; years 1985 to 2084.

    Raises
    ------
    ParameterError
        The length is not positive, an event is empty or outside the recording, the year
        cannot be written, or there are too many events for one file.
    """
    seizures = checked_seizures(events, duration_s)
    lists = [b"+0\x14\x14\x00"]
    lists += [
        _tal(event.onset_s, event.duration_s, writable_code(event.event_type)) for event in seizures
    ]
    lists.append(_tal(duration_s, None, END_OF_RECORDING))
    record = b"".join(lists)
    if len(record) > _MAX_RECORD_BYTES:
        raise ParameterError(
            "{n_seizures} events are too many for one EDF+ file of annotations.",
            n_seizures=len(seizures),
        )
    record += b"\0" * (len(record) % 2)
    with atomic_path(path) as temporary:
        temporary.write_bytes(_header(len(record) // 2, start_time) + record)


def _tal(onset_s: float, duration_s: float | None, text: str) -> bytes:
    extent = "" if duration_s is None else f"\x15{_number(duration_s)}"
    return f"+{_number(onset_s)}{extent}\x14{text}\x14\x00".encode()


def _number(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _header(n_samples: int, start_time: datetime | None) -> bytes:
    if start_time is not None and not 1985 <= start_time.year <= 2084:
        raise ParameterError(
            "EDF+ can write starts in the years 1985 to 2084, not {year}.", year=start_time.year
        )
    date, clock, long_date = "01.01.85", "00.00.00", "X"  # EDF+'s way of hiding a date
    if start_time is not None:
        date, clock = start_time.strftime("%d.%m.%y"), start_time.strftime("%H.%M.%S")
        # Month names must be English, which strftime's are not everywhere.
        long_date = f"{start_time.day:02}-{_MONTHS[start_time.month - 1]}-{start_time.year}"
    fixed: Sequence[tuple[str, int]] = (
        ("0", 8),
        ("X X X X", 80),
        (f"Startdate {long_date} X X X", 80),
        (date, 8),
        (clock, 8),
        ("512", 8),
        ("EDF+C", 44),
        ("1", 8),
        ("0", 8),
        ("1", 4),
    )
    signal: Sequence[tuple[str, int]] = (
        (_LABEL, 16),
        ("", 80),
        ("", 8),
        ("-1", 8),
        ("1", 8),
        ("-32768", 8),
        ("32767", 8),
        ("", 80),
        (str(n_samples), 8),
        ("", 32),
    )
    return "".join(text.ljust(width) for text, width in (*fixed, *signal)).encode("ascii")
