"""Finds out how a text file holds a recording, and says what it had to assume."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seizure_core.errors import RecordingError
from seizure_core.formats.stored_file import StoredFile
from seizure_core.formats.text_cells import parse_number, split_cells
from seizure_core.formats.text_columns import describe_columns, spread_of, unit_of_remarks
from seizure_core.formats.text_dialect import Dialect, find_dialect
from seizure_core.formats.text_known import KnownText, known_text
from seizure_core.formats.text_layout import (
    MAX_COLUMNS,
    Orientation,
    TextColumn,
    TextLayout,
    TimeUnit,
)
from seizure_core.formats.text_lines import check_size, count_lines, line_chunks, text_head
from seizure_core.formats.text_rate import TimesFound, rate_of_times, stated_rate
from seizure_core.recording import Finding

NO_TIMES = -1
"""No column gives the times."""

_PREVIEW_ROWS = 8
_PREVIEW_CELLS = 64
_PREVIEW_CHARS = 32
_ROW_VALUES = 2000
# Values in these units of voltage, of the usual size of EEG, spread by so much.
_SPREADS = (("V", 5e-7, 5e-4), ("mV", 5e-4, 0.5), ("uV", 0.5, 1000.0))


def inspect_stored_text(file: StoredFile) -> TextLayout:
    """Find out how a text holds a recording; see `seizure_core.opening.inspect_text`.

    Raises
    ------
    RecordingError
        It is no text of numbers, or too large.
    """
    check_size(file)
    encoding, lines, whole = text_head(file)
    dialect = find_dialect(lines, file.file_name)
    _refuse_tables_of_events(dialect, file.file_name)
    n_lines = len(lines) if whole else count_lines(file)
    orientation: Orientation = "rows" if _is_wide(dialect, n_lines) else "columns"
    return layout_of(file, encoding, dialect, n_lines=n_lines, orientation=orientation)


def layout_of(
    file: StoredFile,
    encoding: str,
    dialect: Dialect,
    *,
    n_lines: int,
    orientation: Orientation,
    time_column: int | None = None,
) -> TextLayout:
    """Describe the channels of a text whose dialect is known.

    Parameters
    ----------
    file : StoredFile
        The text.
    encoding : str
        One of `text_layout.ENCODINGS`.
    dialect : Dialect
        As it was detected, or corrected.
    n_lines : int
        Lines of the file.
    orientation : str
        "columns" or "rows".
    time_column : int, optional
        Position of the column (line, with "rows") that gives the times; `NO_TIMES` for none;
        detected where omitted.

    Raises
    ------
    RecordingError
        Nothing in it can be a channel.
    """
    if orientation == "rows":
        columns, values, cells = _rows(file, encoding, dialect)
    else:
        _check_width(dialect, file.file_name)
        cells = [list(column) for column in zip(*dialect.rows, strict=True)]
        columns, values = describe_columns(dialect.header, cells, dialect.decimal)
    columns = _with_times(columns, time_column)
    if not any(column.role == "signal" for column in columns):
        raise RecordingError(
            file.file_name, "it has no column of numbers besides times, markers and qualities."
        )
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
    return _with_assumptions(layout, dialect, values, cells, file)


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


def _is_wide(dialect: Dialect, n_lines: int) -> bool:
    """Return whether lines are channels: few of them, with very many values each."""
    n_rows = n_lines - dialect.n_lines_before
    return dialect.n_columns > 8 and dialect.n_columns > 4 * n_rows


def _has_labels(dialect: Dialect) -> bool:
    return parse_number(dialect.rows[0][0], dialect.decimal) is None


def _check_width(dialect: Dialect, file_name: str) -> None:
    if dialect.n_columns > MAX_COLUMNS:
        raise RecordingError(
            file_name,
            f"it has {dialect.n_columns} columns; up to {MAX_COLUMNS} are read. Check the "
            "delimiter.",
        )


def _rows(
    file: StoredFile, encoding: str, dialect: Dialect
) -> tuple[tuple[TextColumn, ...], list[NDArray[np.float64]], list[list[str]]]:
    """Describe lines as if they were columns, by their first values."""
    names: list[str] = []
    cells: list[list[str]] = []
    labelled = _has_labels(dialect)
    for row in data_lines(file, encoding, dialect.comment, dialect.n_lines_before):
        if len(cells) == MAX_COLUMNS:
            raise RecordingError(
                file.file_name, f"it has more than {MAX_COLUMNS} lines of many values each."
            )
        # One value more than is used: the last one may be cut.
        first = split_cells(row[1][: 32 * _ROW_VALUES], dialect.delimiter)[: _ROW_VALUES + 1]
        names.append(first[0] if labelled else "")
        cells.append((first[1:] if labelled else first)[:-1] or first[-1:])
    columns, values = describe_columns(names if labelled else (), cells, dialect.decimal)
    return columns, values, cells


def data_lines(
    file: StoredFile, encoding: str, comment: str, n_lines_before: int
) -> Iterator[tuple[int, str]]:
    """Yield the lines with values, each with its number, without blanks and comments."""
    for first, lines in line_chunks(file, encoding):
        for number, line in enumerate(lines, start=first):
            is_comment = bool(comment) and line.lstrip().startswith(comment)
            if number > n_lines_before and line.strip() and not is_comment:
                yield number, line


def _with_assumptions(
    layout: TextLayout,
    dialect: Dialect,
    values: Sequence[NDArray[np.float64]],
    cells: Sequence[Sequence[str]],
    file: StoredFile,
) -> TextLayout:
    """Add rate and unit, and say where they come from."""
    findings: list[Finding] = []
    n_samples = dialect.n_columns - layout.labels_first
    if layout.orientation == "columns":
        n_samples = layout.n_lines - layout.n_lines_before
    stem = Path(file.file_name).name.split(".")[0]
    known = known_text(layout.columns, values, n_samples=n_samples, file_stem=stem)
    times = _times(layout, values, cells)
    rate_hz, rate_findings = _rate(times, stated_rate(dialect.remarks), known)
    findings += rate_findings
    offset = known.offset if known else 0.0
    columns, unit_findings = _with_units(
        layout.columns, dialect, values, known.name if known else None
    )
    findings += unit_findings
    if offset:
        findings.append(
            _warning(
                f"The values of the {known.name if known else ''} lie around an offset: "
                f"{offset:.2f} uV are subtracted from all."
            )
        )
    return replace(
        layout,
        columns=columns,
        sampling_rate_hz=rate_hz,
        time_unit=_time_unit(layout, times),
        offset=offset,
        findings=tuple(findings),
    )


def _rate(
    times: TimesFound | None, stated_hz: float | None, known: KnownText | None
) -> tuple[float | None, list[Finding]]:
    """Return the sampling rate: of even times, else as stated, else as known of such files."""
    if times is not None and times.is_regular:
        return times.sampling_rate_hz, []
    if stated_hz is not None:
        return stated_hz, []
    if times is not None:
        return times.sampling_rate_hz, [
            _warning(
                f"The times of the rows are uneven; {times.sampling_rate_hz:g} Hz is estimated. "
                "Give the sampling rate if you know it better."
            )
        ]
    if known is None:
        return None, []
    return known.sampling_rate_hz, [
        _warning(
            f"The file does not say its sampling rate. It looks like a file of the {known.name}, "
            f"so {known.sampling_rate_hz:g} Hz is assumed."
        )
    ]


def _times(
    layout: TextLayout, values: Sequence[NDArray[np.float64]], cells: Sequence[Sequence[str]]
) -> TimesFound | None:
    index = layout.time_index
    if index is None or layout.columns[index].role == "index":
        return None
    return rate_of_times(cells[index], values[index], layout.columns[index].unit, layout.decimal)


def _time_unit(layout: TextLayout, times: TimesFound | None) -> TimeUnit:
    index = layout.time_index
    if times is not None:
        return times.unit
    return "samples" if index is not None and layout.columns[index].role == "index" else "s"


def _with_units(
    columns: tuple[TextColumn, ...],
    dialect: Dialect,
    values: Sequence[NDArray[np.float64]],
    known: str | None,
) -> tuple[tuple[TextColumn, ...], list[Finding]]:
    bare = [column.label for column in columns if column.role == "signal" and not column.unit]
    if not bare:
        return columns, []
    findings = []
    unit = unit_of_remarks(dialect.remarks)
    if not unit and known:
        unit = "uV"
        findings.append(
            _warning(
                f"The file names no unit. It looks like a file of the {known}, so its values are "
                "taken as uV."
            )
        )
    elif not unit:
        unit, finding = _guessed_unit(spread_of(columns, values))
        findings.append(finding)
    return tuple(
        replace(column, unit=unit) if column.role == "signal" and not column.unit else column
        for column in columns
    ), findings


def _guessed_unit(spread: float) -> tuple[str, Finding]:
    for unit, low, high in _SPREADS:
        if low <= spread < high:
            return unit, _warning(
                f"The file names no unit. Its values spread by about {spread:.3g}, as EEG does in "
                f"{unit}, so {unit} is a guess. Correct it if you know better."
            )
    return "", _warning(
        "The file names no unit, and its values do not look like EEG in uV, mV or V: they stay "
        "as stored, without a unit. Give the unit, or how many uV one step is."
    )


def _warning(message: str) -> Finding:
    return Finding(severity="warning", message=message)
