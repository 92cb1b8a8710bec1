"""The parsed header of an EDF, EDF+, BDF or BDF+ file.

Patient name, birth date and the recording's free text are not kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from typing import Literal

from seizure_core.errors import RecordingError
from seizure_core.io.edf.fields import harmless
from seizure_core.io.edf.limits import SignalLimits
from seizure_core.messages import Message
from seizure_core.recording import Finding
from seizure_core.units import microvolts_per_unit

FIXED_BYTES = 256
SIGNAL_BYTES = 256
BDF_VERSION = b"\xffBIOSEMI"

SignalKind = Literal["values", "codes", "annotations", "uncalibrated", "left out"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldFault:
    """An invalid field of a signal.

    Attributes
    ----------
    number : int
        Number of the signal in the header, from 1.
    offset : int
        First byte in the file.
    text : str
        Its contents.
    expected : str
        Description of a valid value.
    """

    number: int
    field: str
    offset: int
    text: str
    expected: str

    @property
    def words(self) -> str:
        """The fault as text, without letters that may identify a person."""
        return Message(
            "the {field} is {harmless} but must be {expected}",
            field=self.field,
            harmless=harmless(self.text),
            expected=self.expected,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalHeader:
    """The header of one signal.

    Attributes
    ----------
    number : int
        From 1, in file order.
    label, unit : str
        Without padding.
    kind : str
        "values"; "codes" (of a trigger, never calibrated), "annotations", "uncalibrated" (without a
        usable scale) or "left out" (without samples, or with an impossible sampling rate).
    limits : SignalLimits
        Those of the stored integers unless `kind` is "values".
    samples_per_record : int
        At least 1 unless left out.
    comma_fields : tuple of (str, str)
        Names and texts of limits written with a comma.
    byte_offset : int
        Start in a data record.
    """

    number: int
    label: str
    unit: str
    kind: SignalKind
    limits: SignalLimits
    samples_per_record: int
    faults: tuple[FieldFault, ...] = ()
    comma_fields: tuple[tuple[str, str], ...] = ()
    byte_offset: int = 0

    @property
    def is_annotation(self) -> bool:
        """Whether it holds annotations instead of samples."""
        return self.kind == "annotations"

    @property
    def is_voltage(self) -> bool:
        """Whether its values are in microvolts."""
        return self.kind == "values" and microvolts_per_unit(self.unit) is not None


@dataclass(frozen=True, kw_only=True)
class EdfHeader:
    """The header of a file.

    Attributes
    ----------
    format : str
        "EDF", "EDF+C", "EDF+D", "BDF", "BDF+C" or "BDF+D".
    sample_bytes : int
        2 for EDF, 3 for BDF.
    n_records : int or None
        As stated; None if unknown (-1) or invalid.
    record_duration_s : Fraction
        Exactly as in the header; 0 only in files without signals.
    start_time : datetime or None
        Second of the first sample, if valid.
    signals : tuple of SignalHeader
        In file order, including annotation signals.
    findings : tuple of Finding
        On deviations from the format.
    computed_signal : int or None
        Number of the signal whose samples per record were computed from the file size.
    """

    format: str
    file_size: int
    sample_bytes: int
    n_records: int | None
    record_duration_s: Fraction
    start_time: datetime | None
    signals: tuple[SignalHeader, ...]
    findings: tuple[Finding, ...]
    computed_signal: int | None = None

    @property
    def header_bytes(self) -> int:
        """Offset of the first data record."""
        return FIXED_BYTES + SIGNAL_BYTES * len(self.signals)

    @cached_property
    def record_bytes(self) -> int:
        """Size of a data record in bytes."""
        return self.sample_bytes * sum(signal.samples_per_record for signal in self.signals)

    @property
    def n_whole(self) -> int:
        """Number of complete data records in the file."""
        return max(self.file_size - self.header_bytes, 0) // self.record_bytes

    @property
    def n_rest(self) -> int:
        """Number of bytes after the last complete data record."""
        return max(self.file_size - self.header_bytes, 0) % self.record_bytes

    @cached_property
    def channels(self) -> tuple[SignalHeader, ...]:
        """Signals with samples, in file order, without those left out."""
        return tuple(s for s in self.signals if s.kind not in ("annotations", "left out"))

    @cached_property
    def annotation_signals(self) -> tuple[SignalHeader, ...]:
        """The annotation signals."""
        return tuple(signal for signal in self.signals if signal.is_annotation)

    @property
    def is_discontinuous(self) -> bool:
        """Whether records have their own times, with gaps between them."""
        return self.format.endswith("+D")


def count_findings(header: EdfHeader, file_name: str) -> Iterator[Finding]:
    """Compare the stated with the actual number of data records.

    Raises
    ------
    RecordingError
        There is no complete record.
    """
    n_bytes = header.file_size - header.header_bytes
    n_records, rest = header.n_whole, header.n_rest
    if n_records < 1:
        raise RecordingError(
            file_name,
            "the file has {n_bytes} bytes after its header, less than one data record of "
            "{record_bytes} bytes. It holds no complete data: copy or export it again.",
            n_bytes=n_bytes,
            record_bytes=header.record_bytes,
        )
    if header.n_records is None:
        yield Finding.warning(
            "The header does not say how many data records there are (the recording was probably "
            "not closed properly); {n_records} were found.",
            n_records=n_records,
        )
    elif header.n_records != n_records:
        yield Finding.warning(
            "The header says {n_records} data records, the file holds {n_records_2}; "
            "{n_records_2} are read.",
            n_records=header.n_records,
            n_records_2=n_records,
        )
    if rest and header.n_records is not None and header.n_records <= n_records:
        behind = n_bytes - header.n_records * header.record_bytes
        message = (
            Message(
                "{behind} bytes follow the last data record that the header counts; {rest} of them "
                "are no whole record and are left out.",
                behind=behind,
                rest=rest,
            )
            if header.n_records < n_records
            else Message("{rest} bytes follow the last data record; they are left out.", rest=rest)
        )
        yield Finding.warning(message)
    elif rest:
        share = rest / header.record_bytes * float(header.record_duration_s)
        yield Finding.warning(
            "The last data record is cut off: {rest} of its {record_bytes} bytes are "
            "there, {share:.3g} s of {record_duration_s:g} s. They are left out.",
            rest=rest,
            record_bytes=header.record_bytes,
            share=share,
            record_duration_s=float(header.record_duration_s),
        )
