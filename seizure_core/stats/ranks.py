"""Exact value counts and quantiles of signals of any length, with little memory.

Values from converters and texts are multiples of a step, and are counted individually in one pass.
Arbitrary floating-point numbers, and steps over a very wide range, are too many for this and need a
second pass.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

# Two for each step of a 16-bit converter, with a margin: 3 MiB if all are used.
_N_CELLS = 1 << 18
_FIRST_LOOK = 1 << 14  # Number of values that usually show the step.
_N_BUCKETS = 1 << 16
_SIGN = np.uint32(1 << 31)


class ValueCounts:
    """Counts each value of a signal whose values are multiples of a step.

    Cells are half as wide as the smallest step, so that each holds one value. This is checked for
    all values: a smaller step found later makes narrower cells.
    """

    def __init__(self) -> None:
        self._origin = self._cells_per_unit = 0.0
        self._values = np.zeros(_N_CELLS, dtype=np.float32)
        self._counts = np.zeros(_N_CELLS, dtype=np.int64)

    def add(self, values: NDArray[np.float32]) -> bool:
        """Add finite values, shape (n,), or return False if there are too many steps."""
        return not len(values) or any(
            self._divided_by(values[:n]) and self._count(values)
            for n in (0, _FIRST_LOOK, len(values))
        )

    def found(self) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return the values that occurred, in order, and their counts."""
        cells = np.flatnonzero(self._counts)
        return self._values[cells], self._counts[cells]

    def _divided_by(self, values: NDArray[np.float32]) -> bool:
        """Refine the cells for steps between known and new values; False if there are too many."""
        if not len(values):
            return True
        known, counts = self.found()
        distinct = np.unique(np.concatenate([known, values])).astype(np.float64)
        width = float(distinct[-1] - distinct[0])
        cell = float(np.diff(distinct).min(initial=width or 1.0)) / 2
        if width / cell > _N_CELLS - 2:
            return False
        self._origin = float(distinct[0]) - (_N_CELLS * cell - width) / 2
        self._cells_per_unit = 1 / cell
        self._counts = np.zeros_like(self._counts)
        cells = self._cells_of(known).astype(np.intp)
        self._values[cells], self._counts[cells] = known, counts
        return True

    def _cells_of(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        return np.rint((values.astype(np.float64) - self._origin) * self._cells_per_unit)

    def _count(self, values: NDArray[np.float32]) -> bool:
        """Count values; False, without a change, if two would share a cell or have none."""
        places = self._cells_of(values)
        low, high = places.min(), places.max()
        if low < 0 or high >= _N_CELLS:
            return False
        cells = places.astype(np.intp)
        is_new = self._values[cells] != values
        if is_new.any():
            if self._counts[cells[is_new]].any():
                return False
            self._values[cells[is_new]] = values[is_new]
            if (self._values[cells] != values).any():
                return False
        self._counts[int(low) : int(high) + 1] += np.bincount(cells - int(low))
        return True


class RankFinder:
    """Finds quantiles of a signal: call `count`, then `refine` if it `needs_second_pass`.

    The bits of a float32, with the sign handled, sort like the number. If values cannot be counted
    individually, the first pass counts their upper half, which tells in which of 65,536 buckets a
    rank lies, and the second pass counts the lower half in these buckets.

    Parameters
    ----------
    fractions : sequence of float
        Wanted quantiles, 0 to 1, interpolated like `numpy.quantile`.
    """

    def __init__(self, fractions: Sequence[float]) -> None:
        self._fractions = fractions
        self._values: ValueCounts | None = ValueCounts()
        self._buckets = np.zeros(_N_BUCKETS, dtype=np.int64)
        self._inside: dict[int, NDArray[np.int64]] = {}
        self._quantiles: list[float] = []

    @property
    def needs_second_pass(self) -> bool:
        """Whether values could not be counted individually."""
        return self._values is None

    def count(self, values: NDArray[np.float32]) -> None:
        """Add finite values, shape (n,), in the first pass."""
        if self._values is not None:
            if self._values.add(values):
                return
            known, counts = self._values.found()
            np.add.at(self._buckets, _keys(known) >> 16, counts)
            self._values = None
        self._buckets += np.bincount(_keys(values) >> 16, minlength=_N_BUCKETS)

    def refine(self, values: NDArray[np.float32]) -> None:
        """Add the same values again in the second pass."""
        if not self._inside:
            ends = np.cumsum(self._buckets)
            below = (np.array(self._fractions) * (ends[-1] - 1)).astype(np.int64)
            ranks = np.minimum(np.concatenate([below, below + 1]), ends[-1] - 1)
            for bucket in np.searchsorted(ends, ranks, side="right").tolist():
                self._inside[bucket] = np.zeros(_N_BUCKETS, dtype=np.int64)
        keys = _keys(values)
        upper, lower = keys >> 16, keys & 0xFFFF
        for bucket, counts in self._inside.items():
            counts += np.bincount(lower[upper == bucket], minlength=_N_BUCKETS)

    def quantiles(self) -> list[float]:
        """Return the quantiles, NaN without values; releases the memory."""
        if not self._quantiles:
            values, counts = self._refined() if self._values is None else self._values.found()
            self._quantiles = self._between(values, np.cumsum(counts))
            self._inside, self._values = {}, None
        return self._quantiles

    def _between(self, values: NDArray[np.float32], ends: NDArray[np.int64]) -> list[float]:
        if not len(values):
            return [float("nan")] * len(self._fractions)
        last = int(ends[-1]) - 1
        positions = np.array(self._fractions) * last
        below = positions.astype(np.int64)
        low, high = (
            values[np.searchsorted(ends, ranks, side="right")].astype(np.float64)
            for ranks in (below, np.minimum(below + 1, last))
        )
        between: list[float] = (low + (high - low) * (positions - below)).tolist()
        return between

    def _refined(self) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return the values in the wanted buckets, one value of each other bucket, and counts."""
        outside = self._buckets.copy()
        outside[list(self._inside)] = 0
        keys = [np.flatnonzero(outside) << 16]
        keys += [bucket << 16 | np.flatnonzero(inside) for bucket, inside in self._inside.items()]
        counts = [each[each > 0] for each in (outside, *self._inside.values())]
        joined = np.concatenate(keys).astype(np.uint32)
        order = np.argsort(joined)
        return _values_of(joined[order]), np.concatenate(counts)[order]


def _keys(values: NDArray[np.float32]) -> NDArray[np.uint32]:
    """Return unsigned integers that sort like the values, equal for both zeros."""
    bits = (values + np.float32(0)).view(np.int32)
    # All ones for negative numbers, which inverts their order.
    negative = bits >> 31
    return (bits ^ (negative | np.int32(-(1 << 31)))).view(np.uint32)


def _values_of(keys: NDArray[np.uint32]) -> NDArray[np.float32]:
    return np.where(keys & _SIGN, keys ^ _SIGN, ~keys).view(np.float32)
