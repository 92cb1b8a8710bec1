"""Writers of events: SzCORE TSV, plain CSV and EDF+ annotations; all files are atomic."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

from seizure_core.atomic import atomic_path
from seizure_core.errors import ParameterError
from seizure_core.events.event import BACKGROUND, Event, seizures_of
from seizure_core.io.edf import writer
from seizure_core.recording import Annotation
from seizure_core.references.event_types import writable_code
from seizure_core.references.readers.edf_annotations import END_OF_RECORDING
from seizure_core.references.readers.event_tables import UNKNOWN_START

SZCORE_COLUMNS = (
    "onset",
    "duration",
    "eventType",
    "confidence",
    "channels",
    "dateTime",
    "recordingDuration",
)
CSV_COLUMNS = ("onset_s", "duration_s", "event_type", "confidence", "channels", "text")
MICROSECOND_S = 1e-6
"""Time resolution of TSV and EDF+ files."""

_NOT_AVAILABLE = "n/a"


def write_szcore_tsv(
    path: str | Path,
    events: Iterable[Event],
    *,
    duration_s: float,
    start_time: datetime | None = None,
    with_background_row: bool = True,
    more_columns: Sequence[str] = (),
    cells_of: Callable[[Event | None], Sequence[str]] = lambda event: (),
) -> None:
    """Write the seizures among events as SzCORE (HED-SCORE) TSV.

    Numbers have two decimals, or up to six if necessary. A recording without seizures gets one row
    of type "bckg" over its whole duration. An unknown start is written as 2000-01-01 00:00:00,
    because the strictest reader requires a date.

    Parameters
    ----------
    path : str or Path
        An existing file is replaced.
    events : iterable of Event
        Only seizures are written.
    duration_s : float
        Of the recording.
    start_time : datetime, optional
        Of the recording, to the second.
    with_background_row : bool
        Whether a table without seizure gets that row; without it nothing is claimed.
    more_columns : sequence of str
        Names of columns after those of SzCORE.
    cells_of : callable
        Returns the further cells of an event, or of the background row for None.

    Raises
    ------
    ParameterError
        The duration is not positive, or an event is empty or outside the recording.
    """
    seizures = checked_seizures(events, duration_s)
    start = (start_time or UNKNOWN_START).strftime("%Y-%m-%d %H:%M:%S")
    tail = [start, _number(duration_s)]
    rows = [
        [
            _number(event.onset_s),
            _number(event.duration_s),
            writable_code(event.event_type),
            _NOT_AVAILABLE if event.confidence is None else _number(event.confidence),
            ",".join(_cell(name).replace(",", " ") for name in event.channels) or _NOT_AVAILABLE,
            *tail,
            *map(_cell, cells_of(event)),
        ]
        for event in seizures
    ]
    if not rows and with_background_row:
        whole = [_number(0.0), _number(duration_s)]
        more = map(_cell, cells_of(None))
        rows = [[*whole, BACKGROUND, _NOT_AVAILABLE, _NOT_AVAILABLE, *tail, *more]]
    head = [*SZCORE_COLUMNS, *more_columns]
    _write(path, "".join("\t".join(row) + "\n" for row in [head, *rows]))


def write_events_csv(path: str | Path, events: Iterable[Event]) -> None:
    """Write the seizures among events as CSV, with exact times.

    Parameters
    ----------
    path : str or Path
        An existing file is replaced.
    events : iterable of Event
        Only seizures are written.

    Raises
    ------
    ParameterError
        An event is empty, or its times are not numbers.
    """
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(CSV_COLUMNS)
    for event in checked_seizures(events, None):
        rows.writerow(
            [
                repr(float(event.onset_s)),
                repr(float(event.duration_s)),
                writable_code(event.event_type),
                "" if event.confidence is None else repr(float(event.confidence)),
                ",".join(_cell(name).replace(",", " ") for name in event.channels),
                _cell(event.text),
            ]
        )
    _write(path, text.getvalue())


def write_edf_annotations(
    path: str | Path,
    events: Iterable[Event],
    *,
    duration_s: float,
    start_time: datetime | None = None,
) -> None:
    """Write the seizures among events as EDF+ annotations, to the microsecond.

    Each is one annotation with onset, duration and its SzCORE code as text; "Recording ends" marks
    the duration of the recording. Confidence and channels cannot be represented. The file does not
    identify the patient.

    Parameters
    ----------
    path : str or Path
        An existing file is replaced.
    events : iterable of Event
        Only seizures are written.
    duration_s : float
        Of the recording.
    start_time : datetime, optional
        Of the recording, to the second; years 1985 to 2084.

    Raises
    ------
    ParameterError
        The duration is not positive, an event is empty or outside the recording, the year cannot be
        represented, or there are too many events.
    """
    if start_time is not None and not 1985 <= start_time.year <= 2084:
        raise ParameterError(
            "EDF+ can write starts in the years 1985 to 2084, not {year}.", year=start_time.year
        )
    annotations = [
        Annotation(
            onset_s=event.onset_s,
            duration_s=event.duration_s,
            text=writable_code(event.event_type),
        )
        for event in checked_seizures(events, duration_s)
    ]
    annotations.append(Annotation(onset_s=duration_s, duration_s=None, text=END_OF_RECORDING))
    writer.write_edf_annotations(path, annotations, start_time=start_time)


def checked_seizures(events: Iterable[Event], duration_s: float | None) -> Sequence[Event]:
    """Return the seizures among events, sorted, after checking that all can be written.

    Parameters
    ----------
    duration_s : float or None
        Of the recording, within which they must be; None if unlimited.

    Raises
    ------
    ParameterError
        The duration is not positive, or an event is empty or outside the recording.
    """
    if duration_s is not None and not (math.isfinite(duration_s) and duration_s > 0):
        raise ParameterError(
            "A recording must last more than 0 s, not {duration_s:g} s.", duration_s=duration_s
        )
    seizures = seizures_of(events)
    for event in seizures:
        if not (math.isfinite(event.onset_s) and MICROSECOND_S <= event.duration_s < math.inf):
            raise ParameterError(
                "An event must last more than 0 s; the one at {onset_s:g} s lasts "
                "{duration_s:g} s.",
                onset_s=event.onset_s,
                duration_s=event.duration_s,
            )
        outside = duration_s is not None and event.offset_s > duration_s + MICROSECOND_S
        if duration_s is not None and (event.onset_s < 0 or outside):
            raise ParameterError(
                "The event from {onset_s:.10g} to {offset_s:.10g} s is not within "
                "the recording of {duration_s:.10g} s.",
                onset_s=event.onset_s,
                offset_s=event.offset_s,
                duration_s=duration_s,
            )
    return seizures


def _number(value: float) -> str:
    """Format a number with two to six decimals."""
    text = f"{value:.6f}".rstrip("0")
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals:<02}"


def _cell(text: str) -> str:
    return " ".join(text.split())


def _write(path: str | Path, text: str) -> None:
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="")
