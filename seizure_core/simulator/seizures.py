"""Simulated seizures: a rhythm that starts at a focus, evolves, spreads and ends in slowing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from seizure_core.simulator.electrodes import (
    ELECTRODES_10_20,
    angles_between,
    electrode_positions,
    mirrored,
    spread_weights,
)
from seizure_core.simulator.muscle import shaking, straining
from seizure_core.simulator.scene import Scene, Signals, plateau
from seizure_core.simulator.specification import SeizureKind, SimulatedSeizure

POSTICTAL_S = 60.0
_NODES = (*ELECTRODES_10_20, "FT9", "FT10")
_NODE_WIDTH_RAD = 0.42
_CROSSING_RAD = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class SeizureForm:
    """Course of a kind of seizure.

    Attributes
    ----------
    course : tuple of (fraction, frequency_hz, amplitude)
        Knots over the seizure's length (0 to 1): frequency of the rhythm, interpolated on a log
        scale, and amplitude relative to the peak.
    sharpness : float
        0 is a sine; larger is spikier.
    spike_wave : bool
        Whether each cycle is a spike and a slow wave.
    generalised : bool
        Starts everywhere at once, strongest in front.
    irregularity : float
        Share of arrhythmic activity.
    muscle_ratio : float
        Muscle activity (root mean square at the temples) relative to the peak.
    muscle_start : float
        Fraction of the length at which muscle activity starts.
    clonic : bool
        Whether muscles jerk with the rhythm in the second half.
    attenuation : float
        Share of the background that disappears at the onset, until `attenuated_until` (fraction of
        the length).
    one_sided : bool
        Never crosses to the other hemisphere.
    movement_ratio : float
        Movement artefacts relative to the peak, if the seizure itself has none.
    rise_s : float
        Time until a recruited electrode has its full rhythm.
    slowing : float
        Amplitude of the slow waves afterwards relative to the peak.
    """

    course: tuple[tuple[float, float, float], ...]
    sharpness: float = 1.0
    spike_wave: bool = False
    generalised: bool = False
    irregularity: float = 0.3
    muscle_ratio: float = 0.05
    muscle_start: float = 0.3
    clonic: bool = False
    attenuation: float = 0.0
    attenuated_until: float = 0.3
    one_sided: bool = False
    movement_ratio: float = 0.0
    rise_s: float = 1.5
    slowing: float = 0.22


SEIZURE_FORMS: Mapping[SeizureKind, SeizureForm] = MappingProxyType(
    {
        "temporal_theta": SeizureForm(
            course=((0, 8, 0.12), (0.15, 6.5, 0.5), (0.5, 5, 1), (0.85, 3.5, 0.9), (1, 2.8, 0.6)),
            sharpness=1.5,
        ),
        "spike_wave": SeizureForm(
            course=((0, 3.6, 0.6), (0.08, 3.3, 1), (0.8, 2.8, 1), (1, 2.4, 0.8)),
            spike_wave=True,
            generalised=True,
            irregularity=0.15,
            muscle_ratio=0.01,
        ),
        "low_voltage_fast": SeizureForm(
            course=((0, 24, 0.08), (0.15, 16, 0.15), (0.3, 8, 0.5), (0.6, 5, 1), (1, 2.5, 0.8)),
            sharpness=1.0,
            muscle_ratio=0.08,
        ),
        "tonic": SeizureForm(
            course=((0, 12, 0.2), (0.1, 9, 0.6), (0.4, 6, 1), (0.7, 3.5, 1), (1, 1.8, 0.9)),
            sharpness=2.0,
            generalised=True,
            irregularity=0.5,
            muscle_ratio=0.35,
            muscle_start=0.05,
            clonic=True,
        ),
        "rhythmic_delta": SeizureForm(
            course=((0, 3.2, 0.2), (0.2, 2.8, 0.7), (0.6, 2.2, 1), (1, 1.5, 0.8)),
            sharpness=0.7,
            irregularity=0.4,
        ),
        "electrodecremental": SeizureForm(
            course=((0, 27, 0.06), (0.2, 22, 0.12), (0.4, 14, 0.3), (0.65, 6, 1), (1, 2.5, 0.8)),
            attenuation=0.8,
            attenuated_until=0.35,
            rise_s=0.8,
        ),
        "tonic_fast": SeizureForm(
            course=((0, 23, 0.15), (0.2, 18, 0.4), (0.6, 12, 0.9), (1, 8, 1)),
            sharpness=0.5,
            generalised=True,
            muscle_ratio=0.4,
            muscle_start=0.05,
            attenuation=0.7,
            attenuated_until=0.8,
            rise_s=0.5,
        ),
        "hypermotor": SeizureForm(
            course=((0, 20, 0.1), (0.2, 14, 0.3), (0.5, 7, 0.8), (0.9, 4, 1), (1, 3, 0.7)),
            muscle_ratio=0.3,
            muscle_start=0.1,
            attenuation=0.4,
            movement_ratio=0.6,
        ),
        "absence": SeizureForm(
            course=((0, 3.6, 0.8), (0.1, 3.2, 1), (0.8, 2.9, 1), (1, 2.6, 0.9)),
            spike_wave=True,
            generalised=True,
            irregularity=0.1,
            muscle_ratio=0.0,
            rise_s=0.3,
            slowing=0.0,
        ),
        "neonatal": SeizureForm(
            course=((0, 2.4, 0.3), (0.2, 1.9, 0.8), (0.6, 1.3, 1), (1, 0.8, 0.7)),
            sharpness=2.0,
            muscle_ratio=0.02,
            one_sided=True,
            slowing=0.1,
        ),
        "one_sided": SeizureForm(
            course=((0, 12, 0.12), (0.2, 8, 0.5), (0.6, 5, 1), (1, 2.5, 0.8)),
            sharpness=1.5,
            one_sided=True,
        ),
    }
)
"""Course of every kind of seizure."""


@dataclass(frozen=True, slots=True)
class _Recruitment:
    """Onset, strength and lag of each node; all of shape (n_nodes,)."""

    delay_s: NDArray[np.float64]
    strength: NDArray[np.float64]
    lag_rad: NDArray[np.float64]


def add_seizure(scene: Scene, number: int) -> None:
    """Add one of the spec's seizures and its post-ictal slowing.

    Samples outside `[onset_s, onset_s + duration_s + POSTICTAL_S)` do not change.
    """
    seizure, rate_hz = scene.spec.seizures[number], scene.rate_hz
    form = SEIZURE_FORMS[seizure.kind]
    rng = scene.stream(f"seizure {number}")
    start = round(seizure.onset_s * rate_hz)
    n_samples = max(2, round((seizure.onset_s + seizure.duration_s) * rate_hz) - start)
    recruitment = _recruit(rng, seizure, form)
    weights = spread_weights(scene.positions, electrode_positions(_NODES), _NODE_WIDTH_RAD)
    nodes = _node_signals(scene, rng, seizure, recruitment, n_samples)
    ictal = weights @ (nodes * (seizure.peak_uv / _height_at_focus(seizure, recruitment)))
    ictal += straining(scene, rng, _muscle_envelope(scene, rng, seizure, n_samples))
    shaking_uv = seizure.shaking_uv or form.movement_ratio * seizure.peak_uv
    ictal += shaking(scene, rng, n_samples, shaking_uv)
    _attenuate(scene, form, start, n_samples)
    ictal *= plateau(n_samples, 8, int(0.7 * rate_hz))
    scene.add_all(ictal, start)
    scene.add_all(weights @ _slowing(scene, rng, seizure, recruitment), start + n_samples)


def _attenuate(scene: Scene, form: SeizureForm, start: int, n_samples: int) -> None:
    """Flatten what is there already, from the onset on, with flanks of half a second."""
    length, flank = round(form.attenuated_until * n_samples), int(0.5 * scene.rate_hz)
    background = scene.signals[:, start : start + length]
    background *= 1.0 - form.attenuation * plateau(length, flank, flank)[: background.shape[1]]


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
        if form.one_sided:
            # At most the midline joins in: the sides of focus and node differ beyond it.
            strength = np.where(nodes[:, 0] * focus[0, 0] < -1e-6, 0.0, strength)
    return _Recruitment(
        delay_s=arc * seizure.spread_s,
        strength=strength * rng.uniform(0.75, 1.25, len(nodes)),
        lag_rad=lag + rng.normal(0.0, 0.25, len(nodes)),
    )


def _height_at_focus(seizure: SimulatedSeizure, recruitment: _Recruitment) -> float:
    """Return the amplitude at the focus if every node has amplitude 1."""
    weights = spread_weights(
        electrode_positions([seizure.focus]), electrode_positions(_NODES), _NODE_WIDTH_RAD
    )[0]
    return max(
        0.05, float(abs(np.sum(weights * recruitment.strength * np.exp(1j * recruitment.lag_rad))))
    )


def _node_signals(
    scene: Scene,
    rng: np.random.Generator,
    seizure: SimulatedSeizure,
    recruitment: _Recruitment,
    n_samples: int,
) -> Signals:
    """Return rhythmic and arrhythmic activity of each node, with amplitude 1 at full strength."""
    form = SEIZURE_FORMS[seizure.kind]
    times_s = np.arange(n_samples) / scene.rate_hz
    fractions, frequencies_hz, amplitudes = np.array(form.course).T
    knots_s = fractions * seizure.duration_s
    frequency_hz = np.exp(np.interp(times_s, knots_s, np.log(frequencies_hz)))
    frequency_hz *= np.exp(0.07 * scene.slow_curve(rng, n_samples, 1.5).astype(np.float64))
    phase = 2 * np.pi * np.cumsum(frequency_hz) / scene.rate_hz + rng.uniform(0, 2 * np.pi)
    company = scene.noise(
        rng,
        len(_NODES),
        n_samples,
        lambda f: 1.0 / (1.0 + (1.5 / f) ** 4) / (1.0 + (f / 9.0) ** 4),
    )
    swell = 1.0 + 0.2 * scene.slow_curve(rng, n_samples, 2.0)
    nodes = np.empty((len(_NODES), n_samples), dtype=np.float32)
    for node, delay_s in enumerate(np.minimum(recruitment.delay_s, 0.7 * seizure.duration_s)):
        envelope = np.interp(times_s - delay_s, knots_s, amplitudes, left=0.0) * swell
        envelope *= (
            np.clip((times_s - delay_s) / form.rise_s, 0.0, 1.0) * recruitment.strength[node]
        )
        rhythm = waveform(phase - recruitment.lag_rad[node], form)
        nodes[node] = envelope * (rhythm + form.irregularity * company[node])
    return nodes


def _muscle_envelope(
    scene: Scene, rng: np.random.Generator, seizure: SimulatedSeizure, n_samples: int
) -> NDArray[np.float64]:
    form = SEIZURE_FORMS[seizure.kind]
    level_uv = form.muscle_ratio * seizure.peak_uv
    if seizure.muscle_uv is not None:
        level_uv = seizure.muscle_uv
    fraction = np.arange(n_samples) / n_samples
    envelope = np.clip((fraction - form.muscle_start) / 0.15, 0.0, 1.0) * level_uv
    envelope *= np.exp(0.5 * scene.slow_curve(rng, n_samples, 0.7))
    if form.clonic:
        jerks = 2 * np.pi * np.cumsum(3.5 - 2.0 * fraction) / scene.rate_hz
        depth = np.clip((fraction - 0.5) / 0.1, 0.0, 1.0)
        envelope *= 1.0 - depth * (0.5 - 0.5 * np.tanh(4.0 * np.sin(jerks)))
    return envelope


def _slowing(
    scene: Scene, rng: np.random.Generator, seizure: SimulatedSeizure, recruitment: _Recruitment
) -> Signals:
    n_samples = int(POSTICTAL_S * scene.rate_hz)
    waves = scene.low_noise(rng, len(_NODES), n_samples, 2.0)
    times_s = np.arange(n_samples) / scene.rate_hz
    fade = np.exp(-times_s / (POSTICTAL_S / 4)) - np.exp(-4.0)
    rise = np.clip(times_s / 1.0, 0.0, 1.0)
    waves *= recruitment.strength[:, None].astype(np.float32)
    slowing_uv = SEIZURE_FORMS[seizure.kind].slowing * seizure.peak_uv
    waves *= (slowing_uv * fade * rise).astype(np.float32)
    return waves


def waveform(phase: NDArray[np.float64], form: SeizureForm) -> Signals:
    """Return the rhythm at given phases; about -1 to 1, mean 0 over a cycle.

    Parameters
    ----------
    phase : ndarray of float64
        In radians.
    """
    if form.spike_wave:
        turn = np.mod(phase / (2 * np.pi), 1.0)
        spike = np.exp(-0.5 * np.square((turn - 0.12) / 0.035))
        wave = np.exp(-0.5 * np.square((turn - 0.58) / 0.15))
        # Mean of the two peaks over a cycle, subtracted to avoid an offset.
        return (0.85 * (wave - 0.376) - 0.75 * (spike - 0.0877)).astype(np.float32)
    if form.sharpness <= 0:
        return np.sin(phase).astype(np.float32)
    peaks = np.exp(form.sharpness * (np.cos(phase) - 1.0))
    low, mean = np.exp(-2.0 * form.sharpness), np.exp(-form.sharpness) * np.i0(form.sharpness)
    return np.asarray((peaks - mean) / max(1.0 - mean, mean - low), dtype=np.float32)
