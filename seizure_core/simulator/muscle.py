"""Muscle: a floor that never stops, bursts, chewing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from seizure_core.simulator.electrodes import angles_between, electrode_positions, spread_weights
from seizure_core.simulator.noise import (
    Signals,
    add_piece,
    coloured_noise,
    plateau,
    random_moments,
    random_stream,
    slow_curve,
)
from seizure_core.simulator.specification import SimulationSpec

# Temporal and frontal muscles, and the neck.
MUSCLES = ("T7", "T8", "F7", "F8", "FP1", "FP2", "FT9", "FT10", "P7", "P8", "O1", "O2", "F3", "F4")
_STRENGTH = (1.0, 1.0, 0.8, 0.8, 0.5, 0.5, 0.9, 0.9, 0.5, 0.5, 0.3, 0.3, 0.25, 0.25)
_WIDTH_RAD = 0.22


def muscle_noise(
    rng: np.random.Generator, n_signals: int, n_samples: int, sampling_rate_hz: float
) -> Signals:
    """Return muscle activity of unit variance, shape (n_signals, n_samples).

    Its power is largest between 20 and 45 Hz and falls slowly from there, as in the
    muscle-covered seizures of chb03.
    """
    return coloured_noise(
        rng,
        n_signals,
        n_samples,
        sampling_rate_hz,
        lambda f: 1.0 / (1.0 + (18.0 / f) ** 3) / (1.0 + (f / 45.0) ** 3),
    )


def muscle_weights(positions: NDArray[np.float64]) -> Signals:
    """Return how each muscle is seen by each electrode, shape (n_electrodes, n_muscles)."""
    weights = spread_weights(positions, electrode_positions(MUSCLES), _WIDTH_RAD)
    return weights * np.asarray(_STRENGTH, dtype=np.float32)


def add_muscle(spec: SimulationSpec, positions: NDArray[np.float64], signals: Signals) -> None:
    """Add the floor, bursts and chewing to signals of shape (n_electrodes, n_samples)."""
    weights = muscle_weights(positions)
    _add_floor(spec, weights, signals)
    _add_bursts(spec, positions, weights, signals)
    _add_chewing(spec, weights, signals)


def _add_floor(spec: SimulationSpec, weights: Signals, signals: Signals) -> None:
    if spec.artefacts.muscle_floor_uv <= 0:
        return
    rng = random_stream(spec.seed, "muscle floor")
    for column in range(weights.shape[1]):
        noise = muscle_noise(rng, 1, spec.n_samples, spec.sampling_rate_hz)[0]
        tone = 0.5 * slow_curve(rng, noise.size, spec.sampling_rate_hz, timescale_s=20.0)
        # Single motor units fire in volleys.
        tone += 0.45 * slow_curve(rng, noise.size, spec.sampling_rate_hz, timescale_s=0.3)
        own = rng.lognormal(0.0, spec.artefacts.muscle_spread)
        noise *= np.float32(spec.artefacts.muscle_floor_uv * own) * np.exp(tone)
        add_piece(signals, weights[:, column], noise, 0)


def _add_bursts(
    spec: SimulationSpec, positions: NDArray[np.float64], weights: Signals, signals: Signals
) -> None:
    rng = random_stream(spec.seed, "muscle bursts")
    arcs = angles_between(electrode_positions(MUSCLES), electrode_positions(MUSCLES))
    for moment in random_moments(rng, spec.duration_s, spec.artefacts.muscle_bursts_per_min):
        length = int(min(rng.lognormal(0.6, 1.0), 40.0) * spec.sampling_rate_hz) + 8
        centre = rng.integers(len(MUSCLES))
        reach = np.exp(-0.5 * np.square(arcs[centre] / rng.uniform(0.2, 2.0))).astype(np.float32)
        height = spec.artefacts.muscle_burst_uv * rng.lognormal(0.0, 0.6)
        noises = muscle_noise(rng, len(MUSCLES), length, spec.sampling_rate_hz)
        tone = slow_curve(rng, length, spec.sampling_rate_hz, timescale_s=rng.uniform(0.2, 3.0))
        shape = plateau(length, length // 5 + 1, length // 5 + 1) * np.exp(0.4 * tone) * height
        _add_columns(signals, weights * reach, noises * shape, int(moment * spec.sampling_rate_hz))


def _add_chewing(spec: SimulationSpec, weights: Signals, signals: Signals) -> None:
    """Add runs of bites about once or twice a second, in all muscles at once."""
    rng = random_stream(spec.seed, "chewing")
    rate_hz = spec.sampling_rate_hz
    for moment in random_moments(rng, spec.duration_s, spec.artefacts.chewing_per_min):
        length = int(rng.uniform(4.0, 25.0) * rate_hz)
        period_s = rng.uniform(0.5, 1.1)
        envelope = np.zeros((1, length), dtype=np.float32)
        bite_s = 0.0
        while bite_s * rate_hz < length:
            n_bite = int(rng.uniform(0.15, 0.35) * rate_hz)
            bite_height = np.float32(rng.lognormal(0.0, 0.3))
            piece = plateau(n_bite, n_bite // 2, n_bite // 2) * bite_height
            add_piece(envelope, np.ones(1, dtype=np.float32), piece, int(bite_s * rate_hz))
            bite_s += period_s * rng.uniform(0.85, 1.15)
        height = 2.5 * spec.artefacts.muscle_burst_uv * rng.lognormal(0.0, 0.4)
        noises = muscle_noise(rng, len(MUSCLES), length, rate_hz)
        noises += 0.4 * noises[:1]
        reach = rng.lognormal(0.0, 0.3, len(MUSCLES)).astype(np.float32)
        _add_columns(signals, weights * reach, noises * envelope * height, int(moment * rate_hz))


def _add_columns(signals: Signals, weights: Signals, noises: Signals, start: int) -> None:
    for column, noise in enumerate(noises.astype(np.float32)):
        add_piece(signals, weights[:, column], noise, start)
