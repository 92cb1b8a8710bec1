"""Small EDF and BDF files with any header, written byte by byte without an EDF library.

`build_edf` makes a valid file by default. Every field of the header can be replaced by any
text, so that tests can make the odd and the broken files people have.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

FIXED_FIELDS = {
    "version": 8,
    "patient": 80,
    "recording": 80,
    "start_date": 8,
    "start_time": 8,
    "header_bytes": 8,
    "reserved": 44,
    "n_records": 8,
    "record_duration": 8,
    "n_signals": 4,
}
SIGNAL_FIELDS = {
    "label": 16,
    "transducer": 80,
    "unit": 8,
    "physical_minimum": 8,
    "physical_maximum": 8,
    "digital_minimum": 8,
    "digital_maximum": 8,
    "prefilter": 80,
    "samples_per_record": 8,
    "signal_reserved": 32,
}

Tals = Sequence[Sequence[bytes]]
AnnotationRow = tuple[float | str, float | str | None, str]


def build_edf(
    path: Path,
    signals: Sequence[ArrayLike] = (),
    *,
    labels: Sequence[str] | None = None,
    units: str | Sequence[str] = "uV",
    sampling_rate_hz: float | Sequence[float] = 256,
    samples_per_record: int | Sequence[int] | None = None,
    record_duration: str = "1",
    physical_limits: tuple[str, str] | Sequence[tuple[str, str]] = ("-3276.8", "3276.7"),
    digital_limits: tuple[int, int] | Sequence[tuple[int, int]] | None = None,
    digital: bool = False,
    bdf: bool = False,
    reserved: str | None = None,
    record_onsets: Sequence[float | str] | None = None,
    annotations: Sequence[AnnotationRow] = (),
    tals: Sequence[Tals] | None = None,
    annotation_bytes: int | None = None,
    annotation_position: int | None = None,
    n_records: int | None = None,
    start_date: str = "02.03.21",
    start_time: str = "04.05.06",
    patient: str = "X X X X",
    recording: str = "Startdate 02-MAR-2021 X X X",
    fields: Mapping[str, str | bytes | Sequence[str | bytes]] | None = None,
) -> Path:
    """Write an EDF or BDF file and return its path.

    Parameters
    ----------
    signals : sequence of arrays
        One array a channel, in the channel's unit, or the stored integers if `digital`.
        The last data record is filled up with digital zeros.
    labels, units, sampling_rate_hz, physical_limits, digital_limits, samples_per_record
        One value for all channels or one each. The samples of a record follow from the rate
        and the record's duration unless given.
    reserved : str, optional
        "EDF+C", "EDF+D", ...; follows from the other arguments unless given.
    record_onsets : sequence, optional
        Time of each data record, as in its time-keeping annotation; 0, 1, 2, ... if omitted.
    annotations : sequence of (onset, duration or None, text)
        Written from the first record on, one a record where there are enough.
    tals : sequence of (sequence of bytes), optional
        Raw annotation signals instead: for each signal the bytes of each record.
    annotation_position : int, optional
        Where the annotation signals stand among the channels; last if omitted.
    fields : mapping, optional
        Replaces fields of the header by name (`FIXED_FIELDS`; `SIGNAL_FIELDS` take one value
        a signal, the annotation signals included).
    """
    n_channels = len(signals)
    name = "BDF" if bdf else "EDF"
    width = 3 if bdf else 2
    duration_s = float(record_duration.replace(",", "."))
    rates = _each(sampling_rate_hz, n_channels)
    if samples_per_record is None:
        per_record = [round(float(rate) * duration_s) for rate in rates]
    else:
        per_record = [int(n) for n in _each(samples_per_record, n_channels)]
    physical = _pairs(physical_limits, n_channels)
    full_range = (-(2 ** (8 * width - 1)), 2 ** (8 * width - 1) - 1)
    stored = _pairs(digital_limits or full_range, n_channels)
    plus = bool(annotations) or record_onsets is not None or tals is not None
    if n_records is None:
        lengths = [
            math.ceil(len(np.asarray(s)) / n) for s, n in zip(signals, per_record, strict=True)
        ]
        n_records = max([*lengths, len(record_onsets or ()), 0]) or 1
    blocks = [
        _channel_bytes(s, n, n_records, low_high, limits, digital=digital, width=width)
        for s, n, low_high, limits in zip(signals, per_record, physical, stored, strict=True)
    ]
    columns = {
        "label": list(labels or [f"EEG {i + 1}" for i in range(n_channels)]),
        "transducer": [""] * n_channels,
        "unit": _each(units, n_channels),
        "physical_minimum": [low for low, _ in physical],
        "physical_maximum": [high for _, high in physical],
        "digital_minimum": [str(low) for low, _ in stored],
        "digital_maximum": [str(high) for _, high in stored],
        "prefilter": [""] * n_channels,
        "samples_per_record": [str(n) for n in per_record],
        "signal_reserved": [""] * n_channels,
    }
    if plus:
        raw = tals or [_tal_records(n_records, duration_s, record_onsets, annotations)]
        position = n_channels if annotation_position is None else annotation_position
        for offset, records in enumerate(raw):
            size = annotation_bytes or max(len(record) for record in records) + 2
            size += -size % width
            blocks.insert(position + offset, [record.ljust(size, b"\0") for record in records])
            row = (f"{name} Annotations", "", "", "-1", "1", *map(str, full_range), "")
            row += (str(size // width), "")
            for column, value in zip(columns.values(), row, strict=True):
                column.insert(position + offset, value)
    n_signals = len(blocks)
    fixed = {
        "version": b"\xffBIOSEMI" if bdf else "0",
        "patient": patient,
        "recording": recording,
        "start_date": start_date,
        "start_time": start_time,
        "header_bytes": str(256 * (n_signals + 1)),
        "reserved": reserved if reserved is not None else (f"{name}+C" if plus else ""),
        "n_records": str(n_records),
        "record_duration": record_duration,
        "n_signals": str(n_signals),
    }
    for key, value in (fields or {}).items():
        (fixed if key in FIXED_FIELDS else columns)[key] = value  # type: ignore[assignment]
    parts = [_padded(fixed[key], size) for key, size in FIXED_FIELDS.items()]
    for key, size in SIGNAL_FIELDS.items():
        parts += [_padded(value, size) for value in columns[key]]
    parts += [block[record] for record in range(n_records) for block in blocks]
    path.write_bytes(b"".join(parts))
    return path


def replace_bytes(path: Path, offset: int, new: bytes) -> Path:
    """Overwrite some bytes of a file in place and return its path."""
    content = bytearray(path.read_bytes())
    content[offset : offset + len(new)] = new
    path.write_bytes(bytes(content))
    return path


def spoil_signal(path: Path, position: int, **fields: str) -> Path:
    """Overwrite fields of one signal in a file's header, by their names; return the path."""
    n_signals, offset = int(path.read_bytes()[252:256]), sum(FIXED_FIELDS.values())
    for field, size in SIGNAL_FIELDS.items():
        if field in fields:
            replace_bytes(path, offset + position * size, _padded(fields[field], size))
        offset += n_signals * size
    return path


def random_signals(
    n_channels: int, n_samples: int, *, seed: int = 0, scale_uv: float = 50.0
) -> NDArray[np.float64]:
    """Return noise in microvolts, shape (n_channels, n_samples), the same for the same seed."""
    rng = np.random.default_rng(seed)
    return rng.normal(scale=scale_uv, size=(n_channels, n_samples))


def _each(value: object, n: int) -> list:
    if isinstance(value, str) or not isinstance(value, Sequence | np.ndarray):
        return [value] * n
    return list(value)


def _pairs(value: Sequence, n: int) -> list[tuple]:
    if len(value) == 2 and not isinstance(value[0], Sequence | np.ndarray | list):
        return [tuple(value)] * n
    if len(value) == 2 and isinstance(value[0], str):
        return [tuple(value)] * n
    return [tuple(pair) for pair in value]


def _padded(value: str | bytes, size: int) -> bytes:
    raw = value.encode("latin-1") if isinstance(value, str) else value
    if len(raw) > size:
        raise ValueError(f"{value!r} does not fit into {size} bytes")
    return raw.ljust(size, b" ")


def _channel_bytes(
    signal: ArrayLike,
    per_record: int,
    n_records: int,
    physical: tuple[str, str],
    stored: tuple[int, int],
    *,
    digital: bool,
    width: int,
) -> list[bytes]:
    values = np.asarray(signal)
    if not digital:
        low, high = (float(text.replace(",", ".")) for text in physical)
        scale = (stored[1] - stored[0]) / (high - low)
        values = np.clip(np.rint((values - low) * scale + stored[0]), *stored)
    whole = np.zeros(n_records * per_record, dtype="<i4")
    whole[: len(values)] = values[: len(whole)]
    raw = whole.view(np.uint8).reshape(n_records, per_record, 4)[:, :, :width]
    return [record.tobytes() for record in raw]


def _tal_records(
    n_records: int,
    duration_s: float,
    record_onsets: Sequence[float | str] | None,
    annotations: Sequence[AnnotationRow],
) -> list[bytes]:
    onsets = (
        record_onsets if record_onsets is not None else [i * duration_s for i in range(n_records)]
    )
    records = [f"{_signed(onset)}\x14\x14\x00".encode() for onset in onsets]
    for index, (onset, length, text) in enumerate(annotations):
        extent = "" if length is None else f"\x15{_number(length)}"
        records[index % n_records] += f"{_signed(onset)}{extent}\x14{text}\x14\x00".encode()
    return records


def _number(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.7f}".rstrip("0").rstrip(".")


def _signed(value: float | str) -> str:
    text = _number(value)
    return text if text[0] in "+-" else f"+{text}"


def started_at(path: Path, original: Path, clock: str) -> Path:
    """Write a copy of an EDF that says it started at another time ("13.43.45")."""
    content = bytearray(original.read_bytes())
    content[176:184] = clock.encode()
    path.write_bytes(content)
    return path


def repeated(path: Path, original: Path, n_times: int) -> Path:
    """Write an EDF whose records are another one's, many times over: long, and quickly made."""
    content = original.read_bytes()
    n_header, n_records = int(content[184:192]), int(content[236:244])
    header = bytearray(content[:n_header])
    header[236:244] = f"{n_records * n_times:<8d}".encode()
    path.write_bytes(bytes(header) + content[n_header:] * n_times)
    return path
