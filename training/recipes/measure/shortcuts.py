"""Checks that a net answers to seizures, not to something that only comes along with them.

Seizures of the training data come from one hospital's recorder, most background from another
laboratory's. Two checks keep everything equal but the seizure: simulated pairs, and pieces of
the same patients and recorder before and inside seizures.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seizure_core.io.opening import open_recording
from training.recipes.fitting import seizure_probabilities
from training.recipes.material.held_out import simulated_pairs, to_and_fro
from training.recipes.material.prepared import prepare
from training.recipes.material.real_pieces import RealPiece, seizure_pieces
from training.recipes.material.seeds import MEASURING_SEEDS
from zoo.store.model_folder import LoadedNet

PAIRS = "simulated pairs that differ only in the seizure"
SAME_RECORDER = "CHB-MIT, ictal against pre-ictal pieces of the same recorder"

Probabilities = NDArray[np.float64]


def shortcut_results(net: LoadedNet, data: Path, *, n_pairs: int) -> list[dict[str, Any]]:
    """Return both checks as entries of a card's `results`.

    Parameters
    ----------
    net : LoadedNet
    data : Path
        Folder that holds `chbmit`; of it only chb02 and chb03 are read.
    n_pairs : int
        Simulated pairs.
    """
    return [measure_pairs(net, n_pairs=n_pairs), measure_same_recorder(net, data)]


def measure_pairs(net: LoadedNet, *, n_pairs: int) -> dict[str, Any]:
    """Measure on windows that differ in nothing but the seizure."""
    contract = net.card.input
    above: list[float] = []
    below: list[float] = []
    for ictal, calm in simulated_pairs(first_seed=MEASURING_SEEDS, n_pairs=n_pairs):
        event = ictal.events[0]
        middle = round((event.onset_s + event.duration_s / 2) * contract.sampling_rate_hz)
        start = middle - contract.window_samples // 2
        for simulated, values in ((ictal, above), (calm, below)):
            window = prepare(simulated.as_recording(), contract).cut(start, contract.window_samples)
            values.append(_probability(net, window))
    return {
        "dataset": PAIRS,
        "protocol": f"one window of {contract.window_s:g} s at the seizure's middle, with and "
        "without it",
        "split": "seeds of their own, seen by neither training nor choices",
        "n_recordings": 2 * n_pairs,
        "n_seizures": n_pairs,
        "hours": round(2 * n_pairs * contract.window_s / 3600, 4),
        "metrics": _metrics(net, np.array(above), np.array(below), paired=True),
        "note": "Shows that the net answers to the seizure and not to recorder or person.",
    }


def measure_same_recorder(net: LoadedNet, data: Path) -> dict[str, Any]:
    """Measure on held-out ten-second pieces of chb02 and chb03, before and inside seizures."""
    pieces = [piece for piece in seizure_pieces(data) if piece.is_validation]
    ictal = _of_pieces(net, [piece for piece in pieces if piece.ictal])
    before = _of_pieces(net, [piece for piece in pieces if not piece.ictal])
    return {
        "dataset": SAME_RECORDER,
        "protocol": "one window a piece; pieces shorter than a window are run forwards and "
        "backwards by turns",
        "split": "records kept from training; the weights' epoch was chosen on them",
        "n_recordings": len(pieces),
        "n_seizures": len(ictal),
        "hours": round(len(pieces) * 10 / 3600, 4),
        "metrics": _metrics(net, ictal, before, paired=False),
        "note": "Very few data. Patients and recorder are the same on both sides: a net that knew "
        "only the recorder would not tell them apart.",
    }


def _of_pieces(net: LoadedNet, pieces: Sequence[RealPiece]) -> Probabilities:
    contract = net.card.input
    values = []
    for piece in pieces:
        prepared = prepare(open_recording(piece.path), contract)
        signals = prepared.cut(0, prepared.n_samples)
        start = max(0, (prepared.n_samples - contract.window_samples) // 2)
        window = to_and_fro(signals[:, start:], contract.window_samples)
        values.append(_probability(net, window))
    return np.array(values)


def _probability(net: LoadedNet, window: NDArray[np.float32]) -> float:
    """Return the probability of one window; the mean over its steps where there are several."""
    return float(seizure_probabilities(net.network, np.ascontiguousarray(window)[None]).mean())


def _metrics(
    net: LoadedNet, above: Probabilities, below: Probabilities, *, paired: bool
) -> dict[str, dict[str, float]]:
    threshold = net.card.output.threshold
    wins = above > below if paired else above[:, None] > below[None, :]
    name = "pairs_in_right_order" if paired else "auc"
    values = {
        name: float(wins.mean()),
        "sensitivity": float((above >= threshold).mean()),
        "false_positive_windows": float((below >= threshold).mean()),
    }
    return {key: {"value": round(value, 4)} for key, value in values.items()}
