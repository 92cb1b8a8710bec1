"""The resting brain: 1/f activity of many sources, alpha, sleep, and harmless transients."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from seizure_core.simulator.electrodes import electrode_positions, spread_weights
from seizure_core.simulator.noise import (
    Signals,
    add_piece,
    band_noise,
    coloured_noise,
    plateau,
    random_moments,
    random_stream,
    slow_curve,
)
from seizure_core.simulator.specification import SimulationSpec
from seizure_core.simulator.states import VigilanceStates

N_SOURCES = 48
SOURCE_WIDTH_RAD = 0.48
NEIGHBOUR_ARC_RAD = 0.9

# Strongest at the back, but seen as far as the centre and the temples.
_ALPHA = {"O1": 0.75, "O2": 0.75, "P3": 0.5, "P4": 0.5, "PZ": 0.4, "P7": 0.5, "P8": 0.5}
_ALPHA |= {"C3": 0.3, "C4": 0.3, "T7": 0.2, "T8": 0.2}
_BETA = ("F3", "F4", "FZ", "C3", "C4", "CZ", "F7", "F8", "P3", "P4")

Positions = NDArray[np.float64]


def background_signals(
    spec: SimulationSpec, positions: Positions, states: VigilanceStates
) -> Signals:
    """Simulate the brain between seizures.

    Parameters
    ----------
    spec : SimulationSpec
    positions : ndarray of float64, shape (n_electrodes, 3)
    states : VigilanceStates

    Returns
    -------
    ndarray of float32, shape (n_electrodes, n_samples)
        Microvolts against infinity.
    """
    signals = _broadband(spec, positions, states)
    signals += _alpha(spec, positions, states)
    signals += _beta(spec, positions, states)
    _add_spindles(spec, positions, states, signals)
    _add_vertex_waves(spec, positions, states, signals)
    _add_theta_bursts(spec, positions, signals)
    _add_spikes(spec, positions, signals)
    return signals


def _source_positions(rng: np.random.Generator) -> Positions:
    """Spread sources evenly over the upper head (a golden spiral), turned at random."""
    index = np.arange(N_SOURCES)
    height = 1.0 - (index + 0.5) * 1.35 / N_SOURCES
    azimuth = index * np.pi * (3.0 - np.sqrt(5.0)) + rng.uniform(0, 2 * np.pi)
    radius = np.sqrt(1.0 - np.square(height))
    return np.stack([radius * np.cos(azimuth), radius * np.sin(azimuth), height], axis=1)


def _broadband(spec: SimulationSpec, positions: Positions, states: VigilanceStates) -> Signals:
    rng = random_stream(spec.seed, "broadband")
    slopes = spec.background.slope + rng.normal(0.0, 0.2, (N_SOURCES, 1))
    noise = coloured_noise(
        rng,
        N_SOURCES,
        spec.n_samples,
        spec.sampling_rate_hz,
        lambda f: (np.square(f) + 0.25) ** (-slopes / 2),
    )
    slow = coloured_noise(
        rng,
        N_SOURCES // 3,
        spec.n_samples,
        spec.sampling_rate_hz,
        lambda f: 1.0 / (1.0 + (f / 1.5) ** 4),
    )
    for row in noise:
        row *= _waxing(rng, spec, row.size)
    noise[: slow.shape[0]] += 2.5 * slow * states.sleep
    weights = spread_weights(positions, _source_positions(rng), SOURCE_WIDTH_RAD)
    weights = weights * rng.lognormal(0.0, 0.75, N_SOURCES).astype(np.float32)
    weights *= np.float32(spec.background.amplitude_uv / _neighbour_rms(positions, weights))
    return np.asarray(weights @ noise, dtype=np.float32)


def _waxing(rng: np.random.Generator, spec: SimulationSpec, n_samples: int) -> Signals:
    """Return a curve of mean power 1 by which activity waxes and wanes; shape (n_samples,)."""
    swing, rate_hz = spec.background.swing, spec.sampling_rate_hz
    curve = 0.8 * slow_curve(rng, n_samples, rate_hz, timescale_s=1.2)
    curve += 0.6 * slow_curve(rng, n_samples, rate_hz, timescale_s=6.0)
    return np.asarray(np.exp(swing * curve - swing**2), dtype=np.float32)


def _neighbour_rms(positions: Positions, weights: Signals) -> float:
    """Root mean square between neighbouring electrodes when every source has unit variance."""
    arcs = np.arccos(np.clip(positions @ positions.T, -1.0, 1.0))
    first, second = np.nonzero(np.triu(arcs < NEIGHBOUR_ARC_RAD, k=1))
    if first.size == 0:
        return float(np.sqrt(np.square(weights).sum(axis=1).mean()))
    difference = weights[first] - weights[second]
    return float(np.median(np.sqrt(np.square(difference).sum(axis=1)))) or 1.0


def _alpha(spec: SimulationSpec, positions: Positions, states: VigilanceStates) -> Signals:
    rng = random_stream(spec.seed, "alpha")
    generators = electrode_positions(list(_ALPHA))
    own = band_noise(
        rng,
        len(generators),
        spec.n_samples,
        spec.sampling_rate_hz,
        centre_hz=spec.background.alpha_hz,
        width_hz=0.8,
    )
    # Both sides wax and wane together.
    waves = (0.7 * own + 0.7 * own[:1]) * _waxing(rng, spec, spec.n_samples)
    waves *= (0.25 + 0.75 * states.eyes_closed) * (1.0 - 0.8 * states.sleep)
    heights = np.array(list(_ALPHA.values())) * rng.lognormal(0.0, 0.3, len(_ALPHA))
    waves *= (spec.background.alpha_uv * heights)[:, None].astype(np.float32)
    return spread_weights(positions, generators, 0.4) @ waves


def _beta(spec: SimulationSpec, positions: Positions, states: VigilanceStates) -> Signals:
    rng = random_stream(spec.seed, "beta")
    generators = electrode_positions(list(_BETA))
    waves = band_noise(
        rng,
        len(generators),
        spec.n_samples,
        spec.sampling_rate_hz,
        centre_hz=rng.uniform(16.0, 22.0),
        width_hz=3.5,
    )
    for row in waves:
        row *= _waxing(rng, spec, row.size)
    waves *= (1.0 - 0.7 * states.sleep) * np.float32(spec.background.beta_uv)
    return spread_weights(positions, generators, 0.4) @ waves


def _add_spindles(
    spec: SimulationSpec, positions: Positions, states: VigilanceStates, signals: Signals
) -> None:
    rng = random_stream(spec.seed, "spindles")
    rate_hz = spec.sampling_rate_hz
    for moment in random_moments(rng, spec.duration_s, 4.0):
        length = int(rng.uniform(0.5, 1.5) * rate_hz)
        wave = np.sin(2 * np.pi * rng.uniform(11.5, 14.5) * np.arange(length) / rate_hz)
        piece = wave * plateau(length, length // 2, length // 2) * rng.uniform(0.8, 2.0)
        place = electrode_positions([str(rng.choice(["FZ", "CZ", "C3", "C4"]))])
        depth = states.sleep[int(moment * rate_hz)]
        piece = (piece * depth * spec.background.amplitude_uv).astype(np.float32)
        add_piece(
            signals, spread_weights(positions, place, 0.6)[:, 0], piece, int(moment * rate_hz)
        )


def _add_vertex_waves(
    spec: SimulationSpec, positions: Positions, states: VigilanceStates, signals: Signals
) -> None:
    rng = random_stream(spec.seed, "vertex")
    rate_hz = spec.sampling_rate_hz
    for moment in random_moments(rng, spec.duration_s, 4.0):
        length = int(rng.uniform(0.3, 0.9) * rate_hz)
        time = np.arange(length) / max(length, 1)
        wave = -np.sin(2 * np.pi * time) * np.exp(-2.0 * time) * rng.uniform(3.0, 7.0)
        depth = states.sleep[int(moment * rate_hz)]
        piece = (wave * depth * spec.background.amplitude_uv).astype(np.float32)
        place = electrode_positions([str(rng.choice(["CZ", "FZ"]))])
        add_piece(
            signals, spread_weights(positions, place, 0.7)[:, 0], piece, int(moment * rate_hz)
        )


def _add_theta_bursts(spec: SimulationSpec, positions: Positions, signals: Signals) -> None:
    """Add short rhythmic runs, as in drowsy children: rhythmic, but over in a few seconds."""
    rng = random_stream(spec.seed, "bursts")
    rate_hz = spec.sampling_rate_hz
    places = electrode_positions(["FZ", "CZ", "T7", "T8", "PZ", "F3", "F4", "O1", "O2"])
    for moment in random_moments(rng, spec.duration_s, spec.background.theta_bursts_per_min):
        length = int(rng.uniform(0.6, 3.5) * rate_hz)
        wave = np.sin(2 * np.pi * rng.uniform(2.5, 7.0) * np.arange(length) / rate_hz)
        height = spec.background.amplitude_uv * rng.uniform(1.5, 4.0)
        piece = (wave * plateau(length, length // 3, length // 3) * height).astype(np.float32)
        place = places[rng.integers(len(places))][None]
        width_rad = rng.uniform(0.4, 1.0)
        add_piece(
            signals, spread_weights(positions, place, width_rad)[:, 0], piece, int(moment * rate_hz)
        )


def _add_spikes(spec: SimulationSpec, positions: Positions, signals: Signals) -> None:
    """Add single spikes with their slow wave from one irritable place."""
    rng = random_stream(spec.seed, "spikes")
    rate_hz = spec.sampling_rate_hz
    names = ["T7", "T8", "F3", "F4", "C3", "C4", "P7", "P8", "FP1", "FP2"]
    place = electrode_positions([str(rng.choice(names))])
    weights = spread_weights(positions, place, 0.45)[:, 0]
    time = np.arange(int(0.5 * rate_hz)) / rate_hz
    shape = -np.exp(-0.5 * np.square((time - 0.08) / 0.018)) + 0.5 * np.exp(
        -0.5 * np.square((time - 0.25) / 0.07)
    )
    for moment in random_moments(rng, spec.duration_s, spec.background.spikes_per_min):
        height = spec.background.amplitude_uv * rng.uniform(4.0, 10.0)
        add_piece(signals, weights, (shape * height).astype(np.float32), int(moment * rate_hz))
