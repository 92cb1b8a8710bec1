"""Simulation of a recording from its specification, including the recorder."""

from __future__ import annotations

import numpy as np
import scipy

from seizure_core.events.event import Event, clip_events
from seizure_core.simulator.background import add_background
from seizure_core.simulator.disturbances import add_disturbances, add_eyes, block_amplifiers
from seizure_core.simulator.electrodes import EARS
from seizure_core.simulator.muscle import add_muscle, add_struggles
from seizure_core.simulator.result import SimulatedRecording
from seizure_core.simulator.scene import Signals, random_stream, scene_of
from seizure_core.simulator.seizures import add_seizure
from seizure_core.simulator.specification import SimulationSpec

_NOTCH_Q = 3.0


def simulate(spec: SimulationSpec) -> SimulatedRecording:
    """Simulate one recording of scalp EEG: `spec.electrodes` against the mean of both ears.

    The same spec gives the same signals. Specs that differ in their seizures only give the same
    samples, except during seizures, post-ictal slowing and the transient of the recorder's
    high-pass.
    """
    names = [*(name for name in spec.electrodes if name not in EARS), *EARS]
    scene = scene_of(spec, names)
    add_background(scene)
    for number in range(len(spec.seizures)):
        add_seizure(scene, number)
    add_eyes(scene)
    add_muscle(scene)
    add_disturbances(scene)
    add_struggles(scene)
    scene.signals[:] -= scene.signals[-len(EARS) :].mean(axis=0)
    block_amplifiers(scene)
    chosen = np.ascontiguousarray(scene.signals[[names.index(name) for name in spec.electrodes]])
    events = (
        Event(
            onset_s=seizure.onset_s,
            duration_s=seizure.duration_s,
            channels=(seizure.focus,),
            text=seizure.kind,
        )
        for seizure in spec.seizures
    )
    return SimulatedRecording(
        labels=spec.electrodes,
        signals_uv=_recorded(spec, chosen),
        sampling_rate_hz=spec.sampling_rate_hz,
        events=clip_events(events, spec.duration_s),
    )


def _recorded(spec: SimulationSpec, signals: Signals) -> Signals:
    """Return the recorder's output for the electrodes' microvolts, which are overwritten."""
    recorder, rate_hz = spec.recorder, spec.sampling_rate_hz
    rng = random_stream(spec.seed, "recorder")
    n_electrodes, n_samples = signals.shape
    if recorder.mains_uv > 0 and recorder.mains_hz < rate_hz / 2:
        hum = np.sin(2 * np.pi * recorder.mains_hz * np.arange(n_samples) / rate_hz)
        heights = recorder.mains_uv * rng.lognormal(0.0, 0.7, (n_electrodes, 1))
        signals += heights.astype(np.float32) * hum.astype(np.float32)
    if recorder.noise_uv > 0:
        noise = rng.standard_normal(signals.shape, dtype=np.float32)
        signals += np.float32(recorder.noise_uv) * noise
    signals = _filtered(spec, signals)
    signals *= np.float32(recorder.gain)
    np.clip(signals, -recorder.range_uv, recorder.range_uv, out=signals)
    if recorder.quantisation_uv > 0:
        step = np.float32(recorder.quantisation_uv)
        np.round(signals / step, out=signals)
        signals *= step
    return signals


def _filtered(spec: SimulationSpec, signals: Signals) -> Signals:
    recorder, rate_hz = spec.recorder, spec.sampling_rate_hz
    if recorder.high_pass_hz > 0:
        sections = scipy.signal.butter(
            2, recorder.high_pass_hz, "highpass", fs=rate_hz, output="sos"
        )
        signals = scipy.signal.sosfilt(sections, signals, axis=1)
    if 0 < recorder.low_pass_hz < rate_hz / 2:
        sections = scipy.signal.butter(4, recorder.low_pass_hz, "lowpass", fs=rate_hz, output="sos")
        signals = scipy.signal.sosfilt(sections, signals, axis=1)
    if 0 < recorder.notch_hz < rate_hz / 2:
        numerator, denominator = scipy.signal.iirnotch(recorder.notch_hz, _NOTCH_Q, fs=rate_hz)
        signals = scipy.signal.lfilter(numerator, denominator, signals, axis=1)
    return np.ascontiguousarray(signals, dtype=np.float32)
