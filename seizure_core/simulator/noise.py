"""Coloured noise, slow random curves and random moments: the material of the simulator."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import scipy
from numpy.typing import NDArray

Signals = NDArray[np.float32]


def random_stream(seed: int, name: str) -> np.random.Generator:
    """Return a generator of its own for one part of a simulation.

    Parts draw from separate streams, so that taking one away (the seizures, say) leaves
    every other part exactly as it was.
    """
    return np.random.default_rng(np.random.SeedSequence([seed, *name.encode()]))


def coloured_noise(
    rng: np.random.Generator,
    n_signals: int,
    n_samples: int,
    sampling_rate_hz: float,
    spectrum: Callable[[NDArray[np.float64]], NDArray[np.float64]],
) -> Signals:
    """Return independent Gaussian noises of unit variance with a wanted spectrum.

    Parameters
    ----------
    rng : numpy.random.Generator
        Where chance comes from.
    n_signals, n_samples : int
        Shape of the result.
    sampling_rate_hz : float
        Samples per second.
    spectrum : callable
        Takes frequencies in Hz, shape (n,), without 0; returns relative power, shape (n,)
        or (n_signals, n).

    Returns
    -------
    ndarray of float32, shape (n_signals, n_samples)
    """
    if n_samples == 0:
        return np.zeros((n_signals, 0), dtype=np.float32)
    n_fft = scipy.fft.next_fast_len(max(n_samples, 16), real=True)
    frequencies = scipy.fft.rfftfreq(n_fft, 1.0 / sampling_rate_hz)
    power = np.zeros(np.broadcast_shapes((n_signals, 1), (1, frequencies.size)))
    power[:, 1:] = spectrum(frequencies[1:])
    amplitude = np.sqrt(power / np.maximum(power.sum(axis=1, keepdims=True), 1e-30))
    shape = (n_signals, frequencies.size)
    coefficients = rng.standard_normal(shape, dtype=np.float32) + 1j * rng.standard_normal(
        shape, dtype=np.float32
    )
    coefficients *= (amplitude * (n_fft / 2.0)).astype(np.float32)
    noise = scipy.fft.irfft(coefficients.astype(np.complex64), n_fft, axis=1, overwrite_x=True)
    return np.ascontiguousarray(noise[:, :n_samples], dtype=np.float32)


def band_noise(
    rng: np.random.Generator,
    n_signals: int,
    n_samples: int,
    sampling_rate_hz: float,
    *,
    centre_hz: float,
    width_hz: float,
) -> Signals:
    """Return Gaussian noise of unit variance around one frequency; shape (n_signals, n_samples)."""
    return coloured_noise(
        rng,
        n_signals,
        n_samples,
        sampling_rate_hz,
        lambda f: np.exp(-0.5 * np.square((f - centre_hz) / width_hz)) + 1e-12,
    )


def slow_curve(
    rng: np.random.Generator, n_samples: int, sampling_rate_hz: float, *, timescale_s: float
) -> Signals:
    """Return a smooth Gaussian curve of unit variance; shape (n_samples,).

    Parameters
    ----------
    timescale_s : float
        About how long it takes the curve to become another.
    """
    step = max(1, int(timescale_s * sampling_rate_hz / 2))
    n_knots = n_samples // step + 4
    knots = rng.standard_normal(n_knots + 2)
    # A three-point average of unit variance; its values lie `timescale_s / 2` apart.
    knots = (knots[:-2] + 2.0 * knots[1:-1] + knots[2:]) / np.sqrt(6.0)
    curve = np.interp(np.arange(n_samples), np.arange(n_knots) * step, knots)
    return np.asarray(curve, dtype=np.float32)


def random_moments(
    rng: np.random.Generator, duration_s: float, per_minute: float
) -> Iterator[float]:
    """Yield random moments of a Poisson process, in order, in seconds."""
    if per_minute <= 0:
        return
    moment = float(rng.exponential(60.0 / per_minute))
    while moment < duration_s:
        yield moment
        moment += float(rng.exponential(60.0 / per_minute))


def plateau(n_samples: int, rise: int, fall: int) -> Signals:
    """Return a bump that rises, stays at 1 and falls, with cosine flanks; shape (n_samples,)."""
    shape = np.ones(n_samples, dtype=np.float32)
    rise, fall = min(rise, n_samples // 2), min(fall, n_samples // 2)
    if rise > 0:
        shape[:rise] = 0.5 - 0.5 * np.cos(np.pi * (np.arange(rise) + 0.5) / rise)
    if fall > 0:
        shape[n_samples - fall :] *= 0.5 + 0.5 * np.cos(np.pi * (np.arange(fall) + 0.5) / fall)
    return shape


def add_piece(signals: Signals, weights: Signals, piece: Signals, start: int) -> None:
    """Add `weights[i] * piece` to each signal from a sample on, cut at both ends.

    Parameters
    ----------
    signals : ndarray of float32, shape (n_electrodes, n_samples)
        Changed in place.
    weights : ndarray of float32, shape (n_electrodes,)
    piece : ndarray of float32, shape (n,)
    start : int
        Sample at which the piece begins; may be negative.
    """
    first, last = max(start, 0), min(start + piece.size, signals.shape[1])
    if first >= last:
        return
    seen = np.flatnonzero(np.abs(weights) > 1e-3)
    signals[seen, first:last] += weights[seen, None] * piece[first - start : last - start]
