"""Stretches of real EEG and of simulated EEG that stands for it, in the same derivations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count, islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seizure_core.channels.montages import DOUBLE_BANANA_18
from seizure_core.events.event import Event
from seizure_core.io.opening import open_recording
from seizure_core.recording import Recording
from seizure_core.signals.model_input import prepare_input
from seizure_core.simulator import random_person, random_spec, simulate
from seizure_core.simulator.people import random_pattern
from seizure_core.simulator.specification import PatternKind
from seizure_core.simulator.variety import RecorderKind
from training.recipes.real_pieces import resting_files, seizure_pieces

RATE_HZ = 256.0
STRETCH_S = 5.0
_SIMULATED_S = 100.0
# No recipe simulates with these seeds.
_FIRST_SEED = 7_000_000
_PER_RECORDING = 6
_PATTERN_S = 30.0
_MIN_COVERAGE = 0.5

# Of the wards' recordings: the files of each kind, and the seconds around those experts voted on.
_WARD: Mapping[str, tuple[str, ...]] = {
    "ward rhythmic delta": ("GRDA", "LRDA"),
    "ward periodic discharges": ("GPD", "LPD"),
    "ward seizure": ("SZ",),
}
_VOTED_S = (15.0, 35.0)
_PATTERNS: Mapping[str, tuple[PatternKind, ...]] = {
    "ward rhythmic delta": ("grda", "lrda"),
    "ward periodic discharges": ("gpd", "lpd"),
}
MOVING = "awake and moving"

KINDS = ("hospital background", "hospital seizure", "laboratory background", *_WARD, MOVING)


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
    """Return stretches of the real pieces that may be trained or chosen on, by kind.

    Parameters
    ----------
    data : Path
        Folder that holds `chbmit`, `eegmat`, `iiic` and `eegmmidb`; nothing that is test only is
        read, and kinds without files stay empty.
    """
    found = {kind: Stretches() for kind in KINDS}
    for piece in seizure_pieces(data):
        kind = "hospital seizure" if piece.kind == "ictal" else "hospital background"
        found[kind].add(piece.record, _cut(_derived(open_recording(piece.path))))
    for path in (file.path for file in resting_files(data)):
        signals = _derived(open_recording(path))
        # One person's rest and arithmetic are one source.
        found["laboratory background"].add(path.stem.split("_")[0], _some(_cut(signals)))
    for kind, names in _WARD.items():
        for path in (path for name in names for path in sorted(data.glob(f"iiic/{name}_*.edf"))):
            signals = _derived(open_recording(path))
            found[kind].add(path.stem, _cut(_between(signals, *_VOTED_S)))
    for path in sorted(data.glob("eegmmidb/*.edf")):
        found[MOVING].add(path.stem, _some(_cut(_derived(open_recording(path)))))
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
    _add_counterparts(found, n_recordings)
    return found


def _add_counterparts(found: Mapping[str, Stretches], n_recordings: int) -> None:
    """Add simulated adults with the patterns and seizures of wards, and moving ones."""
    seeds = (seed for seed in count(_FIRST_SEED) if _is_adult(seed))
    for seed in islice(seeds, n_recordings):
        person = random_person(seed, _SIMULATED_S, n_seizures=1, seizure_s=(30.0, 60.0))
        simulated = simulate(person)
        signals = _derived(simulated.as_recording())
        found["ward seizure"].add(str(seed), _inside(signals, simulated.events[0]))
        rng = np.random.default_rng(seed)
        for kind, patterns in _PATTERNS.items():
            chosen = patterns[rng.integers(len(patterns))]
            pattern = random_pattern(rng, chosen, 0.0, _PATTERN_S, person.background)
            lying = replace(person, seizures=(), patterns=(pattern,), duration_s=_PATTERN_S)
            signals = _derived(simulate(lying).as_recording())
            found[kind].add(str(seed), _cut(_between(signals, 5.0, _PATTERN_S - 5.0)))
        moving = random_person(seed, _SIMULATED_S, restless=True)
        found[MOVING].add(str(seed), _some(_cut(_derived(simulate(moving).as_recording()))))


def _is_adult(seed: int) -> bool:
    return random_person(seed, _SIMULATED_S).background.age == "adult"


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
