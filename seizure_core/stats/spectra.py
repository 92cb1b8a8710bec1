"""Power spectra of whole recordings by Welch's method, block by block.

Segments of 4 s (1,024 samples at 256 Hz) with 50 % overlap, mean removed, Hann window, averaged
one-sided densities: like `scipy.signal.welch` with `nperseg` of 4 s and defaults, but four times as
fast. Segments never span a gap.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from seizure_core.messages import Message, some
from seizure_core.recording import Channel, Finding, Recording
from seizure_core.signals.blocks import Cancelled, Progress, rate_groups
from seizure_core.stats.pieces import SignalPiece, signal_pieces

SEGMENT_S = 4.0
# Shorter signals do not show slow waves.
_SHORTEST_S = 1.0
MAINS_HZ = (50.0, 60.0)
_MAINS_HALF_WIDTH_HZ = 1.0
# Distances from the mains frequency that count as its surroundings.
_BESIDE_HZ = (2.0, 5.0)
# Mains is strong if its line has this fraction of the EEG's power and exceeds its surroundings;
# muscle artefacts are equally dense on both sides.
STRONG_MAINS_RATIO = 0.1
STRONG_MAINS_PROMINENCE = 5.0
# Below this fraction of the total power, a line is a rounding error.
_MIN_PART = 1e-6
_MAX_RATIO = 100.0
_NAMED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A frequency band of the EEG: `[low_hz, high_hz)`."""

    name: str
    low_hz: float
    high_hz: float


BANDS = (
    Band(name="delta", low_hz=0.5, high_hz=4.0),
    Band(name="theta", low_hz=4.0, high_hz=8.0),
    Band(name="alpha", low_hz=8.0, high_hz=13.0),
    Band(name="beta", low_hz=13.0, high_hz=30.0),
    Band(name="gamma", low_hz=30.0, high_hz=45.0),  # Ends below the mains frequency.
)


def density(
    segments: NDArray[np.float64], window: NDArray[np.float64], sampling_rate_hz: float
) -> NDArray[np.float64]:
    """Return the one-sided power spectral density of each segment, with the mean removed.

    Parameters
    ----------
    window : ndarray of float64, shape (segment_samples,)
        Window function.

    Returns
    -------
    ndarray of float64, shape (n_segments, segment_samples // 2 + 1)
        Unit squared per hertz.
    """
    centred = (segments - segments.mean(axis=1, keepdims=True)) * window
    transform = np.fft.rfft(centred, axis=1)
    power = transform.real**2 + transform.imag**2
    power /= sampling_rate_hz * float(np.dot(window, window))
    last = -1 if segments.shape[1] % 2 == 0 else None
    power[:, 1:last] *= 2.0
    return np.asarray(power)


def power_between(
    frequencies_hz: NDArray[np.float64],
    densities: NDArray[np.float64],
    low_hz: float,
    high_hz: float,
) -> NDArray[np.float64]:
    """Return the power in `[low_hz, high_hz)`: the sum of the bins times their width.

    So adjacent bands add up. NaN if the spectrum does not reach `high_hz`.

    Parameters
    ----------
    frequencies_hz : ndarray of float64, shape (n_frequencies,)
        Equally spaced from 0.
    densities : ndarray of float64, shape (..., n_frequencies)
        Of one or several spectra.
    """
    if len(frequencies_hz) < 2 or high_hz > frequencies_hz[-1] + frequencies_hz[1] / 2:
        return np.full(densities.shape[:-1], np.nan)
    inside = (frequencies_hz >= low_hz - 1e-9) & (frequencies_hz < high_hz - 1e-9)
    return np.asarray(densities[..., inside].sum(axis=-1) * frequencies_hz[1])


class SegmentCutter:
    """Cuts the samples of one channel into overlapping segments without gaps.

    Parameters
    ----------
    segment_samples, step_samples : int
        Length and step of the segments.
    """

    def __init__(self, segment_samples: int, step_samples: int) -> None:
        self._length = segment_samples
        self._step = step_samples
        self._rest = np.empty(0)
        self._position = 0  # Of the first sample of the rest.

    def cut(self, piece: SignalPiece) -> list[tuple[int, NDArray[np.float64]]]:
        """Process the next samples; return the complete segments.

        Returns
        -------
        list of (int, ndarray of float64 of shape (n_segments, segment_samples))
            First sample of the first segment, and consecutive segments.
        """
        found: list[tuple[int, NDArray[np.float64]]] = []
        base = self._position + len(self._rest)
        for start, stop in piece.stretches():
            if start > 0:
                self._start_at(base + start)
            self._rest = np.concatenate((self._rest, piece.values[start:stop]))
            n_segments = max((len(self._rest) - self._length) // self._step + 1, 0)
            if n_segments:
                windows = np.lib.stride_tricks.sliding_window_view(self._rest, self._length)
                found.append((self._position, windows[:: self._step][:n_segments]))
                self._rest = self._rest[n_segments * self._step :]
                self._position += n_segments * self._step
        if not piece.is_whole and not np.isfinite(piece.values[-1]):
            self._start_at(base + len(piece.values))
        return found

    def _start_at(self, position: int) -> None:
        self._rest = np.empty(0)
        self._position = position


class WelchAverage:
    """Averages the spectrum of one channel.

    Parameters
    ----------
    n_samples : int
        Length of the recording; if shorter than a segment, it is one segment.
    """

    def __init__(self, sampling_rate_hz: float, n_samples: int) -> None:
        wanted = min(round(SEGMENT_S * sampling_rate_hz), n_samples)
        shortest = max(round(_SHORTEST_S * sampling_rate_hz), 4)
        self._n = wanted if wanted >= shortest else 0
        self._rate_hz = sampling_rate_hz
        self._window = scipy.signal.get_window("hann", max(self._n, 1))
        self._cutter = SegmentCutter(max(self._n, 1), max(self._n - self._n // 2, 1))
        self._sum = np.zeros(self._n // 2 + 1)
        self.n_segments = 0

    def add(self, piece: SignalPiece) -> None:
        """Process the next samples."""
        if not self._n:
            return
        for _, segments in self._cutter.cut(piece):
            self._sum += density(segments, self._window, self._rate_hz).sum(axis=0)
            self.n_segments += len(segments)

    @property
    def frequencies_hz(self) -> NDArray[np.float64]:
        """Frequencies, from 0 to half the sampling rate; empty if too short."""
        if not self._n:
            return np.empty(0)
        return np.arange(self._n // 2 + 1, dtype=np.float64) * np.float64(self._rate_hz / self._n)

    @property
    def density(self) -> NDArray[np.float64]:
        """Power spectral density, unit squared per hertz; NaN without segments."""
        if not self._n:
            return np.empty(0)
        return np.asarray(self._sum / (self.n_segments or np.nan), dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PowerSpectrum:
    """The power spectrum of one channel over the whole recording.

    Attributes
    ----------
    number : int
        Position in the file, from 1.
    frequencies_hz : ndarray of float64, shape (n_frequencies,)
        From 0 to half the sampling rate; empty for signals shorter than 1 s.
    density : ndarray of float64, shape (n_frequencies,)
        Unit squared per hertz; NaN if no interval between gaps is long enough.
    n_segments : int
        Number of averaged segments.
    """

    number: int
    label: str
    unit: str
    frequencies_hz: NDArray[np.float64]
    density: NDArray[np.float64]
    n_segments: int

    @classmethod
    def of(cls, number: int, channel: Channel, average: WelchAverage) -> PowerSpectrum:
        """Return the spectrum of a channel from its average."""
        return cls(
            number=number,
            label=channel.label,
            unit=channel.unit,
            frequencies_hz=average.frequencies_hz,
            density=average.density,
            n_segments=average.n_segments,
        )

    def power(self, low_hz: float, high_hz: float) -> float:
        """Return the power in `[low_hz, high_hz)`, unit squared; NaN if not covered."""
        return float(power_between(self.frequencies_hz, self.density, low_hz, high_hz))

    @property
    def total_power(self) -> float:
        """Power of all frequencies, unit squared."""
        return float(self.density.sum() * self.frequencies_hz[1]) if self.density.size else math.nan

    def band_powers(self) -> dict[str, float]:
        """Return the power in each of `BANDS`, unit squared."""
        return {band.name: self.power(band.low_hz, band.high_hz) for band in BANDS}

    def relative_band_powers(self) -> dict[str, float]:
        """Return each band's fraction of the power of all bands covered."""
        powers = self.band_powers()
        total = math.fsum(power for power in powers.values() if math.isfinite(power))
        return {name: power / total if total else math.nan for name, power in powers.items()}

    def mains_ratio(self, mains_hz: float) -> float:
        """Return the power within 1 Hz of the mains over that of all bands (0.5 to 45 Hz)."""
        line = self.power(mains_hz - _MAINS_HALF_WIDTH_HZ, mains_hz + _MAINS_HALF_WIDTH_HZ)
        total = math.fsum(power for power in self.band_powers().values() if math.isfinite(power))
        return line / total if total else math.nan

    def mains_prominence(self, mains_hz: float) -> float:
        """Return the density within 1 Hz of the mains frequency over that of its surroundings.

        The surroundings are 2 to 5 Hz away. Muscle artefacts are dense there, too; mains is a line.
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
        Read once in blocks of bounded memory.
    channels : sequence of str or int, optional
        Labels or positions; None or empty for all.
    progress : callable, optional
        Called with the fraction done, 0 to 1.
    cancelled : callable, optional
        Called regularly; the work stops when it returns True.

    Returns
    -------
    list of PowerSpectrum
        In the requested order.

    Raises
    ------
    ParameterError
        Unknown channel.
    RecordingError
        The file cannot be read.
    WorkCancelledError
        `cancelled` returned True.
    """
    indices = recording.channel_indices(channels)
    groups = rate_groups(recording, list(dict.fromkeys(indices)))
    averages = {
        index: WelchAverage(group.sampling_rate_hz, group.n_samples)
        for group in groups
        for index in group.channel_indices
    }
    for group, rows in signal_pieces(recording, groups, progress, cancelled):
        for index, row in zip(group.channel_indices, rows, strict=True):
            averages[index].add(SignalPiece.of(row))
    return [PowerSpectrum.of(i + 1, recording.channels[i], averages[i]) for i in indices]


def mains_findings(spectra: Sequence[PowerSpectrum]) -> Iterator[Finding]:
    """Return findings on voltage channels with strong mains interference."""
    asked = [spectrum for spectrum in spectra if spectrum.unit == "uV" or not spectrum.unit]
    for mains_hz in MAINS_HZ:
        ratios = {
            spectrum: spectrum.mains_ratio(mains_hz)
            for spectrum in asked
            if spectrum.mains_prominence(mains_hz) >= STRONG_MAINS_PROMINENCE
        }
        strong = [
            spectrum
            for spectrum, ratio in ratios.items()
            if ratio >= STRONG_MAINS_RATIO
            and spectrum.power(mains_hz - 1, mains_hz + 1) > _MIN_PART * spectrum.total_power
        ]
        strong.sort(key=lambda spectrum: -ratios[spectrum])
        if not strong:
            continue
        everywhere = len(strong) == len(asked) and len(asked) > 1
        yield Finding.info(
            "{mains_hz:g} Hz mains strong on all {n} channels, most on {channels}."
            if everywhere
            else "{mains_hz:g} Hz mains strong on {channels}.",
            mains_hz=mains_hz,
            n=len(strong),
            channels=some([_with_amount(s, mains_hz, ratios[s]) for s in strong], at_most=_NAMED),
        )


def _with_amount(spectrum: PowerSpectrum, mains_hz: float, ratio: float) -> str:
    return Message(
        "{label} ({rms:.2g}{unit} RMS, {times} times the EEG's power)",
        label=spectrum.label or "(no label)",
        rms=math.sqrt(spectrum.power(mains_hz - 1, mains_hz + 1)),
        unit=f" {spectrum.unit}" if spectrum.unit else "",
        times=f"{ratio:.2g}" if ratio <= _MAX_RATIO else Message("more than {n:g}", n=_MAX_RATIO),
    )
