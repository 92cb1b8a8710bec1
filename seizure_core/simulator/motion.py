"""A body that strains and shakes: in some seizures, and as often without one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from seizure_core.simulator.muscle import MUSCLES, muscle_noise, muscle_weights
from seizure_core.simulator.noise import (
    Signals,
    coloured_noise,
    plateau,
    random_moments,
    random_stream,
    slow_curve,
)
from seizure_core.simulator.specification import SimulationSpec

Positions = NDArray[np.float64]

_LONGEST_S = 60.0


def straining(
    rng: np.random.Generator,
    positions: Positions,
    envelope_uv: NDArray[np.floating],
    sampling_rate_hz: float,
) -> Signals:
    """Return the activity of all muscles at once, each with a share of its own.

    Parameters
    ----------
    rng : numpy.random.Generator
    positions : ndarray of float64, shape (n_electrodes, 3)
    envelope_uv : ndarray, shape (n_samples,)
        Root mean square at the temples.
    sampling_rate_hz : float

    Returns
    -------
    ndarray of float32, shape (n_electrodes, n_samples)
    """
    noises = muscle_noise(rng, len(MUSCLES), envelope_uv.size, sampling_rate_hz)
    reach = rng.lognormal(0.0, 0.5, len(MUSCLES)).astype(np.float32)
    noises *= envelope_uv.astype(np.float32)
    return np.asarray((muscle_weights(positions) * reach) @ noises, dtype=np.float32)


def shaking(
    rng: np.random.Generator,
    n_electrodes: int,
    n_samples: int,
    sampling_rate_hz: float,
    *,
    height_uv: float,
) -> Signals:
    """Return the swings of electrodes and cables; shape (n_electrodes, n_samples)."""
    corner_hz = rng.uniform(0.8, 4.0)
    swings = coloured_noise(
        rng,
        n_electrodes,
        n_samples,
        sampling_rate_hz,
        lambda f: 1.0 / (1.0 + (f / corner_hz) ** 4),
    )
    # A part of it is the head's own movement, in which all share.
    swings = 0.65 * swings + 0.75 * swings[:1]
    envelope = np.exp(0.9 * slow_curve(rng, n_samples, sampling_rate_hz, timescale_s=1.0))
    envelope *= np.clip(np.arange(n_samples) / (0.2 * n_samples), 0.0, 1.0).astype(np.float32)
    heights = height_uv * rng.lognormal(-0.3, 0.6, (n_electrodes, 1))
    return np.asarray(swings * envelope * heights, dtype=np.float32)


def add_struggles(spec: SimulationSpec, positions: Positions, signals: Signals) -> None:
    """Add spells of straining and shaking to signals of shape (n_electrodes, n_samples).

    They have everything a motor seizure has but its rhythm.
    """
    rng = random_stream(spec.seed, "struggles")
    rate_hz = spec.sampling_rate_hz
    for moment in random_moments(rng, spec.duration_s, spec.artefacts.struggles_per_min):
        length = int(min(2.0 + rng.exponential(12.0), _LONGEST_S) * rate_hz)
        strain_uv = spec.artefacts.muscle_burst_uv * rng.lognormal(0.3, 0.6)
        swing_uv = spec.artefacts.movement_uv * rng.lognormal(-1.2, 0.7)
        tone = slow_curve(rng, length, rate_hz, timescale_s=0.7)
        envelope = strain_uv * plateau(length, length // 6, length // 6) * np.exp(0.5 * tone)
        piece = straining(rng, positions, envelope, rate_hz)
        piece += shaking(rng, len(positions), length, rate_hz, height_uv=swing_uv)
        piece *= plateau(length, int(0.3 * rate_hz), int(0.7 * rate_hz))
        start = int(moment * rate_hz)
        stop = min(start + length, signals.shape[1])
        signals[:, start:stop] += piece[:, : stop - start]
