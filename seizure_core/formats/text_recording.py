"""A text file as a `Recording`: parsed once, a piece at a time, into a private file of samples."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from seizure_core.errors import RecordingError
from seizure_core.formats.edf_fields import list_names
from seizure_core.formats.edf_timeline import TimeLine, continuous, gap_finding
from seizure_core.formats.sample_cache import CachedReader, SampleCache
from seizure_core.formats.stored_file import StoredFile
from seizure_core.formats.text_cells import clock_seconds, split_cells
from seizure_core.formats.text_inspection import data_lines, inspect_stored_text
from seizure_core.formats.text_layout import TextColumn, TextLayout
from seizure_core.formats.text_lines import check_size, line_chunks
from seizure_core.formats.text_parsing import BadLineError, LineParser, parse_row, scaled
from seizure_core.formats.text_times import RowTimes
from seizure_core.formats.units import microvolts_per_unit
from seizure_core.recording import MICROVOLT, Channel, Finding, Recording

_FIRST_DATED_SECOND = 365 * 86400.0  # clock times below this are times of day without a date


@dataclass(frozen=True, kw_only=True, eq=False)
class _Parsed:
    """What came out of a file: its samples, in time, and what was odd."""

    blocks: list[NDArray[np.float32]]
    time_line: TimeLine
    findings: tuple[Finding, ...]


def open_text(file: StoredFile, layout: TextLayout | None = None) -> Recording:
    """Open a text file of numbers.

    Parameters
    ----------
    file : StoredFile
        The file.
    layout : TextLayout, optional
        How to read it; detected where omitted.

    Raises
    ------
    RecordingError
        It cannot be read as the layout says, or its sampling rate is not known.
    """
    check_size(file)
    found = layout if layout is not None else inspect_stored_text(file)
    rate_hz = found.sampling_rate_hz
    if rate_hz is None:
        raise RecordingError(
            file.file_name,
            f"it was recognised as a text of {len(found.signal_indices)} channel(s), but nothing "
            "in it says its sampling rate: no column of times, no comment. Give the sampling "
            "rate (the layout's sampling_rate_hz).",
        )
    columns = [found.columns[index] for index in found.signal_indices]
    scales = np.array([_scale(column, found) for column in columns])
    parse = _parse_rows if found.orientation == "rows" else _parse_columns
    parsed = parse(file, found, scales)
    assumed = found.findings if layout is None else ()  # who gives a layout has seen them
    findings = (*assumed, *parsed.findings, *_layout_findings(found, told=bool(assumed)))
    n_samples = parsed.time_line.n_samples(1)
    return Recording(
        file_name=file.file_name,
        format="CSV" if found.delimiter in {",", ";"} else "TXT",
        duration_s=parsed.time_line.duration_s,
        start_time=_start_time(file, found),
        channels=tuple(_channel(column, found, n_samples) for column in columns),
        annotations=(),
        segments=parsed.time_line.segments(),
        findings=findings,
        reader=CachedReader(file.file_name, parsed.blocks, parsed.time_line),
    )


def _parse_columns(file: StoredFile, layout: TextLayout, scales: NDArray[np.float64]) -> _Parsed:
    parser = LineParser(layout=layout, file_name=file.file_name)
    times = RowTimes(layout, file.file_name)
    cache = SampleCache(file.file_name, len(scales))
    findings: list[Finding] = []
    try:
        for first, lines, is_last in _with_last(line_chunks(file, layout.encoding)):
            try:
                row_times, values = parser.parse(first, lines)
            except BadLineError as error:
                if (
                    not is_last
                    or error.line_number != first + len(lines) - 1
                    or error.line_number < 3
                ):
                    raise
                row_times, values = parser.parse(first, lines[:-1])
                message = f"The file ends inside line {error.line_number}, which is left out."
                findings.append(_warning(message))
            if row_times is not None:
                times.add(row_times)
            if len(values):
                cache.append(scaled(values, scales, layout.offset))
        if not cache.n_samples:
            raise RecordingError(file.file_name, "it has no line of values. Look at the layout.")
        line, time_findings = _time_line(times, layout, cache.n_samples, file.file_name)
        findings += time_findings
        if parser.n_missing:
            findings.append(
                _missing(parser.n_missing, f", the first in line {parser.first_missing}")
            )
        return _Parsed(blocks=cache.samples(), time_line=line, findings=tuple(findings))
    finally:
        cache.close()


def _parse_rows(file: StoredFile, layout: TextLayout, scales: NDArray[np.float64]) -> _Parsed:
    cache = SampleCache(file.file_name, len(scales))
    times = RowTimes(layout, file.file_name)
    n_samples = n_missing = n_lines = n_signals = 0
    try:
        lines = data_lines(file, layout.encoding, layout.comment, layout.n_lines_before)
        for position, (number, line) in enumerate(lines):
            n_lines = position + 1
            is_time = position == layout.time_index
            if not is_time and position not in layout.signal_indices:
                continue
            values = parse_row(line, layout, number=number, file_name=file.file_name)
            n_samples = n_samples or len(values)
            if len(values) != n_samples:
                raise _uneven(file.file_name, number, len(values), n_samples)
            if is_time:
                times.add(values)
                continue
            scale = scales[n_signals : n_signals + 1]
            cache.append_row(scaled(values[:, np.newaxis], scale, layout.offset)[0])
            n_missing += int(np.isnan(values).sum())
            n_signals += 1
        if n_lines != len(layout.columns) or not n_samples:
            raise RecordingError(
                file.file_name,
                f"it has {n_lines} lines of values, its layout {len(layout.columns)}. Look at the "
                "layout again.",
            )
        cache.end_block()
        line_, findings = _time_line(times, layout, n_samples, file.file_name)
        if n_missing:
            findings.append(_missing(n_missing, ""))
        return _Parsed(blocks=cache.samples(), time_line=line_, findings=tuple(findings))
    finally:
        cache.close()


def _with_last(
    chunks: Iterator[tuple[int, list[str]]],
) -> Iterator[tuple[int, list[str], bool]]:
    """Yield chunks, each with whether it is the last one."""
    before: tuple[int, list[str]] | None = None
    for chunk in chunks:
        if before is not None:
            yield *before, False
        before = chunk
    if before is not None:
        yield *before, True


def _time_line(
    times: RowTimes, layout: TextLayout, n_samples: int, file_name: str
) -> tuple[TimeLine, list[Finding]]:
    if layout.time_index is None:
        period_s = 1 / Fraction(str(layout.sampling_rate_hz))
        return continuous(n_samples, period_s, file_name), []
    line, findings = times.time_line()
    if line.has_gaps:
        return line, [*findings, gap_finding(line)]
    return line, list(findings)


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
        minimum=-math.inf,  # a text does not say at which values the recorder clips
        maximum=math.inf,
    )


def _start_time(file: StoredFile, layout: TextLayout) -> datetime | None:
    """Return the time of the first row, where it is written with its date."""
    index = layout.time_index
    if index is None or layout.row_unit != "clock" or layout.orientation == "rows":
        return None
    lines = data_lines(file, layout.encoding, layout.comment, layout.n_lines_before)
    _, first = next(lines, (0, ""))
    cells = split_cells(first, layout.delimiter)
    seconds = clock_seconds(cells[index]) if index < len(cells) else None
    if seconds is None or seconds < _FIRST_DATED_SECOND:
        return None
    return datetime(1970, 1, 1) + timedelta(seconds=seconds)


def _layout_findings(layout: TextLayout, *, told: bool) -> Iterator[Finding]:
    """Say how the file was read."""
    n_left_out = len(layout.columns) - len(layout.signal_indices)
    left_out = [c.label for c in layout.columns if c.role not in {"signal", "time", "index"}]
    delimiters = {"\t": "tabs", " ": "spaces", "": "line ends"}
    what = "a line" if layout.orientation == "rows" else "a column"
    facts = [
        f"Read as text: each channel is {what}, values are separated by "
        f"{delimiters.get(layout.delimiter, repr(layout.delimiter))}",
        f"{len(layout.signal_indices)} channels at {layout.sampling_rate_hz:g} Hz",
    ]
    if n_left_out and layout.time_index is not None:
        facts.append(f"times from {layout.columns[layout.time_index].label!r}")
    if layout.offset:
        facts.append(f"{layout.offset:.6g} is subtracted from all values")
    if layout.scale_uv is not None:
        facts.append(f"one unit is {layout.scale_uv:.6g} uV")
    if left_out:
        facts.append(f"not read as channels: {list_names(left_out)}")
    yield Finding(severity="info", message="; ".join(facts) + ".")
    bare = [layout.columns[i].label for i in layout.signal_indices if not layout.columns[i].unit]
    if bare and layout.scale_uv is None and not told:
        message = f"These channels name no unit and stay as stored: {list_names(bare)}."
        yield _warning(message)


def _uneven(file_name: str, number: int, n_values: int, n_before: int) -> BadLineError:
    return BadLineError(
        file_name,
        number,
        f"has {n_values} values, the lines before it {n_before}. All channels must have as many.",
    )


def _missing(n_missing: int, where: str) -> Finding:
    return _warning(f"{n_missing} cells hold no (finite) value{where}: there the signal has a gap.")


def _warning(message: str) -> Finding:
    return Finding(severity="warning", message=message)
