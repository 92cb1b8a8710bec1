"""Stored integers of 16 or 24 bits into float32 values."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from seizure_core.formats.edf_layout import StoredSignal

# Small enough to stay in a core's cache; found with benchmarks/reading.py.
_BLOCK_SAMPLES = 32_768


def stored_integers(
    records: NDArray[np.uint8], signal: StoredSignal, sample_bytes: int, first: int, last: int
) -> NDArray[np.int16] | NDArray[np.int32]:
    """Return samples `[first, last)` of a signal in each of some data records.

    Parameters
    ----------
    records : ndarray of uint8, shape (n_records, record_bytes)
        Data records.
    signal : StoredSignal
        Which one.
    sample_bytes : int
        2 or 3.
    first, last : int
        Sample numbers inside a record.

    Returns
    -------
    ndarray of int16 or int32, shape (n_records * (last - first),)
        A copy, contiguous.
    """
    begin = signal.byte_offset + first * sample_bytes
    columns = records[:, begin : begin + (last - first) * sample_bytes]
    if sample_bytes == 2:
        return np.ascontiguousarray(columns).view("<i2").reshape(-1)
    n_samples = columns.shape[0] * (last - first)
    padded = np.empty(3 * n_samples + 1, dtype=np.uint8)
    padded[1:] = columns.reshape(-1)
    # Four bytes a sample, the lowest one of the sample before: the shift drops it and keeps
    # the sign.
    words: NDArray[np.int32] = np.ndarray((n_samples,), "<i4", padded.data, strides=(3,))
    return words >> 8


def integers_in_place(
    records: NDArray[np.uint8], signal: StoredSignal, first: int, last: int
) -> NDArray[np.int16]:
    """Return 16-bit samples `[first, last)` of a signal in each of some data records, not copied.

    Returns
    -------
    ndarray of int16, shape (n_records, last - first)
    """
    begin = signal.byte_offset + 2 * first
    # Byte by byte aligned or not: numpy reads both.
    return records[:, begin : begin + 2 * (last - first)].view("<i2")


def decode(
    integers: NDArray[np.int16] | NDArray[np.int32],
    signal: StoredSignal,
    out: NDArray[np.float32],
) -> None:
    """Write the values of stored integers to `out`, of the same shape.

    Computed in float64 and rounded once, so that values differ from exact arithmetic by half
    a unit in the last place and do not depend on the stretch that was read.
    """
    values = integers.astype(np.float64)
    values *= signal.gain
    if signal.offset:
        values += signal.offset
    out[...] = values


def decode_scaled(
    integers: NDArray[np.int16], signal: StoredSignal, factor: float, out: NDArray[np.float32]
) -> None:
    """Write values times a factor to `out`, of the same shape, in one pass over memory.

    Computed in float32: about a unit in the last place from what `decode` gives.
    """
    out[...] = integers
    out *= np.float32(signal.gain * factor)
    if signal.offset:
        out += np.float32(signal.offset * factor)


def blocks(
    samples_per_record: int, start: int, stop: int, block_samples: int = _BLOCK_SAMPLES
) -> Iterator[tuple[int, int, int, int]]:
    """Cut stored samples `[start, stop)` into rectangles of whole or partial records.

    Yields
    ------
    tuple of int
        First record, record after the last, first sample and sample after the last inside
        each of these records.
    """
    per_block = max(1, block_samples // samples_per_record)
    position = start
    while position < stop:
        record, first = divmod(position, samples_per_record)
        if first or stop - position < samples_per_record:
            last = min(samples_per_record, first + stop - position)
            yield record, record + 1, first, last
            position += last - first
            continue
        n_whole = min(per_block, (stop - position) // samples_per_record)
        yield record, record + n_whole, 0, samples_per_record
        position += n_whole * samples_per_record
