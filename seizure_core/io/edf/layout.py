"""Where everything lies in an EDF or BDF file, and how stored numbers become values."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from seizure_core.errors import RecordingError
from seizure_core.io.edf.header import EdfHeader, SignalHeader
from seizure_core.messages import Message
from seizure_core.recording import Finding
from seizure_core.units import microvolts_per_unit


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSignal:
    """One signal inside the data records.

    Attributes
    ----------
    header : SignalHeader
        What the header says.
    position : int
        Its number among all signals of the file, annotation signals included.
    byte_offset : int
        Where it starts inside a data record.
    samples_per_record : int
        Its number of samples in a data record.
    gain, offset : float
        A stored number times `gain` plus `offset` is its value, in microvolts for voltages.
        Codes and uncalibrated signals are their stored numbers.
    minimum, maximum : float
        Ends of the recorder's range, as values.
    """

    header: SignalHeader
    position: int
    byte_offset: int
    samples_per_record: int
    gain: float
    offset: float
    minimum: float
    maximum: float

    @property
    def holds_codes(self) -> bool:
        """Whether its samples are trigger codes, which have no unit."""
        return self.header.kind == "codes"

    @property
    def is_voltage(self) -> bool:
        """Whether its values are in microvolts."""
        return self.header.kind == "values" and microvolts_per_unit(self.header.unit) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLayout:
    """The data records of a file.

    Attributes
    ----------
    header_bytes, record_bytes : int
        Sizes of the header and of one data record.
    n_records : int
        Complete data records there are.
    sample_bytes : int
        2 or 3.
    signals : tuple of StoredSignal
        Signals with samples, in the file's order, none of those left out.
    annotation_signals : tuple of StoredSignal
        Those of annotations.
    """

    header_bytes: int
    record_bytes: int
    n_records: int
    sample_bytes: int
    signals: tuple[StoredSignal, ...]
    annotation_signals: tuple[StoredSignal, ...]


def lay_out(header: EdfHeader, n_records: int) -> RecordLayout:
    """Return where the signals of a file with so many complete data records lie."""
    stored = []
    byte_offset = 0
    for position, signal in enumerate(header.signals):
        largest = 1 << (8 * header.sample_bytes - 1)
        low, high, gain, offset = Fraction(-largest), Fraction(largest - 1), 1.0, 0.0
        if signal.kind == "values":
            low, high = _range(signal)
            gain, offset = _scaling(low, high, signal.digital_minimum, signal.digital_maximum)
        stored.append(
            StoredSignal(
                header=signal,
                position=position,
                byte_offset=byte_offset,
                samples_per_record=signal.samples_per_record,
                gain=gain,
                offset=offset,
                minimum=float(min(low, high)),
                maximum=float(max(low, high)),
            )
        )
        byte_offset += signal.samples_per_record * header.sample_bytes
    return RecordLayout(
        header_bytes=header.header_bytes,
        record_bytes=header.record_bytes,
        n_records=n_records,
        sample_bytes=header.sample_bytes,
        signals=tuple(s for s in stored if s.header.kind not in ("annotations", "left out")),
        annotation_signals=tuple(s for s in stored if s.header.is_annotation),
    )


@lru_cache(maxsize=256)  # the signals of a file mostly have the same limits
def _scaling(low: Fraction, high: Fraction, least: int, largest: int) -> tuple[float, float]:
    """Return gain and offset that turn stored numbers from `least` to `largest` into values."""
    gain = (high - low) / (largest - least)
    return float(gain), float(low - gain * least)


def count_records(
    header: EdfHeader, file_size: int, file_name: str
) -> tuple[int, tuple[Finding, ...]]:
    """Return how many complete data records a file holds, whatever its header says.

    Parameters
    ----------
    header : EdfHeader
        What the header says.
    file_size : int
        Bytes of the file.
    file_name : str
        Named in messages.

    Raises
    ------
    RecordingError
        There is not one.
    """
    n_bytes = file_size - header.header_bytes
    n_records, rest = divmod(n_bytes, header.record_bytes)
    if n_records < 1:
        raise RecordingError(
            file_name,
            "the file has {n_bytes} bytes after its header, less than one data record of "
            "{record_bytes} bytes. It holds no complete data: copy or export it again.",
            n_bytes=n_bytes,
            record_bytes=header.record_bytes,
        )
    findings = []
    if header.n_records is None:
        message = Message(
            "The header does not say how many data records there are (the recording was probably "
            "not closed properly); {n_records} were found.",
            n_records=n_records,
        )
        findings.append(Finding.warning(message))
    elif header.n_records != n_records:
        message = Message(
            "The header says {n_records} data records, the file holds {n_records_2}; "
            "{n_records_2} are read.",
            n_records=header.n_records,
            n_records_2=n_records,
        )
        findings.append(Finding.warning(message))
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
        findings.append(Finding.warning(message))
    elif rest:
        share = rest / header.record_bytes * float(header.record_duration_s)
        message = Message(
            "The last data record is cut off: {rest} of its {record_bytes} bytes are "
            "there, {share:.3g} s of {record_duration_s:g} s. They are left out.",
            rest=rest,
            record_bytes=header.record_bytes,
            share=share,
            record_duration_s=float(header.record_duration_s),
        )
        findings.append(Finding.warning(message))
    return n_records, tuple(findings)


def _range(signal: SignalHeader) -> tuple[Fraction, Fraction]:
    """Return the values of the digital minimum and maximum exactly.

    The digits of the header are never turned into binary fractions on the way, so that a file
    whose limits are written in another unit of voltage gives the very same samples.
    """
    scale = microvolts_per_unit(signal.unit) or 1
    return signal.physical_minimum * scale, signal.physical_maximum * scale
