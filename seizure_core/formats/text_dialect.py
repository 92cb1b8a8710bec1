"""The dialect of a text of numbers: delimiter, decimal point, comments, where values start."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from seizure_core.errors import RecordingError
from seizure_core.formats.text_cells import clock_seconds, is_missing, parse_number, split_cells
from seizure_core.formats.text_layout import DELIMITERS

_COMMENTS = ("#", "%", "//")
_MAX_SAMPLED_LINES = 120
_MAX_SAMPLED_CELLS = 400
_LEAST_NUMERIC = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How the first lines of a text are to be read.

    Attributes
    ----------
    delimiter, decimal, comment : str
        See `TextLayout`.
    n_lines_before : int
        Lines before the first one with values.
    header : tuple of str
        Names of the columns; empty where there are none.
    n_columns : int
        Cells of a line with values.
    rows : tuple of tuple of str
        Cells of the lines with values.
    remarks : tuple of str
        Comments and titles, as lines.
    """

    delimiter: str
    decimal: str
    comment: str
    n_lines_before: int
    header: tuple[str, ...]
    n_columns: int
    rows: tuple[tuple[str, ...], ...]
    remarks: tuple[str, ...]


def find_dialect(lines: Sequence[str], file_name: str) -> Dialect:
    """Find out how lines of numbers are written.

    Parameters
    ----------
    lines : sequence of str
        The first lines of a text.
    file_name : str
        For messages.

    Raises
    ------
    RecordingError
        There is no line of numbers.
    """
    comment = next((c for c in _COMMENTS if any(line.lstrip().startswith(c) for line in lines)), "")
    kept = [
        (number, line)
        for number, line in enumerate(lines)
        if line.strip() and not (comment and line.lstrip().startswith(comment))
    ]
    if not kept:
        raise RecordingError(
            file_name, "no line of it holds a value. Check that it is a text of numbers."
        )
    delimiter, decimal, n_columns = _best_style([line for _, line in _sampled(kept)], file_name)
    cells = [(number, split_cells(line, delimiter)) for number, line in kept]
    first = _first_data_line(cells, n_columns, decimal)
    if first is None:
        raise _no_numbers(file_name)
    rows = tuple(tuple(row) for _, row in cells[first:] if len(row) == n_columns)
    header, rows, n_before = _header(cells, first, rows, n_columns)
    if not header and comment and n_before:
        header = commented_header(lines[n_before - 1], comment, delimiter, n_columns)
    return Dialect(
        delimiter=delimiter,
        decimal=decimal,
        comment=comment,
        n_lines_before=n_before,
        header=header,
        n_columns=n_columns,
        rows=rows,
        remarks=tuple(lines[:n_before]),
    )


def _sampled(kept: Sequence[tuple[int, str]]) -> Sequence[tuple[int, str]]:
    """Return lines well after the start, where values are; all of a short text."""
    return kept[len(kept) // 2 :][:_MAX_SAMPLED_LINES]


def _best_style(lines: Sequence[str], file_name: str) -> tuple[str, str, int]:
    best: tuple[float, int] = (_LEAST_NUMERIC, 0)
    style = None
    for delimiter in DELIMITERS:
        rows = [split_cells(line, delimiter) for line in lines]
        n_columns, n_same = Counter(len(row) for row in rows).most_common(1)[0]
        same = [row[:_MAX_SAMPLED_CELLS] for row in rows if len(row) == n_columns]
        for decimal in (".", ","):
            if delimiter == decimal:
                continue
            score = (_numeric_share(same, decimal) * n_same / len(rows), n_columns)
            if score > best:
                best, style = score, (delimiter, decimal, n_columns)
    if style is None:
        raise _no_numbers(file_name)
    if style == (",", ".", 2) and _are_decimals(lines):
        return "", ",", 1
    # White space that separates nothing is no delimiter.
    return ("", style[1], 1) if style[2] == 1 else style


def _are_decimals(lines: Sequence[str]) -> bool:
    """Return whether "5,029" is one number: no integer is written with zeros in front."""
    pairs = [split_cells(line, ",") for line in lines]
    digits = [pair[1] for pair in pairs if len(pair) == 2 and pair[1].isdecimal()]
    return len(digits) == len(pairs) and any(d.startswith("0") and len(d) > 1 for d in digits)


def _numeric_share(rows: Sequence[Sequence[str]], decimal: str) -> float:
    filled = [cell for row in rows for cell in row if not is_missing(cell)]
    if not filled:
        return 0.0
    return sum(is_value(cell, decimal) for cell in filled) / len(filled)


def is_value(cell: str, decimal: str) -> bool:
    """Return whether a cell holds a number, a clock time, or says that there is none."""
    return parse_number(cell, decimal) is not None or clock_seconds(cell) is not None


def _first_data_line(
    cells: Sequence[tuple[int, list[str]]], n_columns: int, decimal: str
) -> int | None:
    """Return the position of the first line whose cells hold values where later ones do."""
    same = [row for _, row in cells if len(row) == n_columns]
    body = same[len(same) // 2 :][:_MAX_SAMPLED_LINES]
    checked = range(min(n_columns, _MAX_SAMPLED_CELLS))
    numeric = [
        i for i in checked if sum(is_value(row[i], decimal) for row in body) > 0.6 * len(body)
    ]
    for position, (_, row) in enumerate(cells):
        if len(row) == n_columns and numeric and all(is_value(row[i], decimal) for i in numeric):
            return position
    return None


def _header(
    cells: Sequence[tuple[int, list[str]]],
    first: int,
    rows: tuple[tuple[str, ...], ...],
    n_columns: int,
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], int]:
    """Return names, rows without them, and the number of lines before the values."""
    if first > 0:
        names = cells[first - 1][1]
        if len(names) == n_columns - 1:
            names = ["", *names]  # no name above the numbers of the rows, as R writes it
        header = tuple(names) if len(names) == n_columns else ()
        return header, rows, cells[first][0]
    if len(rows) > 1 and _is_numbering(rows[0]) and not _is_numbering(rows[1]):
        return rows[0], rows[1:], cells[1][0]
    return (), rows, cells[0][0]


def _is_numbering(row: tuple[str, ...]) -> bool:
    """Return whether cells are 0, 1, 2, ... or 1, 2, 3, ..., as columns without names get."""
    numbers = [str(i) for i in range(len(row) + 1)]
    return len(row) > 3 and (list(row) in (numbers[:-1], numbers[1:]))


def commented_header(line: str, comment: str, delimiter: str, n_columns: int) -> tuple[str, ...]:
    """Return the names of columns in a comment; empty where it holds none."""
    if not line.lstrip().startswith(comment) or n_columns < 2:
        return ()
    names = split_cells(line.lstrip().removeprefix(comment), delimiter)
    # "# Fs = 256 Hz" has as many words as some tables have columns.
    are_names = all(name and parse_number(name, ".") is None for name in names) and "=" not in line
    return tuple(names) if len(names) == n_columns and are_names else ()


def _no_numbers(file_name: str) -> RecordingError:
    return RecordingError(
        file_name,
        "no columns of numbers were found in this text. A recording has one column (or one "
        "line) of numbers for each channel.",
    )
