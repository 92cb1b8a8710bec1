"""Recordings for choices and for measuring: simulated ones, assembled pieces, test-only files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from seizure_core.events import Event
from seizure_core.opening import open_recording
from seizure_core.references import read_reference
from seizure_core.simulator import SimulatedRecording, random_spec, simulate
from training.recipes.measuring import KnownRecording
from training.recipes.real_pieces import Piece, TestFile

_ASSEMBLED_S = 60.0


def simulated_recordings(
    *, first_seed: int, n_recordings: int, duration_s: float
) -> Iterator[KnownRecording]:
    """Yield simulated recordings: two with a pair of seizures each, then a restless one without.

    Parameters
    ----------
    first_seed : int
        Different from those of training by far.
    n_recordings : int
    duration_s : float
        Of each.
    """
    for number in range(n_recordings):
        restless = number % 3 == 2
        spec = random_spec(
            first_seed + number,
            duration_s,
            n_seizures=0 if restless else 2,
            seizure_s=(25.0, 90.0),
            restless=restless,
        )
        simulated = simulate(spec)
        yield simulated.as_recording(f"simulated {spec.seed}"), simulated.events


def simulated_pairs(
    *, first_seed: int, n_pairs: int
) -> Iterator[tuple[SimulatedRecording, SimulatedRecording]]:
    """Yield pairs of recordings that differ in nothing but one seizure: with it, without it."""
    for number in range(n_pairs):
        spec = random_spec(first_seed + number, 90.0, n_seizures=1, seizure_s=(40.0, 50.0))
        yield simulate(spec), simulate(replace(spec, seizures=()))


def assembled_recordings(pieces: Sequence[Piece]) -> Iterator[KnownRecording]:
    """Yield one recording for each record: its pre-ictal piece, then its ictal piece.

    Each 10 s piece is run forwards and backwards by turns for 60 s, so that no joint jumps.
    Records that lack one of the two are left out.
    """
    for record in sorted({piece.record for piece in pieces}):
        before = [p for p in pieces if p.record == record and not p.ictal]
        ictal = [p for p in pieces if p.record == record and p.ictal]
        if not before or not ictal:
            continue
        parts = [open_recording(one.path) for one in (before[0], ictal[0])]
        rate_hz = parts[0].channels[0].sampling_rate_hz
        indices = list(range(len(parts[0].channels)))
        signals = np.concatenate(
            [_to_and_fro(part.read(indices), round(_ASSEMBLED_S * rate_hz)) for part in parts],
            axis=1,
        )
        seizure = Event(onset_s=_ASSEMBLED_S, duration_s=_ASSEMBLED_S)
        assembled = SimulatedRecording(
            labels=tuple(parts[0].labels),
            signals_uv=signals,
            sampling_rate_hz=rate_hz,
            events=(seizure,),
        )
        yield assembled.as_recording(f"{record} assembled"), (seizure,)


def _to_and_fro(signals: np.ndarray, n_samples: int) -> np.ndarray:
    there_and_back = np.concatenate([signals, signals[:, ::-1]], axis=1)
    n_turns = -(-n_samples // there_and_back.shape[1])
    return np.tile(there_and_back, (1, n_turns))[:, :n_samples]


def file_recording(file: TestFile) -> KnownRecording:
    """Open a file with its reference; without one it is free of seizures."""
    recording = open_recording(file.path)
    if file.reference is None or not file.reference.exists():
        return recording, ()
    reference = read_reference(Path(file.reference), recording_name=recording.file_name)
    return recording, reference.events
