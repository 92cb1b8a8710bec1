"""Power spectra of a stretch of EEG, as it stands on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seizure_core.display.filtered_rows import BLOCK_SAMPLES, FilteredRows
from seizure_core.display.filters import DisplayFilters
from seizure_core.display.rows import DisplayRow, rows_by_rate
from seizure_core.errors import ParameterError
from seizure_core.recording import Recording
from seizure_core.stats.pieces import SignalPiece
from seizure_core.stats.spectra import WelchAverage

MAX_SAMPLES = 30_000_000
"""Samples of all rows together."""
SHORTEST_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RowSpectrum:
    """The spectrum of one row.

    Attributes
    ----------
    row : int
        Position among the rows asked for.
    step_hz : float
        From one frequency to the next; the first is 0.
    density : ndarray of float64, shape (n_frequencies,)
        Unit squared per hertz; NaN if no segment is free of gaps.
    """

    row: int
    step_hz: float
    density: NDArray[np.float64]


def row_spectra(
    recording: Recording,
    rows: Sequence[DisplayRow],
    *,
    start_s: float,
    length_s: float,
    filters: DisplayFilters,
) -> list[RowSpectrum]:
    """Return the spectra of rows over a stretch by Welch's method, see `spectra`.

    Parameters
    ----------
    rows : sequence of DisplayRow
        In the order in which the spectra come.
    filters : DisplayFilters
        Those the rows are looked at with.

    Raises
    ------
    ParameterError
        The stretch is shorter than `SHORTEST_S` or has more than `MAX_SAMPLES`.
    """
    n_samples = sum(row.sampling_rate_hz for row in rows) * length_s
    if length_s < SHORTEST_S or n_samples > MAX_SAMPLES:
        raise ParameterError(
            "A spectrum needs a stretch of at least {shortest_s:g} s, and here of at most "
            "{longest_s:.0f} s; {length_s:.1f} s were chosen.",
            shortest_s=SHORTEST_S,
            longest_s=MAX_SAMPLES / max(n_samples / length_s, 1.0),
            length_s=length_s,
        )
    found: list[RowSpectrum] = []
    for rate_hz, positions in rows_by_rate(rows):
        chosen = [rows[i] for i in positions]
        end = min(row.n_samples for row in chosen)
        first = min(round(max(start_s, 0.0) * rate_hz), end)
        last = min(round((start_s + length_s) * rate_hz), end)
        averages = [WelchAverage(rate_hz, last - first) for _ in chosen]
        signals = FilteredRows(recording, chosen, first=first, filters=filters)
        size = max(1, BLOCK_SAMPLES // len(chosen))
        for stop in (*range(first + size, last, size), last):
            for average, samples in zip(averages, signals.read(stop), strict=True):
                average.add(SignalPiece.of(samples))
        found += [
            RowSpectrum(row=i, step_hz=float(average.frequencies_hz[1]), density=average.density)
            for i, average in zip(positions, averages, strict=True)
            if len(average.frequencies_hz) > 1
        ]
    return sorted(found, key=lambda spectrum: spectrum.row)
