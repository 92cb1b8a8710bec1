"""The kinds of seizure the simulator knows, as numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from seizure_core.simulator.noise import Signals
from seizure_core.simulator.specification import SeizureKind


@dataclass(frozen=True, slots=True, kw_only=True)
class SeizureForm:
    """How a kind of seizure runs.

    Attributes
    ----------
    course : tuple of (fraction, frequency_hz, amplitude)
        Knots over the seizure's length (0 to 1): frequency of the rhythm, and its
        amplitude relative to the peak. The frequency runs straight on a log scale.
    sharpness : float
        0 is a sine; larger means narrower, spikier waves.
    spike_wave : bool
        Whether each cycle is a spike followed by a slow wave.
    generalised : bool
        Begins everywhere at once, strongest in front.
    irregularity : float
        Share of unrhythmic activity beside the rhythm.
    muscle_ratio : float
        Muscle activity (root mean square at the temples) relative to the peak.
    muscle_start : float
        Fraction of the length at which muscles join.
    clonic : bool
        In the second half muscles jerk with the rhythm.
    """

    course: tuple[tuple[float, float, float], ...]
    sharpness: float = 1.0
    spike_wave: bool = False
    generalised: bool = False
    irregularity: float = 0.3
    muscle_ratio: float = 0.05
    muscle_start: float = 0.3
    clonic: bool = False


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
    }
)
"""Every kind with its form."""


def waveform(phase: NDArray[np.float64], form: SeizureForm) -> Signals:
    """Return the rhythm at given phases; about -1 to 1, mean 0 over a cycle.

    Parameters
    ----------
    phase : ndarray of float64
        Radians, any shape.
    form : SeizureForm

    Returns
    -------
    ndarray of float32
        Shape of `phase`.
    """
    if form.spike_wave:
        turn = np.mod(phase / (2 * np.pi), 1.0)
        spike = np.exp(-0.5 * np.square((turn - 0.12) / 0.035))
        wave = np.exp(-0.5 * np.square((turn - 0.58) / 0.15))
        # Means of the two bumps over one cycle, taken away so that no offset remains.
        return (0.85 * (wave - 0.376) - 0.75 * (spike - 0.0877)).astype(np.float32)
    if form.sharpness <= 0:
        return np.sin(phase).astype(np.float32)
    peaks = np.exp(form.sharpness * (np.cos(phase) - 1.0))
    low, mean = np.exp(-2.0 * form.sharpness), np.exp(-form.sharpness) * np.i0(form.sharpness)
    return np.asarray((peaks - mean) / max(1.0 - mean, mean - low), dtype=np.float32)
