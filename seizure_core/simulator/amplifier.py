"""The recorder: filters, hum, electronic noise, gain, limits and the smallest step."""

from __future__ import annotations

import numpy as np
import scipy

from seizure_core.simulator.noise import Signals, random_stream
from seizure_core.simulator.specification import SimulationSpec

NOTCH_Q = 3.0


def record(spec: SimulationSpec, signals: Signals) -> Signals:
    """Return what the recorder writes.

    Parameters
    ----------
    spec : SimulationSpec
    signals : ndarray of float32, shape (n_electrodes, n_samples)
        Microvolts at the electrodes; overwritten.

    Returns
    -------
    ndarray of float32, shape (n_electrodes, n_samples)
        Microvolts, rounded to the recorder's step and cut at its range.
    """
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
        numerator, denominator = scipy.signal.iirnotch(recorder.notch_hz, NOTCH_Q, fs=rate_hz)
        signals = scipy.signal.lfilter(numerator, denominator, signals, axis=1)
    return np.ascontiguousarray(signals, dtype=np.float32)
