"""Opening of EDF and BDF files as `Recording`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from seizure_core.errors import RecordingError
from seizure_core.io.edf.annotations import (
    AnnotationSignals,
    check_searchable,
    first_annotation_signals,
    read_annotation_signals,
    stamp_of,
    stamped_duration,
)
from seizure_core.io.edf.fields import counted_names, list_names
from seizure_core.io.edf.header import (
    FIXED_BYTES,
    SIGNAL_BYTES,
    EdfHeader,
    SignalHeader,
    count_findings,
)
from seizure_core.io.edf.header_parsing import (
    RecordDurationError,
    n_signals_of,
    parse_header,
)
from seizure_core.io.edf.samples import EdfReader
from seizure_core.io.stored_file import StoredFile
from seizure_core.io.timeline import (
    MAX_DURATION_S,
    TimeLine,
    are_rounded,
    continuous,
    discontinuous,
    filled,
)
from seizure_core.lazy import LazyTuple
from seizure_core.messages import Message
from seizure_core.recording import (
    CODE,
    MICROVOLT,
    UNCALIBRATED,
    Channel,
    Finding,
    Recording,
)

_JUMP_S = 0.5


@dataclass(frozen=True, kw_only=True, eq=False)
class EdfFile:
    """Everything found out on opening an EDF or BDF file.

    Attributes
    ----------
    time_line : TimeLine
        Times of its data records.
    start_offset_s : float
        Start of the first data record after the start time in the header.
    first_findings : tuple of Finding
        Findings that do not need the annotation signals.
    known_signals : AnnotationSignals or None
        The annotation signals, if they were needed for the time line.
    """

    file: StoredFile
    header: EdfHeader
    time_line: TimeLine
    start_offset_s: float
    first_findings: tuple[Finding, ...]
    known_signals: AnnotationSignals | None = None

    @cached_property
    def annotation_signals(self) -> AnnotationSignals:
        """The annotation signals.

        They are spread over all data records: reading them takes as long as the rest of opening.

        Raises
        ------
        RecordingError
            The file has changed.
        """
        return self.known_signals or read_annotation_signals(self.file, self.header)

    @property
    def later_findings(self) -> tuple[Finding, ...]:
        """Findings on the annotation signals."""
        signals = self.annotation_signals
        by_stamps = self.header.is_discontinuous or self.time_line.has_gaps
        jumps = () if by_stamps else _unplaced_jumps(self.header, signals)
        return (*signals.findings, *jumps)

    def recording(self) -> Recording:
        """Return the file as a recording."""
        start_time, start_findings = _start_time(self)
        return Recording(
            file_name=self.file.file_name,
            format=self.header.format,
            duration_s=self.time_line.duration_s,
            start_time=start_time,
            channels=tuple(_channel(signal, self) for signal in self.header.channels),
            annotations=LazyTuple(lambda: self.annotation_signals.annotations(self.time_line)),
            segments=self.time_line.segments(),
            findings=LazyTuple(
                lambda: (*self.first_findings, *start_findings, *self.later_findings)
            ),
            reader=EdfReader(file=self.file, header=self.header, time_line=self.time_line),
            unreadable_marks=LazyTuple(lambda: self.annotation_signals.unreadable),
        )


def examine_edf(file: StoredFile) -> EdfFile:
    """Read header and record times of an EDF or BDF file, but no samples.

    Raises
    ------
    RecordingError
        It cannot be read; the message says why and what to do.
    """
    header = read_header(file)
    findings = [*header.findings, *count_findings(header, file.file_name)]
    check_searchable(header, file.file_name)
    start_offset_s, last_stamp_s = 0.0, None
    if header.annotation_signals:
        ends = first_annotation_signals(file, header, [0, header.n_whole - 1])
        _check_computed(header, ends, file.file_name)
        first_stamp_s, last_stamp_s = map(stamp_of, ends)
        start_offset_s = first_stamp_s or 0.0
    signals = None
    time_line = None
    if header.annotation_signals and header.is_discontinuous:
        signals = read_annotation_signals(file, header)
        start_offset_s = signals.start_offset_s
        time_line, time_findings = _with_gaps(header, signals, file.file_name)
        findings += time_findings
    elif _jumps_between(header, start_offset_s, last_stamp_s):
        signals = read_annotation_signals(file, header)
        time_line, time_findings = _by_stamps(header, signals, file.file_name)
        findings += time_findings
    if time_line is None:
        time_line = continuous(header.n_whole, header.record_duration_s, file.file_name)
    return EdfFile(
        file=file,
        header=header,
        time_line=time_line,
        start_offset_s=start_offset_s,
        first_findings=(*findings, *_signal_findings(header)),
        known_signals=signals,
    )


def read_header(file: StoredFile) -> EdfHeader:
    """Read the header of an EDF or BDF file.

    If the duration of a data record is invalid, it is taken from the records' time stamps.

    Raises
    ------
    RecordingError
        It is not EDF or BDF, or its header is damaged.
    """
    with file.opened() as stream:
        fixed = stream.read(FIXED_BYTES)
        rest = stream.read(SIGNAL_BYTES * n_signals_of(fixed, file.file_name))
    raw = fixed + rest
    try:
        return parse_header(raw, file.file_name, file.size)
    except RecordDurationError:
        # The layout of bytes does not depend on it.
        draft = parse_header(raw, file.file_name, file.size, stamped_duration_s=Fraction(1))
        list(count_findings(draft, file.file_name))  # refuses a file without a record
        duration_s = stamped_duration(file, draft)
        if duration_s is None:
            raise
        return parse_header(raw, file.file_name, file.size, stamped_duration_s=duration_s)


def _check_computed(header: EdfHeader, ends: Sequence[bytes], file_name: str) -> None:
    """Refuse a file whose records do not start where computed samples per record put them.

    Checked by the time stamps in the first annotation signal.
    """
    if header.computed_signal is not None and not all(raw[:1] in {b"+", b"-"} for raw in ends):
        label = header.signals[header.computed_signal - 1].label
        raise RecordingError(
            file_name,
            "signal {computed_signal} ({label!r}): the header does not give its samples "
            "per data record, and those that follow from the size of the file are wrong, since no "
            "time stamp stands where the records would begin. Export the file again.",
            computed_signal=header.computed_signal,
            label=label,
        )


def _with_gaps(
    header: EdfHeader, signals: AnnotationSignals, file_name: str
) -> tuple[TimeLine, tuple[Finding, ...]]:
    duration_s = header.record_duration_s
    fastest = max((s.samples_per_record for s in header.channels), default=1)
    return discontinuous(
        signals.record_onsets_s, duration_s, float(duration_s / fastest), file_name
    )


def _jumps_between(header: EdfHeader, first_s: float, last_s: float | None) -> bool:
    """Return whether the last data record is not stamped as it should be without gaps."""
    if last_s is None or header.n_whole < 2:
        return False
    length_s = float(header.record_duration_s)
    late_s = last_s - first_s - (header.n_whole - 1) * length_s
    return abs(late_s) > _jump_tolerance_s(header, np.array([first_s, last_s]))


def _by_stamps(
    header: EdfHeader, signals: AnnotationSignals, file_name: str
) -> tuple[TimeLine | None, tuple[Finding, ...]]:
    """Place the records of a file declared continuous by their stamps, if possible.

    Its annotations are timed by the stamps, so only this aligns them with the signals. If stamps
    run backwards, return None; `_unplaced_jumps` reports it.
    """
    tolerance_s = _jump_tolerance_s(header, signals.record_onsets_s)
    try:
        line, findings = discontinuous(
            signals.record_onsets_s, header.record_duration_s, tolerance_s, file_name
        )
    except RecordingError:
        return None, ()
    if not line.has_gaps:
        return (None, ()) if len(_jumps(header, signals)) else (line, findings)
    placed = Finding.warning(
        "{jumps} It is placed by its time stamps, with gaps, so that annotations and signals "
        "agree.",
        jumps=_jumps_text(header, signals),
    )
    return line, (placed, *findings)


def _unplaced_jumps(header: EdfHeader, signals: AnnotationSignals) -> Iterator[Finding]:
    """Return a finding if stamps jump and the records could not be placed by them."""
    if len(_jumps(header, signals)):
        yield Finding.error(
            "{jumps} They cannot be put on one time line: it is read without gaps, "
            "as the header says, and where its annotations belong is not known.",
            jumps=_jumps_text(header, signals),
        )


def _jumps_text(header: EdfHeader, signals: AnnotationSignals) -> str:
    jumps = _jumps(header, signals)
    return Message(
        "The header says that the recording is continuous, but the time stamps of {n} data "
        "records jump; the first is record {record}, by {step_s:+.6g} s.",
        n=len(jumps),
        record=int(jumps[0]) + 2,
        step_s=float(_steps_s(header, signals)[jumps[0]]),
    )


def _jumps(header: EdfHeader, signals: AnnotationSignals) -> NDArray[np.int64]:
    tolerance_s = _jump_tolerance_s(header, signals.record_onsets_s)
    return np.flatnonzero(np.abs(_steps_s(header, signals)) > tolerance_s)


def _steps_s(header: EdfHeader, signals: AnnotationSignals) -> NDArray[np.float64]:
    """Return the time from the end of each record to the next, of records without a stamp 0."""
    length_s = float(header.record_duration_s)
    onsets_s, _ = filled(signals.record_onsets_s, length_s)
    return np.diff(onsets_s) - length_s


def _jump_tolerance_s(header: EdfHeader, stamps_s: NDArray[np.float64]) -> float:
    """Return the tolerance for stamps: rounding to whole seconds is not a jump."""
    return 1.0 if are_rounded(stamps_s, header.record_duration_s) else _JUMP_S


def _start_time(found: EdfFile) -> tuple[datetime | None, tuple[Finding, ...]]:
    """Return the time of the first sample: the header's time plus the first record's offset."""
    start_time = found.header.start_time
    offset_s = found.start_offset_s
    findings = []
    if not 0 <= offset_s < 1:
        message = Message(
            "The first data record is stamped {offset_s:+.6g} s after the start time in the "
            "header, less than 1 s is usual; all times here count from the first sample.",
            offset_s=offset_s,
        )
        findings.append(Finding.info(message))
    if start_time is not None and abs(offset_s) <= MAX_DURATION_S:
        try:
            return start_time + timedelta(seconds=offset_s), tuple(findings)
        except OverflowError:
            return None, tuple(findings)
    return None, tuple(findings)


def _channel(signal: SignalHeader, found: EdfFile) -> Channel:
    unit = signal.unit
    if signal.kind == "codes":
        unit = CODE
    elif signal.kind == "uncalibrated":
        unit = UNCALIBRATED
    elif signal.is_voltage:
        unit = MICROVOLT
    return Channel(
        label=signal.label,
        unit=unit,
        stored_unit=signal.unit,
        sampling_rate_hz=float(signal.samples_per_record / found.header.record_duration_s),
        n_samples=found.time_line.n_samples(signal.samples_per_record),
        minimum=signal.limits.minimum,
        maximum=signal.limits.maximum,
    )


def _signal_findings(header: EdfHeader) -> Iterator[Finding]:
    signals = header.channels
    if not signals:
        if not any(signal.kind == "left out" for signal in header.signals):
            yield Finding.info("The file holds no signals, only annotations.")
        return
    units: dict[str, list[str]] = {}
    for signal in signals:
        if signal.kind == "values" and not signal.is_voltage:
            units.setdefault(signal.unit, []).append(signal.label)
    for unit, labels in units.items():
        names = list_names(labels)
        yield (
            Finding.info(
                "These channels are in {unit!r}, which is not a voltage, and are not converted: "
                "{names}.",
                unit=unit,
                names=names,
            )
            if unit
            else Finding.info(
                "These channels name no unit and stay as stored: {names}.", names=names
            )
        )
    codes = [signal.label for signal in signals if signal.kind == "codes"]
    if codes:
        yield Finding.info(
            "These channels hold trigger codes, no voltage: {codes}.", codes=list_names(codes)
        )
    counts = Counter(signal.label for signal in signals)
    repeated = [signal.label for signal in signals if counts[signal.label] > 1]
    if repeated:
        yield Finding.info("Labels that repeat: {labels}.", labels=counted_names(repeated))
