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
from seizure_core.io.text.lines import check_size, clock_seconds, line_chunks, split_cells
from seizure_core.io.text.parsing import (
    BadLineError,
    LineParser,
    ParsedRows,
    parse_row,
    scaled,
)
from seizure_core.io.text.rate import RowTimes
from seizure_core.io.timeline import TimeLine, continuous, gap_finding
from seizure_core.messages import Message
from seizure_core.recording import MICROVOLT, Annotation, Channel, Finding, Recording
from seizure_core.units import microvolts_per_unit

_FIRST_DATED_SECOND = 365 * 86400.0  # clock times below this are times of day without a date
_MAX_REMARKS = 10_000


@dataclass(frozen=True, kw_only=True, eq=False)
class _Parsed:
    """What came out of a file: its samples, in time, and what was odd."""

    blocks: list[NDArray[np.float32]]
    time_line: TimeLine
    findings: tuple[Finding, ...]
    annotations: tuple[Annotation, ...] = ()


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
        start_time=_start_time(file, layout),
        channels=tuple(_channel(column, layout, n_samples) for column in columns),
        annotations=parsed.annotations,
        segments=parsed.time_line.segments(),
        findings=(*assumed, *parsed.findings, *_layout_findings(layout, told=bool(assumed))),
        reader=CachedReader(file.file_name, parsed.blocks, parsed.time_line),
    )


class _Remarks:
    """Collects text among the samples, by sample number, until their times are known.

    Parameters
    ----------
    seconds : float
        Of one unit of the file's times.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._last_time = math.nan
        self._found: list[tuple[int, float, int, str]] = []
        self.n_lines = 0

    def add(self, rows: ParsedRows, n_before: int) -> None:
        """Take in the remarks of the next rows, before which there are `n_before` samples."""
        times = rows.times if rows.times is not None else np.full(len(rows.values), np.nan)
        times = np.concatenate([[self._last_time], times])
        for row, time, text in rows.remarks:
            later_s = (time - float(times[row])) * self._seconds
            later_s = later_s if later_s > 0 else 0.0
            self._found.append((max(n_before + row - 1, 0), later_s, 0, text))
        self.n_lines += len(rows.remarks)
        for row, text in rows.marks:
            first, later_s, n_rows, before = self._found[-1] if self._found else (0, 0.0, 0, "")
            if n_rows and before == text and first + n_rows == n_before + row:
                self._found[-1] = (first, later_s, n_rows + 1, text)
            else:
                self._found.append((n_before + row, 0.0, 1, text))
        self._last_time = float(times[-1])

    def annotations(self, line: TimeLine) -> tuple[Annotation, ...]:
        """Return the first `_MAX_REMARKS` of them; a text on several rows lasts as long."""
        found = []
        for sample, later_s, n_rows, text in self._found[:_MAX_REMARKS]:
            run = int(np.searchsorted(line.first_records, sample, side="right")) - 1
            n_samples = sample - int(line.first_records[run])
            onset_s = float(line.starts_s[run]) + float(n_samples * line.record_duration_s)
            duration_s = float(n_rows * line.record_duration_s) if n_rows > 1 else None
            onset_s = min(onset_s + later_s, line.duration_s)
            found.append(Annotation(onset_s=onset_s, duration_s=duration_s, text=text))
        return tuple(sorted(found, key=lambda annotation: annotation.onset_s))

    def findings(self) -> Iterator[Finding]:
        """Say what is no sample, and what is left out."""
        if self.n_lines:
            message = Message(
                "{n_lines} lines hold a remark and no sample: they are annotations.",
                n_lines=self.n_lines,
            )
            yield Finding.info(message)
        if len(self._found) > _MAX_REMARKS:
            yield Finding.warning(
                "The file holds {n_found} remarks; the first {max_remarks} are kept.",
                n_found=len(self._found),
                max_remarks=_MAX_REMARKS,
            )


def _parse_columns(file: StoredFile, layout: TextLayout, scales: NDArray[np.float64]) -> _Parsed:
    parser = LineParser(layout=layout, file_name=file.file_name)
    times = RowTimes(layout, file.file_name)
    remarks = _Remarks(times.seconds)
    cache = SampleCache(file.file_name, len(scales))
    findings: list[Finding] = []
    try:
        for first, lines, is_last in _with_last(line_chunks(file, layout.encoding)):
            rows = _parsed_rows(parser, first, lines, findings, may_be_cut=is_last)
            remarks.add(rows, cache.n_samples)
            if rows.times is not None:
                times.add(rows.times)
            if len(rows.values):
                cache.append(scaled(rows.values, scales, layout.offset))
        if not cache.n_samples:
            raise RecordingError(file.file_name, "it has no line of values. Look at the layout.")
        line, time_findings = _time_line(times, layout, cache.n_samples, file.file_name)
        findings += [*time_findings, *remarks.findings()]
        if parser.n_missing:
            where = f", the first in line {parser.first_missing}"
            findings.append(_missing(parser.n_missing, where))
        return _Parsed(
            blocks=cache.samples(),
            time_line=line,
            findings=tuple(findings),
            annotations=remarks.annotations(line),
        )
    finally:
        cache.close()


def _parsed_rows(
    parser: LineParser,
    first: int,
    lines: list[str],
    findings: list[Finding],
    *,
    may_be_cut: bool,
) -> ParsedRows:
    """Return the rows of some lines, without the last one where the file ends inside it."""
    try:
        return parser.parse(first, lines)
    except BadLineError as error:
        is_last_line = error.line_number == first + len(lines) - 1
        if not may_be_cut or not is_last_line or error.line_number < 3:
            raise
        rows = parser.parse(first, lines[:-1])
        message = Message(
            "The file ends inside line {line_number}, which is left out.",
            line_number=error.line_number,
        )
        findings.append(Finding.warning(message))
        return rows


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
                "it has {n_lines} lines of values, its layout {n_columns}. Look at the "
                "layout again.",
                n_lines=n_lines,
                n_columns=len(layout.columns),
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
    yield Finding.info("; ".join(facts) + ".")
    bare = [layout.columns[i].label for i in layout.signal_indices if not layout.columns[i].unit]
    if bare and layout.scale_uv is None and not told:
        message = Message(
            "These channels name no unit and stay as stored: {bare}.", bare=list_names(bare)
        )
        yield Finding.warning(message)


def _uneven(file_name: str, number: int, n_values: int, n_before: int) -> BadLineError:
    return BadLineError(
        file_name,
        number,
        f"has {n_values} values, the lines before it {n_before}. All channels must have as many.",
    )


def _missing(n_missing: int, where: str) -> Finding:
    return Finding.warning(
        "{n_missing} cells hold no (finite) value{where}: there the signal has a gap.",
        n_missing=n_missing,
        where=where,
    )
