"""What the header of an EDF, EDF+, BDF or BDF+ file says, as frozen values.

Patient name, birth date and the text about the recording are not kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Literal

from seizure_core.io.edf.fields import harmless
from seizure_core.messages import Message
from seizure_core.recording import Finding

FIXED_BYTES = 256
SIGNAL_BYTES = 256
BDF_VERSION = b"\xffBIOSEMI"

SignalKind = Literal["values", "codes", "annotations", "uncalibrated", "left out"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldFault:
    """A field of a signal that does not hold what it should.

    Attributes
    ----------
    number : int
        The signal's number in the header, from 1.
    field : str
        Which field.
    offset : int
        Its first byte in the file.
    text : str
        What it holds.
    expected : str
        What it should hold.
    """

    number: int
    field: str
    offset: int
    text: str
    expected: str

    @property
    def words(self) -> str:
        """The fault in words, without a letter that may be about a person."""
        return Message(
            "the {field} is {harmless} but must be {expected}",
            field=self.field,
            harmless=harmless(self.text),
            expected=self.expected,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalHeader:
    """One signal as the header describes it.

    Attributes
    ----------
    number : int
        From 1, in the file's order.
    label, unit : str
        As written, without padding.
    kind : str
        "values"; "codes" (of a trigger, never calibrated), "annotations", "uncalibrated" (the
        limits do not say what the stored numbers stand for) or "left out" (without samples, or
        with more a second than any recorder takes).
    physical_minimum, physical_maximum : Fraction
        In `unit`, exactly the digits of the header; zero unless `kind` is "values".
    digital_minimum, digital_maximum : int
        The stored numbers that stand for them, likewise.
    samples_per_record : int
        At least 1 unless left out.
    faults : tuple of FieldFault
        What is wrong with its fields.
    comma_fields : tuple of (str, str)
        Names and texts of the limits that are written with a comma.
    """

    number: int
    label: str
    unit: str
    kind: SignalKind
    physical_minimum: Fraction = Fraction(0)
    physical_maximum: Fraction = Fraction(0)
    digital_minimum: int = 0
    digital_maximum: int = 0
    samples_per_record: int
    faults: tuple[FieldFault, ...] = ()
    comma_fields: tuple[tuple[str, str], ...] = ()

    @property
    def is_annotation(self) -> bool:
        """Whether it holds annotations instead of samples."""
        return self.kind == "annotations"


@dataclass(frozen=True, slots=True, kw_only=True)
class EdfHeader:
    """What a header says.

    Attributes
    ----------
    format : str
        "EDF", "EDF+C", "EDF+D", "BDF", "BDF+C" or "BDF+D".
    sample_bytes : int
        2 for EDF, 3 for BDF.
    n_records : int or None
        As stated; None where the file gives -1, for unknown, or no number at all.
    record_duration_s : Fraction
        Exactly the digits of the header; 0 only in files without signals.
    start_time : datetime or None
        Start of the second in which the first sample falls, where it is valid.
    signals : tuple of SignalHeader
        In the file's order, annotation signals included.
    findings : tuple of Finding
        What deviates from the format and was repaired or let pass.
    computed_signal : int or None
        Number of the signal whose samples per record the file's size gave, not the header.
    """

    format: str
    sample_bytes: int
    n_records: int | None
    record_duration_s: Fraction
    start_time: datetime | None
    signals: tuple[SignalHeader, ...]
    findings: tuple[Finding, ...]
    computed_signal: int | None = None

    @property
    def header_bytes(self) -> int:
        """Where the first data record starts."""
        return FIXED_BYTES + SIGNAL_BYTES * len(self.signals)

    @property
    def record_bytes(self) -> int:
        """Size of a data record."""
        return self.sample_bytes * sum(signal.samples_per_record for signal in self.signals)

    def records_in(self, file_size: int) -> tuple[int, int]:
        """Return how many complete data records a file of so many bytes holds, and the rest."""
        return divmod(max(file_size - self.header_bytes, 0), self.record_bytes)

    @property
    def is_discontinuous(self) -> bool:
        """Whether records carry their own times, with gaps between them."""
        return self.format.endswith("+D")

    @property
    def is_plus(self) -> bool:
        """Whether the file is EDF+ or BDF+."""
        return "+" in self.format
