"""Minimum and maximum of a recording's rows at many resolutions.

Built in one pass of bounded memory, an envelope draws hours of EEG on a thousand pixels without
reading the file again. It can be used while it is being built.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seizure_core.display.filters import DisplayFilters, FilterRun
from seizure_core.display.rows import DisplayRow, read_display_rows, rows_by_rate
from seizure_core.errors import ParameterError
from seizure_core.recording import Recording

Columns = tuple[NDArray[np.float32], NDArray[np.float32]]
"""Minima and maxima, each of shape (n_rows, n_columns); NaN without signal."""

DEFAULT_BUDGET_BYTES = 48 << 20
_FACTOR = 4  # Bins of a level per bin of the next.
_MIN_BIN_SAMPLES = 16
_BLOCK_BYTES = 4 << 20  # Reduced while still in the cache of the processor.


def column_edges(
    start_s: float, length_s: float, n_columns: int, sampling_rate_hz: float
) -> NDArray[np.int64]:
    """Return the first sample of each pixel column, and the end of the last.

    A sample belongs to the column of its time; columns are half open.

    Returns
    -------
    ndarray of int64, shape (n_columns + 1,)
        Not limited to the recording.
    """
    times = start_s + length_s * np.arange(n_columns + 1) / n_columns
    # Tolerate rounding so that a sample exactly on an edge is kept.
    return np.ceil(times * sampling_rate_hz - 1e-6).astype(np.int64)


def extremes(samples: NDArray[np.float32], edges: NDArray[np.int64]) -> Columns:
    """Return minima and maxima of `samples[:, edges[i]:edges[i + 1]]`, ignoring NaN.

    Parameters
    ----------
    edges : ndarray of int64, shape (n_columns + 1,)
        Increasing, within 0 to n_samples. Empty columns become NaN.
    """
    n_columns = len(edges) - 1
    shape = (len(samples), n_columns)
    smallest, largest = np.full(shape, np.nan, np.float32), np.full(shape, np.nan, np.float32)
    filled = np.flatnonzero(np.diff(edges) > 0)
    if filled.size and len(samples):
        # Only empty columns lie between the starts of filled ones, so reduceat sees no gaps.
        cut = samples[:, : edges[-1]]
        smallest[:, filled] = np.fmin.reduceat(cut, edges[filled], axis=1)
        largest[:, filled] = np.fmax.reduceat(cut, edges[filled], axis=1)
    return smallest, largest


@dataclass(frozen=True, slots=True, eq=False)
class _Level:
    """Minima and maxima of bins of one size; NaN for bins not built yet."""

    bin_samples: int
    smallest: NDArray[np.float32]
    largest: NDArray[np.float32]


class Envelope:
    """Minima and maxima of some rows over a whole recording.

    Parameters
    ----------
    rows : sequence of DisplayRow
        Sampling rates may differ.
    filters : DisplayFilters, optional
        Applied from the start of the recording, before taking extremes.
    budget_bytes : int
        Approximate limit of its memory, which determines the finest bins.
    """

    def __init__(
        self,
        recording: Recording,
        rows: Sequence[DisplayRow],
        *,
        filters: DisplayFilters | None = None,
        budget_bytes: int = DEFAULT_BUDGET_BYTES,
    ) -> None:
        self.recording = recording
        self.rows = tuple(rows)
        self.filters = filters or DisplayFilters()
        self._pyramids = [
            _Pyramid(rate_hz, positions, self.rows, budget_bytes)
            for rate_hz, positions in rows_by_rate(self.rows)
        ]
        self._n_wanted = sum(p.n_samples * len(p.positions) for p in self._pyramids)

    @property
    def fraction_built(self) -> float:
        """Fraction that is built, 0 to 1."""
        built = sum(p.n_built * len(p.positions) for p in self._pyramids)
        return built / self._n_wanted if self._n_wanted else 1.0

    @property
    def finest_column_s(self) -> float:
        """Width of the narrowest column, in seconds, that is accurate to half a column."""
        return max((2 * p.levels[0].bin_samples / p.rate_hz for p in self._pyramids), default=0.0)

    def build(
        self,
        *,
        progress: Callable[[float], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> bool:
        """Read the recording once and fill all levels.

        Parameters
        ----------
        progress : callable, optional
            Called with the fraction built, after every block.
        cancelled : callable, optional
            Called before every block; building stops when it returns True.

        Returns
        -------
        bool
            Whether the envelope is complete.

        Raises
        ------
        RecordingError
            The file can no longer be read.
        """
        for pyramid in self._pyramids:
            run = FilterRun(
                self.filters, n_rows=len(pyramid.positions), sampling_rate_hz=pyramid.rate_hz
            )
            rows = [self.rows[i] for i in pyramid.positions]
            pyramid.n_built = 0
            for start in range(0, pyramid.n_samples, pyramid.block_samples):
                if cancelled is not None and cancelled():
                    return False
                stop = min(start + pyramid.block_samples, pyramid.n_samples)
                block = run.process(read_display_rows(self.recording, rows, start, stop))
                pyramid.add(start, block)
                if progress is not None:
                    progress(self.fraction_built)
        return True

    def columns(
        self, rows: Sequence[int], *, start_s: float, length_s: float, n_columns: int
    ) -> Columns:
        """Return the extremes in every pixel column of an interval.

        A column includes every bin it touches: extremes are never missed, but may be one bin off.

        Parameters
        ----------
        rows : sequence of int
            Positions in `rows`.
        start_s, length_s : float
            Outside the recording, values are NaN.

        Returns
        -------
        Columns
            Each of shape (n_rows, n_columns).
        """
        if n_columns < 1 or not length_s > 0:
            raise ParameterError("An envelope needs at least one column and a length above 0 s.")
        shape = (len(rows), n_columns)
        smallest, largest = np.full(shape, np.nan, np.float32), np.full(shape, np.nan, np.float32)
        for pyramid in self._pyramids:
            wanted = [i for i, row in enumerate(rows) if row in pyramid.positions]
            if wanted:
                inside = [pyramid.positions.index(rows[i]) for i in wanted]
                edges = column_edges(start_s, length_s, n_columns, pyramid.rate_hz)
                smallest[wanted], largest[wanted] = pyramid.columns(inside, edges)
        return smallest, largest


class _Pyramid:
    """Levels of rows with the same sampling rate."""

    def __init__(
        self,
        rate_hz: float,
        positions: Sequence[int],
        rows: Sequence[DisplayRow],
        budget_bytes: int,
    ) -> None:
        self.rate_hz = rate_hz
        self.positions = list(positions)
        self.n_samples = min((rows[i].n_samples for i in positions), default=0)
        self.n_built = 0
        n_rows = len(self.positions)
        share = budget_bytes * n_rows / len(rows)
        n_bins = max(share / (n_rows * 8 * _FACTOR / (_FACTOR - 1)), 1.0)
        finest = max(self.n_samples / n_bins, _MIN_BIN_SAMPLES)
        bin_samples = 1 << math.ceil(math.log2(finest))
        self.levels: list[_Level] = []
        while not self.levels or self.n_samples > bin_samples * 64:
            shape = (n_rows, math.ceil(self.n_samples / bin_samples))
            self.levels.append(
                _Level(
                    bin_samples, np.full(shape, np.nan, np.float32), np.full(shape, np.nan, "f4")
                )
            )
            bin_samples *= _FACTOR
        largest_bin = self.levels[-1].bin_samples
        wanted = _BLOCK_BYTES // (4 * n_rows)
        self.block_samples = largest_bin * max(1, wanted // largest_bin)

    def add(self, start: int, block: NDArray[np.float32]) -> None:
        """Add a block that starts at sample `start`, a multiple of the largest bin."""
        smallest, largest = block, block
        bin_samples = 1
        for level in self.levels:
            factor = level.bin_samples // bin_samples
            smallest = _binned(smallest, np.fmin, factor)
            largest = _binned(largest, np.fmax, factor)
            bin_samples = level.bin_samples
            first = start // bin_samples
            level.smallest[:, first : first + smallest.shape[1]] = smallest
            level.largest[:, first : first + largest.shape[1]] = largest
        self.n_built = start + block.shape[1]

    def columns(self, rows: Sequence[int], edges: NDArray[np.int64]) -> Columns:
        """Return extremes of the bins of each column, from the coarsest suitable level."""
        samples = max((int(edges[-1]) - int(edges[0])) / (len(edges) - 1), 1.0)
        fitting = [level for level in self.levels if 2 * level.bin_samples <= samples]
        level = fitting[-1] if fitting else self.levels[0]
        # Only what is built: while a block is added, its bins lack one extreme or the other.
        cut = np.clip(edges, 0, self.n_built)
        first = cut[:-1] // level.bin_samples
        last = -(-cut[1:] // level.bin_samples)
        last[cut[1:] == cut[:-1]] = 0  # A column without samples has no bins.
        return _reduce(level.smallest[rows], np.fmin, first, last), _reduce(
            level.largest[rows], np.fmax, first, last
        )


def _binned(values: NDArray[np.float32], function: np.ufunc, factor: int) -> NDArray[np.float32]:
    """Reduce groups of `factor` neighbours, a power of two; the last group may be incomplete.

    By repeated pairing, which is much faster than `reduceat` for short groups.
    """
    whole = values.shape[1] // factor * factor
    binned = values[:, :whole]
    for _ in range(factor.bit_length() - 1):
        binned = function(binned[:, ::2], binned[:, 1::2])
    if whole == values.shape[1]:
        return binned
    rest = function.reduce(values[:, whole:], axis=1, keepdims=True)
    return np.concatenate((binned, rest), axis=1)


def _reduce(
    bins: NDArray[np.float32], function: np.ufunc, first: NDArray[np.int64], last: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Reduce bins `first[i]` to `last[i]`; ranges may overlap, empty ones become NaN."""
    reduced = np.full((len(bins), len(first)), np.nan, np.float32)
    filled = np.flatnonzero(last > first)
    if filled.size:
        # A NaN column after the last bin, because reduceat needs valid end indices and fmin and
        # fmax ignore NaN.
        padded = np.concatenate((bins, np.full((len(bins), 1), np.nan, np.float32)), axis=1)
        pairs = np.stack((first[filled], last[filled]), axis=1).ravel()
        reduced[:, filled] = function.reduceat(padded, pairs, axis=1)[:, ::2]
    return reduced
