"""Pieces of fixed size from streams of blocks, and sums over them.

Floating-point sums depend on their order. Sums over fixed pieces are bit-identical however a
recording is read.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from seizure_core.intervals import true_runs
from seizure_core.recording import Recording
from seizure_core.signals.blocks import Cancelled, Progress, RateGroup, signal_blocks

PIECE_SAMPLES = 1 << 14  # In double precision 128 KiB per channel, which fits the CPU cache.


def recut(blocks: Iterable[NDArray[np.float32]]) -> Iterator[NDArray[np.float32]]:
    """Yield consecutive blocks, shape (n_rows, n_samples), as pieces of fixed size.

    Each has `PIECE_SAMPLES`; the last may be shorter.
    """
    waiting: NDArray[np.float32] | None = None
    for block in blocks:
        if waiting is not None and waiting.shape[1]:
            block = np.concatenate((waiting, block), axis=1)
        n_whole = block.shape[1] // PIECE_SAMPLES * PIECE_SAMPLES
        waiting = block[:, n_whole:].copy()
        for start in range(0, n_whole, PIECE_SAMPLES):
            yield block[:, start : start + PIECE_SAMPLES]
    if waiting is not None and waiting.shape[1]:
        yield waiting


def signal_pieces(
    recording: Recording,
    groups: Sequence[RateGroup],
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Iterator[tuple[RateGroup, NDArray[np.float32]]]:
    """Yield all samples of some channels in pieces; see `signal_blocks`."""
    blocks = signal_blocks(recording, groups, progress, cancelled=cancelled)
    for group, own in itertools.groupby(blocks, key=itemgetter(0)):
        for rows in recut(block for _, block in own):
            yield group, rows


@dataclass(frozen=True, slots=True, eq=False)
class SignalPiece:
    """A piece of one channel in double precision.

    Attributes
    ----------
    values : ndarray of float64, shape (n_samples,)
        NaN without a finite value.
    is_whole : bool
        Whether all values are finite.
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
        """The finite values."""
        return self.values if self.is_whole else self.values[np.isfinite(self.values)]

    def stretches(self) -> list[tuple[int, int]]:
        """Return the uninterrupted intervals `[start, stop)`, in order."""
        if self.is_whole:
            return [(0, len(self.values))] if len(self.values) else []
        return true_runs(np.isfinite(self.values))


class Moments:
    """Central moments and extremes of a signal.

    Pieces are merged by the pairwise formulas of Chan, Golub and LeVeque (1979), extended to third
    and fourth moments by Pebay (SAND2008-6212), so a large offset costs no precision.
    """

    def __init__(self) -> None:
        self.n = 0
        self.mean = math.nan
        self.minimum = math.nan
        self.maximum = math.nan
        self._m2 = self._m3 = self._m4 = 0.0

    def add(self, values: NDArray[np.float64]) -> None:
        """Add finite values."""
        if not len(values):
            return
        self.minimum = float(np.fmin(self.minimum, values.min()))
        self.maximum = float(np.fmax(self.maximum, values.max()))
        n_b, mean_b = len(values), float(values.mean())
        centred = values - mean_b
        squares = centred * centred
        m2_b = float(squares.sum())
        # Not np.dot: for long vectors BLAS starts threads that mostly wait for each other.
        m3_b, m4_b = (float(np.einsum("i,i", squares, other)) for other in (centred, squares))
        if not self.n:
            self.n, self.mean = n_b, mean_b
            self._m2, self._m3, self._m4 = m2_b, m3_b, m4_b
            return
        n_a, n = self.n, self.n + n_b
        delta = mean_b - self.mean
        share = delta / n
        self._m4 += (
            m4_b
            + delta * share**3 * n_a * n_b * (n_a * n_a - n_a * n_b + n_b * n_b)
            + 6 * share**2 * (n_a * n_a * m2_b + n_b * n_b * self._m2)
            + 4 * share * (n_a * m3_b - n_b * self._m3)
        )
        self._m3 += (
            m3_b
            + delta * share**2 * n_a * n_b * (n_a - n_b)
            + 3 * share * (n_a * m2_b - n_b * self._m2)
        )
        self._m2 += m2_b + delta * share * n_a * n_b
        self.mean += share * n_b
        self.n = n

    @property
    def variance(self) -> float:
        """Mean squared deviation (of the population), NaN without samples."""
        return self._m2 / self.n if self.n else math.nan

    @property
    def rms(self) -> float:
        """Root mean square."""
        return math.sqrt(self.variance + self.mean**2)

    @property
    def skewness(self) -> float:
        """Third standardised moment, NaN for a constant signal."""
        return self._m3 / self.n / self.variance**1.5 if self._m2 else math.nan

    @property
    def kurtosis(self) -> float:
        """Fourth standardised moment minus 3: 0 for a normal distribution."""
        return self._m4 / self.n / self.variance**2 - 3.0 if self._m2 else math.nan


class Waveform:
    """Line length and zero crossings of one channel; pairs across gaps are skipped.

    Attributes
    ----------
    line_length : float
        Sum of absolute differences of neighbouring samples, in the channel's unit.
    zero_crossings : int
        Neighbouring samples of which one is below zero and the other is not.
    """

    def __init__(self) -> None:
        self.line_length = 0.0
        self.zero_crossings = 0
        self._values, self._first, self._second = Moments(), Moments(), Moments()
        self._before = np.full(2, np.nan)

    def add(self, piece: SignalPiece) -> None:
        """Add the next samples."""
        values = piece.values
        if not len(values):
            return
        joined = np.concatenate((self._before, values))
        self._before = joined[-2:].copy()
        first = np.diff(joined)  # Its first value was counted with the previous piece.
        second = np.diff(first)
        below = joined[1:] < 0
        crossed = below[1:] != below[:-1]
        first = first[1:]
        if not (piece.is_whole and math.isfinite(joined[0] + joined[1])):
            beside = np.isfinite(first)
            crossed, first, second = crossed[beside], first[beside], second[np.isfinite(second)]
        self.zero_crossings += int(np.count_nonzero(crossed))
        self.line_length += float(np.abs(first).sum())
        self._values.add(piece.present)
        self._first.add(first)
        self._second.add(second)

    def mobility_per_s(self, sampling_rate_hz: float) -> float:
        """Hjorth mobility: standard deviation of the slope over that of the signal, per second.

        The slope is the difference of neighbouring samples times the sampling rate (Hjorth 1970,
        EEG analysis based on time domain properties). NaN for a constant signal.
        """
        return _ratio(self._first.variance, self._values.variance) * sampling_rate_hz

    @property
    def complexity(self) -> float:
        """Hjorth complexity: mobility of the slope over mobility; 1 for a pure sine."""
        slope = _ratio(self._second.variance, self._first.variance)
        return slope / (_ratio(self._first.variance, self._values.variance) or math.nan)


def _ratio(upper_variance: float, lower_variance: float) -> float:
    return math.sqrt(upper_variance / lower_variance) if lower_variance > 0 else math.nan
