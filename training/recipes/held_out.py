"""Recordings for validation and measuring: simulated, assembled from pieces, test-only files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from seizure_core.events.event import Event
from seizure_core.io.opening import open_recording
from seizure_core.recording import Recording
from seizure_core.references import read_reference
from seizure_core.simulator import SimulatedRecording, random_spec, simulate
from training.evaluate.finders import KnownRecording
from training.fit.pool import RealFile

# First seeds of simulations: training, validation and measuring share none.
TRAINING_SEEDS = 0
VALIDATION_SEEDS = 1_000_000
MEASURING_SEEDS = 2_000_000
# Added for complete recordings, which are not those that windows are drawn from.
RECORDING_SEEDS = 500_000

_ASSEMBLED_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """Amounts of simulated EEG for validation and measuring.

    Attributes
    ----------
    n_recordings, recording_s : int, float
        Simulated recordings, and their length.
    n_pairs : int
        Simulated pairs with and without a seizure.
    n_people : int
        Simulated people to train a second stage on; 0 makes none.
    """

    n_recordings: int = 18
    recording_s: float = 600.0
    n_pairs: int = 40
    n_people: int = 80


FULL = Amounts()
MINIATURE = Amounts(n_recordings=3, recording_s=120.0, n_pairs=1, n_people=0)


def simulated_recordings(first_seed: int, amounts: Amounts) -> Iterator[KnownRecording]:
    """Yield simulated recordings: two with a pair of seizures each, then one without.

    The first seed is far from those of training.
    """
    for number in range(amounts.n_recordings):
        restless = number % 3 == 2
        spec = random_spec(
            first_seed + RECORDING_SEEDS + number,
            amounts.recording_s,
            n_seizures=0 if restless else 2,
            seizure_s=(25.0, 90.0),
            restless=restless,
        )
        simulated = simulate(spec)
        yield simulated.as_recording(f"simulated {spec.seed}"), simulated.events


def simulated_pairs(
    *, first_seed: int, n_pairs: int
) -> Iterator[tuple[SimulatedRecording, SimulatedRecording]]:
    """Yield pairs of recordings that differ in one seizure only: with it, without it."""
    for number in range(n_pairs):
        spec = random_spec(first_seed + number, 90.0, n_seizures=1, seizure_s=(40.0, 50.0))
        yield simulate(spec), simulate(replace(spec, seizures=()))


def assembled_recordings(pieces: Sequence[RealFile]) -> Iterator[KnownRecording]:
    """Yield two recordings per record: its pre-ictal piece alone, and followed by its ictal one.

    Each ten-second piece is repeated back and forth for 60 s, so that no joint jumps. Records
    without one of the two are left out.
    """
    for record in sorted({piece.record for piece in pieces}):
        before = [p for p in pieces if p.record == record and p.kind == "preictal"]
        ictal = [p for p in pieces if p.record == record and p.kind == "ictal"]
        if not before or not ictal:
            continue
        parts = [open_recording(piece.path) for piece in (before[0], ictal[0])]
        calm, seizing = (
            back_and_forth(
                part.read(list(range(len(part.channels)))),
                round(_ASSEMBLED_S * part.channels[0].sampling_rate_hz),
            )
            for part in parts
        )
        yield _as_recording(f"{record} before", parts[0], calm), ()
        whole = np.concatenate([calm, seizing], axis=1)
        seizure = Event(onset_s=_ASSEMBLED_S, duration_s=_ASSEMBLED_S)
        yield _as_recording(f"{record} with seizure", parts[0], whole), (seizure,)


def _as_recording(name: str, like: Recording, signals: NDArray[np.float32]) -> Recording:
    assembled = SimulatedRecording(
        labels=tuple(like.labels),
        signals_uv=signals,
        sampling_rate_hz=like.channels[0].sampling_rate_hz,
        events=(),
    )
    return assembled.as_recording(name)


def back_and_forth(signals: NDArray[np.float32], n_samples: int) -> NDArray[np.float32]:
    """Return signals repeated back and forth in time, so that no joint jumps.

    Parameters
    ----------
    n_samples : int
        Length of the result.
    """
    there_and_back = np.concatenate([signals, signals[:, ::-1]], axis=1)
    n_turns = -(-n_samples // there_and_back.shape[1])
    return np.tile(there_and_back, (1, n_turns))[:, :n_samples]


def file_recording(file: RealFile) -> KnownRecording:
    """Open a file with its reference; without one it is free of seizures."""
    recording = open_recording(file.path)
    reference = file.path.with_name(f"{file.path.stem}_events.tsv")
    if not reference.exists():
        return recording, ()
    return recording, read_reference(reference, recording_name=recording.file_name).events
