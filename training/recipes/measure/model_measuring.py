"""Measuring a net: the figures that cards and scoreboard quote come from here, every time.

Whole recordings are scored by SzCORE's rules at the card's own operating point. Test-only
files are read by `measure_test_only` and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from training.recipes.material.held_out import (
    assembled_recordings,
    file_recording,
    simulated_recordings,
)
from training.recipes.material.real_pieces import seizure_pieces, test_only_files
from training.recipes.material.seeds import MEASURING_SEEDS, RECORDING_SEEDS, VALIDATION_SEEDS
from training.recipes.measure.event_figures import NetFinder, card_result, find_all
from training.recipes.measure.measuring import KnownRecording
from training.recipes.measure.shortcuts import shortcut_results
from zoo.card.schema import ArchitectureCard
from zoo.detector import Detector
from zoo.store.model_folder import load_net
from zoo.store.sealing import write_net

TEST_ONLY_SPLIT = "test only: looked at for this measurement alone, never for a choice"

SIMULATED = "simulated recordings"
HELD_OUT_PIECES = "CHB-MIT, held-out records of chb02 and chb03"


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """How much is simulated to choose and to measure on.

    Attributes
    ----------
    n_recordings, recording_s : int, float
        Simulated recordings, and how long each is.
    n_pairs : int
        Simulated pairs with and without a seizure.
    """

    n_recordings: int = 18
    recording_s: float = 600.0
    n_pairs: int = 40


FULL = Amounts()
MINIATURE = Amounts(n_recordings=3, recording_s=120.0, n_pairs=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSet:
    """Recordings with known seizures that nets are measured on.

    Attributes
    ----------
    name, split, note : str
        As cards have them.
    recordings : callable
        Gives them anew every time.
    """

    name: str
    split: str
    note: str
    recordings: Callable[[], Iterator[KnownRecording]] = field(repr=False)


def simulated_set(amounts: Amounts = FULL) -> DataSet:
    """Return simulated recordings that no choice has seen."""
    return DataSet(
        name=SIMULATED,
        split="seeds of their own, seen by neither training nor choices",
        note="Simulated by seizure_core.simulator; a third of them restless and without seizure. "
        "Figures on simulated EEG say how a net behaves, not how good it is on patients.",
        recordings=lambda: many_recordings(MEASURING_SEEDS, amounts),
    )


def pieces_set(data: Path) -> DataSet:
    """Return the held-out records of chb02 and chb03, on which choices rest."""
    return DataSet(
        name=HELD_OUT_PIECES,
        split="records kept from training; weights and operating point were chosen on them",
        note="Very few data. Each record's 10 s before the onset and 10 s of seizure, each run "
        "forwards and backwards by turns for 60 s: before alone, and before with seizure.",
        recordings=lambda: assembled_recordings(
            [piece for piece in seizure_pieces(data) if piece.is_validation]
        ),
    )


def test_only_sets(data: Path) -> list[DataSet]:
    """Return the test-only files by group: whoever reads them has looked at them."""
    files = test_only_files(data)

    def of_group(group: str) -> Iterator[KnownRecording]:
        return (file_recording(file) for file in files if file.group == group)

    return [
        DataSet(
            name=group,
            split=TEST_ONLY_SPLIT,
            note="Very few data: anecdotes, no rates.",
            recordings=lambda group=group: of_group(group),  # type: ignore[misc]
        )
        for group in sorted({file.group for file in files})
    ]


def measure_held_out(folder: Path, data: Path, *, amounts: Amounts = FULL) -> list[dict[str, Any]]:
    """Measure a finished net on held-out data; the results of its card that are no test.

    Returns
    -------
    list of dict
        Entries of a card's `results`.
    """
    finder = NetFinder(detector_of(folder))
    return [
        *(_measured(finder, one) for one in (simulated_set(amounts), pieces_set(data))),
        *shortcut_results(load_net(folder), data, n_pairs=amounts.n_pairs),
    ]


def measure_test_only(folder: Path, data: Path) -> list[dict[str, Any]]:
    """Measure on the test-only files: a first look at them belongs into the training log."""
    finder = NetFinder(detector_of(folder))
    return [_measured(finder, one) for one in test_only_sets(data)]


def _measured(finder: NetFinder, data_set: DataSet) -> dict[str, Any]:
    return card_result(
        find_all(finder, data_set.recordings()),
        dataset=data_set.name,
        split=data_set.split,
        note=data_set.note,
    )


def add_test_results(folder: Path, data: Path) -> ArchitectureCard:
    """Measure on the test-only files and write what was seen into the net's card."""
    kept = [
        one
        for one in load_net(folder).card.to_document()["results"]
        if one["split"] != TEST_ONLY_SPLIT
    ]
    return with_results(folder, [*kept, *measure_test_only(folder, data)])


def with_results(folder: Path, results: list[dict[str, Any]]) -> ArchitectureCard:
    """Write a net's folder again with other results; the net stays as it is."""
    net = load_net(folder)
    document = net.card.to_document() | {"results": results}
    return write_net(folder, document=document, network=net.network)


def many_recordings(first_seed: int, amounts: Amounts = FULL) -> Iterator[KnownRecording]:
    """Yield the recordings that choose the operating points, or others like them."""
    return simulated_recordings(
        first_seed=first_seed + RECORDING_SEEDS,
        n_recordings=amounts.n_recordings,
        duration_s=amounts.recording_s,
    )


def validation_groups(data: Path, amounts: Amounts = FULL) -> list[list[KnownRecording]]:
    """Return the recordings that calibration and operating points are chosen on, in two groups."""
    return [
        list(many_recordings(VALIDATION_SEEDS, amounts)),
        list(pieces_set(data).recordings()),
    ]


def detector_of(folder: Path) -> Detector:
    """Load the net of a folder with every check, ready to detect."""
    net = load_net(folder)
    return Detector(card=net.card, network=net.network, weights_sha256=net.card.weights.sha256)
