"""Parsing of the headers of EDF, EDF+, BDF and BDF+ files.

Written from the public format descriptions (Kemp 1992; Kemp and Olivan 2003; BioSemi's notes on
BDF). Faults that leave the meaning clear become findings; others are errors.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from seizure_core.errors import RecordingError
from seizure_core.file_kinds import describe_kind
from seizure_core.io.edf.fields import (
    field_text,
    harmless,
    parse_decimal,
    parse_integer,
    parse_start,
)
from seizure_core.io.edf.header import (
    BDF_VERSION,
    FIXED_BYTES,
    SIGNAL_BYTES,
    EdfHeader,
    SignalHeader,
)
from seizure_core.io.edf.signal_headers import (
    MAX_RATE_HZ,
    DataSize,
    read_signals,
    settle_samples,
    signal_findings,
)
from seizure_core.messages import Message, sentences
from seizure_core.recording import Finding

_FIELDS = {
    "version": (0, 8),
    "recording": (88, 168),
    "start date": (168, 176),
    "start time": (176, 184),
    "number of header bytes": (184, 192),
    "reserved": (192, 236),
    "number of data records": (236, 244),
    "duration of a data record": (244, 252),
    "number of signals": (252, 256),
}


class RecordDurationError(RecordingError):
    """The duration of a data record is invalid; the rest of the header may be valid."""


def n_signals_of(fixed: bytes, file_name: str) -> int:
    """Return the number of signals from the first 256 bytes of a file.

    Raises
    ------
    RecordingError
        The file is not EDF or BDF, is too short, or has no valid number of signals.
    """
    if not fixed:
        raise RecordingError(file_name, "the file is empty (0 bytes). Copy or export it again.")
    if not is_edf_start(fixed):
        reason = Message("this is not an EDF or BDF file: the first bytes of its header are wrong.")
        raise RecordingError(file_name, sentences(reason, describe_kind(fixed)))
    if len(fixed) < FIXED_BYTES:
        raise RecordingError(
            file_name,
            "the file has {n_fixed} bytes, but an EDF header has at least {fixed_bytes}. "
            "It was probably cut off: copy or export it again.",
            n_fixed=len(fixed),
            fixed_bytes=FIXED_BYTES,
        )
    n_signals = _integer(fixed, "number of signals", file_name)
    if not 1 <= n_signals <= 9999:
        raise RecordingError(
            file_name,
            "its header names {n_signals} signals (bytes 252 to 255); 1 to 9999 are possible. "
            "The header is damaged.",
            n_signals=n_signals,
        )
    return n_signals


def parse_header(
    raw: bytes, file_name: str, file_size: int, *, stamped_duration_s: Fraction | None = None
) -> EdfHeader:
    """Parse the header of an EDF or BDF file.

    Parameters
    ----------
    raw : bytes
        Start of the file: the whole header, or all there is.
    stamped_duration_s : Fraction, optional
        Duration of a data record by the time stamps, instead of the header's.

    Raises
    ------
    RecordDurationError
        Only the duration of a data record is invalid.
    RecordingError
        The file is not EDF or BDF, or its header makes it unreadable.
    """
    n_signals = n_signals_of(raw[:FIXED_BYTES], file_name)
    wanted = FIXED_BYTES + SIGNAL_BYTES * n_signals
    _check_whole(raw, n_signals, wanted, file_name)
    is_bdf = raw.startswith(BDF_VERSION)
    n_records = parse_integer(_text(raw, "number of data records"))
    size = DataSize(
        n_bytes=file_size - wanted,
        n_records=n_records if n_records is not None and n_records >= 0 else None,
        record_duration_s=_record_duration(raw, file_name)
        if stamped_duration_s is None
        else stamped_duration_s,
        sample_bytes=3 if is_bdf else 2,
    )
    described = read_signals(raw, n_signals, size.sample_bytes)
    size_findings = list(_header_size_findings(raw, described, size, file_name))
    signals, computed = settle_samples(described, size, file_name)
    _check_rates(raw, signals, size, file_name)
    file_format = _format(_text(raw, "reserved"), is_bdf=is_bdf)
    findings = [
        *size_findings,
        *_plus_findings(file_format, signals),
        *_duration_findings(raw, stamped_duration_s),
    ]
    start_time = parse_start(
        _text(raw, "start date"),
        _text(raw, "start time"),
        plus_text=_text(raw, "recording") if "+" in file_format else "",
    )
    if start_time is None:
        findings.append(Finding.info("The header gives no valid start date and time."))
    return EdfHeader(
        format=file_format,
        file_size=file_size,
        sample_bytes=size.sample_bytes,
        n_records=size.n_records,
        record_duration_s=size.record_duration_s,
        start_time=start_time,
        signals=signals,
        findings=(*findings, *signal_findings(signals, computed)),
        computed_signal=computed,
    )


def is_edf_start(raw: bytes) -> bool:
    """Return whether bytes are the start of an EDF or BDF file."""
    return raw.startswith(BDF_VERSION) or raw[:8].strip(b" \x00") == b"0"


def _text(raw: bytes, field: str) -> str:
    start, stop = _FIELDS[field]
    return field_text(raw[start:stop])


def _integer(raw: bytes, field: str, file_name: str) -> int:
    text = _text(raw, field)
    value = parse_integer(text)
    if value is None:
        start, stop = _FIELDS[field]
        raise RecordingError(
            file_name,
            "bytes {start} to {stop} of the header ({field}) contain {text!r}, which is not a "
            "whole number. The header is damaged.",
            start=start,
            stop=stop - 1,
            field=field,
            text=text,
        )
    return value


def _check_whole(raw: bytes, n_signals: int, wanted: int, file_name: str) -> None:
    if len(raw) >= wanted:
        return
    if parse_integer(_text(raw, "number of header bytes")) != wanted:
        raise _contradiction(raw, n_signals, wanted, file_name)
    raise RecordingError(
        file_name,
        "the file ends after {n_raw} bytes, inside its header of {wanted} bytes. "
        "It was probably cut off: copy or export it again.",
        n_raw=len(raw),
        wanted=wanted,
    )


def _header_size_findings(
    raw: bytes, signals: Sequence[SignalHeader], size: DataSize, file_name: str
) -> Iterator[Finding]:
    """Yield a finding if the stated header size is wrong but all other numbers agree.

    Raises
    ------
    RecordingError
        The others do not agree, either: the number of signals may be wrong.
    """
    wanted = FIXED_BYTES + SIGNAL_BYTES * len(signals)
    if parse_integer(_text(raw, "number of header bytes")) == wanted:
        return
    n_samples = sum(signal.samples_per_record for signal in signals)
    are_all_given = all(signal.samples_per_record for signal in signals)
    if not are_all_given or size.samples_per_record != n_samples:
        raise _contradiction(raw, len(signals), wanted, file_name)
    yield Finding.warning(
        "The header says that it is {harmless} bytes "
        "long; by its number of signals and the size of the file it has {wanted}.",
        harmless=harmless(_text(raw, "number of header bytes")),
        wanted=wanted,
    )


def _contradiction(raw: bytes, n_signals: int, wanted: int, file_name: str) -> RecordingError:
    stated = _integer(raw, "number of header bytes", file_name)
    return RecordingError(
        file_name,
        "its header says that it is {stated} bytes long (bytes 184 to 191), but a header "
        "of {n_signals} signals has {wanted}. One of the two numbers is wrong, so the "
        "signals cannot be told apart: export the file again.",
        stated=stated,
        n_signals=n_signals,
        wanted=wanted,
    )


def _format(reserved: str, *, is_bdf: bool) -> str:
    name = "BDF" if is_bdf else "EDF"
    marker = reserved[:5].upper()
    if marker in {"EDF+D", "BDF+D"}:
        return f"{name}+D"
    return f"{name}+C" if marker[:4] in {"EDF+", "BDF+"} else name


def _record_duration(raw: bytes, file_name: str) -> Fraction:
    text = _text(raw, "duration of a data record")
    duration_s = parse_decimal(text)
    if duration_s is None or duration_s < 0:
        raise RecordDurationError(
            file_name,
            "the duration of a data record (bytes 244 to 251 of the header) is {text!r}, "
            "not a number of seconds. The header is damaged.",
            text=text,
        )
    return duration_s


def _check_rates(
    raw: bytes, signals: Sequence[SignalHeader], size: DataSize, file_name: str
) -> None:
    """Refuse a file without samples, or with a duration that makes every rate impossible."""
    if not any(signal.samples_per_record for signal in signals):
        raise RecordingError(
            file_name,
            "by its header none of its signals has any samples, so there is nothing to read. "
            "Export the file again.",
        )
    data = [s for s in signals if s.kind not in ("annotations", "left out")]
    if any(size.is_too_fast(signal) for signal in data):
        maximum = max(signal.samples_per_record for signal in data)
        raise RecordDurationError(
            file_name,
            "the duration of a data record (bytes 244 to 251 of the header) is {text!r} s, but a "
            "record holds {maximum} samples of a signal: that is more than {max_rate_hz} Hz. The "
            "header is damaged: export the file again.",
            text=_text(raw, "duration of a data record"),
            maximum=maximum,
            max_rate_hz=MAX_RATE_HZ,
        )


def _duration_findings(raw: bytes, stamped_duration_s: Fraction | None) -> Iterator[Finding]:
    text = _text(raw, "duration of a data record")
    if stamped_duration_s is not None:
        yield Finding.warning(
            "The header gives no possible duration of a data record ({text!r}); by the time "
            "stamps of the records it is {stamped_duration_s:g} s.",
            text=text,
            stamped_duration_s=float(stamped_duration_s),
        )
    elif "," in text:
        yield Finding.warning(
            "The duration of a data record is {text!r}; a decimal comma is assumed.", text=text
        )


def _plus_findings(file_format: str, signals: tuple[SignalHeader, ...]) -> Iterator[Finding]:
    has_annotations = any(signal.is_annotation for signal in signals)
    if has_annotations and "+" not in file_format:
        yield Finding.info(
            "The header says plain {file_format}, but the file has an annotation signal; "
            "it is read as annotations.",
            file_format=file_format,
        )
    elif "+" in file_format and not has_annotations:
        yield Finding.warning(
            "The header says {file_format}, but there is no annotation signal. The recording is "
            "assumed to have no gaps.",
            file_format=file_format,
        )
