"""The header of EDF, EDF+, BDF and BDF+ files: bytes in, a frozen value out.

Written from the public format descriptions (Kemp 1992; Kemp and Olivan 2003; BioSemi's
notes on BDF). What is clear in spite of a fault is read and told; the rest is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from seizure_core.errors import RecordingError
from seizure_core.formats.edf_fields import field_text, parse_decimal, parse_integer, parse_start
from seizure_core.formats.edf_header import FIXED_BYTES, SIGNAL_BYTES, EdfHeader, SignalHeader
from seizure_core.formats.file_kinds import describe_kind
from seizure_core.formats.units import microvolts_per_unit
from seizure_core.recording import Finding

MAX_RATE_HZ = 1_000_000
MAX_PHYSICAL_UV = 10**15

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
_SIGNAL_FIELDS = {
    "label": (0, 16),
    "unit": (96, 8),
    "physical minimum": (104, 8),
    "physical maximum": (112, 8),
    "digital minimum": (120, 8),
    "digital maximum": (128, 8),
    "samples per data record": (216, 8),
}
_ANNOTATION_LABELS = ("EDF Annotations", "BDF Annotations")
_BDF_VERSION = b"\xffBIOSEMI"


def n_signals_of(fixed: bytes, file_name: str) -> int:
    """Return the number of signals, from the first 256 bytes of a file.

    Raises
    ------
    RecordingError
        The file is no EDF or BDF, is shorter than 256 bytes, or names no valid number.
    """
    if not fixed:
        raise RecordingError(file_name, "the file is empty (0 bytes). Copy or export it again.")
    if not is_edf_start(fixed):
        reason = "this is not an EDF or BDF file: the first bytes of its header are wrong."
        raise RecordingError(file_name, f"{reason} {describe_kind(fixed)}".strip())
    if len(fixed) < FIXED_BYTES:
        raise RecordingError(
            file_name,
            f"the file has {len(fixed)} bytes, but an EDF header has at least {FIXED_BYTES}. "
            "It was probably cut off: copy or export it again.",
        )
    n_signals = _integer(fixed, "number of signals", file_name)
    if not 1 <= n_signals <= 9999:
        raise RecordingError(
            file_name,
            f"its header names {n_signals} signals (bytes 252 to 255); 1 to 9999 are possible. "
            "The header is damaged.",
        )
    return n_signals


def parse_header(raw: bytes, file_name: str) -> EdfHeader:
    """Read the header of an EDF or BDF file.

    Parameters
    ----------
    raw : bytes
        The start of the file: the whole header or, where the file ends before, all there is.
    file_name : str
        Named in messages.

    Raises
    ------
    RecordingError
        The file is no EDF or BDF, or a fact in the header makes it unreadable.
    """
    n_signals = n_signals_of(raw[:FIXED_BYTES], file_name)
    wanted = FIXED_BYTES + SIGNAL_BYTES * n_signals
    _check_header_size(raw, n_signals, wanted, file_name)
    findings: list[Finding] = []
    is_bdf = raw.startswith(_BDF_VERSION)
    file_format = _format(_text(raw, "reserved"), is_bdf=is_bdf)
    signals = tuple(_signal(raw, i, n_signals, file_name) for i in range(n_signals))
    findings += _plus_findings(file_format, signals)
    duration_s = _record_duration(raw, signals, file_name)
    start_time = parse_start(
        _text(raw, "start date"),
        _text(raw, "start time"),
        plus_text=_text(raw, "recording") if "+" in file_format else "",
    )
    if start_time is None:
        findings.append(_info("The header gives no valid start date and time."))
    n_records = parse_integer(_text(raw, "number of data records"))
    return EdfHeader(
        format=file_format,
        sample_bytes=3 if is_bdf else 2,
        n_records=n_records if n_records is not None and n_records >= 0 else None,
        record_duration_s=duration_s,
        start_time=start_time,
        signals=signals,
        findings=(*findings, *_limit_findings(signals)),
    )


def list_names(names: Iterable[str], limit: int = 8) -> str:
    """Return names as an enumeration, cut after `limit` of them."""
    found = list(names)
    more = f" and {len(found) - limit} more" if len(found) > limit else ""
    return ", ".join(found[:limit]) + more


def is_edf_start(raw: bytes) -> bool:
    """Return whether a file begins as EDF and BDF files do."""
    return raw.startswith(_BDF_VERSION) or raw[:8].strip(b" \x00") == b"0"


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
            f"bytes {start} to {stop - 1} of the header ({field}) hold {text!r}, "
            "which is no whole number. The header is damaged.",
        )
    return value


def _check_header_size(raw: bytes, n_signals: int, wanted: int, file_name: str) -> None:
    stated = _integer(raw, "number of header bytes", file_name)
    if stated != wanted:
        raise RecordingError(
            file_name,
            f"its header says that it is {stated} bytes long (bytes 184 to 191), but a header "
            f"of {n_signals} signals has {wanted}. One of the two numbers is wrong, so the "
            "signals cannot be told apart: export the file again.",
        )
    if len(raw) < wanted:
        raise RecordingError(
            file_name,
            f"the file ends after {len(raw)} bytes, inside its header of {wanted} bytes. "
            "It was probably cut off: copy or export it again.",
        )


def _format(reserved: str, *, is_bdf: bool) -> str:
    name = "BDF" if is_bdf else "EDF"
    marker = reserved[:5].upper()
    if marker in {"EDF+D", "BDF+D"}:
        return f"{name}+D"
    return f"{name}+C" if marker[:4] in {"EDF+", "BDF+"} else name


def _signal(raw: bytes, index: int, n_signals: int, file_name: str) -> SignalHeader:
    def text(field: str) -> str:
        offset, size = _SIGNAL_FIELDS[field]
        start = FIXED_BYTES + n_signals * offset + index * size
        return field_text(raw[start : start + size])

    def refuse(field: str, value: object, bound: str) -> RecordingError:
        offset, size = _SIGNAL_FIELDS[field]
        start = FIXED_BYTES + n_signals * offset + index * size
        return RecordingError(
            file_name,
            f"signal {index + 1} ({text('label')!r}): its {field} (byte {start} of the header) "
            f"is {value!r}, {bound}. The header is damaged: export the file again.",
        )

    samples = parse_integer(text("samples per data record"))
    if samples is None or samples < 1:
        raise refuse("samples per data record", text("samples per data record"), "not 1 or more")
    label = text("label")
    is_annotation = label in _ANNOTATION_LABELS
    bound = int(MAX_PHYSICAL_UV / (microvolts_per_unit(text("unit")) or 1))
    values: dict[str, Fraction] = {}
    for field in list(_SIGNAL_FIELDS)[2:6]:
        value = Fraction(0) if is_annotation else parse_decimal(text(field))
        if value is None or not -bound <= value <= bound:
            raise refuse(field, text(field), "not a number that a recorder can mean")
        if field.startswith("digital") and value.denominator != 1:
            raise refuse(field, text(field), "not a whole number")
        values[field] = value
    if not is_annotation and values["digital minimum"] == values["digital maximum"]:
        both = "the same as its digital minimum, so its samples cannot be turned into a unit"
        raise refuse("digital maximum", text("digital maximum"), both)
    return SignalHeader(
        label=label,
        unit=text("unit"),
        physical_minimum=values["physical minimum"],
        physical_maximum=values["physical maximum"],
        digital_minimum=int(values["digital minimum"]),
        digital_maximum=int(values["digital maximum"]),
        samples_per_record=samples,
        is_annotation=is_annotation,
    )


def _record_duration(raw: bytes, signals: tuple[SignalHeader, ...], file_name: str) -> Fraction:
    text = _text(raw, "duration of a data record")
    duration_s = parse_decimal(text)
    if duration_s is None or duration_s < 0:
        raise RecordingError(
            file_name,
            f"the duration of a data record (bytes 244 to 251 of the header) is {text!r}, "
            "not a number of seconds. The header is damaged.",
        )
    most = max((s.samples_per_record for s in signals if not s.is_annotation), default=0)
    if most and most > duration_s * MAX_RATE_HZ:
        raise RecordingError(
            file_name,
            f"the duration of a data record (bytes 244 to 251 of the header) is {text!r} s, but "
            f"a record holds {most} samples of a signal: that is more than {MAX_RATE_HZ} Hz. "
            "The header is damaged: export the file again.",
        )
    return duration_s


def _plus_findings(file_format: str, signals: tuple[SignalHeader, ...]) -> list[Finding]:
    has_annotations = any(signal.is_annotation for signal in signals)
    if has_annotations and "+" not in file_format:
        return [
            _info(
                f"The header says plain {file_format}, but the file has an annotation signal; "
                "it is read as annotations."
            )
        ]
    if "+" in file_format and not has_annotations:
        return [
            _warning(
                f"The header says {file_format}, but there is no annotation signal. The data "
                "records are taken to follow each other without gaps."
            )
        ]
    return []


def _limit_findings(signals: tuple[SignalHeader, ...]) -> list[Finding]:
    data = [signal for signal in signals if not signal.is_annotation]
    constant = [s.label for s in data if s.physical_minimum == s.physical_maximum]
    swapped = [s.label for s in data if s.digital_minimum > s.digital_maximum]
    inverted = [s.label for s in data if s.physical_minimum > s.physical_maximum]
    findings = []
    if constant:
        findings.append(
            _warning(
                "Physical minimum and maximum are equal, so every sample reads the same, in: "
                f"{list_names(constant)}."
            )
        )
    if swapped:
        findings.append(
            _warning(f"Digital minimum and maximum are swapped in: {list_names(swapped)}.")
        )
    if inverted:
        findings.append(
            _info(
                "The physical minimum is above the maximum (an inverted signal, turned back on "
                f"reading) in: {list_names(inverted)}."
            )
        )
    return findings


def _info(message: str) -> Finding:
    return Finding(severity="info", message=message)


def _warning(message: str) -> Finding:
    return Finding(severity="warning", message=message)
