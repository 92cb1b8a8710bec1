"""Diagnosis of files that do not open: the bytes at fault, and possible repairs.

Patient name, birth date and free text are never shown; letters in other fields are replaced unless
they are a number, code or date.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from seizure_core.atomic import atomic_path
from seizure_core.errors import ParameterError, RecordingError
from seizure_core.file_kinds import describe_kind
from seizure_core.io.edf.fields import (
    field_text,
    harmless,
    parse_decimal,
    parse_integer,
    parse_start,
)
from seizure_core.io.edf.header import BDF_VERSION, FIXED_BYTES, SIGNAL_BYTES, EdfHeader
from seizure_core.io.edf.header_parsing import is_edf_start, n_signals_of
from seizure_core.io.edf.reader import read_header
from seizure_core.io.edf.signal_headers import read_signals
from seizure_core.io.stored_file import StoredFile, find_file
from seizure_core.messages import Message, sentences
from seizure_core.recording import Finding

_COUNT_OFFSET = 236
_COUNT_BYTES = 8
_MAX_RECORDS = 99_999_999


def what_to_repair(header: EdfHeader) -> str:
    """Return what `repair` would do to a file, as a sentence; "" for nothing."""
    n_records, n_left_out = header.n_whole, header.n_rest
    if not _can_be_counted(n_records):
        return ""
    parts = []
    if header.n_records is None:
        parts.append(Message("The header says {n} data records instead of no count.", n=n_records))
    elif header.n_records != n_records:
        parts.append(
            Message(
                "The header says {n} data records instead of {before}.",
                n=n_records,
                before=header.n_records,
            )
        )
    if n_left_out:
        parts.append(
            Message("{n} bytes after the last complete data record are ignored.", n=n_left_out)
        )
    return sentences(*parts, Message("Nothing else is changed.")) if parts else ""


def repair(path: str | Path, out: str | Path, *, file_name: str | None = None) -> str:
    """Write a copy of an EDF or BDF file with the right number of data records.

    Parameters
    ----------
    path : str or Path
        Not changed.
    out : str or Path
        Path of the copy, which must not exist.
    file_name : str, optional
        Name to show, if not that of the path.

    Returns
    -------
    str
        What was done, as a sentence.

    Raises
    ------
    RecordingError
        The file needs no repair, or another one.
    ParameterError
        `out` exists, or its folder does not.
    """
    location, target = Path(path), Path(out)
    file = find_file(location, file_name or location.name)
    header = read_header(file)
    n_records = header.n_whole
    if not _can_be_counted(n_records):
        raise RecordingError(
            file.file_name,
            "it holds {n_records} complete data records of {record_bytes} bytes; "
            "1 to 99999999 are needed. It cannot be repaired: copy or export it again.",
            n_records=n_records,
            record_bytes=header.record_bytes,
        )
    change = what_to_repair(header)
    if not change:
        raise RecordingError(
            file.file_name,
            "its count of data records is right and its last one is complete: there is nothing "
            "to repair.",
        )
    if target.exists() or target.is_symlink():
        raise ParameterError(
            "There is a file {target_name} already; choose another name.", target_name=target.name
        )
    if not target.parent.is_dir():
        raise ParameterError(
            "The folder for {target_name} does not exist; make it first.", target_name=target.name
        )
    try:
        with atomic_path(target) as temporary, temporary.open("r+b") as copy:
            for chunk in file.chunks():
                copy.write(chunk)
            copy.truncate(file.size - header.n_rest)
            copy.seek(_COUNT_OFFSET)
            copy.write(f"{n_records}".encode().ljust(_COUNT_BYTES))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise RecordingError(
            file.file_name,
            "the copy cannot be written ({reason}). Make room for it.",
            reason=reason,
        ) from error
    return change


def _can_be_counted(n_records: int) -> bool:
    return 1 <= n_records <= _MAX_RECORDS


MAX_LISTED_SIGNALS = 20
_SHOWN_BYTES = 8


@dataclass(frozen=True, slots=True)
class ByteFact:
    """Contents of some bytes of a file.

    Attributes
    ----------
    what : str
        Field or size.
    offset : int or None
        First byte, None for facts about the whole file.
    found, expected : str
        Actual and expected contents.
    is_right : bool
        Whether they agree.
    """

    what: str
    offset: int | None
    found: str
    expected: str
    is_right: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalReport:
    """Diagnosis of a file that does not open, or opens with findings.

    Attributes
    ----------
    reason : str
        Why it does not open, and what to do; "" if it opens.
    facts : tuple of ByteFact
        Nothing about the patient.
    findings : tuple of Finding
        If it opens.
    repair : str
        What `repair` would change; "" for nothing.
    """

    file_name: str
    opens: bool
    reason: str
    facts: tuple[ByteFact, ...]
    findings: tuple[Finding, ...]
    repair: str


def report_on(
    file: StoredFile,
    *,
    reason: str = "",
    header: EdfHeader | None = None,
    findings: Sequence[Finding] = (),
) -> RefusalReport:
    """Return the diagnosis of a file.

    Parameters
    ----------
    file : StoredFile
        Unpacked.
    reason : str
        Why it does not open; "" if it does.
    header : EdfHeader, optional
        If it opens.
    findings : sequence of Finding
        If it opens.

    Raises
    ------
    RecordingError
        It cannot be read at all.
    """
    with file.opened() as stream:
        raw = stream.read(FIXED_BYTES)
        raw += stream.read(SIGNAL_BYTES * _n_signals(raw, file.file_name))
    if header is None:
        with suppress(RecordingError):
            header = read_header(file)
    return RefusalReport(
        file_name=file.file_name,
        opens=not reason,
        reason=reason,
        facts=tuple(_facts(raw, file.size, header)),
        findings=tuple(findings),
        repair=what_to_repair(header) if header else "",
    )


def _facts(raw: bytes, size: int, header: EdfHeader | None) -> Iterator[ByteFact]:
    is_edf = is_edf_start(raw)
    is_enough = size >= FIXED_BYTES or (size > 0 and not is_edf)
    least = Message("{n} bytes or more", n=FIXED_BYTES)
    yield ByteFact("size of the file", None, Message("{n} bytes", n=size), least, is_enough)
    if raw:
        kind = describe_kind(raw)
        shown = "letters" if "text" in kind and not is_edf else raw[:_SHOWN_BYTES].hex(" ")
        starts = "30 20 20 20 20 20 20 20 (EDF) or ff 42 49 4f 53 45 4d 49 (BDF)"
        yield ByteFact("first bytes", 0, shown, starts, is_edf)
        if kind and not is_edf:
            yield ByteFact("kind of file", 0, kind, "EDF or BDF", False)
    if is_edf:
        yield from _fixed_facts(raw)
        yield from _signal_facts(raw)
    if header is not None:
        yield from _size_facts(header)


def _n_signals(raw: bytes, file_name: str) -> int:
    try:
        return n_signals_of(raw, file_name)
    except RecordingError:
        return 0


def _size_facts(header: EdfHeader) -> Iterator[ByteFact]:
    n_records, rest, size = header.n_whole, header.n_rest, header.record_bytes
    stated = header.n_records
    yield ByteFact(
        "data records in the file",
        header.header_bytes,
        Message("{n} of {size} bytes", n=n_records, size=size),
        "1 or more" if stated is None else Message("{n} by the header", n=stated),
        n_records == stated,
    )
    if not rest:
        return
    is_cut_off = stated is None or stated > n_records
    yield ByteFact(
        "last data record" if is_cut_off else "after the last data record",
        header.header_bytes + n_records * size,
        Message("{n} bytes", n=rest),
        Message("{n} bytes, or none", n=size) if is_cut_off else "none",
        False,
    )


def _fixed_facts(raw: bytes) -> Iterator[ByteFact]:
    """Yield the fields of the first 256 bytes, as far as they exist."""
    for what, start, stop, expected, is_right in _fixed_fields(raw):
        if len(raw) >= stop:
            found = harmless(field_text(raw[start:stop]))
            yield ByteFact(what, start, found, expected, is_right)


def _fixed_fields(raw: bytes) -> Iterator[tuple[str, int, int, str, bool]]:
    """Yield name, first byte, end, expected contents, and whether they are right."""

    def text(start: int, stop: int) -> str:
        return field_text(raw[start:stop])

    n_signals = parse_integer(text(252, 256)) or 0
    wanted = FIXED_BYTES + SIGNAL_BYTES * n_signals
    n_records = parse_integer(text(236, 244))
    duration_s = parse_decimal(text(244, 252))
    dated = parse_start(text(168, 176), text(176, 184)) is not None
    yield "start date", 168, 176, "dd.mm.yy", dated
    yield "start time", 176, 184, "hh.mm.ss", dated
    size = f"256 * (signals + 1){f' = {wanted}' if n_signals > 0 else ''}"
    yield "number of header bytes", 184, 192, size, parse_integer(text(184, 192)) == wanted
    kinds = "blank, EDF+C, EDF+D, BDF+C, BDF+D or 24BIT"
    yield "reserved (EDF+C, EDF+D)", 192, 236, kinds, True
    is_count = n_records is not None and n_records >= -1
    yield "number of data records", 236, 244, "a whole number, or -1 while recording", is_count
    is_length = duration_s is not None and duration_s >= 0
    yield "duration of a data record", 244, 252, "seconds, 0 or more", is_length
    yield "number of signals", 252, 256, "1 to 9999", 1 <= n_signals <= 9999


def _signal_facts(raw: bytes) -> Iterator[ByteFact]:
    """Yield the invalid fields of the signals, at most `MAX_LISTED_SIGNALS`."""
    n_signals = parse_integer(field_text(raw[252:256])) or 0
    if not 0 < n_signals <= 9999 or len(raw) < FIXED_BYTES + SIGNAL_BYTES * n_signals:
        return
    sample_bytes = 3 if raw.startswith(BDF_VERSION) else 2
    faults = (f for s in read_signals(raw, n_signals, sample_bytes) for f in s.faults)
    for fault in itertools.islice(faults, MAX_LISTED_SIGNALS):
        what = f"signal {fault.number}: {fault.field}"
        yield ByteFact(what, fault.offset, harmless(fault.text), fault.expected, False)
