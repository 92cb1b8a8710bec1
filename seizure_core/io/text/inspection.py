"""Finds out how a text file holds a recording, and says what it had to assume."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seizure_core.errors import RecordingError
from seizure_core.io.stored_file import StoredFile
from seizure_core.io.text.columns import describe_columns, known_text, with_units
from seizure_core.io.text.dialect import Dialect, find_dialect, stated_rate
from seizure_core.io.text.layout import (
    MAX_COLUMNS,
    Orientation,
    TextColumn,
    TextCorrection,
    TextLayout,
)
from seizure_core.io.text.lines import (
    check_size,
    clock_seconds,
    count_lines,
    line_chunks,
    parse_number,
    split_cells,
    text_head,
    value_lines,
)
from seizure_core.io.text.rate import TimesFound, chosen_rate, rate_of_times
from seizure_core.messages import Message
from seizure_core.recording import Finding

_PREVIEW_ROWS = 8
_PREVIEW_CELLS = 64
_PREVIEW_CHARS = 32
_ROW_VALUES = 2000


def inspect_stored_text(file: StoredFile, given: TextCorrection | None = None) -> TextLayout:
    """Find out how a text holds a recording; see `seizure_core.io.opening.inspect_text`.

    Raises
    ------
    RecordingError
        It is no text of numbers, or too large, or nothing in it can be a channel.
    """
    check_size(file)
    given = given or TextCorrection()
    encoding, lines, whole = text_head(file)
    dialect = find_dialect(lines, file.file_name, given)
    _refuse_tables_of_events(dialect, file.file_name)
    n_lines = len(lines) if whole else count_lines(file)
    orientation = given.orientation or _orientation(dialect, n_lines)
    if orientation == "rows":
        header, cells = _lines_as_columns(file, encoding, dialect)
        columns, values = describe_columns(dialect, header, cells)
    else:
        _check_width(dialect, file.file_name)
        cells = [list(column) for column in zip(*dialect.rows, strict=True)]
        columns, values = describe_columns(dialect, dialect.header, cells)
    columns = _with_times(columns, given.time_column)
    if not any(column.role == "signal" for column in columns):
        reason = "it has no column of numbers besides times, markers and qualities."
        raise RecordingError(file.file_name, reason)
    layout = TextLayout(
        encoding=encoding,
        delimiter=dialect.delimiter,
        decimal=dialect.decimal,
        comment=dialect.comment,
        n_lines_before=dialect.n_lines_before,
        has_header=bool(dialect.header),
        orientation=orientation,
        labels_first=orientation == "rows" and _has_labels(dialect),
        columns=columns,
        n_lines=n_lines,
        preview=tuple(
            tuple(cell[:_PREVIEW_CHARS] for cell in row[:_PREVIEW_CELLS])
            for row in dialect.rows[:_PREVIEW_ROWS]
        ),
    )
    return _with_assumptions(layout, dialect, values, cells, Path(file.file_name).name)


def data_lines(
    file: StoredFile, encoding: str, comment: str, n_lines_before: int
) -> Iterator[tuple[int, str]]:
    """Yield the lines of a file with values, each with its number."""
    for first, lines in line_chunks(file, encoding):
        yield from value_lines(first, lines, comment, n_lines_before)


def _with_times(columns: tuple[TextColumn, ...], time_column: int | None) -> tuple[TextColumn, ...]:
    """Return the columns with the one that a user chose for the times."""
    if time_column is None:
        return columns
    changed = []
    for index, column in enumerate(columns):
        is_time = column.role in ("time", "index")
        if index == time_column:
            changed.append(column if is_time else replace(column, role="time"))
        else:
            changed.append(replace(column, role="ignored") if is_time else column)
    return tuple(changed)


def _refuse_tables_of_events(dialect: Dialect, file_name: str) -> None:
    names = {name.casefold() for name in dialect.header}
    if (
        "eventtype" in names
        or {"onset", "duration"} <= names
        or {"start_time", "stop_time"} <= names
    ):
        raise RecordingError(
            file_name,
            "this is a table of events, not a recording. Give it as a reference or as "
            "annotations instead.",
        )


def _orientation(dialect: Dialect, n_lines: int) -> Orientation:
    """Return "rows" where lines are channels: few of them, with very many values each."""
    n_rows = n_lines - dialect.n_lines_before
    return "rows" if dialect.n_columns > max(8, 4 * n_rows) else "columns"


def _has_labels(dialect: Dialect) -> bool:
    return any(parse_number(row[0], dialect.decimal) is None for row in dialect.rows)


def _check_width(dialect: Dialect, file_name: str) -> None:
    if dialect.n_columns > MAX_COLUMNS:
        raise RecordingError(
            file_name,
            "it has {n_columns} columns; up to {max_columns} are read. Check the delimiter.",
            n_columns=dialect.n_columns,
            max_columns=MAX_COLUMNS,
        )


def _lines_as_columns(
    file: StoredFile, encoding: str, dialect: Dialect
) -> tuple[list[str], list[list[str]]]:
    """Return names and first values of lines, as if they were columns."""
    names: list[str] = []
    cells: list[list[str]] = []
    labelled = _has_labels(dialect)
    for row in data_lines(file, encoding, dialect.comment, dialect.n_lines_before):
        if len(cells) == MAX_COLUMNS:
            raise RecordingError(
                file.file_name,
                "it has more than {max_columns} lines of many values each.",
                max_columns=MAX_COLUMNS,
            )
        # One value more than is used: the last one may be cut.
        first = split_cells(row[1][: 32 * _ROW_VALUES], dialect.delimiter)[: _ROW_VALUES + 1]
        names.append(first[0] if labelled else "")
        cells.append((first[1:] if labelled else first)[:-1] or first[-1:])
    return (names if labelled else []), cells


def _with_assumptions(
    layout: TextLayout,
    dialect: Dialect,
    values: Sequence[NDArray[np.float64]],
    cells: Sequence[Sequence[str]],
    file_name: str,
) -> TextLayout:
    """Add rate, unit and offset, and say where they come from."""
    n_samples = dialect.n_columns - layout.labels_first
    if layout.orientation == "columns":
        n_samples = layout.n_lines - layout.n_lines_before
    stem = file_name.split(".")[0]
    known = known_text(layout.columns, values, dialect.remarks, n_samples=n_samples, file_stem=stem)
    timed = {*layout.signal_indices, layout.time_index}
    names = [name for index, name in enumerate(dialect.header) if index in timed]
    stated_hz = stated_rate(dialect.remarks, names)
    times = _times(layout, values, cells, stated_hz)
    assumed = (known.name, known.sampling_rate_hz) if known and known.sampling_rate_hz else None
    rate_hz, findings = chosen_rate(stated_hz, times, assumed)
    columns, unit_findings = with_units(layout.columns, values, dialect.remarks, known)
    findings += unit_findings
    if known and known.offset:
        message = Message(
            "The values of the {known_name} lie around an offset: {offset:.2f} uV are "
            "subtracted from all.",
            known_name=known.name,
            offset=known.offset,
        )
        findings.append(Finding.warning(message))
    return replace(
        layout,
        columns=columns,
        sampling_rate_hz=rate_hz,
        time_unit=times.unit if times else layout.row_unit,
        offset=known.offset if known else 0.0,
        findings=tuple(findings),
    )


def _times(
    layout: TextLayout,
    values: Sequence[NDArray[np.float64]],
    cells: Sequence[Sequence[str]],
    stated_hz: float | None,
) -> TimesFound | None:
    """Return what the times of the rows with signals say."""
    index = layout.time_index
    if index is None or layout.row_unit == "samples":
        return None
    times, unit = values[index], layout.columns[index].unit
    if not np.isfinite(times).any():
        clocks = [clock_seconds(cell) for cell in cells[index]]
        times, unit = np.array([np.nan if c is None else c for c in clocks], np.float64), "clock"
    signals = [values[i] for i in layout.signal_indices]
    if all(len(each) == len(times) for each in signals):
        times = times[np.isfinite(signals).any(axis=0)]
    return rate_of_times(times, unit, stated_hz)
