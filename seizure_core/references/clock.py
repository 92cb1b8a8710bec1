"""Onsets that are dates and times of day, turned into seconds from the start of a recording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from seizure_core.errors import ReferenceFileError
from seizure_core.references.tables import Row
from seizure_core.references.text_files import parse_seconds

EPOCH = datetime(1970, 1, 1)
_EPOCH_YEAR = 1970


@dataclass(frozen=True, slots=True)
class Clock:
    """A column of dates, and the date that is 0 s."""

    column: str
    zero: datetime

    def seconds(self, row: Row) -> float:
        """Return a row's time in seconds; raises as `Row.seconds` does."""
        found = parse_date(row.text(self.column))
        if found is None:
            row.fail(self.column, f"{row.text(self.column)[:40]!r} is no date")
        return round((found - self.zero).total_seconds(), 6)


def absolute_clock(
    rows: Sequence[Row], column: str, recording_start: datetime | None, file_name: str
) -> Clock | None:
    """Return the clock of a column of dates, None if it holds seconds.

    Dates of 1970 count from the first second of that year: so writes MNE what has no date.

    Raises
    ------
    ReferenceFileError
        They are dates of a calendar, and the start of the recording is not known.
    """
    texts = [row.text(column) for row in rows]
    if not texts or any(parse_seconds(text) is not None for text in texts):
        return None
    dates = [date for text in texts if (date := parse_date(text)) is not None]
    if not dates:
        return None
    if min(dates).year == _EPOCH_YEAR:
        return Clock(column, EPOCH)
    if recording_start is None:
        raise ReferenceFileError(
            file_name,
            "its onsets are dates ({texts}), and when the recording started is not known. "
            "Give it together with its recording, or with onsets in seconds.",
            texts=texts[0][:40],
        )
    return Clock(column, recording_start)


def parse_date(text: str) -> datetime | None:
    """Return a date as ISO 8601 writes it, in UTC without a zone; None where it is none."""
    try:
        found = datetime.fromisoformat(text.strip())
        return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo is not None else found
    except (ValueError, OverflowError):
        return None
