"""Uninterrupted runs in arrays, and lists of stretches that grow as a signal streams by."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def true_runs(mask: NDArray[np.bool_], least: int = 1) -> list[tuple[int, int]]:
    """Return the runs `[start, stop)` of True that hold at least `least` values, in order."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False])).astype(np.int8)))
    starts, stops = edges[::2], edges[1::2]
    long = stops - starts >= least
    return list(zip(starts[long].tolist(), stops[long].tolist(), strict=True))


def constant_runs(values: NDArray[np.floating[Any]], least: int) -> list[tuple[int, int]]:
    """Return the runs `[start, stop)` of one value, at least `least` of it, in order.

    NaN equals nothing, itself included. `least` is 2 or more.
    """
    edges = np.concatenate(([0], np.flatnonzero(values[1:] != values[:-1]) + 1, [len(values)]))
    long = np.flatnonzero(np.diff(edges) >= least)
    return list(zip(edges[long].tolist(), edges[long + 1].tolist(), strict=True))


class Stretches:
    """Samples of one kind: how many, and where, close ones taken together.

    Parameters
    ----------
    join_samples : int
        Stretches that lie less than this apart become one span, which bounds the memory.
    """

    def __init__(self, join_samples: int) -> None:
        self._join = join_samples
        self.n_samples = 0
        self.spans: list[tuple[int, int]] = []
        self._end = 0

    def add(self, start: int, stop: int) -> None:
        """Count samples `[start, stop)`; those counted before are not counted again.

        Calls come in order of their ends.
        """
        fresh = max(start, self._end)
        if stop <= fresh:
            return
        self.n_samples += stop - fresh
        self._end = stop
        if self.spans and start - self.spans[-1][1] < self._join:
            self.spans[-1] = (self.spans[-1][0], stop)
        else:
            self.spans.append((start, stop))
