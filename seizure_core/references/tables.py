"""Tables in text files, with rows and columns that can be named when something is wrong."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from seizure_core.errors import ReferenceFileError
from seizure_core.references.text_files import parse_seconds

MAX_ROWS = 200_000
NOT_AVAILABLE = frozenset({"", "n/a", "na", "nan", "none"})


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table.

    Attributes
    ----------
    file_name : str
        For messages.
    number : int
        Line in the file, the first being 1.
    cells : mapping of str to str
        By the normalised name of the column; only columns the row has.
    decimal_comma : bool
        Whether "1,5" is a number.
    """

    file_name: str
    number: int
    cells: Mapping[str, str]
    decimal_comma: bool = False

    def text(self, column: str) -> str:
        """Return a cell without surrounding spaces, "" where the row does not have it."""
        return self.cells.get(column, "").strip()

    def is_given(self, column: str) -> bool:
        """Return whether a cell holds something other than "n/a" and the like."""
        return self.text(column).casefold() not in NOT_AVAILABLE

    def seconds(self, column: str) -> float:
        """Return a cell as a time.

        Raises
        ------
        ReferenceFileError
            It is no number, not finite, or beyond all sense.
        """
        text = self.text(column)
        value = parse_seconds(text.replace(",", ".") if self.decimal_comma else text)
        if value is None:
            self.fail(column, f"{text[:40]!r} is no number of seconds")
        return value

    def fraction(self, column: str) -> float | None:
        """Return a cell as a number from 0 to 1, None where it is not given.

        Raises
        ------
        ReferenceFileError
            It is something else.
        """
        if not self.is_given(column):
            return None
        text = self.text(column)
        value = parse_seconds(text.replace(",", ".") if self.decimal_comma else text)
        if value is None or not 0.0 <= value <= 1.0:
            self.fail(column, f"{text[:40]!r} is no number from 0 to 1")
        return value

    def fail(self, column: str, reason: str) -> NoReturn:
        """Raise `ReferenceFileError` that names this row and a column."""
        raise ReferenceFileError(
            self.file_name,
            "row {number}, column {column!r}: {reason}.",
            number=self.number,
            column=column,
            reason=reason,
        )


@dataclass(frozen=True, slots=True)
class Table:
    """Columns by normalised name, and the rows that hold anything."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def normalise_column(name: str) -> str:
    """Return a column's name in small letters with underscores: "Start (s)" is "start_s"."""
    return re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")


def parse_table(
    lines: Sequence[str], delimiter: str, file_name: str, *, comment: str | None = None
) -> Table:
    """Split lines into a header and rows.

    Parameters
    ----------
    lines : sequence of str
        Of the whole file.
    delimiter : str
        Between cells. Between tabs, quotation marks are ordinary characters.
    file_name : str
        For messages.
    comment : str, optional
        What lines to be left out begin with.

    Raises
    ------
    ReferenceFileError
        There is no header, a column's name stands twice, or there are more than `MAX_ROWS` rows.
    """
    kept = [
        (number, line)
        for number, line in enumerate(lines, start=1)
        if line.strip() and not (comment and line.lstrip().startswith(comment))
    ]
    if len(kept) > MAX_ROWS:
        raise ReferenceFileError(
            file_name,
            "it has {n_kept} rows, a reference at most {max_rows}.",
            n_kept=len(kept),
            max_rows=MAX_ROWS,
        )
    split = list(_split(kept, delimiter, file_name))
    if not split:
        raise ReferenceFileError(file_name, "it is empty: not even a line of column names.")
    columns = tuple(normalise_column(cell) for cell in split[0][1])
    repeated = sorted({c for c in columns if c and columns.count(c) > 1})
    if repeated:
        raise ReferenceFileError(
            file_name, "the column {repeated!r} stands there twice.", repeated=repeated[0]
        )
    rows = tuple(
        Row(file_name, number, dict(zip(columns, cells, strict=False)), delimiter == ";")
        for number, cells in split[1:]
    )
    return Table(columns, rows)


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
                file_name, "row {number} is no row of a table.", number=number
            ) from error
        yield number, cells
