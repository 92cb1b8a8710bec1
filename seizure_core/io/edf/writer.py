"""Writing of EDF+ files with signals and annotations.

Own code, because pyedflib silently cuts annotations at 40 bytes, rounds times to 0.1 ms and drops
annotations if there are more than data records.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from seizure_core.atomic import atomic_path
from seizure_core.errors import ParameterError
from seizure_core.io.edf.fields import MONTHS
from seizure_core.recording import MICROVOLT, Annotation

_LARGEST = 32767
_MAX_RANGE_UV = 9_999_999.0
RECORD_DURATIONS_S = ("1", "0.5", "0.25", "0.2", "0.125", "0.1", "2", "4", "5", "8", "10", "100")
# Recommended by the EDF+ FAQ for an unknown start.
UNKNOWN_EDF_START = datetime(1985, 1, 1)
BLOCK_RECORDS = 256
_LARGEST_ONSET_S = 1e9
MAX_RECORD_BYTES = 10_000_000  # Other readers refuse longer data records.


class EdfColumn(NamedTuple):
    """Header fields of one signal."""

    label: str
    unit: str
    physical_minimum: str
    physical_maximum: str
    digital_minimum: int
    digital_maximum: int
    samples_per_record: int


def write_edf(
    path: str | Path,
    signals: ArrayLike,
    *,
    labels: Sequence[str],
    sampling_rate_hz: float,
    start_time: datetime | None = None,
    annotations: Sequence[Annotation] = (),
    physical_range_uv: float | None = None,
) -> None:
    """Write signals and annotations as an EDF+ file of 16 bits per sample.

    Parameters
    ----------
    path : str or Path
        Written atomically.
    signals : array_like, shape (n_channels, n_samples)
        Microvolts. The end is padded with zeros to a whole data record if necessary.
    labels : sequence of str
        One per channel, up to 16 ASCII characters.
    start_time : datetime, optional
        Wall-clock start with microseconds; 1 January 1985 stands for unknown.
    annotations : sequence of Annotation
        Timed from the first sample.
    physical_range_uv : float, optional
        Largest absolute value; others are clipped, as by a recorder. By default the smallest that
        holds the signals.

    Raises
    ------
    ParameterError
        A value that EDF cannot hold: mismatched shapes, NaN, a long label ...
    """
    values = np.atleast_2d(np.asarray(signals, dtype=np.float64))
    _check_signals(values, labels)
    limit = _physical_limit(values, physical_range_uv)
    duration, per_record = _record_size(sampling_rate_hz, values.shape[1])
    n_records = -(-values.shape[1] // per_record)
    start = start_time or UNKNOWN_EDF_START
    offset_s = Fraction(start.microsecond, 10**6)
    starts_s = [number * Fraction(duration) for number in range(n_records)]
    tals = tal_records(starts_s, offset_s, annotations)
    columns = [
        EdfColumn(label, MICROVOLT, f"-{limit}", limit, -_LARGEST, _LARGEST, per_record)
        for label in labels
    ]
    header = edf_header(start, n_records, duration, [*columns, annotation_column(tals)])
    scale = _LARGEST / float(limit)
    with atomic_path(path) as temporary, temporary.open("wb") as file:
        file.write(header)
        for begin in range(0, n_records, BLOCK_RECORDS):
            end = min(begin + BLOCK_RECORDS, n_records)
            block = _stored(values[:, begin * per_record : end * per_record], scale)
            file.write(_interleaved(block, tals[begin:end], per_record))


def write_edf_annotations(
    path: str | Path,
    annotations: Sequence[Annotation],
    *,
    start_time: datetime | None = None,
) -> None:
    """Write an EDF+ file with annotations only.

    Parameters
    ----------
    path : str or Path
        Written atomically.
    annotations : sequence of Annotation
        Timed from the start of the recording they belong to.
    start_time : datetime, optional
        Start of that recording; 1 January 1985 stands for unknown.

    Raises
    ------
    ParameterError
        A time that EDF cannot hold.
    """
    start = start_time or UNKNOWN_EDF_START
    tals = tal_records([Fraction(0)], Fraction(start.microsecond, 10**6), annotations)
    if len(tals[0]) > MAX_RECORD_BYTES:
        raise ParameterError("{n} annotations are too many for one EDF+ file.", n=len(annotations))
    header = edf_header(start, 1, "0", [annotation_column(tals)])
    with atomic_path(path) as temporary:
        temporary.write_bytes(header + tals[0])


def _check_signals(values: NDArray[np.float64], labels: Sequence[str]) -> None:
    if values.ndim != 2 or values.size == 0:
        raise ParameterError(
            "Signals must be of the shape (channels, samples), not {shape}.", shape=values.shape
        )
    if len(labels) != len(values):
        raise ParameterError(
            "{n_values} signals need as many labels; {n_labels} are given.",
            n_values=len(values),
            n_labels=len(labels),
        )
    if not np.isfinite(values).all():
        raise ParameterError(
            "Signals with NaN or infinite samples cannot be written as EDF. Fill the gaps first."
        )
    for label in labels:
        if len(label) > 16 or not label.isascii() or not label.isprintable():
            raise ParameterError(
                "The label {label!r} is not up to 16 ASCII characters.", label=label
            )


def _physical_limit(values: NDArray[np.float64], physical_range_uv: float | None) -> str:
    """Return the upper limit of the range as text of at most 7 characters."""
    wanted = float(np.abs(values).max()) if physical_range_uv is None else physical_range_uv
    if not 0 <= wanted <= _MAX_RANGE_UV or (physical_range_uv is not None and wanted == 0):
        raise ParameterError(
            "A range of {wanted:g} uV cannot be written as EDF; it must be above 0 and at most "
            "{max_range_uv:g} uV.",
            wanted=wanted,
            max_range_uv=_MAX_RANGE_UV,
        )
    wanted = max(wanted, 1.0) if physical_range_uv is None else wanted
    decimals = max(0, 5 - len(str(int(wanted))))
    text = f"{wanted:.{decimals}f}"
    if float(text) < wanted:
        text = f"{wanted + 10.0**-decimals:.{decimals}f}"
    return text


def _record_size(sampling_rate_hz: float, n_samples: int) -> tuple[str, int]:
    """Return a record's duration as text and its samples, with the least padding."""
    if not 0 < sampling_rate_hz <= 1e6:
        raise ParameterError(
            "A sampling rate must be above 0 and at most 1000000 Hz; {sampling_rate_hz:g} was "
            "given.",
            sampling_rate_hz=sampling_rate_hz,
        )
    rate = Fraction(str(float(sampling_rate_hz)))
    exact = [
        (text, int(rate * Fraction(text)))
        for text in RECORD_DURATIONS_S
        if (rate * Fraction(text)).denominator == 1
    ]
    if not exact:
        raise ParameterError(
            "{sampling_rate_hz:g} Hz cannot be written as EDF: no length of a data record up to "
            "100 s holds a whole number of samples. Resample first.",
            sampling_rate_hz=sampling_rate_hz,
        )
    return min(exact, key=lambda pair: -n_samples % pair[1])


def tal_records(
    starts_s: Sequence[Fraction], offset_s: Fraction, annotations: Sequence[Annotation]
) -> list[bytes]:
    """Return the annotation signal of each record, all of the same even size."""
    records = [f"+{_seconds(offset_s + start_s)}\x14\x14\x00".encode() for start_s in starts_s]
    ordered = sorted(annotations, key=lambda annotation: annotation.onset_s)
    for number, annotation in enumerate(ordered):
        records[number * len(records) // len(ordered)] += _tal(annotation, offset_s)
    size = max(len(record) for record in records)
    return [record.ljust(size + size % 2, b"\x00") for record in records]


def _tal(annotation: Annotation, offset_s: Fraction) -> bytes:
    duration_s = annotation.duration_s
    for value in (annotation.onset_s, duration_s or 0.0):
        if not abs(value) <= _LARGEST_ONSET_S:
            raise ParameterError(
                "An annotation at {value:g} s cannot be written as EDF.", value=value
            )
    onset_s = Fraction(repr(float(annotation.onset_s))) + offset_s
    text = "".join(" " if char in "\x00\x14\x15" else char for char in annotation.text)
    extent = "" if duration_s is None else f"\x15{_seconds(Fraction(repr(float(duration_s))))}"
    sign = "-" if onset_s < 0 else "+"
    return f"{sign}{_seconds(abs(onset_s))}{extent}\x14{text}\x14\x00".encode(errors="replace")


def _seconds(value: Fraction) -> str:
    """Format a time with up to 9 decimals."""
    whole, rest = divmod(round(value * 10**9), 10**9)
    return f"{whole}.{rest:09d}".rstrip("0").rstrip(".")


def annotation_column(tals: Sequence[bytes]) -> EdfColumn:
    """Return the header fields of the annotation signal."""
    return EdfColumn("EDF Annotations", "", "-1", "1", -32768, _LARGEST, len(tals[0]) // 2)


def edf_header(
    start: datetime,
    n_records: int,
    duration: str,
    columns: Sequence[EdfColumn],
    *,
    kind: str = "EDF+C",
) -> bytes:
    """Return the header of a file that names no patient."""
    # EDF+'s form of an anonymised date.
    day = f"{start.day:02d}-{MONTHS[start.month - 1].upper()}-{start.year:04d}"
    day = "X" if start == UNKNOWN_EDF_START else day
    fixed = (
        ("0", 8),
        ("X X X X", 80),
        (f"Startdate {day} X X X", 80),
        (f"{start.day:02d}.{start.month:02d}.{start.year % 100:02d}", 8),
        (f"{start.hour:02d}.{start.minute:02d}.{start.second:02d}", 8),
        (str(256 * (len(columns) + 1)), 8),
        (kind, 44),
        (str(n_records), 8),
        (duration, 8),
        (str(len(columns)), 4),
    )
    labels, units, lowest, highest, minima, maxima, samples = zip(*columns, strict=True)
    blank = [""] * len(columns)
    by_column = (
        (labels, 16),
        (blank, 80),
        (units, 8),
        (lowest, 8),
        (highest, 8),
        (minima, 8),
        (maxima, 8),
        (blank, 80),
        (samples, 8),
        (blank, 32),
    )
    fields = itertools.chain(fixed, ((str(one), size) for each, size in by_column for one in each))
    return b"".join(_field(text, size) for text, size in fields)


def _field(text: str, size: int) -> bytes:
    if len(text) > size:
        raise ParameterError(
            "{text!r} does not fit into a field of {size} bytes of an EDF file.",
            text=text,
            size=size,
        )
    return text.encode("ascii").ljust(size)


def _stored(values: NDArray[np.float64], scale: float) -> NDArray[np.int16]:
    return np.clip(np.rint(values * scale), -_LARGEST, _LARGEST).astype("<i2")


def _interleaved(stored: NDArray[np.int16], tals: Sequence[bytes], per_record: int) -> bytes:
    n_channels, n_samples = stored.shape
    whole = np.zeros((n_channels, len(tals) * per_record), dtype="<i2")
    whole[:, :n_samples] = stored
    by_record = whole.reshape(n_channels, len(tals), per_record).transpose(1, 0, 2)
    remarks = np.frombuffer(b"".join(tals), dtype="<i2").reshape(len(tals), -1)
    return np.concatenate([by_record.reshape(len(tals), -1), remarks], axis=1).tobytes()
