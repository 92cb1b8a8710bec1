"""Cuts streams of blocks into pieces of one size, so that block sizes change no digit.

Sums of floating-point numbers depend on their order. What is gathered piece by piece is the
same to the last bit, however a recording was read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seizure_core.intervals import true_runs

PIECE_SAMPLES = 1 << 14  # in double precision 128 KiB a channel: stays in the processor's cache


class Recutter:
    """Takes blocks of any lengths and gives pieces of `PIECE_SAMPLES`.

    Parameters
    ----------
    n_rows : int
        Rows of every block.
    """

    def __init__(self, n_rows: int) -> None:
        self._waiting = np.empty((n_rows, 0), dtype=np.float32)

    def add(self, block: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
        """Take the block that follows, shape (n_rows, n_samples); yield what is complete."""
        if self._waiting.shape[1]:
            block = np.concatenate((self._waiting, block), axis=1)
        n_whole = block.shape[1] // PIECE_SAMPLES * PIECE_SAMPLES
        self._waiting = block[:, n_whole:].copy()
        for start in range(0, n_whole, PIECE_SAMPLES):
            yield block[:, start : start + PIECE_SAMPLES]

    def rest(self) -> Iterator[NDArray[np.float32]]:
        """Yield what is left at the end, if anything is."""
        if self._waiting.shape[1]:
            yield self._waiting
            self._waiting = self._waiting[:, :0]


@dataclass(frozen=True, slots=True, eq=False)
class SignalPiece:
    """A piece of one channel in double precision.

    Attributes
    ----------
    values : ndarray of float64, shape (n_samples,)
        NaN where there is no (finite) value.
    is_whole : bool
        Whether there is a value everywhere.
    """

    values: NDArray[np.float64]
    is_whole: bool

    @classmethod
    def of(cls, samples: NDArray[np.float32]) -> SignalPiece:
        """Return samples of one channel as a piece."""
        values = samples.astype(np.float64)
        present = np.isfinite(values)
        is_whole = bool(present.all())
        if not is_whole:
            values[~present] = np.nan
        return cls(values, is_whole)

    @property
    def present(self) -> NDArray[np.float64]:
        """The values that are there, one after the other."""
        return self.values if self.is_whole else self.values[np.isfinite(self.values)]

    def stretches(self) -> list[tuple[int, int]]:
        """Return the uninterrupted stretches `[start, stop)`, in order."""
        if self.is_whole:
            return [(0, len(self.values))] if len(self.values) else []
        return true_runs(np.isfinite(self.values))
