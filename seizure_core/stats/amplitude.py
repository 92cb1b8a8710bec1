"""Amplitude-integrated EEG (aEEG).

After the cerebral function monitor (Maynard, Prior and Scott 1969, British Medical Journal 4,
545) and its digital description by Zhang and Ding (2013, Health 5, 885, doi
10.4236/health.2013.55116): EEG from 2 to 15 Hz, rectified, with its envelope on an axis that is
linear up to 10 uV and logarithmic above. As monitors differ, our choices are:

- band: causal second-order Butterworth filters, -3 dB at 2 and 15 Hz. Monitors also emphasise high
  frequencies (about 12 dB per decade), which is omitted here, so values differ from those of a
  neonatal monitor;
- envelope: mean of the rectified signal over 0.5 s, times pi, so that a steady sine has its
  peak-to-peak amplitude;
- trend: 10 %, 50 % and 90 % quantiles of the envelope in each column of at least 5 s: lower margin,
  median, upper margin.

For display only, never as input of a model.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seizure_core.display.filters import DisplayFilters, FilterRun
from seizure_core.errors import ParameterError
from seizure_core.recording import Recording
from seizure_core.signals.blocks import Cancelled, Progress, RateGroup, rate_groups, signal_blocks

BAND_HZ = (2.0, 15.0)
ENVELOPE_S = 0.5
_MIN_COLUMN_S = 5.0
_MAX_COLUMNS = 720
_MARGINS = (0.1, 0.5, 0.9)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AmplitudeTrend:
    """Amplitude-integrated EEG of one channel.

    Attributes
    ----------
    label, unit : str
        Amplitudes are peak to peak.
    edges_s : ndarray of float64, shape (n_columns + 1,)
        Edges of the columns.
    lower, median, upper : ndarray of float64, shape (n_columns,)
        10 %, 50 % and 90 % quantiles of the envelope in each column; NaN in gaps.
    """

    label: str
    unit: str
    edges_s: NDArray[np.float64]
    lower: NDArray[np.float64]
    median: NDArray[np.float64]
    upper: NDArray[np.float64]


def amplitude_trends(
    recording: Recording,
    channels: Sequence[str | int] | None = None,
    *,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> list[AmplitudeTrend]:
    """Compute the amplitude-integrated EEG of some or all channels.

    Parameters
    ----------
    recording : Recording
        Read once in blocks of bounded memory.
    channels : sequence of str or int, optional
        Labels or positions; None or empty for all.
    progress : callable, optional
        Called with the fraction done, 0 to 1.
    cancelled : callable, optional
        Called regularly; the work stops when it returns True.

    Returns
    -------
    list of AmplitudeTrend
        In the requested order.

    Raises
    ------
    ParameterError
        Unknown channel, or a sampling rate too low for 15 Hz.
    RecordingError
        The file cannot be read.
    WorkCancelledError
        `cancelled` returned True.
    """
    indices = recording.channel_indices(channels)
    for index in indices:
        channel = recording.channels[index]
        if channel.sampling_rate_hz <= 2 * BAND_HZ[1]:
            raise ParameterError(
                "{file_name}: {label} has {sampling_rate_hz:g} samples "
                "a second; the band of {band_hz:g} to {band_hz_2:g} Hz needs more than "
                "{band_hz_3:g}. Choose EEG channels.",
                file_name=recording.file_name,
                label=channel.label,
                sampling_rate_hz=channel.sampling_rate_hz,
                band_hz=BAND_HZ[0],
                band_hz_2=BAND_HZ[1],
                band_hz_3=2 * BAND_HZ[1],
            )
    groups = rate_groups(recording, list(dict.fromkeys(indices)))
    runs = {group: _EnvelopeRun(group) for group in groups}
    for group, block in signal_blocks(recording, groups, progress, cancelled=cancelled):
        runs[group].add(block)
    envelopes = {
        index: row
        for group in groups
        for index, row in zip(group.channel_indices, runs[group].result(), strict=True)
    }
    return [_trend(recording, index, envelopes[index]) for index in indices]


class _EnvelopeRun:
    """Filters and rectifies channels block by block, and keeps two values per second."""

    def __init__(self, group: RateGroup) -> None:
        n_rows = len(group.channel_indices)
        self._filters = FilterRun(
            DisplayFilters(high_pass_hz=BAND_HZ[0], low_pass_hz=BAND_HZ[1]),
            n_rows=n_rows,
            sampling_rate_hz=group.sampling_rate_hz,
        )
        self._rate_hz = group.sampling_rate_hz
        self._n_samples = group.n_samples
        self._waiting = np.empty((n_rows, 0), dtype=np.float64)
        self._n_values = 0
        self._values: list[NDArray[np.float32]] = []

    def add(self, block: NDArray[np.float32]) -> None:
        block = np.where(np.isfinite(block), block, np.float32(np.nan))
        rectified = np.abs(self._filters.process(block).astype(np.float64))
        joined = np.concatenate((self._waiting, rectified), axis=1)
        first = self._edge(self._n_values)
        n_whole = 0
        while self._edge(self._n_values + n_whole + 1) <= first + joined.shape[1]:
            n_whole += 1
        if n_whole:
            numbers = range(self._n_values, self._n_values + n_whole + 1)
            edges = np.array([self._edge(number) - first for number in numbers])
            sums = np.add.reduceat(joined[:, : edges[-1]], edges[:-1], axis=1)
            self._values.append((np.pi * sums / np.diff(edges)).astype(np.float32))
            joined = joined[:, edges[-1] :]
            self._n_values += n_whole
        self._waiting = joined

    def _edge(self, number: int) -> int:
        """Return the first sample of an envelope value; sampling rates may be fractional."""
        return round(number * ENVELOPE_S * self._rate_hz)

    def result(self) -> NDArray[np.float32]:
        """Return the envelope, shape (n_rows, n_values), without an incomplete last value."""
        if not self._values:
            return np.empty((len(self._waiting), 0), dtype=np.float32)
        return np.concatenate(self._values, axis=1)


def _trend(recording: Recording, index: int, envelope: NDArray[np.float32]) -> AmplitudeTrend:
    channel = recording.channels[index]
    duration_s = channel.n_samples / channel.sampling_rate_hz
    per_column = math.ceil(max(_MIN_COLUMN_S, duration_s / _MAX_COLUMNS) / ENVELOPE_S)
    n_columns = max(math.ceil(len(envelope) / per_column), 1)
    padded = np.full(n_columns * per_column, np.nan)
    padded[: len(envelope)] = envelope
    columns = padded.reshape(n_columns, per_column)
    margins = np.full((len(_MARGINS), n_columns), np.nan)
    known = np.isfinite(columns).any(axis=1)
    if known.any():
        margins[:, known] = np.nanquantile(columns[known], _MARGINS, axis=1)
    edges_s = np.arange(n_columns + 1, dtype=np.float64) * (per_column * ENVELOPE_S)
    return AmplitudeTrend(
        label=channel.label,
        unit=channel.unit,
        edges_s=np.minimum(edges_s, max(duration_s, ENVELOPE_S)),
        lower=margins[0],
        median=margins[1],
        upper=margins[2],
    )
