"""Stretches of real EEG and of simulated EEG that stands for it, in the same derivations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seizure_core.channels.montages import DOUBLE_BANANA_18
from seizure_core.events.event import Event
from seizure_core.io.opening import open_recording
from seizure_core.recording import Recording
from seizure_core.signals.model_input import prepare_input
from seizure_core.simulator import random_spec, simulate
from seizure_core.simulator.variety import RecorderKind
from training.recipes.real_pieces import resting_files, seizure_pieces

RATE_HZ = 256.0
STRETCH_S = 5.0
_SIMULATED_S = 100.0
# No recipe simulates with these seeds.
_FIRST_SEED = 7_000_000
_PER_RECORDING = 6
_MIN_COVERAGE = 0.5

KINDS = ("hospital background", "hospital seizure", "laboratory background")


@dataclass(slots=True, kw_only=True)
class Stretches:
    """Stretches of one kind.

    Attributes
    ----------
    signals : list of ndarray, each of shape (n_channels, n_samples)
        Microvolts.
    sources : list of str
        Recording of each.
    """

    signals: list[NDArray[np.float32]] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)

    def add(self, source: str, pieces: Iterator[NDArray[np.float32]]) -> None:
        """Add stretches of one recording."""
        for piece in pieces:
            self.signals.append(piece)
            self.sources.append(source)


def real_stretches(data: Path) -> dict[str, Stretches]:
    """Return stretches of the real pieces that may be trained on, by kind.

    Parameters
    ----------
    data : Path
        Folder that holds `chbmit` and `eegmat`; nothing that is test only is read.
    """
    found = {kind: Stretches() for kind in KINDS}
    for piece in seizure_pieces(data):
        kind = "hospital seizure" if piece.kind == "ictal" else "hospital background"
        found[kind].add(piece.record, _cut(_derived(open_recording(piece.path))))
    for path in (file.path for file in resting_files(data)):
        signals = _derived(open_recording(path))
        # One person's rest and arithmetic are one source.
        found["laboratory background"].add(path.stem.split("_")[0], _some(_cut(signals)))
    return found


def simulated_stretches(n_recordings: int) -> dict[str, Stretches]:
    """Return stretches of simulated recordings, by kind.

    Parameters
    ----------
    n_recordings : int
        Of each recorder.
    """
    found = {kind: Stretches() for kind in KINDS}
    recorders: tuple[tuple[RecorderKind, int], ...] = (("hospital", 1), ("laboratory", 0))
    for recorder, n_seizures in recorders:
        for number in range(n_recordings):
            spec = random_spec(
                _FIRST_SEED + number,
                _SIMULATED_S,
                n_seizures=n_seizures,
                seizure_s=(30.0, 60.0),
                recorder=recorder,
            )
            simulated = simulate(spec)
            signals, source = _derived(simulated.as_recording()), f"{recorder} {number}"
            if n_seizures:
                seizure = simulated.events[0]
                found["hospital seizure"].add(source, _inside(signals, seizure))
                found["hospital background"].add(source, _before(signals, seizure))
            else:
                found["laboratory background"].add(source, _some(_cut(signals)))
    return found


def _derived(recording: Recording) -> NDArray[np.float32]:
    prepared = prepare_input(
        recording,
        channels=DOUBLE_BANANA_18,
        sampling_rate_hz=RATE_HZ,
        preprocessing=(),
        min_coverage=_MIN_COVERAGE,
    )
    return prepared.read(0, prepared.n_samples)


def _cut(signals: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
    length = round(STRETCH_S * RATE_HZ)
    for first in range(0, signals.shape[1] - length + 1, length):
        yield signals[:, first : first + length]


def _some(pieces: Iterator[NDArray[np.float32]]) -> Iterator[NDArray[np.float32]]:
    chosen = list(pieces)
    return iter(chosen[:: max(1, len(chosen) // _PER_RECORDING)])


def _inside(signals: NDArray[np.float32], seizure: Event) -> Iterator[NDArray[np.float32]]:
    # Like the real pieces: from the middle, where the seizure has built up.
    middle_s = seizure.onset_s + 0.5 * seizure.duration_s
    return _cut(_between(signals, middle_s - STRETCH_S, middle_s + STRETCH_S))


def _before(signals: NDArray[np.float32], seizure: Event) -> Iterator[NDArray[np.float32]]:
    return _cut(_between(signals, seizure.onset_s - 3 * STRETCH_S, seizure.onset_s - STRETCH_S))


def _between(signals: NDArray[np.float32], first_s: float, stop_s: float) -> NDArray[np.float32]:
    return signals[:, max(0, round(first_s * RATE_HZ)) : round(stop_s * RATE_HZ)]
