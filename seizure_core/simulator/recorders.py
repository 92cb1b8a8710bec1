"""Simulated recorders: reference, offsets, hum, noise, filters, resolution, swapped plugs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy

from seizure_core.simulator.electrodes import EARS
from seizure_core.simulator.scene import Scene, Signals, random_stream
from seizure_core.simulator.specification import SimulationSpec

_NOTCH_Q = 3.0
_DRIFT_TIMESCALE_S = 60.0


def referenced(scene: Scene, names: Sequence[str]) -> Signals:
    """Return the spec's electrodes against its reference, with plugs as they were swapped.

    Parameters
    ----------
    names : sequence of str
        Electrodes of the scene, whose signals are against the ears; with CZ if it is the reference.
    """
    recorder, plugs = scene.spec.recorder, list(scene.spec.electrodes)
    if recorder.reference == "average":
        rows = [row for row, name in enumerate(names) if name not in EARS]
        scene.signals[:] -= scene.signals[rows].mean(axis=0)
    elif recorder.reference == "CZ":
        scene.signals[:] -= scene.signals[names.index("CZ")].copy()
    if recorder.swapped and set(recorder.swapped) <= set(plugs):
        first, second = (plugs.index(name) for name in recorder.swapped)
        plugs[first], plugs[second] = plugs[second], plugs[first]
    return np.ascontiguousarray(scene.signals[[names.index(name) for name in plugs]])


def recorded(scene: Scene, signals: Signals) -> Signals:
    """Return the recorder's output for the electrodes' microvolts, which are overwritten."""
    spec = scene.spec
    recorder, rate_hz = spec.recorder, spec.sampling_rate_hz
    rng = random_stream(spec.seed, "recorder")
    n_electrodes, n_samples = signals.shape
    _add_offsets(scene, signals)
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


def _add_offsets(scene: Scene, signals: Signals) -> None:
    """Add the potentials of electrodes that are not quite alike, and their drifts."""
    recorder, rng = scene.spec.recorder, scene.stream("offsets")
    n_electrodes, n_samples = signals.shape
    if recorder.offset_uv > 0:
        signals += rng.normal(0.0, recorder.offset_uv, (n_electrodes, 1)).astype(np.float32)
    if recorder.drift_uv > 0:
        for row in signals:
            row += recorder.drift_uv * scene.slow_curve(rng, n_samples, _DRIFT_TIMESCALE_S)


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
