"""Simulated rhythmic movement: rocking, nodding, chewing and chest physiotherapy.

They are as regular as a seizure, but start at full height, do not slow down, and follow how
electrodes move or muscles lie instead of how activity spreads over the cortex.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from seizure_core.simulator.muscle import straining
from seizure_core.simulator.scene import Scene, Signals, plateau
from seizure_core.simulator.specification import SimulatedPattern

# Chest physiotherapy comes in bouts of some seconds with pauses.
_BOUT_S, _PAUSE_S = (4.0, 12.0), (1.0, 3.0)


def _phase(
    scene: Scene, rng: np.random.Generator, pattern: SimulatedPattern
) -> NDArray[np.float64]:
    """Return the phase of a movement whose rate wanders a little, around the same mean."""
    length = max(2, round(pattern.duration_s * scene.rate_hz))
    rate = pattern.frequency_hz * np.exp(0.06 * scene.slow_curve(rng, length, 2.0))
    return np.asarray(2 * np.pi * np.cumsum(rate) / scene.rate_hz + rng.uniform(0, 2 * np.pi))


def _swell(scene: Scene, rng: np.random.Generator, length: int) -> Signals:
    flank = min(length // 6, int(0.7 * scene.rate_hz))
    shape = plateau(length, flank, flank)
    return np.asarray(shape * np.exp(0.15 * scene.slow_curve(rng, length, 2.0)))


def _start(scene: Scene, pattern: SimulatedPattern) -> int:
    return round(pattern.onset_s * scene.rate_hz)


def add_rocking_run(scene: Scene, rng: np.random.Generator, pattern: SimulatedPattern) -> None:
    """Add rocking or patting: the electrodes that lie on the pillow or under the hand move."""
    phase = _phase(scene, rng, pattern)
    swing = np.sin(phase) + 0.4 * np.sin(2 * phase + rng.uniform(0, 6.0))
    weights = scene.weights_of(pattern.focus, rng.uniform(0.3, 0.9))
    weights = weights * rng.normal(0.8, 0.35, weights.size).astype(np.float32)
    wave = swing * _swell(scene, rng, phase.size) * pattern.height_uv
    scene.add(weights, wave, _start(scene, pattern))


def add_nodding(scene: Scene, rng: np.random.Generator, pattern: SimulatedPattern) -> None:
    """Add nodding: front and back of the head move against each other, the middle least."""
    phase = _phase(scene, rng, pattern)
    swing = np.sin(phase) + 0.3 * np.sin(2 * phase + rng.uniform(0, 6.0))
    weights = scene.positions[:, 1].astype(np.float32)
    weights = weights * rng.lognormal(0.0, 0.25, weights.size).astype(np.float32)
    wave = swing * _swell(scene, rng, phase.size) * pattern.height_uv
    scene.add(weights, wave, _start(scene, pattern))


def add_chewing_run(scene: Scene, rng: np.random.Generator, pattern: SimulatedPattern) -> None:
    """Add chewing: a burst of muscle activity with each bite, and slow waves of the tongue."""
    phase = _phase(scene, rng, pattern)
    swell = _swell(scene, rng, phase.size) * pattern.height_uv
    # The jaw is closed for a third of the time.
    bite = np.clip(1.5 * np.sin(phase) - 0.5, 0.0, 1.0)
    scene.add_all(straining(scene, rng, swell * bite), _start(scene, pattern))
    tongue = 0.4 * swell * np.sin(phase + rng.uniform(0, 6.0))
    weights = scene.weights_of("FP1", 0.7) + scene.weights_of("FP2", 0.7)
    scene.add(weights, tongue, _start(scene, pattern))


def add_physiotherapy(scene: Scene, rng: np.random.Generator, pattern: SimulatedPattern) -> None:
    """Add percussion of the chest: sharp strokes in bouts, in all electrodes unequally."""
    phase = _phase(scene, rng, pattern)
    turn = np.mod(phase / (2 * np.pi), 1.0)
    stroke = np.exp(-turn / 0.25) * np.sin(4 * np.pi * turn)
    wave = stroke * _bouts(scene, rng, phase.size) * pattern.height_uv
    # The back of the head lies on the mattress, which transmits the strokes.
    weights = 0.6 - 0.4 * scene.positions[:, 1].astype(np.float32)
    weights *= rng.lognormal(0.0, 0.4, weights.size).astype(np.float32)
    scene.add(weights, wave, _start(scene, pattern))


def _bouts(scene: Scene, rng: np.random.Generator, length: int) -> Signals:
    envelope = np.zeros(length, dtype=np.float32)
    first = 0
    while first < length:
        bout = min(int(rng.uniform(*_BOUT_S) * scene.rate_hz), length - first)
        flank = min(bout // 3, int(0.3 * scene.rate_hz))
        envelope[first : first + bout] = plateau(bout, flank, flank)
        first += bout + int(rng.uniform(*_PAUSE_S) * scene.rate_hz)
    return envelope
