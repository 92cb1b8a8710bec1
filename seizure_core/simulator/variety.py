"""Random specifications: patients, seizures and recorders."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from seizure_core.simulator.specification import (
    CHBMIT_RECORDER,
    EEGMAT_RECORDER,
    SEIZURE_KINDS,
    ArtefactSettings,
    BackgroundSettings,
    RecorderSettings,
    SimulatedSeizure,
    SimulationSpec,
)

RecorderKind = Literal["hospital", "laboratory", "any"]

# Kinds added later are drawn by `random_person` only: figures on the cards of shipped models are
# measured on what this module draws, which must not change.
_DRAWN_KINDS = SEIZURE_KINDS[:5]
_FOCI = ("T7", "T8", "F7", "F8", "F3", "F4", "C3", "C4", "P7", "P8", "P3", "P4", "O1", "FP2", "FZ")


def random_spec(
    seed: int,
    duration_s: float,
    *,
    n_seizures: int = 0,
    seizure_s: tuple[float, float] = (15.0, 90.0),
    sampling_rate_hz: float = 256.0,
    recorder: RecorderKind = "any",
    restless: bool = False,
) -> SimulationSpec:
    """Draw a patient with seizures, and a recorder.

    Parameters
    ----------
    seed : int
        Determines everything, including the simulation.
    n_seizures : int
        Evenly distributed over the recording, with an interval before and after each.
    seizure_s : tuple of float
        Shortest and longest seizure; each is limited to 60 % of its share of the recording.
    recorder : str
        "hospital" (like CHB-MIT), "laboratory" (like eegmat) or "any" (between and beyond).
    restless : bool
        Whether artefacts and transients are much more frequent than usual.
    """
    rng = np.random.default_rng([seed, 7919])
    amplitude_uv = float(np.clip(rng.lognormal(2.9, 0.45), 6.0, 50.0))
    share_s = duration_s / max(n_seizures, 1)
    seizures = tuple(
        _random_seizure(rng, number * share_s, share_s, seizure_s, amplitude_uv)
        for number in range(n_seizures)
    )
    if recorder == "any":
        recorder = "laboratory" if rng.random() < 0.25 else "hospital"
    background, artefacts = _random_background(rng, amplitude_uv), _random_artefacts(rng)
    if recorder == "laboratory":
        background, artefacts = _resting_background(rng, background), _resting(rng, artefacts)
    if restless:
        background, artefacts = _restless_background(rng, background), _restless(rng, artefacts)
    return SimulationSpec(
        duration_s=duration_s,
        sampling_rate_hz=sampling_rate_hz,
        seizures=seizures,
        seed=seed,
        background=background,
        artefacts=artefacts,
        recorder=_random_recorder(rng, recorder),
    )


def _random_seizure(
    rng: np.random.Generator,
    share_start_s: float,
    share_s: float,
    seizure_s: tuple[float, float],
    amplitude_uv: float,
) -> SimulatedSeizure:
    duration_s = min(float(rng.uniform(*seizure_s)), 0.6 * share_s)
    free_s = share_s - duration_s
    kind = _DRAWN_KINDS[rng.integers(len(_DRAWN_KINDS))]
    return SimulatedSeizure(
        onset_s=share_start_s + float(rng.uniform(0.25, 0.75)) * free_s,
        duration_s=duration_s,
        focus=str(rng.choice(_FOCI)),
        kind=kind,
        # Small ones exist: about four to thirty times the background.
        peak_uv=amplitude_uv * float(np.clip(rng.lognormal(2.4, 0.5), 3.5, 32.0)),
        spread_s=float(rng.uniform(1.0, 10.0)),
        muscle_uv=float(rng.lognormal(4.3, 0.8)) if rng.random() < 0.7 else None,
        shaking_uv=float(rng.lognormal(4.0, 0.8)) if rng.random() < 0.7 else 0.0,
    )


def _random_background(rng: np.random.Generator, amplitude_uv: float) -> BackgroundSettings:
    return BackgroundSettings(
        amplitude_uv=amplitude_uv,
        slope=float(rng.uniform(1.2, 1.9)),
        alpha_hz=float(rng.uniform(6.0, 11.5)),
        alpha_uv=amplitude_uv * float(rng.lognormal(-0.2, 0.5)),
        eyes_closed_fraction=float(rng.uniform(0.0, 1.0)),
        sleep_fraction=float(rng.choice([0.0, 0.2, 0.6, 1.0], p=[0.5, 0.25, 0.15, 0.1])),
        theta_bursts_per_min=float(rng.exponential(1.5)),
        spikes_per_min=float(rng.exponential(1.5)) if rng.random() < 0.5 else 0.0,
        swing=float(rng.uniform(0.4, 0.8)),
        beta_uv=amplitude_uv * float(rng.lognormal(-1.8, 0.5)),
    )


def _random_artefacts(rng: np.random.Generator) -> ArtefactSettings:
    restless = float(rng.lognormal(0.0, 0.8))
    return ArtefactSettings(
        blinks_per_min=float(rng.lognormal(2.8, 0.6)),
        blink_uv=float(rng.lognormal(5.0, 0.4)),
        eye_movements_per_min=float(rng.lognormal(2.7, 0.7)),
        muscle_floor_uv=float(rng.lognormal(1.4, 0.9)),
        muscle_spread=float(rng.uniform(0.2, 0.9)),
        poor_contact_fraction=float(rng.uniform(0.0, 0.1)),
        muscle_bursts_per_min=6.0 * restless,
        muscle_burst_uv=float(rng.lognormal(3.2, 0.6)),
        chewing_per_min=float(rng.exponential(0.35)),
        movements_per_min=7.0 * restless,
        movement_uv=float(rng.lognormal(4.8, 0.6)),
        rocking_per_min=float(rng.exponential(0.08)),
        struggles_per_min=float(rng.exponential(0.1)),
        pops_per_min=float(rng.exponential(0.4)),
        loose_per_min=float(rng.exponential(0.05)),
        blocked_per_min=float(rng.exponential(0.05)),
    )


def _resting_background(
    rng: np.random.Generator, background: BackgroundSettings
) -> BackgroundSettings:
    """Return the background of a patient sitting still with closed eyes."""
    return replace(
        background,
        amplitude_uv=float(np.clip(rng.lognormal(2.6, 0.3), 6.0, 30.0)),
        alpha_hz=float(rng.uniform(8.0, 11.5)),
        swing=float(rng.uniform(0.2, 0.4)),
        alpha_uv=float(rng.lognormal(2.6, 0.5)),
        beta_uv=float(rng.lognormal(1.0, 0.4)),
        eyes_closed_fraction=float(rng.uniform(0.7, 1.0)),
        sleep_fraction=float(rng.choice([0.0, 0.2], p=[0.85, 0.15])),
        theta_bursts_per_min=float(rng.exponential(0.2)),
        spikes_per_min=0.0,
    )


def _resting(rng: np.random.Generator, artefacts: ArtefactSettings) -> ArtefactSettings:
    """Return the few artefacts left after cleaning."""
    return replace(
        artefacts,
        blinks_per_min=float(rng.exponential(2.0)),
        eye_movements_per_min=float(rng.exponential(6.0)),
        muscle_floor_uv=float(rng.lognormal(0.3, 0.5)),
        muscle_bursts_per_min=float(rng.exponential(0.8)),
        muscle_burst_uv=float(rng.lognormal(2.5, 0.5)),
        chewing_per_min=0.0,
        movements_per_min=float(rng.exponential(0.5)),
        movement_uv=float(rng.lognormal(3.8, 0.5)),
        rocking_per_min=0.0,
        struggles_per_min=0.0,
        pops_per_min=float(rng.exponential(0.1)),
        loose_per_min=0.0,
        blocked_per_min=0.0,
        poor_contact_fraction=0.01,
    )


def _restless_background(
    rng: np.random.Generator, background: BackgroundSettings
) -> BackgroundSettings:
    return replace(
        background,
        theta_bursts_per_min=float(rng.exponential(3.0)),
        spikes_per_min=float(rng.exponential(6.0)),
    )


def _restless(rng: np.random.Generator, artefacts: ArtefactSettings) -> ArtefactSettings:
    return replace(
        artefacts,
        blinks_per_min=float(rng.uniform(0.0, 50.0)),
        muscle_floor_uv=float(rng.lognormal(1.8, 1.0)),
        muscle_bursts_per_min=float(rng.uniform(2.0, 20.0)),
        muscle_burst_uv=float(rng.lognormal(4.1, 0.7)),
        chewing_per_min=float(rng.exponential(1.0)),
        movements_per_min=float(rng.uniform(1.0, 10.0)),
        movement_uv=float(rng.lognormal(5.3, 0.6)),
        rocking_per_min=float(rng.exponential(0.4)),
        struggles_per_min=float(rng.uniform(0.2, 1.5)),
        pops_per_min=float(rng.exponential(2.0)),
        blocked_per_min=float(rng.exponential(0.3)),
    )


def _random_recorder(rng: np.random.Generator, kind: RecorderKind) -> RecorderSettings:
    if kind == "laboratory":
        return replace(
            EEGMAT_RECORDER,
            gain=float(rng.uniform(0.4, 0.7)),
            low_pass_hz=float(rng.uniform(38.0, 50.0)),
        )
    mains_hz = float(rng.choice([50.0, 60.0]))
    return replace(
        CHBMIT_RECORDER,
        noise_uv=float(rng.lognormal(-0.7, 0.5)),
        mains_hz=mains_hz,
        notch_hz=mains_hz if rng.random() < 0.6 else 0.0,
        mains_uv=float(rng.lognormal(-1.5, 1.2)),
        high_pass_hz=float(rng.choice([0.16, 0.3, 0.5, 1.0])),
        low_pass_hz=float(rng.choice([0.0, 70.0, 100.0])),
    )
