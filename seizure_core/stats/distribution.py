"""Amplitude histogram of a channel."""

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
from seizure_core.stats.ranks import ValueCounts

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
        (`seizure_core.stats.ranks`).
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
