"""Exact medians and quantiles of signals of any length, in two passes and little memory.

The bits of a float32, sign handled, sort like the number. A first pass counts their upper
half, which says in which of 65,536 buckets a rank lies; a second counts the lower half inside
those buckets, which says the value itself. Nothing is rounded or sampled.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_N_BUCKETS = 1 << 16
_SIGN = 1 << 31
_ALL = 0xFFFFFFFF


class RankFinder:
    """Finds quantiles of one signal: `count` it all, then `choose`, then `refine` it all.

    Quantiles lie between two neighbours as `numpy.quantile` puts them by default.
    """

    def __init__(self) -> None:
        self._counts = np.zeros(_N_BUCKETS, dtype=np.int64)
        self._fractions: tuple[float, ...] = ()
        self._inside: dict[int, NDArray[np.int64]] = {}

    def count(self, values: NDArray[np.float32]) -> None:
        """First pass: take in finite values, shape (n,)."""
        self._counts += np.bincount(_keys(values) >> 16, minlength=_N_BUCKETS)

    def choose(self, fractions: Sequence[float]) -> None:
        """Say which quantiles are wanted, 0 to 1, when the first pass is over."""
        self._fractions = tuple(fractions)
        ends = np.cumsum(self._counts)
        for rank in self._ranks():
            bucket = int(np.searchsorted(ends, rank, side="right"))
            self._inside[bucket] = np.zeros(_N_BUCKETS, dtype=np.int64)

    def refine(self, values: NDArray[np.float32]) -> None:
        """Second pass: take in the same values again."""
        keys = _keys(values)
        upper, lower = keys >> 16, keys & 0xFFFF
        for bucket, counts in self._inside.items():
            counts += np.bincount(lower[upper == bucket], minlength=_N_BUCKETS)

    def quantiles(self) -> list[float]:
        """Return the chosen quantiles, NaN where there was no value."""
        n_values = int(self._counts.sum())
        if not n_values:
            return [float("nan")] * len(self._fractions)
        found = []
        for fraction in self._fractions:
            position = fraction * (n_values - 1)
            below = int(position)
            low = self._value(below)
            high = self._value(min(below + 1, n_values - 1))
            found.append(low + (high - low) * (position - below))
        return found

    def forget(self) -> None:
        """Give the memory of the second pass back."""
        self._inside = {}

    def _ranks(self) -> set[int]:
        n_values = int(self._counts.sum())
        below = {int(fraction * (n_values - 1)) for fraction in self._fractions if n_values}
        return below | {min(rank + 1, n_values - 1) for rank in below}

    def _value(self, rank: int) -> float:
        ends = np.cumsum(self._counts)
        bucket = int(np.searchsorted(ends, rank, side="right"))
        within = rank - int(ends[bucket] - self._counts[bucket])
        lower = int(np.searchsorted(np.cumsum(self._inside[bucket]), within, side="right"))
        return _value_of(bucket << 16 | lower)


def _keys(values: NDArray[np.float32]) -> NDArray[np.uint32]:
    """Return unsigned integers that sort as the values do."""
    bits = np.ascontiguousarray(values, dtype=np.float32).view(np.int32)
    # All ones where negative, which turns the order of negative numbers round.
    negative = bits >> 31
    return (bits ^ (negative | np.int32(-(1 << 31)))).view(np.uint32)


def _value_of(key: int) -> float:
    bits = key ^ _SIGN if key & _SIGN else key ^ _ALL
    return float(np.array(bits, dtype=np.uint32).view(np.float32))
