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
from seizure_core.io.edf.fields import list_names
from seizure_core.io.sample_cache import CachedReader, SampleCache
from seizure_core.io.stored_file import StoredFile
from seizure_core.io.text.inspection import data_lines
from seizure_core.io.text.layout import TextColumn, TextLayout
from seizure_core.io.text.lines import check_size, line_chunks
from seizure_core.io.text.parsing import (
    BadLineError,
    LineParser,
    missing_finding,
    parse_row,
    scaled,
)
from seizure_core.io.text.rate import RowTimes
from seizure_core.io.timeline import TimeLine, continuous, gap_finding
from seizure_core.messages import Message, sentences
from seizure_core.recording import MICROVOLT, Annotation, Channel, Finding, Recording
from seizure_core.units import microvolts_per_unit

_FIRST_DATED_SECOND = 365 * 86400.0  # clock times below this are times of day without a date


@dataclass(frozen=True, kw_only=True, eq=False)
class _Parsed:
    """What came out of a file: its samples, in time, and what was odd."""

    blocks: list[NDArray[np.float32]]
    time_line: TimeLine
    findings: tuple[Finding, ...]
    annotations: tuple[Annotation, ...] = ()
    start_time: datetime | None = None


def open_text(file: StoredFile, layout: TextLayout, *, is_guess: bool = False) -> Recording:
    """Open a text file of numbers.

    Parameters
    ----------
    file : StoredFile
        The file.
    layout : TextLayout
        How to read it.
    is_guess : bool
        Whether it was detected: then its findings are the recording's too.

    Raises
    ------
    RecordingError
        It cannot be read as the layout says, or its sampling rate is not known.
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
    parse = _parse_rows if layout.orientation == "rows" else _parse_columns
    parsed = parse(file, layout, np.array([_scale(column, layout) for column in columns]))
    assumed = layout.findings if is_guess else ()  # who gives a layout has seen them
    n_samples = parsed.time_line.n_samples(1)
    return Recording(
        file_name=file.file_name,
        format="CSV" if layout.delimiter in {",", ";"} else "TXT",
        duration_s=parsed.time_line.duration_s,
        start_time=parsed.start_time,
        channels=tuple(_channel(column, layout, n_samples) for column in columns),
        annotations=parsed.annotations,
        segments=parsed.time_line.segments(),
        findings=(*assumed, *parsed.findings, *_layout_findings(layout, told=bool(assumed))),
        reader=CachedReader(file.file_name, parsed.blocks, parsed.time_line),
    )


def _parse_columns(file: StoredFile, layout: TextLayout, scales: NDArray[np.float64]) -> _Parsed:
    times = RowTimes(layout, file.file_name)
    parser = LineParser(layout, file.file_name, times.seconds)
    cache = SampleCache(file.file_name, len(scales))
    findings: list[Finding] = []
    chunks = line_chunks(file, layout.encoding)
    try:
        for first, lines in chunks:
            try:
                row_times, values = parser.parse(first, lines)
            except BadLineError as error:
                is_last_of_chunk = error.line_number == first + len(lines) - 1
                if error.line_number < 3 or not is_last_of_chunk or next(chunks, None) is not None:
                    raise
                row_times, values = parser.parse(first, lines[:-1])
                findings.append(
                    Finding.warning(
                        "The file ends inside line {line_number}, which is left out.",
                        line_number=error.line_number,
                    )
                )
            if row_times is not None:
                times.add(row_times)
            if len(values):
                cache.append(scaled(values, scales, layout.offset))
        if not cache.n_samples:
            raise RecordingError(file.file_name, "it has no line of values. Look at the layout.")
        line, time_findings = _time_line(times, layout, cache.n_samples, file.file_name)
        return _Parsed(
            blocks=cache.samples(),
            time_line=line,
            findings=(*findings, *time_findings, *parser.findings()),
            annotations=parser.annotations(line),
            start_time=_start_time(layout, parser.first_time),
        )
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
                continue
            scale = scales[n_signals : n_signals + 1]
            cache.append_row(scaled(values[:, np.newaxis], scale, layout.offset)[0])
            n_missing += int(np.isnan(values).sum())
            n_signals += 1
        if n_lines != len(layout.columns) or not n_samples:
            raise RecordingError(
                file.file_name,
                "it has {n_lines} lines of values, its layout {n_columns}. Look at the "
                "layout again.",
                n_lines=n_lines,
                n_columns=len(layout.columns),
            )
        cache.end_block()
        time_line, findings = _time_line(times, layout, n_samples, file.file_name)
        if n_missing:
            findings.append(missing_finding(n_missing))
        return _Parsed(blocks=cache.samples(), time_line=time_line, findings=tuple(findings))
    finally:
        cache.close()


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


def _start_time(layout: TextLayout, first_time: float | None) -> datetime | None:
    """Return the time of the first row, where it is written with its date."""
    is_dated = layout.row_unit == "clock" and (first_time or 0.0) >= _FIRST_DATED_SECOND
    return datetime(1970, 1, 1) + timedelta(seconds=first_time or 0.0) if is_dated else None


def _layout_findings(layout: TextLayout, *, told: bool) -> Iterator[Finding]:
    """Say how the file was read."""
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
    if bare and layout.scale_uv is None and not told:
        yield Finding.warning(
            "These channels name no unit and stay as stored: {bare}.", bare=list_names(bare)
        )
