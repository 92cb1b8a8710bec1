"""Fast reading of samples from the data records of EDF and BDF files."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import FileIO

import numpy as np
from numpy.typing import NDArray

from seizure_core.errors import RecordingError
from seizure_core.io.edf.header import EdfHeader, SignalHeader
from seizure_core.io.edf.limits import SignalLimits
from seizure_core.io.stored_file import StoredFile
from seizure_core.io.timeline import StoredPiece, TimeLine

# Block size, small enough for a core's cache; found with benchmarks/reading.py.
_BLOCK_BYTES = 1 << 21
# Reading so many bytes between the wanted ones takes longer than another call into the system.
_WORTH_SKIPPING = 32 << 10
_LEAD = 4  # Bytes before the first one read: see `EdfReader._numbers`.
# Longer data records are read signal by signal.
_LONGEST_RECORD = 8 << 20
# Values in the recorder's range below this cannot overflow.
_SURELY_FINITE = 1e30


@dataclass(frozen=True, slots=True, kw_only=True)
class EdfReader:
    """Reads samples block by block; a `ScalingReader`.

    Each call opens the file, so threads share nothing, no handle is kept, and a changed or deleted
    file is noticed.

    Attributes
    ----------
    time_line : TimeLine
        Times of its records.
    """

    file: StoredFile
    header: EdfHeader
    time_line: TimeLine

    def read_samples(
        self, channel_indices: Sequence[int], start: int, stop: int
    ) -> NDArray[np.float32]:
        """Return samples `[start, stop)`; see `SignalReader.read_samples`.

        Computed in float64 and rounded once, so that values are exact to half a unit in the last
        place and do not depend on the interval.

        Raises
        ------
        RecordingError
            The file has changed, or memory is short.
        """
        signals = [self.header.channels[index] for index in channel_indices]
        values = empty_samples(len(signals), stop - start, self.file.file_name)
        if self.time_line.has_gaps:
            values.fill(np.nan)
        for row, columns, stored in self._stored(signals, start, stop):
            _decode(stored, signals[row].limits, values[row, columns].reshape(stored.shape))
        return values

    def read_scaled(
        self,
        channel_indices: Sequence[int],
        factors: Sequence[float],
        start: int,
        stop: int,
        out: NDArray[np.float32],
    ) -> bool:
        """Write samples times a factor per channel to `out`; see `ScalingReader.read_scaled`.

        Computed in float32: about a unit in the last place from `read_samples`.

        Raises
        ------
        RecordingError
            See `read_samples`.
        """
        signals = [self.header.channels[index] for index in channel_indices]
        if self.time_line.has_gaps:
            out.fill(np.nan)
        for row, columns, stored in self._stored(signals, start, stop):
            limits, factor = signals[row].limits, factors[row]
            values = out[row, columns].reshape(stored.shape)
            if self.header.sample_bytes == 2:
                values[...] = stored
                values *= np.float32(limits.gain * factor)
                if limits.offset:
                    values += np.float32(limits.offset * factor)
            else:  # More than float32 can hold before adding the offset.
                _decode(stored, limits, values)
                values *= np.float32(factor)
        largest = max(
            max(abs(signal.limits.minimum), abs(signal.limits.maximum)) * abs(factor)
            for signal, factor in zip(signals, factors, strict=True)
        )
        return not self.time_line.has_gaps and largest < _SURELY_FINITE

    def read_integers(self, channel_indices: Sequence[int]) -> NDArray[np.int32]:
        """Return all stored integers of channels with the same rate, ignoring gaps.

        Raises
        ------
        RecordingError
            See `read_samples`.
        """
        signals = [self.header.channels[index] for index in channel_indices]
        n_samples = self.header.n_whole * signals[0].samples_per_record
        values = np.empty((len(signals), n_samples), dtype=np.int32)
        for row, columns, stored in self._stored(signals, 0, n_samples, gaps=False):
            values[row, columns] = stored.reshape(-1)
        return values

    def _stored(
        self, signals: Sequence[SignalHeader], start: int, stop: int, *, gaps: bool = True
    ) -> Iterator[tuple[int, slice, NDArray[np.signedinteger]]]:
        """Read samples `[start, stop)` of some signals, block by block.

        Yields
        ------
        (int, slice, ndarray)
            Signal; positions among the requested samples; stored integers, shape (n_records,
            n_samples), valid until the next block.
        """
        per_record, size = signals[0].samples_per_record, self.header.record_bytes
        pieces = self.time_line.pieces(per_record, start, stop)
        if not gaps:
            pieces = iter([StoredPiece(start=start, stop=stop, offset=0)])
        together = [range(len(signals))]
        if size > _LONGEST_RECORD:
            together = [range(row, row + 1) for row in range(len(signals))]
        width, room = self.header.sample_bytes, np.empty(0, dtype=np.uint8)
        with self.file.opened() as stream:
            for piece, rows in itertools.product(pieces, together):
                chosen = [signals[row] for row in rows]
                begin = min(signal.byte_offset for signal in chosen)
                end = max(signal.byte_offset for signal in chosen)
                span = end - begin + per_record * width
                stride = size if size - span <= _WORTH_SKIPPING else span
                position = piece.offset
                for records, first, last in _whole_records(
                    per_record, piece.start, piece.stop, max(_BLOCK_BYTES // stride, 1)
                ):
                    shape = (len(records), last - first)
                    n_bytes = end - begin + shape[1] * width
                    # One buffer for all blocks, because allocating memory takes time.
                    if len(room) < _LEAD + shape[0] * stride:
                        room = np.empty(_LEAD + shape[0] * stride, dtype=np.uint8)
                    place = self.header.header_bytes + records.start * size + begin + first * width
                    self._read(stream, place, shape[0], n_bytes, room[_LEAD:], stride)
                    columns = slice(position, position + shape[0] * shape[1])
                    for row, signal in zip(rows, chosen, strict=True):
                        at = _LEAD + signal.byte_offset - begin
                        yield row, columns, self._numbers(room, at, shape, stride)
                    position = columns.stop

    def _read(
        self,
        stream: FileIO,
        place: int,
        n_records: int,
        n_bytes: int,
        room: NDArray[np.uint8],
        stride: int,
    ) -> None:
        """Read the same bytes of consecutive records into `room`, `stride` apart."""
        size = self.header.record_bytes
        if stride == size:
            self.file.read_into(stream, place, room[: (n_records - 1) * stride + n_bytes])
            return
        for number in range(n_records):
            at = number * stride
            self.file.read_into(stream, place + number * size, room[at : at + n_bytes])

    def _numbers(
        self, raw: NDArray[np.uint8], offset: int, shape: tuple[int, int], stride: int
    ) -> NDArray[np.signedinteger]:
        """Return stored integers as an array over the bytes of data records."""
        width = self.header.sample_bytes
        if width == 2:
            return np.ndarray(shape, "<i2", raw, offset, (stride, width))
        # Of 24 bits, read four bytes; the lowest belongs to the sample before and is shifted out,
        # which also keeps the sign.
        return np.ndarray(shape, "<i4", raw, offset - 1, (stride, width)) >> 8


def empty_samples(n_channels: int, n_samples: int, file_name: str) -> NDArray[np.float32]:
    """Return an uninitialised array.

    Raises
    ------
    RecordingError
        It does not fit into memory.
    """
    try:
        return np.empty((n_channels, n_samples), dtype=np.float32)
    except (MemoryError, ValueError) as error:
        size_gb = n_channels * n_samples * 4 / 1e9
        raise RecordingError(
            file_name,
            "{n_samples} samples of {n_channels} channels ({size_gb:.1f} GB) do not fit into "
            "memory. Read a shorter stretch or fewer channels.",
            n_samples=n_samples,
            n_channels=n_channels,
            size_gb=size_gb,
        ) from error


def _decode(
    stored: NDArray[np.signedinteger], limits: SignalLimits, out: NDArray[np.float32]
) -> None:
    values = stored.astype(np.float64)
    values *= limits.gain
    if limits.offset:
        values += limits.offset
    out[...] = values


def _whole_records(
    per_record: int, start: int, stop: int, max_records: int
) -> Iterator[tuple[range, int, int]]:
    """Divide stored samples `[start, stop)` into runs of whole data records and parts of one.

    Yields
    ------
    (range, int, int)
        Data records; first sample and end inside each of them.
    """
    position = start
    while position < stop:
        record, first = divmod(position, per_record)
        n_whole = min(max_records, (stop - position) // per_record)
        if first or not n_whole:
            last = min(per_record, first + stop - position)
            yield range(record, record + 1), first, last
            position += last - first
        else:
            yield range(record, record + n_whole), 0, per_record
            position += n_whole * per_record
