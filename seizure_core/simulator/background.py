"""Simulated brain activity between seizures: 1/f activity, alpha, sleep, transients."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from seizure_core.simulator.ages import add_age, add_sleep, make_discontinuous
from seizure_core.simulator.electrodes import angles_between, electrode_positions, spread_weights
from seizure_core.simulator.scene import Positions, Scene, Signals, plateau

N_SOURCES = 48
SOURCE_WIDTH_RAD = 0.48
NEIGHBOUR_ARC_RAD = 0.9

# Strongest at the back, but visible as far as the central and temporal electrodes.
_ALPHA = {"O1": 0.75, "O2": 0.75, "P3": 0.5, "P4": 0.5, "PZ": 0.4, "P7": 0.5, "P8": 0.5}
_ALPHA |= {"C3": 0.3, "C4": 0.3, "T7": 0.2, "T8": 0.2}
_BETA = ("F3", "F4", "FZ", "C3", "C4", "CZ", "F7", "F8", "P3", "P4")


def add_background(scene: Scene) -> None:
    """Add the activity between seizures."""
    scene.signals[:] = _broadband(scene)
    make_discontinuous(scene)
    scene.signals[:] += _alpha(scene)
    scene.signals[:] += _beta(scene)
    _add_spindles(scene)
    _add_vertex_waves(scene)
    _add_theta_bursts(scene)
    _add_spikes(scene)
    add_sleep(scene)
    add_age(scene)


def _source_positions(rng: np.random.Generator) -> Positions:
    """Return sources evenly on the upper head (a golden spiral), rotated at random."""
    index = np.arange(N_SOURCES)
    height = 1.0 - (index + 0.5) * 1.35 / N_SOURCES
    azimuth = index * np.pi * (3.0 - np.sqrt(5.0)) + rng.uniform(0, 2 * np.pi)
    radius = np.sqrt(1.0 - np.square(height))
    return np.stack([radius * np.cos(azimuth), radius * np.sin(azimuth), height], axis=1)


def _broadband(scene: Scene) -> Signals:
    background, n_samples = scene.spec.background, scene.spec.n_samples
    rng = scene.stream("broadband")
    slopes = background.slope + rng.normal(0.0, 0.2, (N_SOURCES, 1))
    noise = scene.noise(rng, N_SOURCES, n_samples, lambda f: (np.square(f) + 0.25) ** (-slopes / 2))
    slow = scene.low_noise(rng, N_SOURCES // 3, n_samples, 1.5)
    for row in noise:
        row *= _waxing(scene, rng)
    noise[: slow.shape[0]] += 2.5 * slow * scene.sleep
    weights = spread_weights(scene.positions, _source_positions(rng), SOURCE_WIDTH_RAD)
    weights = weights * rng.lognormal(0.0, 0.75, N_SOURCES).astype(np.float32)
    weights *= np.float32(background.amplitude_uv / _neighbour_rms(scene.positions, weights))
    return np.asarray(weights @ noise, dtype=np.float32)


def _waxing(scene: Scene, rng: np.random.Generator) -> Signals:
    """Return a random amplitude curve of mean power 1; shape (n_samples,)."""
    swing = scene.spec.background.swing
    curve = 0.8 * scene.slow_curve(rng, scene.spec.n_samples, 1.2)
    curve += 0.6 * scene.slow_curve(rng, scene.spec.n_samples, 6.0)
    return np.asarray(np.exp(swing * curve - swing**2), dtype=np.float32)


def _neighbour_rms(positions: Positions, weights: Signals) -> float:
    """Return the RMS between neighbouring electrodes if every source has unit variance."""
    arcs = angles_between(positions, positions)
    first, second = np.nonzero(np.triu(arcs < NEIGHBOUR_ARC_RAD, k=1))
    if first.size == 0:
        return float(np.sqrt(np.square(weights).sum(axis=1).mean()))
    difference = weights[first] - weights[second]
    return float(np.median(np.sqrt(np.square(difference).sum(axis=1)))) or 1.0


def _band_noise(
    scene: Scene, rng: np.random.Generator, n_signals: int, centre_hz: float, width_hz: float
) -> Signals:
    """Return noises of unit variance around one frequency."""
    return scene.noise(
        rng,
        n_signals,
        scene.spec.n_samples,
        lambda f: np.exp(-0.5 * np.square((f - centre_hz) / width_hz)) + 1e-12,
    )


def _alpha(scene: Scene) -> Signals:
    background = scene.spec.background
    rng = scene.stream("alpha")
    own = _band_noise(scene, rng, len(_ALPHA), background.alpha_hz, 0.8)
    # Both sides vary together.
    waves = (0.7 * own + 0.7 * own[:1]) * _waxing(scene, rng)
    waves *= (0.25 + 0.75 * scene.eyes_closed) * (1.0 - 0.8 * scene.sleep)
    heights = np.array(list(_ALPHA.values())) * rng.lognormal(0.0, 0.3, len(_ALPHA))
    waves *= (background.alpha_uv * heights)[:, None].astype(np.float32)
    return spread_weights(scene.positions, electrode_positions(list(_ALPHA)), 0.4) @ waves


def _beta(scene: Scene) -> Signals:
    rng = scene.stream("beta")
    waves = _band_noise(scene, rng, len(_BETA), rng.uniform(16.0, 22.0), 3.5)
    for row in waves:
        row *= _waxing(scene, rng)
    waves *= (1.0 - 0.7 * scene.sleep) * np.float32(scene.spec.background.beta_uv)
    return spread_weights(scene.positions, electrode_positions(_BETA), 0.4) @ waves


def _sine(
    rng: np.random.Generator, scene: Scene, band: tuple[float, float], length: int
) -> NDArray[np.float64]:
    return np.asarray(np.sin(2 * np.pi * rng.uniform(*band) * np.arange(length) / scene.rate_hz))


def _add_spindles(scene: Scene) -> None:
    rng = scene.stream("spindles")
    for start in scene.starts(rng, 4.0):
        length = int(rng.uniform(0.5, 1.5) * scene.rate_hz)
        wave = _sine(rng, scene, (11.5, 14.5), length)
        piece = wave * plateau(length, length // 2, length // 2) * rng.uniform(0.8, 2.0)
        weights = scene.weights_of(str(rng.choice(["FZ", "CZ", "C3", "C4"])), 0.6)
        scene.add(weights, piece * scene.sleep[start] * scene.spec.background.amplitude_uv, start)


def _add_vertex_waves(scene: Scene) -> None:
    rng = scene.stream("vertex")
    for start in scene.starts(rng, 4.0):
        length = int(rng.uniform(0.3, 0.9) * scene.rate_hz)
        time = np.arange(length) / max(length, 1)
        wave = -np.sin(2 * np.pi * time) * np.exp(-2.0 * time) * rng.uniform(3.0, 7.0)
        weights = scene.weights_of(str(rng.choice(["CZ", "FZ"])), 0.7)
        scene.add(weights, wave * scene.sleep[start] * scene.spec.background.amplitude_uv, start)


def _add_theta_bursts(scene: Scene) -> None:
    """Add short rhythmic theta bursts of a few seconds, as in drowsy children."""
    rng, background = scene.stream("bursts"), scene.spec.background
    places = electrode_positions(["FZ", "CZ", "T7", "T8", "PZ", "F3", "F4", "O1", "O2"])
    for start in scene.starts(rng, background.theta_bursts_per_min):
        length = int(rng.uniform(0.6, 3.5) * scene.rate_hz)
        wave = _sine(rng, scene, (2.5, 7.0), length)
        height = background.amplitude_uv * rng.uniform(1.5, 4.0)
        piece = wave * plateau(length, length // 3, length // 3) * height
        place = places[rng.integers(len(places))]
        scene.add(scene.weights_of(place, rng.uniform(0.4, 1.0)), piece, start)


def _add_spikes(scene: Scene) -> None:
    """Add single spikes with slow waves from one focus."""
    rng, background = scene.stream("spikes"), scene.spec.background
    names = ["T7", "T8", "F3", "F4", "C3", "C4", "P7", "P8", "FP1", "FP2"]
    weights = scene.weights_of(str(rng.choice(names)), 0.45)
    time = np.arange(int(0.5 * scene.rate_hz)) / scene.rate_hz
    shape = -np.exp(-0.5 * np.square((time - 0.08) / 0.018)) + 0.5 * np.exp(
        -0.5 * np.square((time - 0.25) / 0.07)
    )
    for start in scene.starts(rng, background.spikes_per_min):
        height = background.amplitude_uv * rng.uniform(4.0, 10.0)
        scene.add(weights, shape * height, start)
