"""Parsing of samples and annotations from text lines: fast if well formed, else exact."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seizure_core.errors import RecordingError
from seizure_core.io.text.layout import TextLayout
from seizure_core.io.text.lines import (
    clock_seconds,
    is_value,
    parse_number,
    split_cells,
    value_lines,
)
from seizure_core.io.timeline import TimeLine
from seizure_core.messages import Message, shortened
from seizure_core.recording import Annotation, Finding

_LARGEST = 1e30  # Maximum of scaled values in float32.
_MAX_LISTED = 27  # Characters of a cell.
_MAX_REMARKS = 10_000
_LETTER = re.compile("[A-DF-Za-df-z\x80-\uffff]")  # Numbers contain no letter but the exponent's.


class BadLineError(RecordingError):
    """A line of a text is invalid; `line_number` counts from 1."""

    def __init__(self, file_name: str, line_number: int, template: str, /, **values: Any) -> None:
        reason = Message(template, **values)
        super().__init__(file_name, "line {line} {reason}", line=line_number, reason=reason)
        self.line_number = line_number


class LineParser:
    """Parses lines of a text, and collects what they hold besides samples.

    Attributes
    ----------
    n_rows : int
        Rows of samples so far.
    n_missing, first_missing : int
        Missing cells so far, and the line of the first one, 0 for none.
    first_time : float
        Of the first line, NaN without any.
    cut_line : int
        Line in which the file ends prematurely, 0 for none.
    """

    def __init__(self, layout: TextLayout, file_name: str, time_unit_s: float) -> None:
        self._layout, self._file_name = layout, file_name
        self._time_unit_s = time_unit_s
        self._is_clock = layout.time_index is not None and layout.row_unit == "clock"
        times = [] if layout.time_index is None else [layout.time_index]
        self._n_times = len(times)
        self._wanted = [*times, *layout.signal_indices]
        self._markers = [i for i, column in enumerate(layout.columns) if column.role == "marker"]
        self._last_time = math.nan
        # Row before it, seconds after that, number of rows (0 for a line of its own), text.
        self._remarks: list[tuple[int, float, int, str]] = []
        self._n_remark_lines = 0
        self.n_rows = self.n_missing = self.first_missing = self.cut_line = 0
        self.first_time: float | None = None

    def parse(
        self, first_number: int, lines: Sequence[str]
    ) -> tuple[NDArray[np.float64] | None, NDArray[np.float64]]:
        """Return times and stored values of lines, the first of which has the given number.

        Returns
        -------
        times : ndarray of float64, shape (n_rows,), or None
            As in the file; None without times.
        values : ndarray of float64, shape (n_rows, n_signals)
            As stored; NaN if missing.

        Raises
        ------
        BadLineError
            A line has the wrong number of cells, or a cell is not a number.
        """
        layout = self._layout
        kept = list(value_lines(first_number, lines, layout.comment, layout.n_lines_before))
        numbers = self._fast(kept) if kept else np.empty((0, len(self._wanted)))
        if numbers is None:
            numbers = self._slow(kept)
        numbers[~np.isfinite(numbers)] = np.nan
        times = numbers[:, 0] if self._n_times else np.full(len(numbers), np.nan)
        if self.first_time is None and len(times):
            self.first_time = float(times[0])
        is_row = self._note_remarks(kept, times, np.isnan(numbers[:, self._n_times :]))
        kept = [line for line, is_sample in zip(kept, is_row, strict=True) if is_sample]
        numbers = numbers[is_row]
        lost = np.isnan(numbers[:, self._n_times :])
        if lost.any():
            self.first_missing = self.first_missing or kept[int(lost.any(axis=1).argmax())][0]
            self.n_missing += int(lost.sum())
        self._note_marks(kept)
        self.n_rows += len(numbers)
        if len(numbers) and self._n_times:
            self._last_time = float(numbers[-1, 0])
        return numbers[:, 0] if self._n_times else None, numbers[:, self._n_times :]

    def _note_remarks(
        self,
        kept: Sequence[tuple[int, str]],
        times: NDArray[np.float64],
        missing: NDArray[np.bool_],
    ) -> NDArray[np.bool_]:
        """Record lines with an annotation instead of samples; return which lines have samples."""
        is_row = np.ones(len(times), dtype=np.bool_)
        for row in np.flatnonzero(missing.all(axis=1)).tolist():
            text = self._remark(split_cells(kept[row][1], self._layout.delimiter))
            if not text:
                continue
            is_row[row] = False
            before = np.flatnonzero(is_row[:row])
            time_before = times[before[-1]] if len(before) else self._last_time
            later_s = float(times[row] - time_before) * self._time_unit_s
            sample = max(self.n_rows + len(before) - 1, 0)
            self._remarks.append((sample, later_s if later_s > 0 else 0.0, 0, text))
            self._n_remark_lines += 1
        return is_row

    def _note_marks(self, kept: Sequence[tuple[int, str]]) -> None:
        """Record texts in marker columns; one on several rows is one annotation."""
        if not self._markers:
            return
        for row, (_, line) in enumerate(kept, start=self.n_rows):
            if not _LETTER.search(line):
                continue
            cells = split_cells(line, self._layout.delimiter)
            decimal = self._layout.decimal
            texts = [cells[i] for i in self._markers if not is_value(cells[i], decimal)]
            if not texts:
                continue
            text = "; ".join(texts)
            first, later_s, n_rows, before = self._remarks[-1] if self._remarks else (0, 0.0, 0, "")
            if n_rows and before == text and first + n_rows == row:
                self._remarks[-1] = (first, later_s, n_rows + 1, text)
            else:
                self._remarks.append((row, 0.0, 1, text))

    def row(self, number: int, line: str) -> NDArray[np.float64]:
        """Return the values of a line that is a channel, without its label.

        Raises
        ------
        BadLineError
            A cell is not a number.
        """
        cells = split_cells(line, self._layout.delimiter)[int(self._layout.labels_first) :]
        if self._layout.decimal == ",":
            cells = [cell.replace(",", ".") for cell in cells]
        try:
            values = np.array(cells, dtype=np.float64)
        except ValueError:
            places = enumerate(cells, start=1)
            values = np.array([self._value(cell, place, number) for place, cell in places])
        values[~np.isfinite(values)] = np.nan
        return values

    def _value(self, cell: str, place: int, line_number: int) -> float:
        value = parse_number(cell, ".")
        value = clock_seconds(cell) if value is None else value
        if value is None:
            raise BadLineError(
                self._file_name,
                line_number,
                "contains {cell!r} as value {place}, which is not a number.",
                cell=shortened(cell, _MAX_LISTED),
                place=place,
            )
        return value

    def annotations(self, line: TimeLine) -> tuple[Annotation, ...]:
        """Return the first `_MAX_REMARKS` annotations; the duration is that of the rows."""
        found = []
        for sample, later_s, n_rows, text in self._remarks[:_MAX_REMARKS]:
            run = int(np.searchsorted(line.first_records, sample, side="right")) - 1
            n_samples = sample - int(line.first_records[run])
            onset_s = float(line.starts_s[run]) + float(n_samples * line.record_duration_s)
            duration_s = float(n_rows * line.record_duration_s) if n_rows > 1 else None
            onset_s = min(onset_s + later_s, line.duration_s)
            found.append(Annotation(onset_s=onset_s, duration_s=duration_s, text=text))
        return tuple(sorted(found, key=lambda annotation: annotation.onset_s))

    def findings(self) -> Iterator[Finding]:
        """Return findings on lines without samples, ignored parts and missing values."""
        if self.cut_line:
            yield Finding.warning(
                "The file ends inside line {line_number}, which is left out.",
                line_number=self.cut_line,
            )
        if self._n_remark_lines:
            yield Finding.info(
                "{n_lines} lines hold a remark and no sample: they are annotations.",
                n_lines=self._n_remark_lines,
            )
        if len(self._remarks) > _MAX_REMARKS:
            yield Finding.warning(
                "The file holds {n_found} remarks; the first {max_remarks} are kept.",
                n_found=len(self._remarks),
                max_remarks=_MAX_REMARKS,
            )
        if self.n_missing:
            line = self.first_missing
            yield Finding.warning(
                "{n_missing} cells hold no (finite) value{where}: there the signal has a gap.",
                n_missing=self.n_missing,
                where=Message(", the first in line {line}", line=line) if line else "",
            )

    def _remark(self, cells: Sequence[str]) -> str:
        """Return the text of a line that has at most a time, but no samples; else ""."""
        layout = self._layout
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
            is_kept = not is_whole or layout.columns[index].role in ("marker", "signal")
            if index == time_index or not is_kept or not cell:
                continue
            if not is_value(cell, layout.decimal):
                texts.append(cell)
            elif not is_whole or (layout.columns[index].role == "signal" and cell[-1].isdigit()):
                return ""
        return "; ".join(texts)

    def _fast(self, kept: Sequence[tuple[int, str]]) -> NDArray[np.float64] | None:
        """Parse well-formed lines by numpy; None for others."""
        lines, delimiter = [line for _, line in kept], self._layout.delimiter
        n_columns, is_space = len(self._layout.columns), delimiter in (" ", "")
        if any(
            (len(e.split()) if is_space else e.count(delimiter) + 1) != n_columns for e in lines
        ):
            return None
        parted_by = None if is_space else delimiter
        clock: list[float | None] = []
        if self._is_clock:
            index = self._wanted[0]
            cells = (line.split(parted_by, index + 1)[index].strip(' "') for line in lines)
            clock = [clock_seconds(cell) for cell in cells]
            if None in clock:
                return None
        # No quotes hide a delimiter, or there would be too many.
        text = "\n".join(lines).replace('"', "")
        if self._layout.decimal == ",":
            text = text.replace(",", ".")
        if not is_space:
            pair, filled = delimiter * 2, f"{delimiter}nan{delimiter}"
            if pair in text:
                text = text.replace(pair, filled).replace(pair, filled)
            text = f"\n{text}\n".replace(f"\n{delimiter}", f"\nnan{delimiter}")
            text = text.replace(f"{delimiter}\n", f"{delimiter}nan\n")[1:-1]
        if not text.strip():  # Of quotes alone; numpy would warn.
            return None
        try:
            numbers: NDArray[np.float64] = np.loadtxt(
                text.split("\n"),
                delimiter=parted_by,
                comments=None,
                usecols=self._wanted[1:] if clock else self._wanted,
                ndmin=2,
            )
        except (ValueError, OverflowError):
            return None
        if len(numbers) != len(kept):
            return None
        return np.column_stack([np.array(clock, dtype=np.float64), numbers]) if clock else numbers

    def _slow(self, kept: Sequence[tuple[int, str]]) -> NDArray[np.float64]:
        numbers = np.full((len(kept), len(self._wanted)), np.nan)
        for row, (number, line) in enumerate(kept):
            cells = split_cells(line, self._layout.delimiter)
            wanted = self._wanted
            if self._remark(cells):
                wanted = wanted[: self._n_times]
            elif len(cells) != len(self._layout.columns):
                raise BadLineError(
                    self._file_name,
                    number,
                    "has {n_cells} values, the lines before it {n_columns}. "
                    "Repair or delete that line.",
                    n_cells=len(cells),
                    n_columns=len(self._layout.columns),
                )
            for position, index in enumerate(wanted):
                numbers[row, position] = self._number(cells[index], index, number)
        return numbers

    def _number(self, cell: str, index: int, line_number: int) -> float:
        is_time = self._is_clock and index == self._layout.time_index
        value = clock_seconds(cell) if is_time else parse_number(cell, self._layout.decimal)
        if value is not None or (is_time and not cell):
            return math.nan if value is None else value
        raise BadLineError(
            self._file_name,
            line_number,
            "contains {cell!r} in column {index} ({label}), which is not a time. Correct that "
            "cell, or leave the column out."
            if is_time
            else "contains {cell!r} in column {index} ({label}), which is not a number. Correct "
            "that cell, or leave the column out.",
            cell=shortened(cell, _MAX_LISTED),
            index=index + 1,
            label=self._layout.columns[index].label,
        )


def scaled(
    values: NDArray[np.float64], scales: NDArray[np.float64], offset: float
) -> NDArray[np.float32]:
    """Return stored values, shape (n_rows, n_signals), as channels, shape (n_signals, n_rows).

    Computed in float64 and rounded once; NaN where float32 cannot hold the value.
    """
    result = (values.T - offset) * scales[:, np.newaxis]
    with np.errstate(invalid="ignore"):
        result[np.abs(result) > _LARGEST] = np.nan
    return result.astype(np.float32)
