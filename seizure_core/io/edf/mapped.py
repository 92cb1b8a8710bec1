"""The reader for files that can be mapped into memory: every layout, about as fast as copying."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seizure_core.errors import RecordingError
from seizure_core.io.edf.decoding import (
    blocks,
    decode,
    decode_scaled,
    evenly_spaced,
    integers_in_place,
    stored_integers,
)
from seizure_core.io.edf.layout import RecordLayout, StoredSignal
from seizure_core.io.stored_file import StoredFile
from seizure_core.io.timeline import StoredPiece, TimeLine

# Samples of a channel that are decoded and scaled in one call: fewer need more calls, which hold
# up the threads that work beside this one; of 24 bits, more need more memory.
_SCALED_SAMPLES = 1 << 19
# Values below this, in the recorder's range, cannot overflow whatever is stored.
_SURELY_FINITE = 1e30


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedReader:
    """Reads samples straight from the mapped file; a `SignalReader`.

    The mapping lives for one call, so threads share nothing, no handle is kept, and a file
    that changes or vanishes between calls is noticed.

    Attributes
    ----------
    file : StoredFile
        The file.
    layout : RecordLayout
        Where its signals lie.
    time_line : TimeLine
        When its records are.
    """

    file: StoredFile
    layout: RecordLayout
    time_line: TimeLine

    def read_samples(
        self, channel_indices: Sequence[int], start: int, stop: int
    ) -> NDArray[np.float32]:
        """Return samples `[start, stop)`; see `SignalReader.read_samples`.

        Raises
        ------
        RecordingError
            The channels differ in their rate, the file has changed, or memory is short.
        """
        per_record = common_samples_per_record(self.layout, channel_indices, self.file.file_name)
        values = empty_samples(len(channel_indices), stop - start, self.file.file_name)
        if self.time_line.has_gaps:
            values.fill(np.nan)
        if start == stop:
            return values
        with self.file.mapped() as content:
            records = self.layout.records(content)
            for piece in self.time_line.pieces(per_record, start, stop):
                self._read_piece(records, channel_indices, per_record, piece, values)
            del records, content
        return values

    def read_scaled(
        self,
        channel_indices: Sequence[int],
        factors: Sequence[float],
        start: int,
        stop: int,
        out: NDArray[np.float32],
    ) -> bool:
        """Write samples times a factor a channel to `out`; see `ScalingReader.read_scaled`.

        Raises
        ------
        RecordingError
            As for `read_samples`.
        """
        per_record = common_samples_per_record(self.layout, channel_indices, self.file.file_name)
        if self.time_line.has_gaps:
            out.fill(np.nan)
        if start == stop:
            return True
        signals = [self.layout.signals[index] for index in channel_indices]
        with self.file.mapped() as content:
            records = self.layout.records(content)
            for piece in self.time_line.pieces(per_record, start, stop):
                for run in evenly_spaced(signals):
                    self._decode_scaled(records, signals[run], factors[run], piece, out[run])
            del records, content
        largest = max(
            max(abs(s.minimum), abs(s.maximum)) * abs(factor)
            for s, factor in zip(signals, factors, strict=True)
        )
        return not self.time_line.has_gaps and largest < _SURELY_FINITE

    def _decode_scaled(
        self,
        records: NDArray[np.uint8],
        signals: Sequence[StoredSignal],
        factors: Sequence[float],
        piece: StoredPiece,
        out: NDArray[np.float32],
    ) -> None:
        position, width = piece.offset, self.layout.sample_bytes
        per_record = signals[0].samples_per_record
        for begin, end, first, last in blocks(per_record, piece.start, piece.stop, _SCALED_SAMPLES):
            n_samples = (end - begin) * (last - first)
            wanted = out[:, position : position + n_samples]
            if width == 2:
                integers = integers_in_place(records[begin:end], signals, first, last)
                decode_scaled(integers, signals, factors, wanted.reshape(integers.shape))
            else:
                for signal, factor, row in zip(signals, factors, wanted, strict=True):
                    stored = stored_integers(records[begin:end], signal, width, first, last)
                    decode(stored, signal, row)
                    row *= np.float32(factor)
            position += n_samples

    def _read_piece(
        self,
        records: NDArray[np.uint8],
        channel_indices: Sequence[int],
        per_record: int,
        piece: StoredPiece,
        values: NDArray[np.float32],
    ) -> None:
        position = piece.offset
        width = self.layout.sample_bytes
        for begin, end, first, last in blocks(per_record, piece.start, piece.stop):
            n_samples = (end - begin) * (last - first)
            for row, index in enumerate(channel_indices):
                signal = self.layout.signals[index]
                integers = stored_integers(records[begin:end], signal, width, first, last)
                decode(integers, signal, values[row, position : position + n_samples])
            position += n_samples


def common_samples_per_record(
    layout: RecordLayout, channel_indices: Sequence[int], file_name: str
) -> int:
    """Return the samples in a data record of channels that must share them.

    Raises
    ------
    RecordingError
        They have different sampling rates.
    """
    found = {layout.signals[index].samples_per_record for index in channel_indices}
    if len(found) != 1:
        raise RecordingError(
            file_name,
            "the chosen channels have different sampling rates. Read channels of one rate at a "
            "time.",
        )
    return found.pop()


def empty_samples(n_channels: int, n_samples: int, file_name: str) -> NDArray[np.float32]:
    """Return an array to be filled.

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
