"""Measurement of all shipped models and baselines on all data sets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.evaluate.baselines import BASELINES
from training.evaluate.finders import Finder, FoundEvents, card_result, find_all, model_finder
from training.recipes.held_out import FULL, Amounts
from training.recipes.measuring import (
    DataSet,
    pieces_set,
    simulated_set,
    test_only_sets,
    wards_set,
)
from training.recipes.shortcuts import shortcut_results
from zoo.detector import Detector
from zoo.loading import load_folder

Report = Callable[[str], None]

# Shorter times are call overhead, not work on the EEG.
_MIN_SECONDS = 0.01


@dataclass(frozen=True, kw_only=True, eq=False)
class Entrant:
    """A model or baseline to measure; baselines have no detector."""

    name: str
    finder: Finder
    detector: Detector | None = None


def all_sets(data: Path, amounts: Amounts = FULL) -> list[DataSet]:
    """Return the data sets in the order of the table, test-only ones first."""
    return [*test_only_sets(data), pieces_set(data), wards_set(data), simulated_set(amounts)]


def baseline_entrants() -> list[Entrant]:
    """Return the baselines."""
    return [Entrant(name=name, finder=finder) for name, finder in BASELINES.items()]


def model_entrants(folders: Sequence[Path]) -> list[Entrant]:
    """Return models from their folders, checked."""
    entrants = []
    for folder in folders:
        detector = load_folder(folder)
        finder = model_finder(detector)
        entrants.append(Entrant(name=folder.name, finder=finder, detector=detector))
    return entrants


def measure_entrants(
    entrants: Sequence[Entrant],
    sets: Sequence[DataSet],
    data: Path,
    *,
    amounts: Amounts = FULL,
    report: Report = print,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Measure every entrant on every data set.

    Returns
    -------
    results, facts : list of dict
        For `board_document`.
    """
    results: list[dict[str, Any]] = []
    facts: list[dict[str, Any]] = []
    for entrant in entrants:
        report(f"measuring {entrant.name} ...")
        rows: list[FoundEvents] = []
        for data_set in sets:
            found = find_all(entrant.finder, data_set.recordings())
            result = card_result(
                found, dataset=data_set.name, split=data_set.split, note=data_set.note
            )
            results.append({"model": entrant.name, **result})
            rows += found
        if entrant.detector is not None:
            checks = shortcut_results(entrant.detector, data, n_pairs=amounts.n_pairs)
            results += [{"model": entrant.name, **check} for check in checks]
        facts.append(_facts(entrant, rows))
    return results, facts


def _facts(entrant: Entrant, rows: Sequence[FoundEvents]) -> dict[str, Any]:
    card = None if entrant.detector is None else entrant.detector.card
    # The fastest recording was the least disturbed by other processes.
    quickest = min(row.took_s / row.duration_s for row in rows) * 3600.0
    return {
        "model": entrant.name,
        "version": None if card is None else card.version,
        "weights_sha256": None if card is None else card.weights.sha256,
        "n_parameters": None if card is None else card.weights.n_parameters,
        "seconds_per_hour": float(f"{quickest:.2g}") if quickest >= _MIN_SECONDS else None,
    }
