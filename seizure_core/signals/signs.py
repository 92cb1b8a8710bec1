"""Signs of each second of EEG: amplitude, spread, spectrum, rhythm, movement and muscle.

They need no model, no filter with a memory, and no particular channels, so that stretches of a
recording can be read one by one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from seizure_core.signals.model_input import ModelInput

RATE_HZ: Final = 128.0
"""Sampling rate of the signals that signs are computed from."""

SIGNS: Final = (
    "amplitude",
    "contrast",
    "spread",
    "synchrony",
    "slow",
    "delta",
    "theta",
    "alpha",
    "beta",
    "muscle",
    "peak",
    "rhythm",
    "sharpness",
)
"""Names of the signs, see `signs_of`."""

_BANDS_HZ = {
    "slow": (0.5, 1.25),
    "delta": (1.25, 4.0),
    "theta": (4.0, 8.0),
    "alpha": (8.0, 13.0),
    "beta": (13.0, 25.0),
    "muscle": (25.0, 45.0),
}
_WINDOW_S = 2.0
_EDGE_S = (_WINDOW_S - 1.0) / 2
_CHUNK_S = 64
# Microvolts squared and shares below this are as good as nothing.
_POWER_FLOOR, _SHARE_FLOOR = 1e-3, 1e-3


def signs_of_seconds(model_input: ModelInput, stretches: Iterable[tuple[int, int]]) -> Signs:
    """Return the signs of some stretches of a recording.

    Parameters
    ----------
    model_input : ModelInput
        Microvolts at `RATE_HZ`, unfiltered.
    stretches : iterable of (int, int)
        First second and the one after the last.

    Returns
    -------
    ndarray of float32, shape (n_seconds, len(SIGNS))
        NaN outside the stretches and where no channel has a signal.
    """
    rate, edge = round(RATE_HZ), round(_EDGE_S * RATE_HZ)
    n_seconds = -(-model_input.n_samples // rate)
    signs = np.full((n_seconds, len(SIGNS)), np.nan, dtype=np.float32)
    for start, stop in stretches:
        for first in range(start, min(stop, n_seconds), _CHUNK_S):
            last = min(first + _CHUNK_S, stop, n_seconds)
            wanted = (first * rate - edge, last * rate + edge)
            inside = max(wanted[0], 0), min(wanted[1], model_input.n_samples)
            signals = model_input.read(*inside)
            padding = (inside[0] - wanted[0], wanted[1] - inside[1])
            signals = np.pad(signals, ((0, 0), padding), mode="edge")
            signs[first:last] = signs_of(signals)
    return signs


Signs = NDArray[np.float32]
"""Signs of each second, shape (n_seconds, len(SIGNS)); NaN where unknown."""


def signs_of(signals: NDArray[np.float32]) -> Signs:
    """Return the signs of consecutive seconds.

    In the order of `SIGNS`: log amplitude (median over channels); how far the largest channel
    stands out; share of the channels that carry the power; how far all move together; log shares
    of six bands; log frequency of the strongest rhythm, in octaves above 1 Hz; share of that rhythm
    and its double; and log line length over amplitude. Strong channels count most in spectra.

    Parameters
    ----------
    signals : ndarray of float32, shape (n_channels, n_samples)
        At `RATE_HZ`, with half a second before the first and after the last second.
    """
    rate, length = round(RATE_HZ), round(_WINDOW_S * RATE_HZ)
    windows = np.lib.stride_tricks.sliding_window_view(signals, length, axis=1)[:, ::rate]
    windows = np.moveaxis(windows, 0, 1) - _lines(windows)
    frequencies = np.fft.rfftfreq(length, 1.0 / RATE_HZ)
    spectra = np.abs(np.fft.rfft(windows * np.hanning(length).astype(np.float32), axis=2)) ** 2
    # Of a window of that form, in microvolts squared per bin.
    spectra = spectra.astype(np.float64) / (0.375 * length**2 / 2)
    power = spectra[:, :, (frequencies >= 1.0) & (frequencies < 25.0)].sum(axis=2) + _POWER_FLOOR
    alive = np.ptp(windows, axis=2) > 0
    weighted = np.where(alive, power, np.nan)
    with np.errstate(all="ignore"):
        amplitude = 0.5 * np.log10(_middle(weighted))
        columns = [
            amplitude,
            0.5 * np.log10(_largest(weighted)) - amplitude,
            np.nansum(weighted, axis=1) ** 2 / (alive.sum(axis=1) * np.nansum(weighted**2, axis=1)),
            _synchrony(windows),
            *_spectral(frequencies, spectra.sum(axis=1)),
            np.log10(_middle(np.where(alive, _line_length(windows) / np.sqrt(power), np.nan))),
        ]
    signs = np.stack(columns, axis=1).astype(np.float32)
    signs[~alive.any(axis=1)] = np.nan
    return signs


def _lines(windows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the straight line through each window: offsets and drifts are no activity."""
    time = np.linspace(-1.0, 1.0, windows.shape[2], dtype=np.float32)
    slopes = windows @ time / (time @ time)
    lines = windows.mean(axis=2)[..., None] + slopes[..., None] * time
    return np.asarray(np.moveaxis(lines, 0, 1))


def _middle(values: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the median over channels that have a signal, NaN without any."""
    ordered = np.sort(values, axis=1)  # NaN last
    n_alive = np.isfinite(values).sum(axis=1)
    middle = np.maximum(n_alive - 1, 0) // 2
    return np.asarray(ordered[np.arange(len(values)), middle])


def _largest(values: NDArray[np.floating]) -> NDArray[np.float64]:
    return np.asarray(np.max(np.where(np.isfinite(values), values, 0.0), axis=1))


def _synchrony(windows: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return 1 if all channels have the same course, 1/n if all have their own."""
    norms = np.sqrt(np.square(windows).sum(axis=2, keepdims=True))
    unit = windows / np.maximum(norms, 1e-6)
    n_alive = np.maximum((norms[:, :, 0] > 0).sum(axis=1), 1)
    products = np.square(unit @ np.swapaxes(unit, 1, 2)).sum(axis=(1, 2))
    return np.asarray(products / n_alive**2)


def _spectral(
    frequencies: NDArray[np.floating], spectrum: NDArray[np.floating]
) -> list[NDArray[np.float64]]:
    """Return log shares of the bands, and frequency and share of the strongest rhythm."""
    whole = spectrum[:, (frequencies >= 0.5) & (frequencies < 45.0)].sum(axis=1) + _POWER_FLOOR
    shares = [
        np.log10(
            spectrum[:, (frequencies >= low) & (frequencies < high)].sum(axis=1) / whole
            + _SHARE_FLOOR
        )
        for low, high in _BANDS_HZ.values()
    ]
    # Weighted by frequency, as background falls with it.
    audible = np.where((frequencies >= 1.0) & (frequencies < 25.0), frequencies * spectrum, 0.0)
    peak = audible.argmax(axis=1)
    rows = np.arange(len(spectrum))
    around = sum(
        spectrum[rows, np.minimum(centre + step, spectrum.shape[1] - 1)]
        for centre in (peak, 2 * peak)
        for step in (-1, 0, 1)
    )
    return [*shares, np.log2(np.maximum(frequencies[peak], 0.5)), around / whole]


def _line_length(windows: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.asarray(np.abs(np.diff(windows, axis=2)).mean(axis=2), dtype=np.float64)
