"""The shape of a signal in time: line length, crossings of zero, Hjorth's parameters."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from seizure_core.stats.pieces import SignalPiece


class ValueSpread:
    """Number, mean and variance of values that come in parts (Chan, Golub, LeVeque 1979)."""

    def __init__(self) -> None:
        self.n = 0
        self.mean = 0.0
        self._m2 = 0.0

    def add(self, values: NDArray[np.float64]) -> None:
        """Take in more values, all finite."""
        if not len(values):
            return
        mean = float(values.mean())
        centred = values - mean
        n = self.n + len(values)
        delta = mean - self.mean
        self._m2 += float(np.dot(centred, centred)) + delta * delta * self.n * len(values) / n
        self.mean += delta * len(values) / n
        self.n = n

    @property
    def variance(self) -> float:
        """Mean squared deviation (the population's), NaN without a value."""
        return self._m2 / self.n if self.n else math.nan


class Waveform:
    """Neighbouring samples of one channel compared; what lies beside a gap is no neighbour.

    Attributes
    ----------
    line_length : float
        Sum of the absolute differences of neighbours, in the channel's unit.
    zero_crossings : int
        Neighbours of which one is below zero and the other is not.
    """

    def __init__(self) -> None:
        self.line_length = 0.0
        self.zero_crossings = 0
        self._values, self._first, self._second = ValueSpread(), ValueSpread(), ValueSpread()
        self._before = np.full(2, np.nan)

    def add(self, piece: SignalPiece) -> None:
        """Take in the samples that follow."""
        values = piece.values
        if not len(values):
            return
        joined = np.concatenate((self._before, values))
        self._before = joined[-2:].copy()
        first = np.diff(joined)  # its first value was counted with the piece before
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
        """Hjorth's mobility: spread of the slope over spread of the signal, per second.

        The slope is the difference of neighbours times the sampling rate (Hjorth 1970, EEG
        analysis based on time domain properties). NaN where nothing varies.
        """
        return _ratio(self._first.variance, self._values.variance) * sampling_rate_hz

    @property
    def complexity(self) -> float:
        """Hjorth's complexity: mobility of the slope over mobility; 1 for a pure sine."""
        slope = _ratio(self._second.variance, self._first.variance)
        return slope / (_ratio(self._first.variance, self._values.variance) or math.nan)


def _ratio(upper_variance: float, lower_variance: float) -> float:
    return math.sqrt(upper_variance / lower_variance) if lower_variance > 0 else math.nan
