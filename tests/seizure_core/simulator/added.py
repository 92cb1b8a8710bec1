"""What one part of a specification adds to a recording, for tests."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
from scipy.signal import find_peaks, welch

from seizure_core.simulator import (
    ELECTRODES_10_20,
    ArtefactSettings,
    BackgroundSettings,
    RecorderSettings,
    SimulationSpec,
    simulate,
)

RATE_HZ = 256.0
CALM = ArtefactSettings(
    blinks_per_min=0,
    eye_movements_per_min=0,
    muscle_floor_uv=0,
    muscle_bursts_per_min=0,
    chewing_per_min=0,
    movements_per_min=0,
    rocking_per_min=0,
    struggles_per_min=0,
    pops_per_min=0,
    loose_per_min=0,
    blocked_per_min=0,
    poor_contact_fraction=0,
)
# Noise and resolution would hide small differences.
CLEAN = RecorderSettings(mains_uv=0, noise_uv=0, high_pass_hz=0, quantisation_uv=0, range_uv=1e6)
BASE = SimulationSpec(
    duration_s=60.0,
    seed=3,
    electrodes=ELECTRODES_10_20,
    artefacts=CALM,
    recorder=CLEAN,
    background=BackgroundSettings(sleep_fraction=0.0),
)


# Against the ears, activity of one temple shows at the other, too.
AGAINST_CZ = replace(BASE, recorder=replace(CLEAN, reference="CZ"))


@cache
def plain(base: SimulationSpec) -> np.ndarray:
    """Return the signals of a spec, simulated once."""
    return simulate(base).signals_uv


def added(base: SimulationSpec = BASE, **what: Any) -> np.ndarray:
    """Return the difference that other values of a spec make, in microvolts."""
    return simulate(replace(base, **what)).signals_uv - plain(base)


def row(signals: np.ndarray, electrode: str) -> np.ndarray:
    return signals[ELECTRODES_10_20.index(electrode)].astype(np.float64)


def rms(signals: np.ndarray, electrode: str) -> float:
    return float(row(signals, electrode).std())


def seconds(signals: np.ndarray, start_s: float, stop_s: float) -> np.ndarray:
    return signals[:, round(start_s * RATE_HZ) : round(stop_s * RATE_HZ)]


def peak_hz(signal: np.ndarray, low_hz: float = 0.4) -> float:
    frequencies, power = welch(signal, RATE_HZ, nperseg=min(2048, signal.size))
    return float(frequencies[np.argmax(power * (frequencies >= low_hz))])


def share(signal: np.ndarray, low_hz: float, high_hz: float) -> float:
    """Return the share of the power between two frequencies."""
    frequencies, power = welch(signal - signal.mean(), RATE_HZ, nperseg=min(1024, signal.size))
    inside = (frequencies >= low_hz) & (frequencies <= high_hz)
    return float(power[inside].sum() / power.sum())


def intervals_s(signal: np.ndarray) -> np.ndarray:
    """Return the times between the discharges of a signal, which point down."""
    height = -np.percentile(signal, 0.5)
    moments, _ = find_peaks(-signal, height=0.4 * height, distance=int(0.12 * RATE_HZ))
    return np.diff(moments) / RATE_HZ
