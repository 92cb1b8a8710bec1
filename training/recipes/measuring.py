"""Measurement of models: the source of all figures on cards and scoreboard.

Complete recordings are scored by SzCORE's rules at the default operating point. Test-only files are
read by `add_test_results` and the scoreboard alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from training.detectors import with_results
from training.evaluate.finders import (
    Finder,
    KnownRecording,
    card_result,
    find_all,
    model_finder,
)
from training.recipes.held_out import (
    FULL,
    MEASURING_SEEDS,
    VALIDATION_SEEDS,
    Amounts,
    assembled_recordings,
    file_recording,
    simulated_recordings,
)
from training.recipes.real_pieces import seizure_pieces, test_only_files, ward_files
from training.recipes.shortcuts import shortcut_results
from zoo.card.evidence import WARDS
from zoo.card.schema import ArchitectureCard
from zoo.detector import Detector
from zoo.loading import load_folder

TEST_ONLY_SPLIT = "test only: used for this measurement, never for a choice"

SIMULATED = "simulated recordings"
HELD_OUT_PIECES = "CHB-MIT, held-out records of chb02 and chb03"


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSet:
    """Recordings with known seizures to measure models on.

    Attributes
    ----------
    name, split, note : str
        As on cards.
    recordings : callable
        Returns a new iterator at each call.
    """

    name: str
    split: str
    note: str
    recordings: Callable[[], Iterator[KnownRecording]] = field(repr=False)


def simulated_set(amounts: Amounts = FULL) -> DataSet:
    """Return simulated recordings that were not used for any choice."""
    return DataSet(
        name=SIMULATED,
        split="random seeds used neither for training nor for choices",
        note="Simulated by seizure_core.simulator; a third with many artefacts and no seizure. "
        "Figures on simulated EEG show how a model behaves, not how well it works on "
        "patients.",
        recordings=lambda: simulated_recordings(MEASURING_SEEDS, amounts),
    )


def pieces_set(data: Path) -> DataSet:
    """Return the held-out records of chb02 and chb03, which choices are made on."""
    return DataSet(
        name=HELD_OUT_PIECES,
        split="records kept from training; weights and operating point were chosen on them",
        note="Very little data. 10 s before the onset and 10 s of seizure of each record, "
        "repeated back and forth for 60 s each: the time before alone, and followed by the "
        "seizure.",
        recordings=lambda: assembled_recordings(seizure_pieces(data, held_out=True)),
    )


def wards_set(data: Path) -> DataSet:
    """Return the clips of wards that experts agreed on, which choices are made on."""
    return DataSet(
        name=WARDS,
        split="never trained on; operating points were chosen on them",
        note="Very little data: 50 s clips of adults in intensive care, 4 with a seizure and 17 "
        "with rhythmic or periodic patterns that are none.",
        recordings=lambda: map(file_recording, ward_files(data)),
    )


def test_only_sets(data: Path) -> list[DataSet]:
    """Return the test-only sets. Evaluating them spends a look at the test data: log it."""
    files = test_only_files(data)

    def of_group(group: str) -> Iterator[KnownRecording]:
        return (file_recording(file) for file in files if file.kind == group)

    return [
        DataSet(
            name=group,
            split=TEST_ONLY_SPLIT,
            note="Very little data: anecdotes, not rates.",
            recordings=lambda group=group: of_group(group),  # type: ignore[misc]
        )
        for group in sorted({file.kind for file in files})
    ]


def measure_held_out(
    detector: Detector, data: Path, *, amounts: Amounts = FULL
) -> list[dict[str, Any]]:
    """Return the card's results on held-out data."""
    finder = model_finder(detector)
    sets = [simulated_set(amounts), pieces_set(data), *_wards_if_any(data)]
    return [
        *(result_of(finder, data_set) for data_set in sets),
        *shortcut_results(detector, data, n_pairs=amounts.n_pairs),
    ]


def result_of(finder: Finder, data_set: DataSet) -> dict[str, Any]:
    """Return the result of a detector on a data set."""
    return card_result(
        find_all(finder, data_set.recordings()),
        dataset=data_set.name,
        split=data_set.split,
        note=data_set.note,
    )


def add_test_results(folder: Path, data: Path) -> ArchitectureCard:
    """Measure on the test-only files and add the results to the model's card.

    Note a first look at them in the training log.
    """
    detector = load_folder(folder)
    kept = [
        result
        for result in detector.card.to_document()["results"]
        if result["split"] != TEST_ONLY_SPLIT
    ]
    finder = model_finder(detector)
    return with_results(
        folder, kept + [result_of(finder, test_only_set) for test_only_set in test_only_sets(data)]
    )


def _wards_if_any(data: Path) -> list[DataSet]:
    return [wards_set(data)] if ward_files(data) else []


def validation_groups(data: Path, amounts: Amounts = FULL) -> list[list[KnownRecording]]:
    """Return the recordings for calibration and operating points, in groups."""
    return [
        list(simulated_recordings(VALIDATION_SEEDS, amounts)),
        *(list(one.recordings()) for one in (pieces_set(data), *_wards_if_any(data))),
    ]
