"""Blinks and eye movements: the front of the head, while awake."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from seizure_core.simulator.noise import Signals, add_piece, random_moments, random_stream
from seizure_core.simulator.specification import SimulationSpec
from seizure_core.simulator.states import VigilanceStates

ASLEEP = 0.5
# Both eyes sit in front of and below FP1 and FP2.
_LEFT_EYE = np.array([-0.35, 0.9, -0.25])
_RIGHT_EYE = np.array([0.35, 0.9, -0.25])
_EYE_WIDTH_RAD = 0.55


def add_eyes(
    spec: SimulationSpec,
    positions: NDArray[np.float64],
    states: VigilanceStates,
    signals: Signals,
) -> None:
    """Add blinks and lateral eye movements to signals of shape (n_electrodes, n_samples)."""
    left, right = (_eye_weights(positions, eye) for eye in (_LEFT_EYE, _RIGHT_EYE))
    at_front = max(float((left + right).max()), 1e-3) if positions.size else 1.0
    _add_blinks(spec, states, (left + right) / at_front, signals)
    _add_movements(spec, states, (left - right) / at_front, signals)


def _eye_weights(positions: NDArray[np.float64], eye: NDArray[np.float64]) -> Signals:
    arcs = np.arccos(np.clip(positions @ (eye / np.linalg.norm(eye)), -1.0, 1.0))
    return np.exp(-0.5 * np.square(arcs / _EYE_WIDTH_RAD)).astype(np.float32)


def _add_blinks(
    spec: SimulationSpec, states: VigilanceStates, weights: Signals, signals: Signals
) -> None:
    rng = random_stream(spec.seed, "blinks")
    rate_hz = spec.sampling_rate_hz
    for moment in random_moments(rng, spec.duration_s, spec.artefacts.blinks_per_min):
        width_s = rng.uniform(0.06, 0.12)
        height = spec.artefacts.blink_uv * rng.lognormal(0.0, 0.3)
        start = int(moment * rate_hz)
        if states.sleep[start] > ASLEEP:
            continue
        time = np.arange(int(0.9 * rate_hz)) / rate_hz
        blink = np.exp(-0.5 * np.square((time - 0.2) / width_s))
        # The high-pass of every recorder leaves an undershoot.
        blink -= 0.25 * np.exp(-0.5 * np.square((time - 0.2 - 3.2 * width_s) / (1.6 * width_s)))
        add_piece(signals, weights, (height * blink).astype(np.float32), start)


def _add_movements(
    spec: SimulationSpec, states: VigilanceStates, weights: Signals, signals: Signals
) -> None:
    rng = random_stream(spec.seed, "saccades")
    rate_hz = spec.sampling_rate_hz
    for moment in random_moments(rng, spec.duration_s, spec.artefacts.eye_movements_per_min):
        length = int(rng.uniform(0.3, 2.0) * rate_hz)
        height = spec.artefacts.blink_uv * rng.normal(0.0, 0.5)
        fade = np.exp(-np.arange(length) / (0.8 * rate_hz))
        flank = 1.0 - np.exp(-np.arange(length) / (0.02 * rate_hz))
        start = int(moment * rate_hz)
        if states.sleep[start] <= ASLEEP:
            piece = height * fade * flank
            piece[-max(1, length // 8) :] *= np.linspace(1.0, 0.0, max(1, length // 8))
            add_piece(signals, weights, piece.astype(np.float32), start)
