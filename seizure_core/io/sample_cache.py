"""Cache of samples of a slow format, in a temporary file that is deleted with its reader."""

from __future__ import annotations

import mmap
import tempfile
from collections.abc import Sequence
from typing import IO, Self

import numpy as np
from numpy.typing import NDArray

from seizure_core.errors import RecordingError
from seizure_core.io.edf.samples import empty_samples
from seizure_core.io.timeline import TimeLine

_SAMPLE_BYTES = 4


class SampleCache:
    """Float32 samples of some channels in an unnamed file, block by block.

    A block holds all channels for some time, channel by channel. The system deletes the file when
    it is no longer used, even if the process is killed.
    """

    def __init__(self, file_name: str, n_channels: int) -> None:
        self._file_name = file_name
        self._n_channels = n_channels
        self._stops: list[int] = []
        self._offset = 0
        try:
            self._file: IO[bytes] = tempfile.TemporaryFile(prefix="seizure-zoo-")
        except OSError as error:
            raise self._unwritable(error) from error

    @property
    def n_samples(self) -> int:
        """Samples of each channel so far."""
        return self._stops[-1] if self._stops else 0

    def append(self, block: NDArray[np.float32]) -> None:
        """Append samples, shape (n_channels, n_samples).

        Raises
        ------
        RecordingError
            The disk is full.
        """
        self.append_row(np.ascontiguousarray(block).reshape(-1))
        self.end_block()

    def append_row(self, samples: NDArray[np.float32]) -> None:
        """Append the next samples of a block channel by channel; `end_block` closes the block.

        Raises
        ------
        RecordingError
            The disk is full.
        """
        try:
            self._file.write(samples.astype(np.float32, copy=False).data)
        except OSError as error:
            raise self._unwritable(error) from error
        self._offset += len(samples)

    def end_block(self) -> None:
        """Close the current block."""
        self._stops.append(self._offset // self._n_channels)

    def samples(self) -> list[NDArray[np.float32]]:
        """Return the blocks, each of shape (n_channels, n_samples), mapped from the file.

        The arrays keep the file alive. Nothing may be appended afterwards.

        Raises
        ------
        RecordingError
            The disk is full, or the file system does not support mapping.
        """
        try:
            self._file.flush()
            content = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise self._unwritable(error) from error
        values = np.frombuffer(content, dtype=np.float32)
        starts = [0, *self._stops[:-1]]
        return [
            values[start * self._n_channels : stop * self._n_channels].reshape(
                self._n_channels, stop - start
            )
            for start, stop in zip(starts, self._stops, strict=True)
        ]

    def __enter__(self) -> Self:
        """Keep the file open."""
        return self

    def __exit__(self, *_: object) -> None:
        """Release the file; mapped samples stay."""
        self._file.close()

    def _unwritable(self, error: Exception) -> RecordingError:
        reason = getattr(error, "strerror", None) or type(error).__name__
        return RecordingError(
            self._file_name,
            "its samples cannot be written to a temporary file ({reason}). Make room on the "
            "disk of the temporary folder.",
            reason=reason,
        )


class CachedReader:
    """Reads samples from mapped blocks; a thread-safe `SignalReader`.

    Parameters
    ----------
    blocks : sequence of ndarray of float32, each of shape (n_channels, n_samples)
        In file order.
    time_line : TimeLine
        Times of the samples: every sample is a record.
    """

    def __init__(
        self, file_name: str, blocks: Sequence[NDArray[np.float32]], time_line: TimeLine
    ) -> None:
        self._file_name = file_name
        self._blocks = tuple(blocks)
        self._time_line = time_line
        self._starts = np.cumsum([0, *(block.shape[1] for block in blocks)])

    def read_samples(
        self, channel_indices: Sequence[int], start: int, stop: int
    ) -> NDArray[np.float32]:
        """Return samples `[start, stop)`; see `SignalReader.read_samples`.

        Raises
        ------
        RecordingError
            Memory is short.
        """
        values = empty_samples(len(channel_indices), stop - start, self._file_name)
        if self._time_line.has_gaps:
            values.fill(np.nan)
        rows = list(channel_indices)
        for piece in self._time_line.pieces(1, start, stop):
            first = int(np.searchsorted(self._starts, piece.start, side="right")) - 1
            position, target = piece.start, piece.offset
            while position < piece.stop:
                begin = int(self._starts[first])
                end = min(piece.stop, int(self._starts[first + 1]))
                values[:, target : target + end - position] = self._blocks[first][
                    rows, position - begin : end - begin
                ]
                target += end - position
                position = end
                first += 1
        return values
