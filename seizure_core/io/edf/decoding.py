"""Stored integers of 16 or 24 bits into float32 values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seizure_core.io.edf.layout import StoredSignal

# Small enough to stay in a core's cache; found with benchmarks/reading.py.
_BLOCK_SAMPLES = 32_768
# Of a signal: as many as numpy converts in one go, fewer cost more calls.
_TOGETHER_SAMPLES = 8192


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


def evenly_spaced(signals: Sequence[StoredSignal]) -> Iterator[slice]:
    """Cut signals into runs whose bytes lie equally far apart in a data record."""
    offsets = [signal.byte_offset for signal in signals]
    steps = [after - before for before, after in pairwise(offsets)]
    first = 0
    while first < len(offsets):
        stop = first + 1
        while stop < len(offsets) and steps[stop - 1] == steps[first]:
            stop += 1
        yield slice(first, stop)
        first = stop


def integers_in_place(
    records: NDArray[np.uint8], signals: Sequence[StoredSignal], first: int, last: int
) -> NDArray[np.int16]:
    """Return 16-bit samples `[first, last)` of signals in each of some data records, not copied.

    Parameters
    ----------
    records : ndarray of uint8, shape (n_records, record_bytes)
        Data records.
    signals : sequence of StoredSignal
        One run of `evenly_spaced`.
    first, last : int
        Sample numbers inside a record.

    Returns
    -------
    ndarray of int16, shape (n_signals, n_records, last - first)
    """
    begin = signals[0].byte_offset + 2 * first
    # Aligned to two bytes or not: numpy reads both.
    of_first = records[:, begin : begin + 2 * (last - first)].view("<i2")
    apart = signals[1].byte_offset - signals[0].byte_offset if len(signals) > 1 else 0
    return np.lib.stride_tricks.as_strided(
        of_first,
        shape=(len(signals), *of_first.shape),
        strides=(apart, *of_first.strides),
        writeable=False,
    )


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
    integers: NDArray[np.int16],
    signals: Sequence[StoredSignal],
    factors: Sequence[float],
    out: NDArray[np.float32],
) -> None:
    """Write values times a factor a signal to `out`, of the same shape, in one pass over memory.

    Computed in float32: about a unit in the last place from what `decode` gives. All signals in
    one call: threads that work beside this one are not held up by calls.
    """
    pairs = list(zip(signals, factors, strict=True))
    gains = np.array([signal.gain * factor for signal, factor in pairs], dtype=np.float32)
    offsets = np.array([signal.offset * factor for signal, factor in pairs], dtype=np.float32)
    n_together = max(1, _TOGETHER_SAMPLES // integers.shape[2])
    n_whole = integers.shape[1] // n_together * n_together
    for part, size in ((slice(n_whole), n_together), (slice(n_whole, None), None)):
        stored, values = _in_turn(integers[:, part], size), _in_turn(out[:, part], size)
        np.multiply(stored, gains[:, None, None], out=values, order="C")
        if offsets.any():
            np.add(values, offsets[:, None, None], out=values, order="C")


def _in_turn(signals: NDArray[Any], n_records: int | None) -> NDArray[Any]:
    """Return a view in the order of work: all signals of some records before the next ones.

    A data record holds the signals one behind the other, so that one signal after the other
    would fetch the whole stretch anew for each.

    Returns
    -------
    ndarray, shape (n_parts, n_signals, n_records, n_samples)
    """
    n_signals, n_all, n_samples = signals.shape
    parts = signals.reshape(n_signals, -1, n_records or max(n_all, 1), n_samples)
    return parts.transpose(1, 0, 2, 3)


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
