"""Reading of text tables with limits, decoding and normalised column names."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

from seizure_core.bounds import MAX_ANNOTATIONS
from seizure_core.errors import ReferenceFileError
from seizure_core.io.text.lines import parse_number
from seizure_core.messages import Message

MAX_BYTES = 16 * 1024 * 1024
MAX_SECONDS = 1e9  # 31 years: longer than any recording, and sums stay finite.

_EPOCH = datetime(1970, 1, 1)
_NOT_AVAILABLE = frozenset({"", "n/a", "na", "nan", "none"})
_LINE_END = re.compile(r"\r\n|\r|\n")


def read_bytes(path: Path, file_name: str, *, first: int | None = None) -> bytes:
    """Return a file's contents, or its first bytes.

    Parameters
    ----------
    first : int, optional
        Number of bytes; all by default.

    Raises
    ------
    ReferenceFileError
        It does not exist, cannot be read, or is larger than `MAX_BYTES`.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1 if first is None else first)
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise ReferenceFileError(
            file_name, "it cannot be read ({reason}).", reason=reason
        ) from error
    # A name the file system does not accept, such as one with a zero byte.
    except ValueError as error:
        raise ReferenceFileError(file_name, "no file can have this name.") from error
    if len(content) > MAX_BYTES:
        raise ReferenceFileError(
            file_name,
            "it is larger than {max_bytes} MiB, which no reference is. "
            "Check that it is a file of annotations.",
            max_bytes=MAX_BYTES // 1024**2,
        )
    return content


def decode(content: bytes, file_name: str) -> str:
    """Decode a file: UTF-8 with or without BOM, UTF-16 with BOM, else Latin-1.

    Raises
    ------
    ReferenceFileError
        It contains zero bytes, so it is not text.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = content.decode("utf-16", errors="replace")
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("latin-1")
    if "\0" in text:
        raise ReferenceFileError(
            file_name, "it is neither a text nor a known file of annotations. Check the file."
        )
    return text


def split_lines(text: str) -> list[str]:
    """Return the lines of a text, split at line feeds and carriage returns only."""
    return _LINE_END.split(text)


def parse_seconds(text: str) -> float | None:
    """Parse a finite, plausible number of seconds, None if invalid."""
    value = parse_number(text.strip(), ".")
    return value if value is not None and abs(value) <= MAX_SECONDS else None  # NaN is not


def parse_date(text: str) -> datetime | None:
    """Parse an ISO 8601 date, converted to UTC without zone; None if invalid."""
    try:
        found = datetime.fromisoformat(text.strip())
        return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo is not None else found
    except (ValueError, OverflowError):
        return None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table.

    Attributes
    ----------
    number : int
        Line in the file, from 1.
    cells : mapping of str to str
        By normalised column name; only existing cells.
    decimal_comma : bool
        Whether "1,5" is a number.
    """

    file_name: str
    number: int
    cells: Mapping[str, str]
    decimal_comma: bool = False

    def text(self, column: str) -> str:
        """Return a stripped cell, "" if it does not exist."""
        return self.cells.get(column, "").strip()

    def is_given(self, column: str) -> bool:
        """Return whether a cell has contents other than "n/a" and the like."""
        return self.text(column).casefold() not in _NOT_AVAILABLE

    def seconds(self, column: str) -> float:
        """Parse a cell as a time.

        Raises
        ------
        ReferenceFileError
            It is not a number, not finite, or implausible.
        """
        value = self._number(column)
        if value is None:
            self.fail(column, "{text!r} is not a number of seconds", text=self.text(column))
        return value

    def _number(self, column: str) -> float | None:
        text = self.text(column)
        return parse_seconds(text.replace(",", ".") if self.decimal_comma else text)

    def given_seconds(self, column: str) -> float | None:
        """Parse a cell as a time, None if not given."""
        return self.seconds(column) if self.is_given(column) else None

    def seconds_since(self, column: str, zero: datetime | None) -> float:
        """Parse a cell as a time; as a date relative to `zero` if that is given."""
        if zero is None:
            return self.seconds(column)
        found = parse_date(self.text(column))
        if found is None:
            self.fail(column, "{text!r} is not a date", text=self.text(column))
        return round((found - zero).total_seconds(), 6)

    def listed(self, column: str, separator: str = ",") -> tuple[str, ...]:
        """Return the names listed in a cell."""
        parts = self.text(column).split(separator)
        return tuple(part.strip() for part in parts if part.strip())

    def fraction(self, column: str) -> float | None:
        """Parse a cell as a number from 0 to 1, None if not given.

        Raises
        ------
        ReferenceFileError
            It is out of range or not a number.
        """
        if not self.is_given(column):
            return None
        value = self._number(column)
        if value is None or not 0.0 <= value <= 1.0:
            self.fail(column, "{text!r} is not a number from 0 to 1", text=self.text(column))
        return value

    def fail(self, column: str, template: str, /, **values: Any) -> NoReturn:
        """Raise a `ReferenceFileError` for this row and a column."""
        raise ReferenceFileError(
            self.file_name,
            "row {number}, column {column!r}: {reason}.",
            number=self.number,
            column=column,
            reason=Message(template, **values),
        )


@dataclass(frozen=True, slots=True)
class Table:
    """Normalised column names, and the non-empty rows."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def normalise_column(name: str) -> str:
    """Return a column name in lower case with underscores: "Start (s)" is "start_s"."""
    return re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")


def parse_table(
    lines: Sequence[str],
    delimiter: str,
    file_name: str,
    *,
    comment: str | None = None,
    columns: Sequence[str] = (),
) -> Table:
    """Split lines into a header and rows.

    Parameters
    ----------
    lines : sequence of str
        Of the whole file.
    delimiter : str
        Between tabs, quotation marks are ordinary characters.
    comment : str, optional
        Prefix of lines to skip.
    columns : sequence of str, optional
        Column names, if the file has no header.

    Raises
    ------
    ReferenceFileError
        There is no header, a duplicate column name, or more than `MAX_ANNOTATIONS` rows.
    """
    kept = [
        (number, line)
        for number, line in enumerate(lines, start=1)
        if line.strip() and not (comment and line.lstrip().startswith(comment))
    ]
    if len(kept) > MAX_ANNOTATIONS:
        raise ReferenceFileError(
            file_name,
            "it has {n_kept} rows, a reference at most {max_rows}.",
            n_kept=len(kept),
            max_rows=MAX_ANNOTATIONS,
        )
    split = list(_split(kept, delimiter, file_name))
    if columns:
        split.insert(0, (0, list(columns)))
    if not split:
        raise ReferenceFileError(file_name, "it is empty: not even a line of column names.")
    names = tuple(normalise_column(cell) for cell in split[0][1])
    repeated = sorted({name for name in names if name and names.count(name) > 1})
    if repeated:
        raise ReferenceFileError(
            file_name, "the column {repeated!r} occurs twice.", repeated=repeated[0]
        )
    rows = tuple(
        Row(file_name, number, dict(zip(names, cells, strict=False)), delimiter == ";")
        for number, cells in split[1:]
    )
    return Table(names, rows)


def _split(
    lines: Sequence[tuple[int, str]], delimiter: str, file_name: str
) -> Iterator[tuple[int, list[str]]]:
    for number, line in lines:
        try:
            if delimiter == "\t":
                cells = line.split(delimiter)
            else:
                (cells,) = csv.reader([line], delimiter=delimiter)
        except (csv.Error, ValueError) as error:
            raise ReferenceFileError(
                file_name, "row {number} is not a row of a table.", number=number
            ) from error
        yield number, cells


def zero_of_dates(
    rows: Sequence[Row], column: str, recording_start: datetime | None, file_name: str
) -> datetime | None:
    """Return the date for 0 s in a column of dates, None if it contains seconds.

    Dates in 1970 count from the start of that year, as MNE writes them without a date.

    Raises
    ------
    ReferenceFileError
        They are calendar dates, and the start of the recording is unknown.
    """
    texts = [row.text(column) for row in rows]
    if not texts or any(parse_seconds(text) is not None for text in texts):
        return None
    dates = [date for text in texts if (date := parse_date(text)) is not None]
    if not dates:
        return None
    if min(dates).year == _EPOCH.year:
        return _EPOCH
    if recording_start is None:
        raise ReferenceFileError(
            file_name,
            "its onsets are dates ({texts}), and when the recording started is not known. "
            "Give it together with its recording, or with onsets in seconds.",
            texts=texts[0],
        )
    return recording_start
