"""What the header of an EDF, EDF+, BDF or BDF+ file says, as frozen values.

Patient name, birth date and the text about the recording are not kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from seizure_core.recording import Finding

FIXED_BYTES = 256
SIGNAL_BYTES = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalHeader:
    """One signal as the header describes it.

    Attributes
    ----------
    label, unit : str
        As written, without padding.
    physical_minimum, physical_maximum : Fraction
        In `unit`, exactly the digits of the header; zero for annotation signals.
    digital_minimum, digital_maximum : int
        The stored numbers that stand for them.
    samples_per_record : int
        At least 1.
    is_annotation : bool
        Whether it holds annotations instead of samples.
    """

    label: str
    unit: str
    physical_minimum: Fraction
    physical_maximum: Fraction
    digital_minimum: int
    digital_maximum: int
    samples_per_record: int
    is_annotation: bool


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
    """

    format: str
    sample_bytes: int
    n_records: int | None
    record_duration_s: Fraction
    start_time: datetime | None
    signals: tuple[SignalHeader, ...]
    findings: tuple[Finding, ...]

    @property
    def header_bytes(self) -> int:
        """Where the first data record starts."""
        return FIXED_BYTES + SIGNAL_BYTES * len(self.signals)

    @property
    def record_bytes(self) -> int:
        """Size of a data record."""
        return self.sample_bytes * sum(signal.samples_per_record for signal in self.signals)

    @property
    def is_discontinuous(self) -> bool:
        """Whether records carry their own times, with gaps between them."""
        return self.format.endswith("+D")

    @property
    def is_plus(self) -> bool:
        """Whether the file is EDF+ or BDF+."""
        return "+" in self.format
