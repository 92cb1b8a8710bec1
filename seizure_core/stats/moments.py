"""Mean, spread and shape of signals, gathered block by block in float64."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray


class Moments:
    """Central moments and extremes of one signal.

    Blocks are merged by the pairwise formulas of Chan, Golub and LeVeque (1979), extended to
    third and fourth moments by Pebay (SAND2008-6212), so that an offset of thousands of units
    costs no digits.
    """

    def __init__(self) -> None:
        self.n = 0
        self.mean = math.nan
        self.minimum = math.nan
        self.maximum = math.nan
        self._m2 = self._m3 = self._m4 = 0.0

    def add(self, values: NDArray[np.float64]) -> None:
        """Take in more values, all finite."""
        if not len(values):
            return
        self.minimum = float(np.fmin(self.minimum, values.min()))
        self.maximum = float(np.fmax(self.maximum, values.max()))
        n_b, mean_b = len(values), float(values.mean())
        centred = values - mean_b
        squares = centred * centred
        m2_b = float(squares.sum())
        m3_b, m4_b = float(np.dot(squares, centred)), float(np.dot(squares, squares))
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
        """Mean squared deviation (the population's), NaN without a sample."""
        return self._m2 / self.n if self.n else math.nan

    @property
    def rms(self) -> float:
        """Root mean square."""
        return math.sqrt(self.variance + self.mean**2)

    @property
    def skewness(self) -> float:
        """Third standardised moment, NaN where nothing varies."""
        return self._m3 / self.n / self.variance**1.5 if self._m2 else math.nan

    @property
    def kurtosis(self) -> float:
        """Fourth standardised moment less 3: 0 for a normal distribution."""
        return self._m4 / self.n / self.variance**2 - 3.0 if self._m2 else math.nan
