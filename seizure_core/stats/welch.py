"""Power spectra of whole recordings by Welch's method, block by block.

Segments of 4 s (1,024 samples at 256 Hz) that overlap by half, their mean taken off, a Hann
window, the mean of their one-sided densities: `scipy.signal.welch` with `nperseg` of 4 s and
its defaults gives the same numbers where the recording has no gap. Segments never span one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from seizure_core.stats.pieces import SignalPiece

SEGMENT_S = 4.0
# A signal of less than this shows nothing of slow waves.
_SHORTEST_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A band of the EEG: `[low_hz, high_hz)`."""

    name: str
    low_hz: float
    high_hz: float


BANDS = (
    Band(name="delta", low_hz=0.5, high_hz=4.0),
    Band(name="theta", low_hz=4.0, high_hz=8.0),
    Band(name="alpha", low_hz=8.0, high_hz=13.0),
    Band(name="beta", low_hz=13.0, high_hz=30.0),
    Band(name="gamma", low_hz=30.0, high_hz=45.0),  # ends below the mains
)


def density(
    segments: NDArray[np.float64], window: NDArray[np.float64], sampling_rate_hz: float
) -> NDArray[np.float64]:
    """Return the one-sided power spectral density of each segment, its mean taken off.

    Parameters
    ----------
    segments : ndarray of float64, shape (n_segments, segment_samples)
        In any unit.
    window : ndarray of float64, shape (segment_samples,)
        What each segment is multiplied with.
    sampling_rate_hz : float
        Of the segments.

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

    Bands that meet thus add up to the band of both. Undefined (NaN) where the spectrum does
    not reach up to `high_hz`.

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
    """Cuts the samples of one channel into overlapping segments; none spans a gap.

    Parameters
    ----------
    segment_samples, step_samples : int
        Length of a segment, and from one start to the next.
    """

    def __init__(self, segment_samples: int, step_samples: int) -> None:
        self._length = segment_samples
        self._step = step_samples
        self._rest = np.empty(0)
        self._position = 0  # of the first sample of the rest

    def cut(self, piece: SignalPiece) -> list[tuple[int, NDArray[np.float64]]]:
        """Take in the samples that follow, return what is complete.

        Returns
        -------
        list of (int, ndarray of float64 of shape (n_segments, segment_samples))
            First sample of the first segment, and segments that follow each other.
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
    """Gathers the spectrum of one channel.

    Parameters
    ----------
    sampling_rate_hz : float
        Of the channel.
    n_samples : int
        Length of the recording; one that is shorter than a segment is one segment.
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
        """Take in the samples that follow."""
        if not self._n:
            return
        for _, segments in self._cutter.cut(piece):
            self._sum += density(segments, self._window, self._rate_hz).sum(axis=0)
            self.n_segments += len(segments)

    @property
    def frequencies_hz(self) -> NDArray[np.float64]:
        """Frequencies, from 0 up to half the sampling rate; empty where too short."""
        if not self._n:
            return np.empty(0)
        return np.arange(self._n // 2 + 1, dtype=np.float64) * np.float64(self._rate_hz / self._n)

    @property
    def density(self) -> NDArray[np.float64]:
        """Power spectral density, unit squared per hertz; NaN without a segment."""
        if not self._n:
            return np.empty(0)
        return np.asarray(self._sum / (self.n_segments or np.nan), dtype=np.float64)
