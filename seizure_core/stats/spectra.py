"""Power spectra of the channels of a recording."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seizure_core.recording import Channel, Recording
from seizure_core.signals.blocks import Cancelled, Progress, rate_groups, signal_blocks
from seizure_core.stats.pieces import Recutter, SignalPiece
from seizure_core.stats.welch import BANDS, WelchAverage, power_between

MAINS_HZ = (50.0, 60.0)
_MAINS_HALF_WIDTH_HZ = 1.0
# Where a spectrum is looked at for what is there without the mains, distances from its line.
_BESIDE_HZ = (2.0, 5.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PowerSpectrum:
    """The spectrum of one channel over the whole recording, see `seizure_core.stats.welch`.

    Attributes
    ----------
    number : int
        Position of the channel in the file, counted from 1.
    label, unit : str
        Which channel, and in what.
    frequencies_hz : ndarray of float64, shape (n_frequencies,)
        From 0 to half the sampling rate; empty for signals of less than 1 s.
    density : ndarray of float64, shape (n_frequencies,)
        Unit squared per hertz; NaN where no stretch without a gap is long enough.
    n_segments : int
        Segments it is the mean of.
    """

    number: int
    label: str
    unit: str
    frequencies_hz: NDArray[np.float64]
    density: NDArray[np.float64]
    n_segments: int

    @classmethod
    def of(cls, number: int, channel: Channel, average: WelchAverage) -> PowerSpectrum:
        """Return what was gathered of a channel."""
        return cls(
            number=number,
            label=channel.label,
            unit=channel.unit,
            frequencies_hz=average.frequencies_hz,
            density=average.density,
            n_segments=average.n_segments,
        )

    def power(self, low_hz: float, high_hz: float) -> float:
        """Return the power in `[low_hz, high_hz)`, unit squared; NaN where not covered."""
        return float(power_between(self.frequencies_hz, self.density, low_hz, high_hz))

    @property
    def total_power(self) -> float:
        """Power of all frequencies, unit squared."""
        return float(self.density.sum() * self.frequencies_hz[1]) if self.density.size else math.nan

    def band_powers(self) -> dict[str, float]:
        """Return the power in each of `BANDS`, unit squared."""
        return {band.name: self.power(band.low_hz, band.high_hz) for band in BANDS}

    def relative_band_powers(self) -> dict[str, float]:
        """Return the part each band has in the power of all bands the rate covers, 0 to 1."""
        powers = self.band_powers()
        total = math.fsum(power for power in powers.values() if math.isfinite(power))
        return {name: power / total if total else math.nan for name, power in powers.items()}

    def mains_ratio(self, mains_hz: float) -> float:
        """Return the power within 1 Hz of the mains over that of all bands (0.5 to 45 Hz)."""
        line = self.power(mains_hz - _MAINS_HALF_WIDTH_HZ, mains_hz + _MAINS_HALF_WIDTH_HZ)
        total = math.fsum(power for power in self.band_powers().values() if math.isfinite(power))
        return line / total if total else math.nan

    def mains_prominence(self, mains_hz: float) -> float:
        """Return how many times denser the spectrum is within 1 Hz of the mains than beside it.

        Beside it is 2 to 5 Hz away. Muscle is dense there too; the mains is a line.
        """
        near, far = _BESIDE_HZ
        width_hz = 2 * _MAINS_HALF_WIDTH_HZ
        line = self.power(mains_hz - width_hz / 2, mains_hz + width_hz / 2) / width_hz
        below = self.power(mains_hz - far, mains_hz - near)
        above = self.power(mains_hz + near, mains_hz + far)
        beside = [power / (far - near) for power in (below, above) if math.isfinite(power)]
        lowest = min(beside, default=math.nan)
        return line / lowest if lowest > 0 else math.nan


def power_spectra(
    recording: Recording,
    channels: Sequence[str | int] | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> list[PowerSpectrum]:
    """Compute the spectra of some or all channels over the whole recording.

    Parameters
    ----------
    recording : Recording
        The file, read once in blocks of bounded memory.
    channels : sequence of str or int, optional
        Labels or positions; None or empty means all.
    progress : callable, optional
        Called with the fraction done, 0 to 1.
    cancelled : callable, optional
        Asked now and then; True ends the work.

    Returns
    -------
    list of PowerSpectrum
        In the order asked for.

    Raises
    ------
    ParameterError
        Unknown channel.
    RecordingError
        The file cannot be read.
    WorkCancelledError
        `cancelled` said yes.
    """
    indices = recording.channel_indices(channels)
    groups = rate_groups(recording, list(dict.fromkeys(indices)))
    averages = {
        index: WelchAverage(group.sampling_rate_hz, group.n_samples)
        for group in groups
        for index in group.channel_indices
    }
    recutters = {group: Recutter(len(group.channel_indices)) for group in groups}
    for group, block in signal_blocks(recording, groups, progress, cancelled=cancelled):
        for rows in recutters[group].add(block.signals):
            _gather(averages, group.channel_indices, rows)
    for group, recutter in recutters.items():
        for rows in recutter.rest():
            _gather(averages, group.channel_indices, rows)
    return [PowerSpectrum.of(i + 1, recording.channels[i], averages[i]) for i in indices]


def _gather(
    averages: dict[int, WelchAverage], indices: Sequence[int], rows: NDArray[np.float32]
) -> None:
    for index, row in zip(indices, rows, strict=True):
        averages[index].add(SignalPiece.of(row))
