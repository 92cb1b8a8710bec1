"""Simulated muscle activity: tonic floor, bursts, chewing, straining and shaking."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from seizure_core.simulator.electrodes import angles_between, electrode_positions, spread_weights
from seizure_core.simulator.scene import Positions, Scene, Signals, plateau

# Temporal and frontal muscles, and the neck.
_MUSCLES = ("T7", "T8", "F7", "F8", "FP1", "FP2", "FT9", "FT10", "P7", "P8", "O1", "O2", "F3", "F4")
_STRENGTH = (1.0, 1.0, 0.8, 0.8, 0.5, 0.5, 0.9, 0.9, 0.5, 0.5, 0.3, 0.3, 0.25, 0.25)
_WIDTH_RAD = 0.22
_LONGEST_STRUGGLE_S = 60.0


def add_muscle(scene: Scene) -> None:
    """Add tonic activity, bursts and chewing."""
    weights = _weights(scene.positions)
    _add_floor(scene, weights)
    _add_bursts(scene, weights)
    _add_chewing(scene, weights)


def _noise(scene: Scene, rng: np.random.Generator, n_signals: int, n_samples: int) -> Signals:
    """Return muscle activity of unit variance, shape (n_signals, n_samples).

    Its power is largest between 20 and 45 Hz and decreases slowly above, as in the muscle artefacts
    of seizures in chb03.
    """
    return scene.noise(
        rng,
        n_signals,
        n_samples,
        lambda f: 1.0 / (1.0 + (18.0 / f) ** 3) / (1.0 + (f / 45.0) ** 3),
    )


def _weights(positions: Positions) -> Signals:
    """Return how strongly each electrode sees each muscle, shape (n_electrodes, n_muscles)."""
    weights = spread_weights(positions, electrode_positions(_MUSCLES), _WIDTH_RAD)
    return weights * np.asarray(_STRENGTH, dtype=np.float32)


def _add_floor(scene: Scene, weights: Signals) -> None:
    artefacts = scene.spec.artefacts
    if artefacts.muscle_floor_uv <= 0:
        return
    rng = scene.stream("muscle floor")
    for column in range(weights.shape[1]):
        noise = _noise(scene, rng, 1, scene.spec.n_samples)[0]
        tone = 0.5 * scene.slow_curve(rng, noise.size, 20.0)
        # Single motor units fire in volleys.
        tone += 0.45 * scene.slow_curve(rng, noise.size, 0.3)
        own = rng.lognormal(0.0, artefacts.muscle_spread)
        noise *= np.float32(artefacts.muscle_floor_uv * own) * np.exp(tone)
        scene.add(weights[:, column], noise, 0)


def _add_bursts(scene: Scene, weights: Signals) -> None:
    rng, artefacts = scene.stream("muscle bursts"), scene.spec.artefacts
    arcs = angles_between(electrode_positions(_MUSCLES), electrode_positions(_MUSCLES))
    for start in scene.starts(rng, artefacts.muscle_bursts_per_min):
        length = int(min(rng.lognormal(0.6, 1.0), 40.0) * scene.rate_hz) + 8
        centre = rng.integers(len(_MUSCLES))
        reach = np.exp(-0.5 * np.square(arcs[centre] / rng.uniform(0.2, 2.0))).astype(np.float32)
        height = artefacts.muscle_burst_uv * rng.lognormal(0.0, 0.6)
        noises = _noise(scene, rng, len(_MUSCLES), length)
        tone = scene.slow_curve(rng, length, rng.uniform(0.2, 3.0))
        shape = plateau(length, length // 5 + 1, length // 5 + 1) * np.exp(0.4 * tone) * height
        scene.add_columns(weights * reach, noises * shape, start)


def _add_chewing(scene: Scene, weights: Signals) -> None:
    """Add runs of about one or two bites per second, in all muscles at once."""
    rng, artefacts, rate_hz = scene.stream("chewing"), scene.spec.artefacts, scene.rate_hz
    for start in scene.starts(rng, artefacts.chewing_per_min):
        length = int(rng.uniform(4.0, 25.0) * rate_hz)
        period_s = rng.uniform(0.5, 1.1)
        envelope = np.zeros(length, dtype=np.float32)
        bite_s = 0.0
        while bite_s * rate_hz < length:
            n_bite = int(rng.uniform(0.15, 0.35) * rate_hz)
            bite_height = np.float32(rng.lognormal(0.0, 0.3))
            bite = plateau(n_bite, n_bite // 2, n_bite // 2) * bite_height
            place = envelope[int(bite_s * rate_hz) :][:n_bite]
            place += bite[: place.size]
            bite_s += period_s * rng.uniform(0.85, 1.15)
        height = 2.5 * artefacts.muscle_burst_uv * rng.lognormal(0.0, 0.4)
        noises = _noise(scene, rng, len(_MUSCLES), length)
        noises += 0.4 * noises[:1]
        reach = rng.lognormal(0.0, 0.3, len(_MUSCLES)).astype(np.float32)
        scene.add_columns(weights * reach, noises * envelope * height, start)


def straining(scene: Scene, rng: np.random.Generator, envelope_uv: NDArray[np.floating]) -> Signals:
    """Return the activity of all muscles at once, with different strengths.

    Parameters
    ----------
    envelope_uv : ndarray, shape (n_samples,)
        Root mean square at the temples.

    Returns
    -------
    ndarray of float32, shape (n_electrodes, n_samples)
    """
    noises = _noise(scene, rng, len(_MUSCLES), envelope_uv.size)
    reach = rng.lognormal(0.0, 0.5, len(_MUSCLES)).astype(np.float32)
    noises *= envelope_uv.astype(np.float32)
    return np.asarray((_weights(scene.positions) * reach) @ noises, dtype=np.float32)


def shaking(scene: Scene, rng: np.random.Generator, n_samples: int, height_uv: float) -> Signals:
    """Return movement artefacts of electrodes and cables; shape (n_electrodes, n_samples)."""
    n_electrodes = len(scene.positions)
    swings = scene.low_noise(rng, n_electrodes, n_samples, rng.uniform(0.8, 4.0))
    # A common part is the movement of the head itself.
    swings = 0.65 * swings + 0.75 * swings[:1]
    envelope = np.exp(0.9 * scene.slow_curve(rng, n_samples, 1.0))
    envelope *= np.clip(np.arange(n_samples) / (0.2 * n_samples), 0.0, 1.0).astype(np.float32)
    heights = height_uv * rng.lognormal(-0.3, 0.6, (n_electrodes, 1))
    return np.asarray(swings * envelope * heights, dtype=np.float32)


def add_struggles(scene: Scene) -> None:
    """Add straining and shaking, like a motor seizure without its rhythm."""
    rng, artefacts, rate_hz = scene.stream("struggles"), scene.spec.artefacts, scene.rate_hz
    for start in scene.starts(rng, artefacts.struggles_per_min):
        length = int(min(2.0 + rng.exponential(12.0), _LONGEST_STRUGGLE_S) * rate_hz)
        strain_uv = artefacts.muscle_burst_uv * rng.lognormal(0.3, 0.6)
        swing_uv = artefacts.movement_uv * rng.lognormal(-1.2, 0.7)
        tone = scene.slow_curve(rng, length, 0.7)
        envelope = strain_uv * plateau(length, length // 6, length // 6) * np.exp(0.5 * tone)
        piece = straining(scene, rng, envelope)
        piece += shaking(scene, rng, length, swing_uv)
        piece *= plateau(length, int(0.3 * rate_hz), int(0.7 * rate_hz))
        scene.add_all(piece, start)
