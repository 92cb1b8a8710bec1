"""Vigilance over time: who is asleep does not blink, who closes the eyes has alpha."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seizure_core.simulator.noise import Signals, random_stream
from seizure_core.simulator.specification import SimulationSpec


@dataclass(frozen=True, slots=True)
class VigilanceStates:
    """Curves between 0 and 1, shape (n_samples,): depth of sleep and closed eyes."""

    sleep: Signals
    eyes_closed: Signals


def vigilance_states(spec: SimulationSpec) -> VigilanceStates:
    """Draw when the simulated person sleeps and when the eyes are closed."""
    sleep = _switching(spec, "sleep", spec.background.sleep_fraction, 180.0, 15.0)
    closed = _switching(spec, "eyes", spec.background.eyes_closed_fraction, 25.0, 0.5)
    # Alpha vanishes as sleep deepens.
    return VigilanceStates(sleep=sleep, eyes_closed=np.maximum(closed - sleep, 0.0))


def _switching(
    spec: SimulationSpec, name: str, fraction: float, stay_s: float, ramp_s: float
) -> Signals:
    """Return a curve that switches between 0 and 1 with smooth ramps, 1 for `fraction` of time."""
    rng = random_stream(spec.seed, name)
    if fraction <= 0 or fraction >= 1:
        return np.full(spec.n_samples, float(fraction >= 1), dtype=np.float32)
    is_on = bool(rng.random() < fraction)
    moments, values, now = [0.0], [float(is_on)], 0.0
    while now < spec.duration_s:
        mean_s = 2.0 * stay_s * (fraction if is_on else 1.0 - fraction)
        stay = float(rng.gamma(2.0, mean_s / 2.0)) + ramp_s
        moments += [now + stay, now + stay + ramp_s]
        values += [float(is_on), float(not is_on)]
        now += stay + ramp_s
        is_on = not is_on
    times_s = np.arange(spec.n_samples) / spec.sampling_rate_hz
    return np.interp(times_s, moments, values).astype(np.float32)
