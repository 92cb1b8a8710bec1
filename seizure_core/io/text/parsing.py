"""Numbers and remarks out of lines of text: fast where well formed, exact words where not."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from seizure_core.errors import RecordingError
from seizure_core.io.text.layout import TextLayout
from seizure_core.io.text.lines import (
    clock_seconds,
    is_comment,
    is_value,
    parse_number,
    split_cells,
)

_LARGEST = 1e30  # what scaled values may reach in float32
_MAX_TOLD = 24
_LETTER = re.compile("[A-DF-Za-df-z\x80-\uffff]")  # numbers have no letter but an exponent's


class BadLineError(RecordingError):
    """A line of a text cannot be read; `line_number` counts from 1."""

    def __init__(self, file_name: str, line_number: int, reason: str) -> None:
        super().__init__(file_name, f"line {line_number} {reason}")
        self.line_number = line_number


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedRows:
    """What some lines hold.

    Attributes
    ----------
    times : ndarray of float64, shape (n_rows,), or None
        As the file counts them; None where it has no times.
    values : ndarray of float64, shape (n_rows, n_signals)
        As stored; NaN where there is no value.
    remarks : list of (int, float, str)
        Of lines without a sample: how many rows come before, time (NaN for none), and text.
    marks : list of (int, str)
        Text beside samples, in columns of markers: row and text.
    """

    times: NDArray[np.float64] | None
    values: NDArray[np.float64]
    remarks: list[tuple[int, float, str]]
    marks: list[tuple[int, str]]


@dataclass(kw_only=True)
class LineParser:
    """Reads the lines of a text in which a channel is a column.

    Attributes
    ----------
    layout : TextLayout
        Where everything is.
    file_name : str
        For messages.
    n_missing : int
        Cells without a value so far.
    first_missing : int
        Line of the first of them, 0 for none.
    """

    layout: TextLayout
    file_name: str
    n_missing: int = 0
    first_missing: int = 0
    _wanted: list[int] = field(init=False)
    _markers: list[int] = field(init=False)
    _is_clock: bool = field(init=False)

    def __post_init__(self) -> None:
        time_index = self.layout.time_index
        self._is_clock = time_index is not None and self.layout.row_unit == "clock"
        first = [] if time_index is None else [time_index]
        self._wanted = [*first, *self.layout.signal_indices]
        self._markers = [i for i, c in enumerate(self.layout.columns) if c.role == "marker"]

    def parse(self, first_number: int, lines: Sequence[str]) -> ParsedRows:
        """Return what lines hold, the first of which has that number in the file.

        Raises
        ------
        BadLineError
            A line has too few or too many cells, or a cell is no number.
        """
        kept = self._kept(first_number, lines)
        numbers = self._fast(kept) if kept else np.empty((0, len(self._wanted)))
        if numbers is None:
            numbers = self._slow(kept)
        numbers[~np.isfinite(numbers)] = np.nan
        n_times = len(self._wanted) - len(self.layout.signal_indices)
        remarks, is_row = self._remarks(kept, numbers, n_times)
        kept = [one for one, is_sample in zip(kept, is_row, strict=True) if is_sample]
        numbers = numbers[is_row]
        lost = np.isnan(numbers[:, n_times:])
        if lost.any():
            row = int(np.flatnonzero(lost.any(axis=1))[0])
            self.first_missing = self.first_missing or kept[row][0]
            self.n_missing += int(lost.sum())
        return ParsedRows(
            times=numbers[:, 0] if n_times else None,
            values=numbers[:, n_times:],
            remarks=remarks,
            marks=self._marks(kept),
        )

    def _kept(self, first_number: int, lines: Sequence[str]) -> list[tuple[int, str]]:
        """Return the lines with values, each with its number, without blanks and comments."""
        return [
            (number, line)
            for number, line in enumerate(lines, start=first_number)
            if number > self.layout.n_lines_before
            and line
            and not line.isspace()
            and not is_comment(line, self.layout.comment)
        ]

    def _remarks(
        self, kept: Sequence[tuple[int, str]], numbers: NDArray[np.float64], n_times: int
    ) -> tuple[list[tuple[int, float, str]], NDArray[np.bool_]]:
        """Return the lines that hold a remark instead of samples, and which rows do not."""
        is_row = np.ones(len(numbers), dtype=np.bool_)
        texts = {}
        for row in np.flatnonzero(np.isnan(numbers[:, n_times:]).all(axis=1)).tolist():
            text = self._remark(split_cells(kept[row][1], self.layout.delimiter))
            if text:
                texts[row] = text
                is_row[row] = False
        before = np.cumsum(is_row)
        times = numbers[:, 0] if n_times else np.full(len(numbers), np.nan)
        found = [(int(before[row]), float(times[row]), text) for row, text in texts.items()]
        return found, is_row

    def _remark(self, cells: Sequence[str]) -> str:
        """Return the text of a line that has a time at most, but no sample; else ""."""
        layout = self.layout
        time_index = layout.time_index
        is_whole = len(cells) == len(layout.columns)
        if not is_whole and (
            time_index is None or not time_index < len(cells) < len(layout.columns)
        ):
            return ""
        if time_index is not None:
            cell = cells[time_index]
            time = clock_seconds(cell) if self._is_clock else parse_number(cell, layout.decimal)
            if time is None:
                return ""
        texts = []
        for index, cell in enumerate(cells):
            is_told = not is_whole or layout.columns[index].role in ("marker", "signal")
            if index == time_index or not is_told or not cell:
                continue
            if not is_value(cell, layout.decimal):
                texts.append(cell)
            elif not is_whole or (layout.columns[index].role == "signal" and cell[-1].isdigit()):
                return ""
        return "; ".join(texts)

    def _marks(self, kept: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
        if not self._markers:
            return []
        found = []
        for row, (_, line) in enumerate(kept):
            if not _LETTER.search(line):
                continue
            cells = split_cells(line, self.layout.delimiter)
            texts = [cells[i] for i in self._markers if not is_value(cells[i], self.layout.decimal)]
            if texts:
                found.append((row, "; ".join(texts)))
        return found

    def _fast(self, kept: Sequence[tuple[int, str]]) -> NDArray[np.float64] | None:
        """Let numpy read the lines; None where they are not that well formed."""
        lines = [line for _, line in kept]
        if not self._are_even(lines):
            return None
        clock = self._clock_times(lines) if self._is_clock else []
        if clock is None:
            return None
        # No quotes hide a delimiter, or there would be too many.
        text = "\n".join(lines).replace('"', "")
        delimiter = self.layout.delimiter
        if self.layout.decimal == ",":
            text = text.replace(",", ".")
        if delimiter.strip() or delimiter == "\t":
            pair, filled = delimiter * 2, f"{delimiter}nan{delimiter}"
            if pair in text:
                text = text.replace(pair, filled).replace(pair, filled)
            text = f"\n{text}\n".replace(f"\n{delimiter}", f"\nnan{delimiter}")
            text = text.replace(f"{delimiter}\n", f"{delimiter}nan\n")[1:-1]
        try:
            numbers: NDArray[np.float64] = np.loadtxt(
                text.split("\n"),
                delimiter=delimiter.strip(" ") or None,
                comments=None,
                usecols=self._wanted[1:] if clock else self._wanted,
                ndmin=2,
            )
        except (ValueError, OverflowError):
            return None
        if len(numbers) != len(kept):
            return None
        return np.column_stack([clock, numbers]) if clock else numbers

    def _clock_times(self, lines: Sequence[str]) -> list[float] | None:
        """Return the clock times of some lines; None where one has none."""
        index = self._wanted[0]
        delimiter = self.layout.delimiter.strip(" ") or None
        cells = (line.split(delimiter, index + 1)[index].strip(' "') for line in lines)
        found = [clock_seconds(cell) for cell in cells]
        known = [seconds for seconds in found if seconds is not None]
        return known if len(known) == len(found) else None

    def _are_even(self, lines: Sequence[str]) -> bool:
        n_columns = len(self.layout.columns)
        delimiter = self.layout.delimiter
        if not delimiter.strip() and delimiter != "\t":
            return all(len(line.split()) == n_columns for line in lines)
        return all(line.count(delimiter) == n_columns - 1 for line in lines)

    def _slow(self, kept: Sequence[tuple[int, str]]) -> NDArray[np.float64]:
        numbers = np.empty((len(kept), len(self._wanted)))
        for row, (number, line) in enumerate(kept):
            cells = split_cells(line, self.layout.delimiter)
            if self._remark(cells):
                numbers[row] = np.nan
                if self._wanted[0] == self.layout.time_index:
                    numbers[row, 0] = self._number(cells[self._wanted[0]], self._wanted[0], number)
                continue
            if len(cells) != len(self.layout.columns):
                raise BadLineError(
                    self.file_name,
                    number,
                    f"has {len(cells)} values, the lines before it {len(self.layout.columns)}. "
                    "Repair or delete that line.",
                )
            for position, index in enumerate(self._wanted):
                numbers[row, position] = self._number(cells[index], index, number)
        return numbers

    def _number(self, cell: str, index: int, line_number: int) -> float:
        is_time = self._is_clock and index == self.layout.time_index
        value = clock_seconds(cell) if is_time else parse_number(cell, self.layout.decimal)
        if value is None and is_time and not cell:
            return math.nan
        if value is None:
            told = cell if len(cell) <= _MAX_TOLD else f"{cell[:_MAX_TOLD]}..."
            raise BadLineError(
                self.file_name,
                line_number,
                f"holds {told!r} in column {index + 1} ({self.layout.columns[index].label}), "
                f"which is no {'time' if is_time else 'number'}. Correct that cell, or leave "
                "the column out.",
            )
        return value


def parse_row(line: str, layout: TextLayout, *, number: int, file_name: str) -> NDArray[np.float64]:
    """Return the values of a line that is a channel, its label left out.

    Raises
    ------
    BadLineError
        A cell is no number.
    """
    cells = split_cells(line, layout.delimiter)[1 if layout.labels_first else 0 :]
    if layout.decimal == ",":
        cells = [cell.replace(",", ".") for cell in cells]
    try:
        values = np.array(cells, dtype=np.float64)
    except ValueError:
        values = np.array(
            [_row_number(cell, place, number, file_name) for place, cell in enumerate(cells, 1)]
        )
    values[~np.isfinite(values)] = np.nan
    return values


def _row_number(cell: str, place: int, number: int, file_name: str) -> float:
    value = parse_number(cell, ".")
    if value is None:
        value = clock_seconds(cell)
    if value is None:
        told = cell if len(cell) <= _MAX_TOLD else f"{cell[:_MAX_TOLD]}..."
        raise BadLineError(
            file_name, number, f"holds {told!r} as value {place}, which is no number."
        )
    return value


def scaled(
    values: NDArray[np.float64], scales: NDArray[np.float64], offset: float
) -> NDArray[np.float32]:
    """Return stored numbers, shape (n_rows, n_signals), as channels, shape (n_signals, n_rows).

    Computed in float64 and rounded once; NaN where float32 cannot hold the value.
    """
    result = (values.T - offset) * scales[:, np.newaxis]
    with np.errstate(invalid="ignore"):
        result[np.abs(result) > _LARGEST] = np.nan
    return result.astype(np.float32)
