"""Simulated blinks, eye movements, body movements, and faults of electrodes and amplifiers."""

from __future__ import annotations

import numpy as np

from seizure_core.simulator.electrodes import angles_between
from seizure_core.simulator.scene import Scene, Signals, plateau

_LEADS = ("T7", "T8", "O1", "O2", "P7", "P8", "FP1", "FP2", "F7", "F8", "C3", "C4", "PZ")
_ASLEEP = 0.5
# The eyes are in front of and below FP1 and FP2.
_LEFT_EYE = np.array([[-0.35, 0.9, -0.25]])
_RIGHT_EYE = np.array([[0.35, 0.9, -0.25]])
_EYE_WIDTH_RAD = 0.55


def add_eyes(scene: Scene) -> None:
    """Add blinks and lateral eye movements, at the front of the head while awake."""
    left, right = (
        scene.weights_of((eye / np.linalg.norm(eye))[0], _EYE_WIDTH_RAD)
        for eye in (_LEFT_EYE, _RIGHT_EYE)
    )
    at_front = max(float((left + right).max()), 1e-3) if scene.positions.size else 1.0
    _add_blinks(scene, (left + right) / at_front)
    _add_eye_movements(scene, (left - right) / at_front)


def _add_blinks(scene: Scene, weights: Signals) -> None:
    rng, artefacts = scene.stream("blinks"), scene.spec.artefacts
    for start in scene.starts(rng, artefacts.blinks_per_min):
        width_s = rng.uniform(0.06, 0.12)
        height = artefacts.blink_uv * rng.lognormal(0.0, 0.3)
        if scene.sleep[start] > _ASLEEP:
            continue
        time = np.arange(int(0.9 * scene.rate_hz)) / scene.rate_hz
        blink = np.exp(-0.5 * np.square((time - 0.2) / width_s))
        # The recorder's high-pass causes an undershoot.
        blink -= 0.25 * np.exp(-0.5 * np.square((time - 0.2 - 3.2 * width_s) / (1.6 * width_s)))
        scene.add(weights, height * blink, start)


def _add_eye_movements(scene: Scene, weights: Signals) -> None:
    rng, artefacts, rate_hz = scene.stream("saccades"), scene.spec.artefacts, scene.rate_hz
    for start in scene.starts(rng, artefacts.eye_movements_per_min):
        length = int(rng.uniform(0.3, 2.0) * rate_hz)
        height = artefacts.blink_uv * rng.normal(0.0, 0.5)
        fade = np.exp(-np.arange(length) / (0.8 * rate_hz))
        flank = 1.0 - np.exp(-np.arange(length) / (0.02 * rate_hz))
        if scene.sleep[start] <= _ASLEEP:
            piece = height * fade * flank
            piece[-max(1, length // 8) :] *= np.linspace(1.0, 0.0, max(1, length // 8))
            scene.add(weights, piece, start)


def add_disturbances(scene: Scene) -> None:
    """Add movement, rocking and electrode faults.

    Electrode faults spare the reference, where they would appear on every channel.
    """
    _add_movements(scene)
    _add_rocking(scene)
    n_free = max(1, len(scene.positions) - 2)
    _add_pops(scene, n_free)
    _add_loose(scene, n_free)
    _add_poor_contacts(scene, n_free)


def _add_movements(scene: Scene) -> None:
    rng, artefacts = scene.stream("movements"), scene.spec.artefacts
    for start in scene.starts(rng, artefacts.movements_per_min):
        length = int(min(0.3 + rng.exponential(1.5), 10.0) * scene.rate_hz)
        weights = scene.weights_of(str(rng.choice(_LEADS)), rng.uniform(0.5, 1.8))
        # Cables move independently: every electrode has its own share.
        weights = weights * rng.normal(0.7, 0.5, weights.size).astype(np.float32)
        swing = scene.low_noise(rng, 1, length, rng.uniform(1.0, 7.0))[0]
        height = artefacts.movement_uv * rng.lognormal(0.0, 0.7)
        scene.add(weights, swing * plateau(length, length // 4, length // 4) * height, start)


def _add_rocking(scene: Scene) -> None:
    """Add rhythmic movement, which is regular like a seizure but does not evolve."""
    rng, artefacts = scene.stream("rocking"), scene.spec.artefacts
    for start in scene.starts(rng, artefacts.rocking_per_min):
        length = int(rng.uniform(3.0, 15.0) * scene.rate_hz)
        phase = 2 * np.pi * rng.uniform(0.8, 5.0) * np.arange(length) / scene.rate_hz
        swing = np.sin(phase) + 0.4 * np.sin(2 * phase + rng.uniform(0, 6.0))
        height = artefacts.movement_uv * rng.uniform(0.3, 1.0)
        weights = scene.weights_of(str(rng.choice(["O1", "O2", "P7", "P8", "T7", "T8"])), 0.35)
        scene.add(weights, swing * plateau(length, length // 6, length // 6) * height, start)


def _add_pops(scene: Scene, n_free: int) -> None:
    rng, rate_hz = scene.stream("pops"), scene.rate_hz
    for start in scene.starts(rng, scene.spec.artefacts.pops_per_min):
        weights = np.zeros(len(scene.signals), dtype=np.float32)
        weights[rng.integers(n_free)] = rng.choice([-1.0, 1.0]) * rng.lognormal(4.6, 0.7)
        fall = np.exp(-np.arange(int(2.0 * rate_hz)) / (rng.uniform(0.1, 0.5) * rate_hz))
        scene.add(weights, fall, start)


def _add_loose(scene: Scene, n_free: int) -> None:
    rng, rate_hz = scene.stream("loose"), scene.rate_hz
    for start in scene.starts(rng, scene.spec.artefacts.loose_per_min):
        length = int(rng.uniform(3.0, 60.0) * rate_hz)
        weights = np.zeros(len(scene.signals), dtype=np.float32)
        weights[rng.integers(n_free)] = 1.0
        hum = np.sin(2 * np.pi * scene.spec.recorder.mains_hz * np.arange(length) / rate_hz)
        swing = scene.low_noise(rng, 1, length, 1.0)[0] * rng.lognormal(4.0, 0.6)
        piece = (swing + hum * rng.lognormal(2.5, 1.0)) * plateau(length, 16, 16)
        scene.add(weights, piece, start)


def _add_poor_contacts(scene: Scene, n_free: int) -> None:
    rng, artefacts = scene.stream("poor contacts"), scene.spec.artefacts
    for electrode in np.flatnonzero(rng.random(n_free) < artefacts.poor_contact_fraction):
        noise = scene.noise(rng, 1, scene.spec.n_samples, lambda f: 1.0 / (1.0 + (10.0 / f) ** 2))[
            0
        ]
        noise *= np.exp(0.3 * scene.slow_curve(rng, noise.size, 3.0))
        height = artefacts.poor_contact_uv * rng.lognormal(0.0, 0.6)
        scene.signals[electrode] += np.float32(height) * noise


def block_amplifiers(scene: Scene) -> None:
    """Block groups of electrodes at a constant level, then let them recover.

    After an overload, an amplifier stays at its limit and recovers exponentially.
    """
    rng, rate_hz, positions = scene.stream("blocked"), scene.rate_hz, scene.positions
    for start in scene.starts(rng, scene.spec.artefacts.blocked_per_min):
        stop = min(start + int(rng.uniform(0.5, 5.0) * rate_hz), scene.signals.shape[1])
        centre = positions[rng.integers(len(positions))][None]
        reach_rad = rng.uniform(0.1, 1.2)
        group = np.flatnonzero(angles_between(positions, centre)[:, 0] < reach_rad)
        if stop <= start:
            continue
        level = rng.normal(0.0, 150.0, (group.size, 1))
        decay = np.exp(-np.arange(stop - start) / (0.3 * rate_hz))
        scene.signals[group, start:stop] = (level * decay).astype(np.float32)
