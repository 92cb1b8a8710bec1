"""Spectrograms with a limited number of columns.

Segments of 2 s, mean removed, Hann window, one-sided density, as in `seizure_core.stats.spectra`. A
column is the mean of the segments centred in it; segments overlap by 50 % in long recordings, by up
to 87.5 % in short ones.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from seizure_core.errors import ParameterError
from seizure_core.recording import Recording
from seizure_core.signals.blocks import Cancelled, Progress, RateGroup, rate_groups
from seizure_core.stats.pieces import SignalPiece, signal_pieces
from seizure_core.stats.spectra import BANDS, SegmentCutter, density, power_between

DEFAULT_COLUMNS = 1000
MAX_COLUMNS = 10_000
_SEGMENT_S = 2.0
_MIN_STEP, _MAX_STEP = 8, 2  # Fractions of a segment.


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spectrogram:
    """Power of one channel, or the mean of several, by time and frequency.

    Attributes
    ----------
    edges_s : ndarray of float64, shape (n_columns + 1,)
        Edges of the columns.
    frequencies_hz : ndarray of float64, shape (n_frequencies,)
        From 0 to half the sampling rate.
    density : ndarray of float64, shape (n_frequencies, n_columns)
        Unit squared per hertz; NaN without a segment (gaps, both ends).
    """

    labels: tuple[str, ...]
    unit: str
    edges_s: NDArray[np.float64]
    frequencies_hz: NDArray[np.float64]
    density: NDArray[np.float64]

    def power_between(self, low_hz: float, high_hz: float) -> NDArray[np.float64]:
        """Return the power in `[low_hz, high_hz)` of each column, unit squared."""
        return power_between(self.frequencies_hz, self.density.T, low_hz, high_hz)

    def band_powers(self) -> NDArray[np.float64]:
        """Return the power in each of the EEG bands, shape (n_bands, n_columns)."""
        return np.array([self.power_between(band.low_hz, band.high_hz) for band in BANDS])


def spectrogram(
    recording: Recording,
    channels: Sequence[str | int],
    *,
    max_columns: int = DEFAULT_COLUMNS,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Spectrogram:
    """Compute the spectrogram of one channel, or the mean of several.

    Parameters
    ----------
    recording : Recording
        Read once in blocks of bounded memory.
    channels : sequence of str or int
        Labels or positions, of one sampling rate and unit. Empty for all.
    max_columns : int
        Maximum number of columns, 1 to 10,000.
    progress : callable, optional
        Called with the fraction done, 0 to 1.
    cancelled : callable, optional
        Called regularly; the work stops when it returns True.

    Raises
    ------
    ParameterError
        Unknown channel, channels that cannot be averaged, or number of columns out of bounds.
    RecordingError
        The file cannot be read.
    WorkCancelledError
        `cancelled` returned True.
    """
    if not 1 <= max_columns <= MAX_COLUMNS:
        raise ParameterError(
            "A spectrogram has 1 to {max_columns:,} columns; {max_columns_2:,} were asked for.",
            max_columns=MAX_COLUMNS,
            max_columns_2=max_columns,
        )
    group = checked_group(recording, channels)
    rate_hz, n_samples = group.sampling_rate_hz, group.n_samples
    length, step, column = _grid(group, max_columns)
    n_columns = math.ceil(n_samples / column)
    sums, counts = np.zeros((n_columns, length // 2 + 1)), np.zeros(n_columns)
    window = scipy.signal.get_window("hann", length)
    cutters = [SegmentCutter(length, step) for _ in group.channel_indices]
    for _, rows in signal_pieces(recording, [group], progress, cancelled):
        for row, cutter in zip(rows, cutters, strict=True):
            for first, segments in cutter.cut(SignalPiece.of(row)):
                middles = first + step * np.arange(len(segments)) + length // 2
                columns = np.minimum(middles // column, n_columns - 1)
                np.add.at(sums, columns, density(segments, window, rate_hz))
                np.add.at(counts, columns, 1)
    with np.errstate(invalid="ignore"):
        densities = sums.T / counts
    edges = np.minimum(np.arange(n_columns + 1) * column, n_samples)
    return Spectrogram(
        labels=tuple(recording.channels[index].label for index in group.channel_indices),
        unit=recording.channels[group.channel_indices[0]].unit,
        edges_s=np.asarray(edges / rate_hz, dtype=np.float64),
        frequencies_hz=np.asarray(np.arange(length // 2 + 1) * (rate_hz / length)),
        density=densities,
    )


def _grid(group: RateGroup, max_columns: int) -> tuple[int, int, int]:
    """Return the samples of a segment, of its step, and of a column."""
    length = max(min(round(_SEGMENT_S * group.sampling_rate_hz), group.n_samples), 2)
    wanted = math.ceil(max(group.n_samples, 1) / max_columns)
    step = min(max(wanted, length // _MIN_STEP, 1), max(length // _MAX_STEP, 1))
    return length, step, math.ceil(max(wanted, step) / step) * step


def checked_group(recording: Recording, channels: Sequence[str | int]) -> RateGroup:
    """Return the channels as one group of one sampling rate, length and unit.

    Raises
    ------
    ParameterError
        Unknown channel, no channel, or channels that differ.
    """
    indices = list(dict.fromkeys(recording.channel_indices(channels)))
    groups = rate_groups(recording, indices)
    units = {recording.channels[index].unit for index in indices}
    if len(groups) != 1 or len(units) != 1:
        raise ParameterError(
            "{file_name}: channels of one unit and one sampling rate can be looked at "
            "together; {n_groups} rates and {n_units} units were chosen.",
            file_name=recording.file_name,
            n_groups=len(groups),
            n_units=len(units),
        )
    return groups[0]
