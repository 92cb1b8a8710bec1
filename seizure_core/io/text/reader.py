"""Opening of text files as `Recording`: the first lines give the layout, then one pass.

The samples go block by block to a temporary file.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seizure_core.errors import RecordingError
from seizure_core.io.edf.fields import list_names
from seizure_core.io.sample_cache import CachedReader, SampleCache
from seizure_core.io.stored_file import StoredFile
from seizure_core.io.text.columns import describe_columns, known_text, with_units
from seizure_core.io.text.dialect import Dialect, find_dialect, stated_rate
from seizure_core.io.text.layout import MAX_COLUMNS, TextColumn, TextCorrection, TextLayout
from seizure_core.io.text.lines import (
    HEAD_BYTES,
    check_size,
    clock_seconds,
    count_lines,
    data_lines,
    line_chunks,
    parse_number,
    split_cells,
    text_head,
)
from seizure_core.io.text.parsing import (
    BadLineError,
    LineParser,
    scaled,
)
from seizure_core.io.text.rate import RowTimes, TimesFound, chosen_rate, rate_of_times
from seizure_core.messages import Message, sentences
from seizure_core.recording import MICROVOLT, Channel, Finding, Recording
from seizure_core.units import microvolts_per_unit

_FIRST_DATED_SECOND = 365 * 86400.0  # Clock times below this are times of day without date.
_PREVIEW_ROWS = 8
_PREVIEW_CELLS = 64
_PREVIEW_CHARS = 32
_ROW_VALUES = 2000


def inspect_stored_text(file: StoredFile, given: TextCorrection | None = None) -> TextLayout:
    """Detect the layout of a text; see `seizure_core.io.opening.inspect_text`.

    Only its first lines are read, and the number of lines is estimated.

    Raises
    ------
    RecordingError
        It is not a text of numbers, is too large, or has no possible channel.
    """
    check_size(file)
    given = given or TextCorrection()
    encoding, lines, n_lines = text_head(file)
    dialect = find_dialect(lines, file.file_name, given)
    _refuse_tables_of_events(dialect, file.file_name)
    # Few lines with very many values each are channels.
    is_wide = dialect.n_columns > max(8, 4 * (n_lines - dialect.n_lines_before))
    orientation = given.orientation or ("rows" if is_wide else "columns")
    header: Sequence[str] = dialect.header
    cells: list[Sequence[str]] = list(zip(*dialect.rows, strict=True))
    if orientation == "rows":
        header, cells = _lines_as_columns(file, encoding, dialect)
    elif dialect.n_columns > MAX_COLUMNS:
        raise RecordingError(
            file.file_name,
            "it has {n_columns} columns; up to {max_columns} are read. Check the delimiter.",
            n_columns=dialect.n_columns,
            max_columns=MAX_COLUMNS,
        )
    columns, values = describe_columns(dialect, header, cells)
    if given.time_column is not None:
        columns = tuple(_with_times(columns, given.time_column))
    if not any(column.role == "signal" for column in columns):
        reason = "it has no column of numbers other than times, markers and signal quality."
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
    return _with_assumptions(layout, dialect, values, cells, file)


def counted(file: StoredFile, layout: TextLayout) -> TextLayout:
    """Return a layout with the number of lines of its file."""
    return layout if file.size <= HEAD_BYTES else replace(layout, n_lines=count_lines(file))


def _with_times(columns: Sequence[TextColumn], time_column: int) -> Iterator[TextColumn]:
    """Yield the columns with the time column chosen by the user."""
    for index, column in enumerate(columns):
        is_time = column.role in ("time", "index")
        if is_time == (index == time_column):
            yield column
        else:
            yield replace(column, role="ignored" if is_time else "time")


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


def _has_labels(dialect: Dialect) -> bool:
    return any(parse_number(row[0], dialect.decimal) is None for row in dialect.rows)


def _lines_as_columns(
    file: StoredFile, encoding: str, dialect: Dialect
) -> tuple[list[str], list[Sequence[str]]]:
    """Return names and first values of lines, as if they were columns."""
    names: list[str] = []
    cells: list[Sequence[str]] = []
    labelled = _has_labels(dialect)
    for row in data_lines(file, encoding, dialect.comment, dialect.n_lines_before):
        if len(cells) == MAX_COLUMNS:
            raise RecordingError(
                file.file_name,
                "it has more than {max_columns} lines of many values each.",
                max_columns=MAX_COLUMNS,
            )
        # One value more than used, because the last one may be incomplete.
        first = split_cells(row[1][: 32 * _ROW_VALUES], dialect.delimiter)[: _ROW_VALUES + 1]
        names.append(first[0] if labelled else "")
        cells.append((first[1:] if labelled else first)[:-1] or first[-1:])
    return (names if labelled else []), cells


def _with_assumptions(
    layout: TextLayout,
    dialect: Dialect,
    values: Sequence[NDArray[np.float64]],
    cells: Sequence[Sequence[str]],
    file: StoredFile,
) -> TextLayout:
    """Add rate, unit and offset, with findings on their origin."""

    def n_samples() -> int:
        if layout.orientation == "rows":
            return dialect.n_columns - layout.labels_first
        return counted(file, layout).n_lines - layout.n_lines_before

    stem = Path(file.file_name).name.split(".")[0]
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
    """Return the result for the times of the rows."""
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


def open_text(
    file: StoredFile, layout: TextLayout, *, is_guess: bool = False
) -> tuple[Recording, int]:
    """Open a text file of numbers, and count its lines.

    Parameters
    ----------
    is_guess : bool
        Whether the layout was detected; its findings are then added to the recording's.

    Raises
    ------
    RecordingError
        It does not have this layout, or its sampling rate is unknown.
    """
    check_size(file)
    if layout.sampling_rate_hz is None:
        raise RecordingError(
            file.file_name,
            "it was recognised as a text of {n_signal_indices} channel(s), but nothing "
            "in it says its sampling rate: no column of times, no comment. Give the sampling "
            "rate (the layout's sampling_rate_hz).",
            n_signal_indices=len(layout.signal_indices),
        )
    columns = tuple(layout.columns[index] for index in layout.signal_indices)
    times = RowTimes(layout, file.file_name)
    parser = LineParser(layout, file.file_name, times.seconds)
    parse = _parse_rows if layout.orientation == "rows" else _parse_columns
    with SampleCache(file.file_name, len(columns)) as cache:
        n_lines = parse(file, layout, parser, times, cache)
        line, findings = times.time_line(cache.n_samples)
        blocks = cache.samples()
    assumed = layout.findings if is_guess else ()  # The user has seen them if the layout was given.
    n_samples = line.n_samples(1)
    recording = Recording(
        file_name=file.file_name,
        format="CSV" if layout.delimiter in {",", ";"} else "TXT",
        duration_s=line.duration_s,
        start_time=_start_time(layout, parser.first_time),
        channels=tuple(_channel(column, layout, n_samples) for column in columns),
        annotations=parser.annotations(line),
        segments=line.segments(),
        findings=(
            *assumed,
            *findings,
            *parser.findings(),
            *_layout_findings(layout, is_guess=bool(assumed)),
        ),
        reader=CachedReader(file.file_name, blocks, line),
    )
    return recording, n_lines


def _parse_columns(
    file: StoredFile, layout: TextLayout, parser: LineParser, times: RowTimes, cache: SampleCache
) -> int:
    """Parse lines that are samples; return their number."""
    scales = np.array([_scale(layout.columns[index], layout) for index in layout.signal_indices])
    chunks = line_chunks(file, layout.encoding)
    n_lines = 0
    for first, lines in chunks:
        n_lines = first + len(lines) - 1
        try:
            row_times, values = parser.parse(first, lines)
        except BadLineError as error:
            number = error.line_number
            if number < 3 or number != n_lines or next(chunks, None) is not None:
                raise
            row_times, values = parser.parse(first, lines[:-1])
            parser.cut_line = number
        if row_times is not None:
            times.add(row_times)
        if len(values):
            cache.append(scaled(values, scales, layout.offset))
    if not cache.n_samples:
        raise RecordingError(file.file_name, "it has no line of values. Look at the layout.")
    return n_lines


def _parse_rows(
    file: StoredFile, layout: TextLayout, parser: LineParser, times: RowTimes, cache: SampleCache
) -> int:
    """Parse lines that are channels; return their number."""
    n_samples = n_rows = number = 0
    for number, line in data_lines(file, layout.encoding, layout.comment, layout.n_lines_before):
        position, n_rows = n_rows, n_rows + 1
        is_time = position == layout.time_index
        if not is_time and position not in layout.signal_indices:
            continue
        values = parser.row(number, line)
        n_samples = n_samples or len(values)
        if len(values) != n_samples:
            raise BadLineError(
                file.file_name,
                number,
                "has {n_values} values, the lines before it {n_before}. All channels must have "
                "as many.",
                n_values=len(values),
                n_before=n_samples,
            )
        if is_time:
            times.add(values)
        else:
            scale = np.array([_scale(layout.columns[position], layout)])
            cache.append_row(scaled(values[:, np.newaxis], scale, layout.offset)[0])
            parser.n_missing += int(np.isnan(values).sum())
    if n_rows != len(layout.columns) or not n_samples:
        raise RecordingError(
            file.file_name,
            "it has {n_lines} lines of values, its layout {n_columns}. Look at the layout again.",
            n_lines=n_rows,
            n_columns=len(layout.columns),
        )
    cache.end_block()
    return number


def _scale(column: TextColumn, layout: TextLayout) -> float:
    if layout.scale_uv is not None:
        return layout.scale_uv
    return float(microvolts_per_unit(column.unit) or 1)


def _channel(column: TextColumn, layout: TextLayout, n_samples: int) -> Channel:
    is_voltage = layout.scale_uv is not None or microvolts_per_unit(column.unit) is not None
    return Channel(
        label=column.label,
        unit=MICROVOLT if is_voltage else column.unit,
        stored_unit=column.unit,
        sampling_rate_hz=layout.sampling_rate_hz or math.nan,
        n_samples=n_samples,
        minimum=-math.inf,  # Texts do not state the recorder's range.
        maximum=math.inf,
    )


def _start_time(layout: TextLayout, first_time: float | None) -> datetime | None:
    """Return the time of the first row, if it has a date."""
    is_dated = layout.row_unit == "clock" and (first_time or 0.0) >= _FIRST_DATED_SECOND
    return datetime(1970, 1, 1) + timedelta(seconds=first_time or 0.0) if is_dated else None


def _layout_findings(layout: TextLayout, *, is_guess: bool) -> Iterator[Finding]:
    """Return findings on how the file was read."""
    n_left_out = len(layout.columns) - len(layout.signal_indices)
    left_out = [c.label for c in layout.columns if c.role not in {"signal", "time", "index"}]
    delimiters = {"\t": "tabs", " ": "spaces", "": "line ends"}
    what = "a line" if layout.orientation == "rows" else "a column"
    facts = [
        Message(
            "Read as text: each channel is {what}, values are separated by {delimiter}",
            what=what,
            delimiter=delimiters.get(layout.delimiter, repr(layout.delimiter)),
        ),
        Message(
            "{n} channels at {rate_hz:g} Hz",
            n=len(layout.signal_indices),
            rate_hz=layout.sampling_rate_hz,
        ),
    ]
    if n_left_out and layout.time_index is not None:
        facts.append(Message("times from {label!r}", label=layout.columns[layout.time_index].label))
    if layout.offset:
        facts.append(Message("{offset:.6g} is subtracted from all values", offset=layout.offset))
    if layout.scale_uv is not None:
        facts.append(Message("one unit is {scale_uv:.6g} uV", scale_uv=layout.scale_uv))
    if left_out:
        facts.append(Message("not read as channels: {left_out}", left_out=list_names(left_out)))
    yield Finding.info("{facts}.", facts=sentences(*facts, between="; "))
    bare = [layout.columns[i].label for i in layout.signal_indices if not layout.columns[i].unit]
    if bare and layout.scale_uv is None and not is_guess:
        yield Finding.warning(
            "These channels name no unit and stay as stored: {bare}.", bare=list_names(bare)
        )
