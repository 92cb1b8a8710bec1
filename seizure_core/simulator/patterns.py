"""Simulated EEG patterns that are no seizures: rhythmic, periodic, fast, evoked and spikes.

They lack the evolution of a seizure: frequency, place and amplitude stay what they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from seizure_core.simulator.rhythmic_movement import (
    add_chewing_run,
    add_nodding,
    add_physiotherapy,
    add_rocking_run,
)
from seizure_core.simulator.scene import Scene, Signals, plateau
from seizure_core.simulator.specification import PatternKind, SimulatedPattern

Wave = NDArray[np.float64]

# Distances at which a pattern has dropped to 0.61 of its height.
_FRONTAL_RAD, _WIDE_RAD, _FOCAL_RAD, _OCCIPITAL_RAD = 1.1, 1.8, 0.55, 0.4


def add_patterns(scene: Scene) -> None:
    """Add the patterns of the spec, each with random numbers of its own."""
    for number, pattern in enumerate(scene.spec.patterns):
        _ADD[pattern.kind](scene, scene.stream(f"pattern {number}"), pattern)


def _length(scene: Scene, pattern: SimulatedPattern) -> int:
    return max(2, round(pattern.duration_s * scene.rate_hz))


def _place(scene: Scene, pattern: SimulatedPattern, weights: Signals, wave: Wave) -> None:
    length = len(wave)
    flank = min(length // 6, int(0.5 * scene.rate_hz))
    start = round(pattern.onset_s * scene.rate_hz)
    scene.add(weights, wave * plateau(length, flank, flank) * pattern.height_uv, start)


def _steady_phase(
    scene: Scene, rng: np.random.Generator, length: int, frequency_hz: float
) -> tuple[Wave, Wave]:
    """Return the phase of a rhythm that stays at its frequency, and an amplitude around 1."""
    jitter = np.exp(0.05 * scene.slow_curve(rng, length, 1.0).astype(np.float64))
    phase = 2 * np.pi * np.cumsum(frequency_hz * jitter) / scene.rate_hz
    swell = np.exp(0.2 * scene.slow_curve(rng, length, 2.0).astype(np.float64) - 0.02)
    return phase + rng.uniform(0, 2 * np.pi), swell


def _add_rhythmic_delta(scene: Scene, rng: np.random.Generator, pattern: SimulatedPattern) -> None:
    """Add monomorphic delta, frontal and on both sides, or around a focus."""
    phase, swell = _steady_phase(scene, rng, _length(scene, pattern), pattern.frequency_hz)
    wave = swell * (np.sin(phase) + 0.15 * np.sin(2 * phase))
    if pattern.kind == "grda":
        weights = scene.weights_of("FZ", _FRONTAL_RAD)
    else:
        weights = scene.weights_of(pattern.focus, _FOCAL_RAD)
    _place(scene, pattern, weights, wave)


def _discharges(
    scene: Scene, rng: np.random.Generator, length: int, frequency_hz: float, jitter: float
) -> Wave:
    """Return sharp waves with slow after-waves at an average rate; height about 1.

    Parameters
    ----------
    jitter : float
        Coefficient of variation of the intervals.
    """
    time_s = np.arange(int(0.6 * scene.rate_hz)) / scene.rate_hz
    sharp = -np.exp(-0.5 * np.square((time_s - 0.08) / 0.025))
    shape = sharp + 0.45 * np.exp(-0.5 * np.square((time_s - 0.28) / 0.08))
    wave = np.zeros(length)
    moment_s = rng.uniform(0, 1.0 / frequency_hz)
    while moment_s * scene.rate_hz < length:
        place = wave[int(moment_s * scene.rate_hz) :][: shape.size]
        place += shape[: place.size] * rng.lognormal(0.0, 0.15)
        moment_s += max(0.15, rng.normal(1.0, jitter)) / frequency_hz
    return wave


def _add_discharges(scene: Scene, rng: np.random.Generator, pattern: SimulatedPattern) -> None:
    """Add periodic discharges, everywhere or around a focus; spikes in sleep come irregularly."""
    jitter = 0.6 if pattern.kind == "sleep_spikes" else 0.08
    wave = _discharges(scene, rng, _length(scene, pattern), pattern.frequency_hz, jitter)
    if pattern.kind == "gpd":
        weights = scene.weights_of("FZ", _WIDE_RAD)
    else:
        weights = scene.weights_of(pattern.focus, _FOCAL_RAD)
    _place(scene, pattern, weights, wave)


def _add_fast(scene: Scene, rng: np.random.Generator, pattern: SimulatedPattern) -> None:
    """Add generalised paroxysmal fast activity: one spindle-shaped burst, largest in front."""
    length = _length(scene, pattern)
    phase, swell = _steady_phase(scene, rng, length, pattern.frequency_hz)
    wave = swell * np.sin(phase) * plateau(length, length // 4, length // 3)
    _place(scene, pattern, scene.weights_of("FZ", _FRONTAL_RAD), wave)


def _add_driving(scene: Scene, rng: np.random.Generator, pattern: SimulatedPattern) -> None:
    """Add the response to flashes: the flash frequency and its double, over both O electrodes."""
    # The stimulator does not jitter.
    phase = 2 * np.pi * pattern.frequency_hz * np.arange(_length(scene, pattern)) / scene.rate_hz
    wave = np.sin(phase + rng.uniform(0, 6.0)) + 0.5 * np.sin(2 * phase + rng.uniform(0, 6.0))
    weights = scene.weights_of("O1", _OCCIPITAL_RAD) + scene.weights_of("O2", _OCCIPITAL_RAD)
    _place(scene, pattern, weights, wave)


_ADD: Mapping[PatternKind, Callable[[Scene, np.random.Generator, SimulatedPattern], None]] = (
    MappingProxyType(
        {
            "grda": _add_rhythmic_delta,
            "lrda": _add_rhythmic_delta,
            "gpd": _add_discharges,
            "lpd": _add_discharges,
            "sleep_spikes": _add_discharges,
            "gpfa": _add_fast,
            "photic_driving": _add_driving,
            "rocking": add_rocking_run,
            "nodding": add_nodding,
            "chewing": add_chewing_run,
            "physiotherapy": add_physiotherapy,
        }
    )
)
