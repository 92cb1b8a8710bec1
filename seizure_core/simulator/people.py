"""Random people of every kind: ages, sleep, all kinds of seizures and of deceiving patterns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from seizure_core.simulator.electrodes import ELECTRODES_10_20
from seizure_core.simulator.specification import (
    Age,
    BackgroundSettings,
    PatternKind,
    RecorderSettings,
    ReferenceKind,
    SeizureKind,
    SimulatedPattern,
    SimulatedSeizure,
    SimulationSpec,
)
from seizure_core.simulator.variety import random_spec

# Deep enough for offsets of some hundred millivolts, as modern amplifiers are.
_DEEP_RANGE_UV = 400_000.0
_MARGIN_S = 20.0

_ADULT_KINDS: tuple[SeizureKind, ...] = (
    "temporal_theta", "low_voltage_fast", "tonic", "rhythmic_delta", "electrodecremental",
    "tonic_fast", "hypermotor", "one_sided",
)  # fmt: skip
_KINDS_OF_AGE: dict[Age, tuple[SeizureKind, ...]] = {
    "adult": _ADULT_KINDS,
    "child": (*_ADULT_KINDS, "spike_wave", "absence", "absence"),
    "neonate": ("neonatal", "neonatal", "one_sided", "rhythmic_delta", "electrodecremental"),
}
# Shortest and longest seizure in seconds; the others last as long as asked for.
_LENGTHS_S: dict[SeizureKind, tuple[float, float]] = {
    "absence": (4.0, 20.0),
    "tonic_fast": (5.0, 25.0),
    "hypermotor": (10.0, 45.0),
}
_FRONTAL = ("F3", "F4", "FZ", "F7", "F8", "FP1", "FP2")
_FOCI = ("T7", "T8", "F7", "F8", "F3", "F4", "C3", "C4", "P7", "P8", "P3", "P4", "O1", "O2", "FZ")
_BACK = ("O1", "O2", "P7", "P8", "T7", "T8")

# Rates in hertz, and heights relative to the background or, for movement, in microvolts.
_RATES_HZ: dict[PatternKind, tuple[float, float]] = {
    "grda": (1.0, 3.5),
    "lrda": (1.0, 3.5),
    "gpd": (0.5, 2.5),
    "lpd": (0.5, 2.0),
    "gpfa": (12.0, 25.0),
    "photic_driving": (3.0, 25.0),
    "sleep_spikes": (0.3, 2.5),
    "rocking": (0.8, 5.0),
    "nodding": (0.8, 3.0),
    "chewing": (0.8, 2.2),
    "physiotherapy": (3.0, 6.0),
}
_LASTING_S: dict[PatternKind, tuple[float, float]] = {
    "gpfa": (1.0, 9.0),
    "photic_driving": (5.0, 12.0),
    "sleep_spikes": (20.0, 90.0),
}
_MOVEMENTS: tuple[PatternKind, ...] = ("rocking", "nodding", "chewing", "physiotherapy")
_OF_ILLNESS: tuple[PatternKind, ...] = ("grda", "lrda", "gpd", "lpd", "gpfa", "sleep_spikes")


def random_person(
    seed: int,
    duration_s: float,
    *,
    n_seizures: int = 0,
    seizure_s: tuple[float, float] = (15.0, 90.0),
    restless: bool = False,
) -> SimulationSpec:
    """Draw a person of any age with any kind of seizures, deceiving patterns and recorder.

    Wider than `random_spec`, whose draws it builds on.

    Parameters
    ----------
    seed : int
        Determines everything, including the simulation.
    n_seizures : int
        Evenly distributed over the recording, with an interval before and after each.
    seizure_s : tuple of float
        Shortest and longest seizure, of kinds without a usual length.
    restless : bool
        Whether artefacts and deceiving patterns are much more frequent than usual.
    """
    rng = np.random.default_rng([seed, 7927])
    base = random_spec(
        seed, duration_s, n_seizures=n_seizures, seizure_s=seizure_s, restless=restless
    )
    age: Age = str(rng.choice(["adult", "child", "neonate"], p=[0.6, 0.27, 0.13]))  # type: ignore[assignment]
    background = _of_age(rng, base.background, age)
    seizures = tuple(
        _seizure(rng, one, age, background.amplitude_uv / base.background.amplitude_uv)
        for one in base.seizures
    )
    per_min = 0.5 if restless else 0.1
    return replace(
        base,
        sampling_rate_hz=float(
            rng.choice([100, 128, 200, 250, 256, 500, 512, 1000], p=_RATE_SHARES)
        ),
        seizures=seizures,
        patterns=_patterns(rng, duration_s, seizures, background, age, per_min),
        background=background,
        recorder=_recorder(rng, base.recorder),
    )


_RATE_SHARES = (0.08, 0.12, 0.24, 0.14, 0.3, 0.06, 0.04, 0.02)


def _of_age(
    rng: np.random.Generator, background: BackgroundSettings, age: Age
) -> BackgroundSettings:
    asleep = replace(
        background,
        slow_wave_uv=float(rng.lognormal(3.6, 0.5)),
        k_complexes_per_min=float(rng.uniform(0.5, 3.0)),
        clear_spindles_per_min=float(rng.uniform(1.0, 6.0)),
    )
    if age == "child":
        amplitude_uv = float(np.clip(rng.lognormal(3.4, 0.35), 15.0, 70.0))
        return replace(
            asleep,
            age=age,
            amplitude_uv=amplitude_uv,
            slope=float(rng.uniform(1.5, 2.1)),
            alpha_hz=float(rng.uniform(4.5, 9.0)),
            alpha_uv=amplitude_uv * float(rng.lognormal(-0.1, 0.4)),
        )
    if age == "neonate":
        return replace(
            background,
            age=age,
            amplitude_uv=float(np.clip(rng.lognormal(3.0, 0.35), 8.0, 45.0)),
            slope=float(rng.uniform(1.7, 2.4)),
            alpha_uv=0.0,
            beta_uv=0.0,
            sleep_fraction=0.0,
            theta_bursts_per_min=0.0,
        )
    return asleep


def _seizure(
    rng: np.random.Generator, seizure: SimulatedSeizure, age: Age, ratio: float
) -> SimulatedSeizure:
    """Return a seizure of any kind of that age, in the middle of the one it replaces."""
    kinds = _KINDS_OF_AGE[age]
    kind = kinds[rng.integers(len(kinds))]
    duration_s = min(float(rng.uniform(*_LENGTHS_S.get(kind, (1e9, 1e9)))), seizure.duration_s)
    foci = _FRONTAL if kind in ("hypermotor", "tonic_fast") else _FOCI
    return replace(
        seizure,
        kind=kind,
        onset_s=seizure.onset_s + (seizure.duration_s - duration_s) / 2,
        duration_s=duration_s,
        focus=str(rng.choice(foci)),
        peak_uv=seizure.peak_uv * ratio,
        muscle_uv=0.0 if kind in ("absence", "neonatal") else seizure.muscle_uv,
        shaking_uv=0.0 if kind in ("absence", "neonatal") else seizure.shaking_uv,
    )


def _patterns(
    rng: np.random.Generator,
    duration_s: float,
    seizures: tuple[SimulatedSeizure, ...],
    background: BackgroundSettings,
    age: Age,
    per_min: float,
) -> tuple[SimulatedPattern, ...]:
    """Return patterns one after another, none near a seizure."""
    # A person has one or two of the patterns of illness, if any, but moves in every way.
    ill = [str(kind) for kind in rng.choice(_OF_ILLNESS, rng.integers(0, 3), replace=False)]
    kinds = [*_MOVEMENTS, *ill, *ill, "photic_driving"]
    if age == "neonate":
        kinds = ["physiotherapy", "rocking", "chewing", *ill]
    found = []
    now_s = float(rng.exponential(60.0 / per_min))
    while now_s < duration_s - 5.0:
        kind: PatternKind = kinds[rng.integers(len(kinds))]  # type: ignore[assignment]
        lasting_s = min(float(rng.uniform(*_LASTING_S.get(kind, (6.0, 60.0)))), duration_s - now_s)
        if all(_apart(now_s, lasting_s, one) for one in seizures):
            found.append(random_pattern(rng, kind, now_s, lasting_s, background))
        now_s += lasting_s + float(rng.exponential(60.0 / per_min))
    return tuple(found)


def _apart(onset_s: float, duration_s: float, seizure: SimulatedSeizure) -> bool:
    stop_s = seizure.onset_s + seizure.duration_s
    return onset_s > stop_s + _MARGIN_S or onset_s + duration_s < seizure.onset_s - _MARGIN_S


def random_pattern(
    rng: np.random.Generator,
    kind: PatternKind,
    onset_s: float,
    duration_s: float,
    background: BackgroundSettings,
) -> SimulatedPattern:
    """Draw rate, place and height of a pattern, as high as such patterns are over a background."""
    height_uv = background.amplitude_uv * float(rng.uniform(2.0, 9.0))
    if kind in _MOVEMENTS:
        height_uv = float(rng.lognormal(3.7 if kind == "chewing" else 4.7, 0.6))
    elif kind == "photic_driving":
        height_uv = background.amplitude_uv * float(rng.uniform(1.0, 3.0))
    return SimulatedPattern(
        kind=kind,
        onset_s=onset_s,
        duration_s=duration_s,
        focus=str(rng.choice(_BACK if kind == "rocking" else _FOCI)),
        frequency_hz=float(rng.uniform(*_RATES_HZ[kind])),
        height_uv=height_uv,
    )


def _recorder(rng: np.random.Generator, recorder: RecorderSettings) -> RecorderSettings:
    """Return a recorder with any reference; one in eight is unfiltered, one in twenty miswired."""
    kind: ReferenceKind = str(rng.choice(["ears", "average", "CZ"], p=[0.6, 0.25, 0.15]))  # type: ignore[assignment]
    first, second = (str(one) for one in rng.choice(ELECTRODES_10_20, 2, replace=False))
    swapped = (first, second) if rng.random() < 0.05 else ()
    recorder = replace(recorder, reference=kind, swapped=swapped)
    if rng.random() >= 0.125:
        return recorder
    return replace(
        recorder,
        high_pass_hz=0.0,
        range_uv=_DEEP_RANGE_UV,
        offset_uv=float(rng.lognormal(8.5, 1.0)),
        drift_uv=float(rng.lognormal(6.0, 1.0)),
    )
