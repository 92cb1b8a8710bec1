"""Numbers out of lines of text: fast where lines are well formed, exact words where not."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from seizure_core.errors import RecordingError
from seizure_core.formats.text_cells import clock_seconds, parse_number, split_cells
from seizure_core.formats.text_layout import TextLayout

_LARGEST = 1e30  # what scaled values may reach in float32
_MAX_TOLD = 24


class BadLineError(RecordingError):
    """A line of a text cannot be read; `line_number` counts from 1."""

    def __init__(self, file_name: str, line_number: int, reason: str) -> None:
        super().__init__(file_name, f"line {line_number} {reason}")
        self.line_number = line_number


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
    _is_clock: bool = field(init=False)

    def __post_init__(self) -> None:
        time_index = self.layout.time_index
        self._is_clock = time_index is not None and self.layout.row_unit == "clock"
        first = [] if time_index is None else [time_index]
        self._wanted = [*first, *self.layout.signal_indices]

    def parse(
        self, first_number: int, lines: Sequence[str]
    ) -> tuple[NDArray[np.float64] | None, NDArray[np.float64]]:
        """Return times and values of some lines.

        Parameters
        ----------
        first_number : int
            Number of the first line.
        lines : sequence of str
            As they stand in the file.

        Returns
        -------
        ndarray of float64, shape (n_rows,), or None
            As the file counts them; None where it has no times.
        ndarray of float64, shape (n_rows, n_signals)
            As stored; NaN where there is no value.

        Raises
        ------
        BadLineError
            A line has too few or too many cells, or a cell is no number.
        """
        kept = [
            (number, line)
            for number, line in enumerate(lines, start=first_number)
            if number > self.layout.n_lines_before
            and line
            and not line.isspace()
            and not (self.layout.comment and line.lstrip().startswith(self.layout.comment))
        ]
        numbers = self._fast(kept) if kept else np.empty((0, len(self._wanted)))
        if numbers is None:
            numbers = self._slow(kept)
        lost = ~np.isfinite(numbers)
        if lost.any():
            numbers[lost] = np.nan
            in_signals = lost[:, len(self._wanted) - len(self.layout.signal_indices) :]
            if in_signals.any():
                row = int(np.flatnonzero(in_signals.any(axis=1))[0])
                self.first_missing = self.first_missing or kept[row][0]
                self.n_missing += int(in_signals.sum())
        if self.layout.time_index is None:
            return None, numbers
        return numbers[:, 0], numbers[:, 1:]

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
