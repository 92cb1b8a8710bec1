"""Seizures: a rhythm that begins somewhere, evolves, spreads, stops and leaves slowing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seizure_core.simulator.electrodes import (
    ELECTRODES_10_20,
    angles_between,
    electrode_positions,
    mirrored,
    spread_weights,
)
from seizure_core.simulator.motion import shaking, straining
from seizure_core.simulator.noise import (
    Signals,
    coloured_noise,
    plateau,
    random_stream,
    slow_curve,
)
from seizure_core.simulator.seizure_forms import SEIZURE_FORMS, SeizureForm, waveform
from seizure_core.simulator.specification import SimulatedSeizure, SimulationSpec

POSTICTAL_S = 60.0
_NODES = (*ELECTRODES_10_20, "FT9", "FT10")
_NODE_WIDTH_RAD = 0.42
_CROSSING_RAD = 0.8

Positions = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Recruitment:
    """Who joins, when, how strongly and with which lag; all of shape (n_nodes,)."""

    delay_s: NDArray[np.float64]
    strength: NDArray[np.float64]
    lag_rad: NDArray[np.float64]


def add_seizure(spec: SimulationSpec, number: int, positions: Positions, signals: Signals) -> None:
    """Add one seizure and its post-ictal slowing to signals, in place.

    Outside `[onset_s, onset_s + duration_s + POSTICTAL_S)` no sample changes.

    Parameters
    ----------
    spec : SimulationSpec
    number : int
        Which of `spec.seizures`.
    positions : ndarray of float64, shape (n_electrodes, 3)
    signals : ndarray of float32, shape (n_electrodes, n_samples)
    """
    seizure = spec.seizures[number]
    form = SEIZURE_FORMS[seizure.kind]
    rng = random_stream(spec.seed, f"seizure {number}")
    start = round(seizure.onset_s * spec.sampling_rate_hz)
    stop = round((seizure.onset_s + seizure.duration_s) * spec.sampling_rate_hz)
    n_samples = max(2, stop - start)
    recruitment = _recruit(rng, seizure, form)
    weights = spread_weights(positions, electrode_positions(_NODES), _NODE_WIDTH_RAD)
    nodes = _node_signals(rng, seizure, form, recruitment, n_samples, spec.sampling_rate_hz)
    ictal = weights @ (nodes * (seizure.peak_uv / _height_at_focus(seizure, recruitment)))
    ictal += _muscle(rng, seizure, form, positions, n_samples, spec.sampling_rate_hz)
    ictal += shaking(
        rng, len(positions), n_samples, spec.sampling_rate_hz, height_uv=seizure.shaking_uv
    )
    ictal *= plateau(n_samples, 8, int(0.7 * spec.sampling_rate_hz))
    _add(signals, ictal, start)
    slowing = weights @ _slowing(rng, seizure, recruitment, spec.sampling_rate_hz)
    _add(signals, slowing, start + n_samples)


def _add(signals: Signals, piece: Signals, start: int) -> None:
    stop = min(start + piece.shape[1], signals.shape[1])
    if stop > start:
        signals[:, start:stop] += piece[:, : stop - start]


def _recruit(
    rng: np.random.Generator, seizure: SimulatedSeizure, form: SeizureForm
) -> _Recruitment:
    nodes = electrode_positions(_NODES)
    focus = electrode_positions([seizure.focus])
    if form.generalised:
        front = angles_between(nodes, electrode_positions(["FZ"]))[:, 0]
        arc = 0.02 * front
        strength = 0.35 + 0.65 * np.exp(-0.5 * np.square(front / 1.0))
        lag = 0.25 * front
    else:
        near = angles_between(nodes, focus)[:, 0]
        far = _CROSSING_RAD + angles_between(nodes, mirrored(focus))[:, 0]
        arc = np.minimum(near, far)
        strength = np.exp(-0.5 * np.square(arc / rng.uniform(0.7, 1.4)))
        lag = 2 * np.pi * rng.uniform(0.05, 0.25) * arc
    return _Recruitment(
        delay_s=arc * seizure.spread_s,
        strength=strength * rng.uniform(0.75, 1.25, len(nodes)),
        lag_rad=lag + rng.normal(0.0, 0.25, len(nodes)),
    )


def _height_at_focus(seizure: SimulatedSeizure, recruitment: _Recruitment) -> float:
    """Amplitude the rhythm has at the focus when every node swings with height 1."""
    weights = spread_weights(
        electrode_positions([seizure.focus]), electrode_positions(_NODES), _NODE_WIDTH_RAD
    )[0]
    return max(
        0.05, float(abs(np.sum(weights * recruitment.strength * np.exp(1j * recruitment.lag_rad))))
    )


def _node_signals(
    rng: np.random.Generator,
    seizure: SimulatedSeizure,
    form: SeizureForm,
    recruitment: _Recruitment,
    n_samples: int,
    sampling_rate_hz: float,
) -> Signals:
    """Return the rhythm and its unrhythmic company at each node; height 1 at full strength."""
    times_s = np.arange(n_samples) / sampling_rate_hz
    fractions, frequencies_hz, amplitudes = np.array(form.course).T
    knots_s = fractions * seizure.duration_s
    frequency_hz = np.exp(np.interp(times_s, knots_s, np.log(frequencies_hz)))
    frequency_hz *= np.exp(
        0.07 * slow_curve(rng, n_samples, sampling_rate_hz, timescale_s=1.5).astype(np.float64)
    )
    phase = 2 * np.pi * np.cumsum(frequency_hz) / sampling_rate_hz + rng.uniform(0, 2 * np.pi)
    company = coloured_noise(
        rng,
        len(_NODES),
        n_samples,
        sampling_rate_hz,
        lambda f: 1.0 / (1.0 + (1.5 / f) ** 4) / (1.0 + (f / 9.0) ** 4),
    )
    swell = 1.0 + 0.2 * slow_curve(rng, n_samples, sampling_rate_hz, timescale_s=2.0)
    nodes = np.empty((len(_NODES), n_samples), dtype=np.float32)
    for node, delay_s in enumerate(np.minimum(recruitment.delay_s, 0.7 * seizure.duration_s)):
        envelope = np.interp(times_s - delay_s, knots_s, amplitudes, left=0.0) * swell
        envelope *= np.clip((times_s - delay_s) / 1.5, 0.0, 1.0) * recruitment.strength[node]
        rhythm = waveform(phase - recruitment.lag_rad[node], form)
        nodes[node] = envelope * (rhythm + form.irregularity * company[node])
    return nodes


def _muscle(
    rng: np.random.Generator,
    seizure: SimulatedSeizure,
    form: SeizureForm,
    positions: Positions,
    n_samples: int,
    sampling_rate_hz: float,
) -> Signals:
    level_uv = form.muscle_ratio * seizure.peak_uv
    if seizure.muscle_uv is not None:
        level_uv = seizure.muscle_uv
    fraction = np.arange(n_samples) / n_samples
    envelope = np.clip((fraction - form.muscle_start) / 0.15, 0.0, 1.0) * level_uv
    envelope *= np.exp(0.5 * slow_curve(rng, n_samples, sampling_rate_hz, timescale_s=0.7))
    if form.clonic:
        jerks = 2 * np.pi * np.cumsum(3.5 - 2.0 * fraction) / sampling_rate_hz
        depth = np.clip((fraction - 0.5) / 0.1, 0.0, 1.0)
        envelope *= 1.0 - depth * (0.5 - 0.5 * np.tanh(4.0 * np.sin(jerks)))
    return straining(rng, positions, envelope, sampling_rate_hz)


def _slowing(
    rng: np.random.Generator,
    seizure: SimulatedSeizure,
    recruitment: _Recruitment,
    sampling_rate_hz: float,
) -> Signals:
    n_samples = int(POSTICTAL_S * sampling_rate_hz)
    waves = coloured_noise(
        rng, len(_NODES), n_samples, sampling_rate_hz, lambda f: 1.0 / (1.0 + (f / 2.0) ** 4)
    )
    times_s = np.arange(n_samples) / sampling_rate_hz
    fade = np.exp(-times_s / (POSTICTAL_S / 4)) - np.exp(-4.0)
    rise = np.clip(times_s / 1.0, 0.0, 1.0)
    waves *= recruitment.strength[:, None].astype(np.float32)
    waves *= (0.22 * seizure.peak_uv * fade * rise).astype(np.float32)
    return waves
