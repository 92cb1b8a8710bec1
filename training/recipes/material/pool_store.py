"""Keeps a recipe's prepared EEG on disk: nets that see the same input share one pool."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seizure_core import simulator
from seizure_core.atomic import atomic_path
from seizure_core.events.event import Event
from training.recipes.material.pool import LoneSeizure, Pool, build_pool
from training.recipes.material.prepared import Prepared
from training.recipes.material.real_pieces import RealPiece
from zoo.card.sections import InputSection

_FORMAT = 1
_ALL = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolRequest:
    """What a pool is made of; equal requests give equal pools.

    Attributes
    ----------
    contract : InputSection
    first_seed, n_simulated : int
    pieces : sequence of RealPiece
    resting : sequence of Path
        See `build_pool`.
    """

    contract: InputSection
    first_seed: int
    n_simulated: int
    pieces: Sequence[RealPiece]
    resting: Sequence[Path]

    @property
    def key(self) -> str:
        """A name that changes with everything the signals depend on."""
        files = [*(piece.path for piece in self.pieces), *self.resting]
        document = {
            "format": _FORMAT,
            "input": self.contract.model_dump(mode="json", exclude={"window_s", "stride_s"}),
            "seeds": [self.first_seed, self.n_simulated],
            "files": [[path.name, path.stat().st_size] for path in files],
            "code": _code_hash(),
        }
        text = json.dumps(document, sort_keys=True)
        return hashlib.sha256(text.encode("utf-8")).hexdigest()[:24]


def stored_pool(folder: Path, request: PoolRequest) -> Pool:
    """Return a pool from disk, made first if it is not there.

    Parameters
    ----------
    folder : Path
        Where pools are kept; made if it does not exist.
    request : PoolRequest

    Raises
    ------
    RecordingError
        A real recording cannot be read.
    """
    index, signals = folder / f"{request.key}.json", folder / f"{request.key}.npy"
    if not (index.exists() and signals.exists()):
        pool = build_pool(
            request.contract,
            first_seed=request.first_seed,
            n_simulated=request.n_simulated,
            pieces=request.pieces,
            resting=request.resting,
        )
        folder.mkdir(parents=True, exist_ok=True)
        _write(pool, index, signals)
    return _read(index, signals)


def _code_hash() -> str:
    """Return a hash of the code that simulated EEG and its random specs come from."""
    folder = Path(simulator.__file__).parent
    code = b"".join(path.read_bytes() for path in sorted(folder.glob("*.py")))
    return hashlib.sha256(code).hexdigest()[:16]


def _items(pool: Pool) -> Iterator[tuple[str, str, Prepared, float]]:
    for kind in ("with_seizures", "restless", "resting"):
        for one in getattr(pool, kind):
            yield kind, _ALL, one, 0.0
    for lone in pool.lone_seizures:
        yield "lone_seizures", _ALL, lone.signals, lone.background_level
    for kind in ("ictal", "preictal"):
        for patient, pieces in getattr(pool, kind).items():
            for one in pieces:
                yield kind, patient, one, 0.0


def _write(pool: Pool, index: Path, signals: Path) -> None:
    entries: list[dict[str, Any]] = []
    parts: list[NDArray[np.float16]] = []
    for kind, patient, one, level in _items(pool):
        parts.append(one.signals.ravel())
        entries.append(
            {
                "kind": kind,
                "patient": patient,
                "shape": list(one.signals.shape),
                "sampling_rate_hz": one.sampling_rate_hz,
                "seizures": [[event.onset_s, event.duration_s] for event in one.seizures],
                "level": level,
            }
        )
    with atomic_path(signals) as temporary:
        np.save(temporary, np.concatenate(parts), allow_pickle=False)
    with atomic_path(index) as temporary:
        temporary.write_text(json.dumps(entries), encoding="utf-8")


def _read(index: Path, signals: Path) -> Pool:
    # Mapped, not loaded: trainings side by side share the memory.
    stored = np.load(signals, mmap_mode="r", allow_pickle=False)
    pool, start = Pool(), 0
    for entry in json.loads(index.read_text(encoding="utf-8")):
        n_rows, n_samples = entry["shape"]
        stop = start + n_rows * n_samples
        one = Prepared(
            signals=stored[start:stop].reshape(n_rows, n_samples),
            sampling_rate_hz=entry["sampling_rate_hz"],
            seizures=tuple(Event(onset_s=a, duration_s=b) for a, b in entry["seizures"]),
        )
        start = stop
        if entry["kind"] == "lone_seizures":
            pool.lone_seizures.append(LoneSeizure(signals=one, background_level=entry["level"]))
        elif entry["patient"]:
            getattr(pool, entry["kind"]).setdefault(entry["patient"], []).append(one)
        else:
            getattr(pool, entry["kind"]).append(one)
    return pool
