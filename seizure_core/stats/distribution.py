"""Distribution of a channel's values: exact counts and quantiles with little memory, histogram.

Values from converters and texts are multiples of a step, and are counted individually in one pass.
Arbitrary floating-point numbers, and steps over a very wide range, are too many for this and need a
second pass.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seizure_core.errors import ParameterError
from seizure_core.recording import Recording
from seizure_core.signals.blocks import Progress, part_of, rate_groups, signal_blocks

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
        self._counts = np.zeros(_N_CELLS, dtype=np.int64)
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
        # Memory is taken when values come, and released with the quantiles.
        self._values: ValueCounts | None = None
        self._buckets = np.zeros(0, dtype=np.int64)
        self._inside: dict[int, NDArray[np.int64]] = {}
        self._quantiles: list[float] = []

    @property
    def needs_second_pass(self) -> bool:
        """Whether values could not be counted individually."""
        return bool(len(self._buckets))

    def count(self, values: NDArray[np.float32]) -> None:
        """Add finite values, shape (n,), in the first pass."""
        if not self.needs_second_pass:
            self._values = self._values or ValueCounts()
            if self._values.add(values):
                return
            known, counts = self._values.found()
            self._values, self._buckets = None, np.zeros(_N_BUCKETS, dtype=np.int64)
            np.add.at(self._buckets, _keys(known) >> 16, counts)
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
            values, counts = self._found()
            self._quantiles = self._between(values, np.cumsum(counts))
            self._inside, self._values = {}, None
            self._buckets = np.zeros(0, dtype=np.int64)
        return self._quantiles

    def _found(self) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        if self.needs_second_pass:
            return self._refined()
        return (self._values or ValueCounts()).found()

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


DEFAULT_BINS = 200
MAX_BINS = 100_000
_FIRST_PASS = 0.8  # Its share of the progress if there are two passes.


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Distribution:
    """Histogram of all samples of a channel.

    Attributes
    ----------
    bin_edges : ndarray of float64, shape (n_bins + 1,)
        In the unit; empty if the channel has no value.
    counts : ndarray of int64, shape (n_bins,)
        Samples per bin; with `n_missing` the sum is the whole recording.
    n_missing : int
        Samples without a finite value.
    """

    channel: str
    unit: str
    bin_edges: NDArray[np.float64]
    counts: NDArray[np.int64]
    n_missing: int = 0

    @property
    def density(self) -> NDArray[np.float64]:
        """Fraction of samples per unit of value, shape (n_bins,); its integral is 1."""
        if not len(self.counts):
            return np.empty(0)
        return np.asarray(self.counts / (self.counts.sum() * np.diff(self.bin_edges)))

    def quantiles(self, fractions: Sequence[float]) -> list[float]:
        """Return quantiles with the accuracy of a bin; NaN without values.

        `ChannelStatistics` has exact ones.
        """
        if not len(self.counts):
            return [math.nan] * len(fractions)
        reached = np.concatenate(([0], np.cumsum(self.counts))) / self.counts.sum()
        # For empty bins, use the edge nearest to the samples.
        rising = np.concatenate(([True], np.diff(reached) > 0))
        return [
            float(value)
            for value in np.interp(list(fractions), reached[rising], self.bin_edges[rising])
        ]


def value_distribution(
    recording: Recording,
    channel: str | int,
    n_bins: int = DEFAULT_BINS,
    progress: Progress | None = None,
) -> Distribution:
    """Compute the histogram of a channel over the whole recording.

    Stored values are steps of an analog-to-digital converter. Every bin contains the same whole
    number of steps, centred, so that no bin is high or low only because of rounding.

    Parameters
    ----------
    recording : Recording
        Read once in blocks of bounded memory; twice if there are too many different values to count
        (`seizure_core.stats.distribution`).
    channel : str or int
        Label or position.
    n_bins : int
        Maximum number of bins, 1 to 100,000.
    progress : callable, optional
        Called with the fraction done, 0 to 1.

    Raises
    ------
    ParameterError
        Unknown channel, or number of bins out of bounds.
    RecordingError
        The file cannot be read.
    """
    if not 1 <= n_bins <= MAX_BINS:
        raise ParameterError(
            "A distribution has 1 to {max_bins:,} bins; {n_bins:,} were asked for.",
            max_bins=MAX_BINS,
            n_bins=n_bins,
        )
    (index,) = recording.channel_indices([channel])
    chosen = recording.channels[index]
    scan, seen, are_all_seen = _Scan(), ValueCounts(), True
    for values in _present(recording, index, part_of(progress, 0, _FIRST_PASS)):
        scan.add(values)
        are_all_seen = are_all_seen and seen.add(values)
    edges = scan.edges(n_bins)
    if are_all_seen:
        counts = _count(*seen.found(), edges)
    else:
        counts = np.zeros(len(edges) - 1, dtype=np.int64)
        for values in _present(recording, index, part_of(progress, _FIRST_PASS, 1)):
            counts += _count(values, np.ones(len(values)), edges)
    if progress is not None:
        progress(1.0)
    return Distribution(
        channel=chosen.label,
        unit=chosen.unit,
        bin_edges=edges,
        counts=counts,
        n_missing=chosen.n_samples - int(counts.sum()),
    )


def _present(
    recording: Recording, index: int, progress: Progress | None
) -> Iterator[NDArray[np.float32]]:
    for _, (row,) in signal_blocks(recording, rate_groups(recording, [index]), progress):
        yield row[np.isfinite(row)]


def _count(
    values: NDArray[np.float32], counts: NDArray[Any], edges: NDArray[np.float64]
) -> NDArray[np.int64]:
    n_bins = len(edges) - 1
    if n_bins < 1:
        return np.zeros(0, dtype=np.int64)
    width = (edges[-1] - edges[0]) / n_bins
    bins = np.floor((values.astype(np.float64) - edges[0]) / width).astype(np.int64)
    counted = np.bincount(np.clip(bins, 0, n_bins - 1), weights=counts, minlength=n_bins)
    return counted.astype(np.int64)


class _Scan:
    """Range of the values, and the smallest step between them."""

    def __init__(self) -> None:
        self._low = math.inf
        self._high = -math.inf
        self._step = math.inf

    def add(self, values: NDArray[np.float32]) -> None:
        if not len(values):
            return
        self._low = min(self._low, float(values.min()))
        self._high = max(self._high, float(values.max()))
        if not math.isfinite(self._step):
            # The first varying values show the step, because neighbouring samples are close.
            steps = np.diff(np.unique(values[: 1 << 18].astype(np.float64)))
            self._step = float(steps.min()) if len(steps) else math.inf

    def edges(self, n_bins: int) -> NDArray[np.float64]:
        """Return the edges of at most `n_bins` bins of whole steps."""
        width = self._high - self._low
        if width < 0:
            return np.empty(0)
        if not width:
            half = max(abs(self._low) * 1e-3, 0.5)
            return np.array([self._low - half, self._low + half])
        # Both ends are whole steps apart, which gives the step without rounding.
        n_steps = max(round(width / min(self._step, width)), 1)
        step = width / n_steps
        per_bin = math.ceil((n_steps + 1) / n_bins)
        n_used = math.ceil((n_steps + 1) / per_bin)
        return self._low - step / 2 + step * per_bin * np.arange(n_used + 1, dtype=np.float64)
