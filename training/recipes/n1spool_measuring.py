"""Measuring `n1spool-cnn`: the figures its card quotes come from here and can be had again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from training.recipes.augmentation import Windows
from training.recipes.fitting import seizure_probabilities
from training.recipes.held_out import (
    assembled_recordings,
    file_recording,
    simulated_pairs,
    simulated_recordings,
)
from training.recipes.measuring import KnownRecording, card_result, measure
from training.recipes.n1spool_settings import (
    MEASURING_SEEDS,
    RECORDING_SEEDS,
    RecipeSettings,
)
from training.recipes.prepared import prepare
from training.recipes.real_pieces import seizure_pieces, test_only_files
from zoo.card import ArchitectureCard
from zoo.detector import Detector
from zoo.net_folder import load_net, write_net

TEST_ONLY_SPLIT = "test only: looked at for this measurement alone, never for a choice"


def measure_held_out(
    folder: Path, data: Path, *, settings: RecipeSettings | None = None
) -> list[dict[str, Any]]:
    """Measure a finished net on held-out data; the results of its card that are no test.

    Returns
    -------
    list of dict
        Entries of a card's `results`.
    """
    settings = settings or RecipeSettings()
    return [
        measure_simulated(folder, settings=settings),
        measure_pairs(folder, settings=settings),
        measure_validation_pieces(folder, data),
    ]


def measure_simulated(folder: Path, *, settings: RecipeSettings | None = None) -> dict[str, Any]:
    """Measure on simulated recordings that no choice has seen."""
    measured = measure(
        detector_of(folder), many_recordings(MEASURING_SEEDS, settings or RecipeSettings())
    )
    return card_result(
        measured,
        dataset="simulated recordings",
        split="seeds of their own, seen by neither training nor choices",
        note="Simulated by seizure_core.simulator; a third of them restless and without seizure. "
        "Figures on simulated EEG say how the net behaves, not how good it is on patients.",
    )


def measure_pairs(folder: Path, *, settings: RecipeSettings | None = None) -> dict[str, Any]:
    """Measure on windows that differ in nothing but the seizure."""
    settings = settings or RecipeSettings()
    net = load_net(folder)
    contract = net.card.input
    with_it: list[Windows] = []
    without: list[Windows] = []
    pairs = simulated_pairs(first_seed=MEASURING_SEEDS, n_pairs=settings.n_pairs)
    for ictal, calm in pairs:
        event = ictal.events[0]
        middle = round((event.onset_s + event.duration_s / 2) * contract.sampling_rate_hz)
        start = middle - contract.window_samples // 2
        for simulated, windows in ((ictal, with_it), (calm, without)):
            prepared = prepare(simulated.as_recording(), contract)
            windows.append(prepared.cut(start, contract.window_samples))
    above = seizure_probabilities(net.network, np.stack(with_it))
    below = seizure_probabilities(net.network, np.stack(without))
    threshold = net.card.output.threshold
    return {
        "dataset": "simulated pairs that differ only in the seizure",
        "protocol": "one window of 30 s at the seizure's middle, with and without it",
        "split": "seeds of their own, seen by neither training nor choices",
        "n_recordings": 2 * settings.n_pairs,
        "n_seizures": settings.n_pairs,
        "hours": round(2 * settings.n_pairs * contract.window_s / 3600, 4),
        "metrics": {
            "pairs_in_right_order": {"value": round(float((above > below).mean()), 4)},
            "sensitivity": {"value": round(float((above >= threshold).mean()), 4)},
            "false_positive_windows": {"value": round(float((below >= threshold).mean()), 4)},
        },
        "note": "Shows that the net answers to the seizure and not to recorder or person.",
    }


def measure_validation_pieces(folder: Path, data: Path) -> dict[str, Any]:
    """Measure on the held-out records of chb02 and chb03, on which choices rest."""
    kept = [piece for piece in seizure_pieces(data) if piece.is_validation]
    return card_result(
        measure(detector_of(folder), assembled_recordings(kept)),
        dataset="CHB-MIT, held-out records of chb02 and chb03",
        split="records kept from training; weights and operating point were chosen on them",
        note="Very few data. Each record's 10 s before the onset and 10 s of seizure, each run "
        "forwards and backwards by turns for 60 s: before alone, and before with seizure.",
    )


def measure_test_only(folder: Path, data: Path) -> list[dict[str, Any]]:
    """Measure on the test-only files: every call is a look that belongs into the log."""
    files = test_only_files(data)
    detector = detector_of(folder)
    results = []
    for group in sorted({file.group for file in files}):
        mine = [file_recording(file) for file in files if file.group == group]
        results.append(
            card_result(
                measure(detector, mine),
                dataset=group,
                split=TEST_ONLY_SPLIT,
                note="Very few data: anecdotes, no rates.",
            )
        )
    return results


def add_test_results(folder: Path, data: Path) -> ArchitectureCard:
    """Measure on the test-only files and write what was seen into the net's card."""
    net = load_net(folder)
    document = net.card.to_document()
    others = [one for one in document["results"] if one["split"] != TEST_ONLY_SPLIT]
    document["results"] = [*others, *measure_test_only(folder, data)]
    return write_net(folder, document=document, network=net.network)


def many_recordings(first_seed: int, settings: RecipeSettings) -> Iterator[KnownRecording]:
    """Yield the recordings that choose the operating point, or others like them."""
    return simulated_recordings(
        first_seed=first_seed + RECORDING_SEEDS,
        n_recordings=settings.n_recordings,
        duration_s=settings.recording_s,
    )


def detector_of(folder: Path) -> Detector:
    """Load the net of a folder with every check, ready to detect."""
    net = load_net(folder)
    return Detector(card=net.card, network=net.network, weights_sha256=net.card.weights.sha256)
