"""Arithmetic of half-open intervals `[start, stop)`, in seconds or samples.

Lists are sorted and disjoint unless stated otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T", int, float)

Spans = NDArray[np.int64]
"""Shape (n, 2): first sample and end, sorted and disjoint."""


def true_runs(mask: NDArray[np.bool_], at_least: int = 1) -> list[tuple[int, int]]:
    """Return the runs of `at_least` or more True values."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False])).astype(np.int8)))
    starts, stops = edges[::2], edges[1::2]
    long = stops - starts >= at_least
    return list(zip(starts[long].tolist(), stops[long].tolist(), strict=True))


def constant_runs(values: NDArray[Any], at_least: int = 1) -> list[tuple[int, int]]:
    """Return the runs of `at_least` or more equal values, or equal columns of a table.

    NaN equals nothing, itself included.
    """
    changes = values[..., 1:] != values[..., :-1]
    if changes.ndim > 1:
        changes = changes.any(axis=0)
    edges = np.concatenate(([0], np.flatnonzero(changes) + 1, [values.shape[-1]]))
    long = np.flatnonzero(np.diff(edges) >= at_least)
    return list(zip(edges[long].tolist(), edges[long + 1].tolist(), strict=True))


def joined(intervals: Iterable[tuple[T, T]], gap: float = 0.0) -> list[tuple[T, T]]:
    """Return intervals of any order, merged if they overlap, touch or are closer than `gap`."""
    found: list[tuple[T, T]] = []
    for start, stop in sorted(intervals):
        if found and (start <= found[-1][1] or start - found[-1][1] < gap):
            found[-1] = (found[-1][0], max(found[-1][1], stop))
        else:
            found.append((start, stop))
    return found


def outside(intervals: Iterable[tuple[T, T]], taken: Sequence[tuple[T, T]]) -> list[tuple[T, T]]:
    """Return the parts of each interval outside the sorted ones in `taken`."""
    left: list[tuple[T, T]] = []
    for start, stop in intervals:
        for taken_start, taken_stop in taken:
            if taken_start >= stop:
                break
            if taken_start > start:
                left.append((start, taken_start))
            start = max(start, taken_stop)
        if start < stop:
            left.append((start, stop))
    return left


def shared(first: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the length of the intersection of two intervals."""
    return max(0.0, min(first[1], other[1]) - max(first[0], other[0]))


def spans_within(pairs: Iterable[tuple[int, int]], n_samples: int) -> Spans:
    """Return pairs of any order as an array, clipped to `[0, n_samples)` and merged."""
    clipped = ((max(start, 0), min(stop, n_samples)) for start, stop in pairs)
    inside = joined(span for span in clipped if span[0] < span[1])
    return np.array(inside, dtype=np.int64).reshape(-1, 2)


def covered(starts: NDArray[np.int64], length: int, spans: Spans) -> NDArray[np.int64]:
    """Return the number of samples of each window inside spans, shape (n_windows,)."""
    return samples_before(starts + length, spans) - samples_before(starts, spans)


def samples_before(positions: NDArray[np.int64], spans: Spans) -> NDArray[np.int64]:
    """Return the number of samples of spans before each position."""
    if not len(spans):
        return np.zeros(positions.shape, dtype=np.int64)
    lengths = spans[:, 1] - spans[:, 0]
    before = np.concatenate(([0], np.cumsum(lengths)))
    index = np.searchsorted(spans[:, 0], positions, side="right")
    last = np.maximum(index - 1, 0)
    inside = np.clip(positions - spans[last, 0], 0, lengths[last])
    return np.where(index > 0, before[last] + inside, 0)


def union_of_windows(starts: NDArray[np.int64], length: int, n_samples: int) -> Spans:
    """Return the union of windows as spans."""
    return spans_within(((start, start + length) for start in starts.tolist()), n_samples)


class Stretches:
    """Number and position of samples of a kind, with close intervals merged.

    Parameters
    ----------
    join_samples : int
        Intervals closer than this are merged, which bounds the memory.
    """

    def __init__(self, join_samples: int) -> None:
        self._join = join_samples
        self.n_samples = 0
        self.spans: list[tuple[int, int]] = []
        self._end = 0

    def add(self, start: int, stop: int) -> None:
        """Count samples `[start, stop)`, unless counted already.

        Calls must be in order of their ends.
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
