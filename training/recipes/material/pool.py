"""All EEG a recipe draws windows from, prepared once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from seizure_core.io.opening import open_recording
from seizure_core.simulator import ELECTRODES_10_20, random_spec, simulate
from seizure_core.simulator.specification import SimulationSpec
from training.recipes.material.prepared import Prepared, prepare
from training.recipes.material.real_pieces import RealPiece
from zoo.card.sections import InputSection

SIMULATED_S = 180.0
ALONE_S = 90.0
_RESTLESS_SEEDS = 100_000
_ALONE_SEEDS = 200_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LoneSeizure:
    """A simulated seizure without anything else, to be laid over other EEG.

    Attributes
    ----------
    signals : Prepared
        The difference of two simulations that are equal but for the seizure.
    background_level : float
        Root mean square of the background it was simulated on, median over channels.
    """

    signals: Prepared
    background_level: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pool:
    """Prepared EEG by kind; real pieces by patient.

    Attributes
    ----------
    with_seizures, restless : list of Prepared
        Simulated recordings: with two seizures each; without, but full of artefacts.
    lone_seizures : list of LoneSeizure
    ictal, preictal : dict of str to list of Prepared
        Ten-second pieces of CHB-MIT by patient.
    resting : list of Prepared
        Healthy people, from another recorder.
    """

    with_seizures: list[Prepared] = field(default_factory=list)
    restless: list[Prepared] = field(default_factory=list)
    lone_seizures: list[LoneSeizure] = field(default_factory=list)
    ictal: dict[str, list[Prepared]] = field(default_factory=dict)
    preictal: dict[str, list[Prepared]] = field(default_factory=dict)
    resting: list[Prepared] = field(default_factory=list)


def build_pool(
    contract: InputSection,
    *,
    first_seed: int,
    n_simulated: int,
    pieces: Sequence[RealPiece],
    resting: Sequence[Path],
) -> Pool:
    """Simulate and read everything.

    Parameters
    ----------
    contract : InputSection
        The input section of the card to be.
    first_seed : int
        Pools whose first seeds differ by 1,000,000 share no simulated recording.
    n_simulated : int
        Recordings of each of the two simulated kinds; half as many lone seizures.
    pieces : sequence of RealPiece
    resting : sequence of Path

    Returns
    -------
    Pool
    """
    pool = Pool()
    for number in range(n_simulated):
        seed = first_seed + number
        spec = random_spec(seed, SIMULATED_S, n_seizures=2, seizure_s=(20.0, 90.0))
        pool.with_seizures.append(_simulated(spec, contract))
        spec = random_spec(seed + _RESTLESS_SEEDS, SIMULATED_S, restless=True)
        pool.restless.append(_simulated(spec, contract))
    for number in range((n_simulated + 1) // 2):
        pool.lone_seizures.append(_lone(first_seed + _ALONE_SEEDS + number, contract))
    for piece in pieces:
        by_patient = pool.ictal if piece.ictal else pool.preictal
        by_patient.setdefault(piece.patient, []).append(_read(piece.path, contract))
    pool.resting.extend(_read(path, contract) for path in resting)
    return pool


def _read(path: Path, contract: InputSection) -> Prepared:
    return prepare(open_recording(path), contract)


def _simulated(spec: SimulationSpec, contract: InputSection) -> Prepared:
    if contract.channels is None:
        spec = replace(spec, electrodes=_some_electrodes(spec.seed))
    simulated = simulate(spec)
    return prepare(simulated.as_recording(), contract, simulated.events)


def _some_electrodes(seed: int) -> tuple[str, ...]:
    """Return all electrodes for every other seed, else ten or more of the 10-20 system's.

    Neighbours in the chains are then farther apart, as in montages of few electrodes.
    """
    if seed % 2 == 0:
        return ELECTRODES_10_20
    rng = np.random.default_rng([seed, 104_729])
    n_electrodes = int(rng.integers(10, len(ELECTRODES_10_20) + 1))
    chosen = set(rng.choice(ELECTRODES_10_20, n_electrodes, replace=False).tolist())
    return tuple(name for name in ELECTRODES_10_20 if name in chosen)


def _lone(seed: int, contract: InputSection) -> LoneSeizure:
    spec = random_spec(seed, ALONE_S, n_seizures=1, seizure_s=(40.0, 50.0))
    with_it = _simulated(spec, contract)
    without = _simulated(replace(spec, seizures=()), contract)
    difference = with_it.signals.astype(np.float32) - without.signals.astype(np.float32)
    level = float(np.median(without.signals.astype(np.float32).std(axis=1)))
    return LoneSeizure(
        signals=replace(with_it, signals=difference.astype(np.float16)), background_level=level
    )
