"""The smallest and largest value of every stretch of a recording, at many resolutions.

Built once, in one pass of bounded memory, an envelope answers how hours of EEG look on a
thousand pixels without reading the file again. It may be asked while it is being built.
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
"""Smallest and largest values, each of shape (n_rows, n_columns); NaN where is no signal."""

DEFAULT_BUDGET_BYTES = 48 << 20
_FACTOR = 4  # bins of one level that make a bin of the next
_MIN_BIN_SAMPLES = 16
_BLOCK_BYTES = 16 << 20


def column_edges(
    start_s: float, length_s: float, n_columns: int, sampling_rate_hz: float
) -> NDArray[np.int64]:
    """Return the first sample of each pixel column, and the one after the last.

    A sample belongs to the column its time falls into, half open.

    Returns
    -------
    ndarray of int64, shape (n_columns + 1,)
        Not cut to the recording.
    """
    times = start_s + length_s * np.arange(n_columns + 1) / n_columns
    # The tolerance keeps a sample that lies on an edge but for rounding.
    return np.ceil(times * sampling_rate_hz - 1e-6).astype(np.int64)


def extremes(samples: NDArray[np.float32], edges: NDArray[np.int64]) -> Columns:
    """Return the extremes of `samples[:, edges[i]:edges[i + 1]]`; NaN is passed over.

    Parameters
    ----------
    samples : ndarray of float32, shape (n_rows, n_samples)
        Any signal.
    edges : ndarray of int64, shape (n_columns + 1,)
        Rising, within 0 to n_samples. Empty columns become NaN.

    Returns
    -------
    Columns
        Smallest and largest values.
    """
    n_columns = len(edges) - 1
    shape = (len(samples), n_columns)
    smallest, largest = np.full(shape, np.nan, np.float32), np.full(shape, np.nan, np.float32)
    filled = np.flatnonzero(np.diff(edges) > 0)
    if filled.size and len(samples):
        # Between the starts of filled columns lie only empty ones: reduceat sees no gaps.
        cut = samples[:, : edges[-1]]
        smallest[:, filled] = np.fmin.reduceat(cut, edges[filled], axis=1)
        largest[:, filled] = np.fmax.reduceat(cut, edges[filled], axis=1)
    return smallest, largest


@dataclass(frozen=True, slots=True, eq=False)
class _Level:
    """Extremes of bins of one size; bins not built yet are NaN."""

    bin_samples: int
    smallest: NDArray[np.float32]
    largest: NDArray[np.float32]


class Envelope:
    """Extremes of some rows over a whole recording.

    Parameters
    ----------
    recording : Recording
        Where the samples come from.
    rows : sequence of DisplayRow
        What is enveloped; sampling rates may differ.
    filters : DisplayFilters, optional
        Applied from the start of the recording on, before extremes are taken.
    budget_bytes : int
        Upper bound, roughly, of the memory it takes; the finest bins follow from it.
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
        """How much of it is there, 0 to 1."""
        built = sum(p.n_built * len(p.positions) for p in self._pyramids)
        return built / self._n_wanted if self._n_wanted else 1.0

    @property
    def finest_column_s(self) -> float:
        """Narrowest column, in seconds, whose picture is right to half a column."""
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
            Asked before every block; when it says yes, building ends.

        Returns
        -------
        bool
            Whether the envelope is complete.

        Raises
        ------
        RecordingError
            The file cannot be read (any more).
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
        """Return the extremes in every pixel column of a stretch.

        A column takes in every bin that it touches: extremes are never missed, and may lie
        one bin beside the column.

        Parameters
        ----------
        rows : sequence of int
            Positions in `rows`.
        start_s, length_s : float
            The stretch; what lies outside the recording is NaN.
        n_columns : int
            How many columns of equal length.

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
    """The levels of rows that share one sampling rate."""

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
        """Take in the block that begins at sample `start`, a multiple of the largest bin."""
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
        """Return extremes of the bins each column touches, from the coarsest level that does."""
        samples = max((int(edges[-1]) - int(edges[0])) / (len(edges) - 1), 1.0)
        fitting = [level for level in self.levels if 2 * level.bin_samples <= samples]
        level = fitting[-1] if fitting else self.levels[0]
        cut = np.clip(edges, 0, self.n_samples)
        first = cut[:-1] // level.bin_samples
        last = -(-cut[1:] // level.bin_samples)
        last[cut[1:] == cut[:-1]] = 0  # a column without a sample touches no bin
        return _reduce(level.smallest[rows], np.fmin, first, last), _reduce(
            level.largest[rows], np.fmax, first, last
        )


def _binned(values: NDArray[np.float32], function: np.ufunc, factor: int) -> NDArray[np.float32]:
    """Reduce every `factor` neighbours, a power of two; the last may be fewer.

    Neighbours are paired again and again: much faster than `reduceat` over short stretches.
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
    """Reduce bins `first[i]` to `last[i]`; stretches may overlap, empty ones become NaN."""
    reduced = np.full((len(bins), len(first)), np.nan, np.float32)
    filled = np.flatnonzero(last > first)
    if filled.size:
        # A NaN column behind the last bin lets a stretch end there: reduceat wants indices
        # inside the array, and fmin and fmax pass over NaN.
        padded = np.concatenate((bins, np.full((len(bins), 1), np.nan, np.float32)), axis=1)
        pairs = np.stack((first[filled], last[filled]), axis=1).ravel()
        reduced[:, filled] = function.reduceat(padded, pairs, axis=1)[:, ::2]
    return reduced
