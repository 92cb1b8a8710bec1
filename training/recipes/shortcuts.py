"""Checks that a model responds to seizures, not to confounders.

Seizures in the training data come from one hospital's recorder, most background from another
laboratory. Two checks vary nothing but the seizure: simulated pairs, and pieces from the same
patients and recorder, before and inside seizures.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seizure_core.io.opening import open_recording
from training.evaluate.card_results import CardMetrics, result_row
from training.fit.pool import RealFile, prepare
from training.recipes.held_out import MEASURING_SEEDS, back_and_forth, simulated_pairs
from training.recipes.real_pieces import seizure_pieces
from zoo.detector import Detector
from zoo.inference.sliding import SEIZURE_CLASS

PAIRS = "simulated pairs that differ only in the seizure"
SAME_RECORDER = "CHB-MIT, ictal against pre-ictal pieces of the same recorder"

Probabilities = NDArray[np.float64]


def shortcut_results(detector: Detector, data: Path, *, n_pairs: int) -> list[dict[str, Any]]:
    """Return both checks as entries of a card's `results`.

    Parameters
    ----------
    data : Path
        Folder with `chbmit`; only chb02 and chb03 are read.
    n_pairs : int
        Number of simulated pairs.
    """
    return [measure_pairs(detector, n_pairs=n_pairs), measure_same_recorder(detector, data)]


def measure_pairs(detector: Detector, *, n_pairs: int) -> dict[str, Any]:
    """Measure on windows that differ in the seizure only."""
    contract = detector.card.input
    above: list[float] = []
    below: list[float] = []
    for ictal, calm in simulated_pairs(first_seed=MEASURING_SEEDS, n_pairs=n_pairs):
        event = ictal.events[0]
        middle = round((event.onset_s + event.duration_s / 2) * contract.sampling_rate_hz)
        start = middle - contract.window_samples // 2
        for simulated, values in ((ictal, above), (calm, below)):
            window = prepare(simulated.as_recording(), contract).cut(start, contract.window_samples)
            values.append(_probability(detector, window))
    return result_row(
        dataset=PAIRS,
        protocol=f"one window of {contract.window_s:g} s in the middle of the seizure, with and "
        "without it",
        split="random seeds used neither for training nor for choices",
        n_recordings=2 * n_pairs,
        n_seizures=n_pairs,
        duration_s=2 * n_pairs * contract.window_s,
        metrics=_metrics(detector, np.array(above), np.array(below), paired=True),
        note="Shows that the model responds to the seizure, not to recorder or patient.",
    )


def measure_same_recorder(detector: Detector, data: Path) -> dict[str, Any]:
    """Measure on held-out ten-second pieces of chb02 and chb03, before and inside seizures."""
    pieces = seizure_pieces(data, held_out=True)
    ictal = _of_pieces(detector, [piece for piece in pieces if piece.kind == "ictal"])
    before = _of_pieces(detector, [piece for piece in pieces if piece.kind != "ictal"])
    return result_row(
        dataset=SAME_RECORDER,
        protocol="one window per piece; pieces shorter than a window are repeated back and forth",
        split="records kept from training; the weights' epoch was chosen on them",
        n_recordings=len(pieces),
        n_seizures=len(ictal),
        duration_s=10 * len(pieces),
        metrics=_metrics(detector, ictal, before, paired=False),
        note="Very little data. Patients and recorder are the same on both sides, so a model that "
        "only recognises the recorder could not distinguish them.",
    )


def _of_pieces(detector: Detector, pieces: Sequence[RealFile]) -> Probabilities:
    contract = detector.card.input
    values = []
    for piece in pieces:
        prepared = prepare(open_recording(piece.path), contract)
        signals = prepared.cut(0, prepared.n_samples)
        start = max(0, (prepared.n_samples - contract.window_samples) // 2)
        window = back_and_forth(signals[:, start:], contract.window_samples)
        values.append(_probability(detector, window))
    return np.array(values)


def _probability(detector: Detector, window: NDArray[np.float32]) -> float:
    """Return the probability of a window; the mean over its steps if there are several."""
    import torch

    with torch.inference_mode():
        logits = detector.network(torch.from_numpy(np.ascontiguousarray(window)[None]))
    return float(torch.softmax(logits, dim=1)[:, SEIZURE_CLASS].mean())


def _metrics(
    detector: Detector, above: Probabilities, below: Probabilities, *, paired: bool
) -> CardMetrics:
    threshold = detector.card.output.threshold
    wins = above > below if paired else above[:, None] > below[None, :]
    name = "pairs_in_right_order" if paired else "auc"
    values = {
        name: float(wins.mean()),
        "sensitivity": float((above >= threshold).mean()),
        "false_positive_windows": float((below >= threshold).mean()),
    }
    return {key: {"value": round(value, 4)} for key, value in values.items()}
