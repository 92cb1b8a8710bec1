"""Stored integers of 16 or 24 bits into float32 values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from seizure_core.formats.edf_layout import StoredSignal

# Small enough to stay in a core's cache; found with benchmarks/reading.py.
_BLOCK_SAMPLES = 32_768
_TOGETHER_SAMPLES = 6 * _BLOCK_SAMPLES  # of several signals


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


def byte_step(signals: Sequence[StoredSignal]) -> int | None:
    """Return by how many bytes neighbours among signals lie apart, None if that varies."""
    steps = {after.byte_offset - before.byte_offset for before, after in pairwise(signals)}
    return steps.pop() if len(steps) == 1 else None


def decode_side_by_side(
    records: NDArray[np.uint8],
    signals: Sequence[StoredSignal],
    step: int,
    out: NDArray[np.float32],
) -> None:
    """Write the values of signals of 16 bits, bit for bit as `decode` does, in few calls.

    Every call holds up the threads that work beside this one.

    Parameters
    ----------
    records : ndarray of uint8, shape (n_records, record_bytes)
        Data records, whole.
    signals : sequence of StoredSignal
        Which; of one number of samples in a record.
    step : int
        As `byte_step` says.
    out : ndarray of float32, shape (n_signals, n_records * samples_per_record)
        Where to.
    """
    n_samples = signals[0].samples_per_record
    gains = np.array([signal.gain for signal in signals]).reshape(-1, 1, 1)
    offsets = np.array([signal.offset for signal in signals]).reshape(-1, 1, 1)
    n_together = max(_TOGETHER_SAMPLES // (len(signals) * n_samples), 1)
    first = records[:, signals[0].byte_offset :][:, : 2 * n_samples].view("<i2")
    stored = as_strided(
        first,
        (len(signals), len(records), n_samples),
        (step, *first.strides),
        writeable=False,
    )
    integers = np.empty((len(signals), min(n_together, len(records)), n_samples), dtype=np.int16)
    values = np.empty(integers.shape)
    for begin in range(0, len(records), n_together):
        piece = stored[:, begin : begin + n_together]
        n_records = piece.shape[1]
        integers[:, :n_records] = piece
        wide = values[:, :n_records]
        wide[...] = integers[:, :n_records]
        wide *= gains
        if offsets.any():
            wide += offsets
        wanted = out[:, begin * n_samples : (begin + n_records) * n_samples]
        wanted.reshape(piece.shape)[...] = wide


def blocks(samples_per_record: int, start: int, stop: int) -> Iterator[tuple[int, int, int, int]]:
    """Cut stored samples `[start, stop)` into rectangles of whole or partial records.

    Yields
    ------
    tuple of int
        First record, record after the last, first sample and sample after the last inside
        each of these records.
    """
    per_block = max(1, _BLOCK_SAMPLES // samples_per_record)
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
