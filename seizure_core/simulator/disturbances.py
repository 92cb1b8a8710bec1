"""Movement, rocking, electrode jumps, loose electrodes and blocked amplifiers."""

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

Positions = NDArray[np.float64]
_LEADS = ("T7", "T8", "O1", "O2", "P7", "P8", "FP1", "FP2", "F7", "F8", "C3", "C4", "PZ")


def add_disturbances(spec: SimulationSpec, positions: Positions, signals: Signals) -> None:
    """Add movement, rocking and electrode faults to signals, shape (n_electrodes, n_samples).

    The last two positions are the reference; electrode faults spare it, for there they
    would show on every channel.
    """
    _add_movements(spec, positions, signals)
    _add_rocking(spec, positions, signals)
    n_free = max(1, len(positions) - 2)
    _add_pops(spec, n_free, signals)
    _add_loose(spec, n_free, signals)
    _add_poor_contacts(spec, n_free, signals)


def _add_movements(spec: SimulationSpec, positions: Positions, signals: Signals) -> None:
    rng = random_stream(spec.seed, "movements")
    for moment in random_moments(rng, spec.duration_s, spec.artefacts.movements_per_min):
        length = int(min(0.3 + rng.exponential(1.5), 10.0) * spec.sampling_rate_hz)
        place = electrode_positions([str(rng.choice(_LEADS))])
        weights = spread_weights(positions, place, rng.uniform(0.5, 1.8))[:, 0]
        # Cables move apart: every electrode has a share of its own.
        weights = weights * rng.normal(0.7, 0.5, weights.size).astype(np.float32)
        corner_hz = rng.uniform(1.0, 7.0)
        swing = _low_noise(rng, length, spec.sampling_rate_hz, corner_hz)
        height = spec.artefacts.movement_uv * rng.lognormal(0.0, 0.7)
        piece = swing * plateau(length, length // 4, length // 4) * height
        add_piece(signals, weights, piece, int(moment * spec.sampling_rate_hz))


def _low_noise(
    rng: np.random.Generator, length: int, sampling_rate_hz: float, corner_hz: float
) -> Signals:
    noise = coloured_noise(
        rng, 1, length, sampling_rate_hz, lambda f: 1.0 / (1.0 + (f / corner_hz) ** 4)
    )
    return noise.reshape(-1)


def _add_rocking(spec: SimulationSpec, positions: Positions, signals: Signals) -> None:
    """Add rhythmic movement: as regular as a seizure, but it does not evolve."""
    rng = random_stream(spec.seed, "rocking")
    rate_hz = spec.sampling_rate_hz
    for moment in random_moments(rng, spec.duration_s, spec.artefacts.rocking_per_min):
        length = int(rng.uniform(3.0, 15.0) * rate_hz)
        phase = 2 * np.pi * rng.uniform(0.8, 5.0) * np.arange(length) / rate_hz
        swing = np.sin(phase) + 0.4 * np.sin(2 * phase + rng.uniform(0, 6.0))
        height = spec.artefacts.movement_uv * rng.uniform(0.3, 1.0)
        piece = (swing * plateau(length, length // 6, length // 6) * height).astype(np.float32)
        place = electrode_positions([str(rng.choice(["O1", "O2", "P7", "P8", "T7", "T8"]))])
        weights = spread_weights(positions, place, 0.35)[:, 0]
        add_piece(signals, weights, piece, int(moment * rate_hz))


def _add_pops(spec: SimulationSpec, n_free: int, signals: Signals) -> None:
    rng = random_stream(spec.seed, "pops")
    rate_hz = spec.sampling_rate_hz
    for moment in random_moments(rng, spec.duration_s, spec.artefacts.pops_per_min):
        weights = np.zeros(len(signals), dtype=np.float32)
        weights[rng.integers(n_free)] = rng.choice([-1.0, 1.0]) * rng.lognormal(4.6, 0.7)
        fall = np.exp(-np.arange(int(2.0 * rate_hz)) / (rng.uniform(0.1, 0.5) * rate_hz))
        add_piece(signals, weights, fall.astype(np.float32), int(moment * rate_hz))


def _add_loose(spec: SimulationSpec, n_free: int, signals: Signals) -> None:
    rng = random_stream(spec.seed, "loose")
    rate_hz = spec.sampling_rate_hz
    for moment in random_moments(rng, spec.duration_s, spec.artefacts.loose_per_min):
        length = int(rng.uniform(3.0, 60.0) * rate_hz)
        weights = np.zeros(len(signals), dtype=np.float32)
        weights[rng.integers(n_free)] = 1.0
        hum = np.sin(2 * np.pi * spec.recorder.mains_hz * np.arange(length) / rate_hz)
        swing = _low_noise(rng, length, rate_hz, 1.0) * rng.lognormal(4.0, 0.6)
        piece = (swing + hum * rng.lognormal(2.5, 1.0)) * plateau(length, 16, 16)
        add_piece(signals, weights, piece.astype(np.float32), int(moment * rate_hz))


def _add_poor_contacts(spec: SimulationSpec, n_free: int, signals: Signals) -> None:
    rng = random_stream(spec.seed, "poor contacts")
    rate_hz = spec.sampling_rate_hz
    for electrode in np.flatnonzero(rng.random(n_free) < spec.artefacts.poor_contact_fraction):
        noise = coloured_noise(
            rng, 1, spec.n_samples, rate_hz, lambda f: 1.0 / (1.0 + (10.0 / f) ** 2)
        )[0]
        noise *= np.exp(0.3 * slow_curve(rng, noise.size, rate_hz, timescale_s=3.0))
        height = spec.artefacts.poor_contact_uv * rng.lognormal(0.0, 0.6)
        signals[electrode] += np.float32(height) * noise


def block_amplifiers(spec: SimulationSpec, positions: Positions, signals: Signals) -> None:
    """Let groups of electrodes go dead at one level and come back, in place.

    After a shock an amplifier sits at its limit and returns exponentially; nothing of the
    brain is seen meanwhile.
    """
    rng = random_stream(spec.seed, "blocked")
    rate_hz = spec.sampling_rate_hz
    for moment in random_moments(rng, spec.duration_s, spec.artefacts.blocked_per_min):
        start, length = int(moment * rate_hz), int(rng.uniform(0.5, 5.0) * rate_hz)
        centre = positions[rng.integers(len(positions))][None]
        reach_rad = rng.uniform(0.1, 1.2)
        group = np.flatnonzero(angles_between(positions, centre)[:, 0] < reach_rad)
        stop = min(start + length, signals.shape[1])
        if stop <= start:
            continue
        level = rng.normal(0.0, 150.0, (group.size, 1))
        decay = np.exp(-np.arange(stop - start) / (0.3 * rate_hz))
        signals[group, start:stop] = (level * decay).astype(np.float32)
