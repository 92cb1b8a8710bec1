"""What a stretch of EEG is like, in a dozen numbers that need no model of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import signal, stats

BANDS_HZ = {
    "delta": (1.0, 4.0),
    "theta": (4.0, 8.0),
    "alpha": (8.0, 13.0),
    "beta": (13.0, 30.0),
    "gamma": (30.0, 55.0),
}
SLOPE_HZ = (2.0, 40.0)
FEATURES = (
    "log rms",
    "spread of log rms over channels",
    "line length over rms",
    "spectral slope",
    *(f"log share of {name}" for name in BANDS_HZ),
    "kurtosis",
    "median absolute correlation",
    "largest absolute correlation",
)
_FLOOR = 1e-9
_MOST_KURTOSIS = 50.0


def features_of(signals: NDArray[np.float32], sampling_rate_hz: float) -> NDArray[np.float64]:
    """Return the numbers of a stretch, in the order of `FEATURES`.

    Parameters
    ----------
    signals : ndarray, shape (n_channels, n_samples)
        Microvolts, at least two seconds; channels that are all zero are left out.
    sampling_rate_hz : float
        At least 110, for the highest band.

    Returns
    -------
    ndarray of float64, shape (len(FEATURES),)
        Finite; medians over channels unless the name says otherwise.
    """
    present = signals[np.ptp(signals, axis=1) > 0].astype(np.float64)
    present = present - present.mean(axis=1, keepdims=True)
    rms = present.std(axis=1)
    line_length = np.abs(np.diff(present, axis=1)).mean(axis=1)
    frequencies, power = spectrum(present, sampling_rate_hz)
    total = power[:, (frequencies >= 1.0) & (frequencies < 55.0)].sum(axis=1) + _FLOOR
    shares = [
        power[:, (frequencies >= low) & (frequencies < high)].sum(axis=1) / total
        for low, high in BANDS_HZ.values()
    ]
    correlations = np.abs(np.corrcoef(present))[np.triu_indices(len(present), 1)]
    return np.array(
        [
            np.median(np.log10(rms)),
            np.std(np.log10(rms)),
            np.median(line_length / rms),
            np.median(_slopes(frequencies, power)),
            *(np.median(np.log10(share + 1e-6)) for share in shares),
            np.median(np.clip(stats.kurtosis(present, axis=1), -3.0, _MOST_KURTOSIS)),
            np.median(correlations),
            np.max(correlations),
        ]
    )


def spectrum(
    signals: NDArray[np.float64], sampling_rate_hz: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return frequencies and the power density of each channel (Welch, two-second pieces)."""
    length = min(round(2 * sampling_rate_hz), signals.shape[1])
    frequencies, power = signal.welch(signals, fs=sampling_rate_hz, nperseg=length, axis=1)
    return frequencies, power


def _slopes(frequencies: NDArray[np.float64], power: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the exponent with which each channel's power falls with frequency."""
    inside = (frequencies >= SLOPE_HZ[0]) & (frequencies <= SLOPE_HZ[1])
    slopes: NDArray[np.float64] = np.polyfit(
        np.log10(frequencies[inside]), np.log10(power[:, inside] + _FLOOR).T, 1
    )[0]
    return slopes
