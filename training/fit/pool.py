"""Simulated and real EEG to draw windows from, prepared once and stored on disk."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seizure_core import simulator
from seizure_core.atomic import atomic_path
from seizure_core.events.event import Event
from seizure_core.io.opening import open_recording
from seizure_core.recording import Recording
from seizure_core.signals.model_input import prepare_input
from seizure_core.simulator import ELECTRODES_10_20, random_person, random_spec, simulate
from seizure_core.simulator.specification import SimulationSpec
from zoo.card.sections import InputSection

SIMULATED_S = 180.0
ALONE_S = 90.0
_RESTLESS_SEEDS = 100_000
_ALONE_SEEDS = 200_000
_FORMAT = 3
_INFO = "seizure_zoo_pool"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prepared:
    """EEG as input of a model.

    Attributes
    ----------
    signals : ndarray of float16, shape (n_channels, n_samples)
        Preprocessed; the rounding of half precision is below the noise of the recorders at the
        scale of these models.
    seizures : tuple of Event
        In seconds from the first sample.
    patterns : tuple of Event
        Movement and patterns that deceive detectors, of simulated people.
    patient : str
        Of real recordings.
    level : float
        For an isolated seizure: root mean square of the background it was simulated on, median over
        channels.
    """

    signals: NDArray[np.float16]
    sampling_rate_hz: float
    seizures: tuple[Event, ...] = ()
    patterns: tuple[Event, ...] = ()
    patient: str = ""
    level: float = 0.0

    @property
    def n_samples(self) -> int:
        """Length in samples."""
        return int(self.signals.shape[1])

    def cut(self, start: int, n_samples: int) -> NDArray[np.float32]:
        """Return a copy of samples `[start, start + n_samples)`."""
        return self.signals[:, start : start + n_samples].astype(np.float32)

    def ictal_mask(self, start: int, n_samples: int) -> NDArray[np.float32]:
        """Return a mask of samples `[start, start + n_samples)`: 1 for seizure, else 0."""
        mask = np.zeros(n_samples, dtype=np.float32)
        for event in self.seizures:
            first = round(event.onset_s * self.sampling_rate_hz) - start
            last = round(event.offset_s * self.sampling_rate_hz) - start
            mask[max(first, 0) : max(last, 0)] = 1.0
        return mask


Pool = Mapping[str, Sequence[Prepared]]
"""By kind: "with_seizures", "restless" and "lone_seizures" are simulated, the others real."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RealFile:
    """A file of real EEG, with kind, patient and original recording."""

    path: Path
    kind: str
    patient: str = ""
    record: str = ""


def prepare(recording: Recording, contract: InputSection, **facts: Any) -> Prepared:
    """Prepare a recording as model input, with the same code as detection.

    Raises
    ------
    CoverageError, RecordingError
        The recording does not fit the model, or cannot be read.
    """
    model_input = prepare_input(
        recording,
        channels=contract.channels,
        sampling_rate_hz=contract.sampling_rate_hz,
        preprocessing=contract.preprocessing,
        min_coverage=contract.min_coverage,
        min_channels=contract.min_channels or 1,
    )
    signals = np.concatenate([block.astype(np.float16) for block in model_input.blocks()], axis=1)
    return Prepared(signals=signals, sampling_rate_hz=contract.sampling_rate_hz, **facts)


def build_pool(
    contract: InputSection,
    *,
    first_seed: int,
    n_simulated: int,
    n_lone: int | None = None,
    people: bool = False,
    real: Sequence[RealFile] = (),
) -> Pool:
    """Simulate and read all EEG of a pool.

    Parameters
    ----------
    contract : InputSection
        Input section of the future card.
    first_seed : int
        Pools share no simulated recording if their first seeds differ by 1,000,000.
    n_simulated : int
        Recordings of each of the two simulated kinds.
    n_lone : int or None
        Isolated seizures; None makes half as many as recordings.
    people : bool
        Simulate people of every age and kind, see `random_person`.
    """
    draw = random_person if people else random_spec
    pool: defaultdict[str, list[Prepared]] = defaultdict(list)
    for seed in range(first_seed, first_seed + n_simulated):
        spec = draw(seed, SIMULATED_S, n_seizures=2, seizure_s=(20.0, 90.0))
        pool["with_seizures"].append(_simulated(spec, contract))
        spec = draw(seed + _RESTLESS_SEEDS, SIMULATED_S, restless=True)
        pool["restless"].append(_simulated(spec, contract))
    for number in range((n_simulated + 1) // 2 if n_lone is None else n_lone):
        pool["lone_seizures"].append(
            _isolated_seizure(first_seed + _ALONE_SEEDS + number, contract)
        )
    for piece in real:
        pool[piece.kind].append(
            prepare(open_recording(piece.path), contract, patient=piece.patient)
        )
    return pool


def stored_pool(folder: Path, contract: InputSection, **request: Any) -> Pool:
    """Return a pool from disk; build it first with `build_pool` if missing.

    Models with the same input share a pool, and simultaneous trainings share its memory.

    Raises
    ------
    RecordingError
        A real recording cannot be read.
    """
    path = folder / f"{pool_key(contract, **request)}.safetensors"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _write(build_pool(contract, **request), path)
    return _read(path)


def pool_key(
    contract: InputSection,
    *,
    first_seed: int,
    n_simulated: int,
    people: bool = False,
    real: Sequence[RealFile] = (),
) -> str:
    """Return a name that depends on everything that determines the signals of a pool."""
    code = sorted(Path(simulator.__file__).parent.rglob("*.py"))
    document = {
        "format": _FORMAT,
        "input": contract.model_dump(mode="json", exclude={"window_s", "stride_s"}),
        "seeds": [first_seed, n_simulated],
        "people": people,
        "files": [[piece.kind, piece.path.name, piece.path.stat().st_size] for piece in real],
        "code": hashlib.sha256(b"".join(path.read_bytes() for path in code)).hexdigest(),
    }
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode("utf-8")).hexdigest()[:24]


def _simulated(spec: SimulationSpec, contract: InputSection) -> Prepared:
    if contract.channels is None:
        spec = replace(spec, electrodes=_some_electrodes(spec.seed))
    simulated = simulate(spec)
    return prepare(
        simulated.as_recording(),
        contract,
        seizures=tuple(simulated.events),
        patterns=tuple(Event(onset_s=p.onset_s, duration_s=p.duration_s) for p in spec.patterns),
    )


def _some_electrodes(seed: int) -> tuple[str, ...]:
    """Return all electrodes for every other seed, else at least ten of the 10-20 system.

    With fewer electrodes, neighbours in the chains are farther apart, as in reduced montages.
    """
    if seed % 2 == 0:
        return ELECTRODES_10_20
    rng = np.random.default_rng([seed, 104_729])
    n_electrodes = int(rng.integers(10, len(ELECTRODES_10_20) + 1))
    chosen = set(rng.choice(ELECTRODES_10_20, n_electrodes, replace=False).tolist())
    return tuple(name for name in ELECTRODES_10_20 if name in chosen)


def _isolated_seizure(seed: int, contract: InputSection) -> Prepared:
    """Return an isolated seizure: the difference of two simulations with and without it."""
    spec = random_spec(seed, ALONE_S, n_seizures=1, seizure_s=(40.0, 50.0))
    with_it = _simulated(spec, contract)
    calm = _simulated(replace(spec, seizures=()), contract).signals.astype(np.float32)
    difference = with_it.signals.astype(np.float32) - calm
    return replace(
        with_it,
        signals=difference.astype(np.float16),
        level=float(np.median(calm.std(axis=1))),
    )


def _write(pool: Pool, path: Path) -> None:
    from safetensors.numpy import save_file

    signals, facts = {}, []
    for number, (kind, prepared) in enumerate(_items(pool)):
        signals[str(number)] = prepared.signals
        times = [
            [[event.onset_s, event.duration_s] for event in events]
            for events in (prepared.seizures, prepared.patterns)
        ]
        facts.append([kind, prepared.sampling_rate_hz, *times, prepared.patient, prepared.level])
    with atomic_path(path) as temporary:
        save_file(signals, temporary, metadata={_INFO: json.dumps(facts)})


def _items(pool: Pool) -> Iterator[tuple[str, Prepared]]:
    return ((kind, prepared) for kind, items in pool.items() for prepared in items)


def _read(path: Path) -> Pool:
    from safetensors import safe_open

    pool: defaultdict[str, list[Prepared]] = defaultdict(list)
    # torch maps the file into memory; numpy would copy it.
    with safe_open(path, framework="pt") as file:
        facts = json.loads(file.metadata()[_INFO])
        for number, (kind, rate_hz, *times, patient, level) in enumerate(facts):
            seizures, patterns = (
                tuple(Event(onset_s=a, duration_s=b) for a, b in events) for events in times
            )
            prepared = Prepared(
                signals=file.get_tensor(str(number)).numpy(),
                sampling_rate_hz=rate_hz,
                seizures=seizures,
                patterns=patterns,
                patient=patient,
                level=level,
            )
            pool[kind].append(prepared)
    return pool
