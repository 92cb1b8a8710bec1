"""The figures of the shipped models: quoted to the letter, and measured again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seizure_core.demo import DEMO_SEIZURES, simulate_demo
from seizure_core.events.postprocessing import events_from_trace
from seizure_core.events.scoring import score_events
from seizure_core.simulator import SimulatedRecording, SimulationSpec, simulate
from tests.shared_files import SHARED_DATA, needs_shared_data
from training.evaluate.finders import KnownRecording, card_result, find_all, model_finder
from training.evaluate.scoreboard import BOARD_FILE, board_document, read_board, results_of
from training.recipes import shortcuts
from training.recipes.held_out import MEASURING_SEEDS
from training.recipes.measuring import TEST_ONLY_SPLIT, pieces_set, simulated_set
from training.recipes.measuring import test_only_sets as sets_for_test_only
from training.recipes.shortcuts import PAIRS, measure_pairs
from zoo.card.evidence import PEOPLE
from zoo.card.output import POINT_NAMES
from zoo.loading import load_folder
from zoo.store.home import SHIPPED_FOLDER
from zoo.store.registry import Registry
from zoo.store.registry_file import REGISTRY_FILE, read_registry_file

MODELS = [entry.model_id for entry in read_registry_file(SHIPPED_FOLDER / REGISTRY_FILE).entries]
EVERY_MODEL = pytest.mark.parametrize("model_id", MODELS)
# Two stand for all where every model is measured on other data, too.
TWO_MODELS = pytest.mark.parametrize(
    "model_id",
    [
        one if one in ("dilated-tcn", "n1spool-cnn") else pytest.param(one, marks=pytest.mark.slow)
        for one in MODELS
    ],
)
BASELINES = {"always alarm", "never alarm", "line length", "Gotman-like"}
MOST_BYTES = 20_000_000

# Other processors round otherwise: a second or two may change sides.
SLACK = 0.02


@pytest.fixture(scope="module")
def board() -> dict[str, Any]:
    return read_board(SHIPPED_FOLDER / BOARD_FILE)


@pytest.fixture(scope="module")
def test_only_recordings() -> dict[str, list[KnownRecording]]:
    """Open the test-only files; no choice hangs on it, so it is no look in the log's sense."""
    return {one.name: list(one.recordings()) for one in sets_for_test_only(SHARED_DATA)}


def folder_of(model_id: str) -> Path:
    return Registry.load().get(model_id).path


def quoted(board: dict[str, Any], model_id: str, dataset: str) -> dict[str, float | None]:
    """Return the figures of one model on one data set."""
    (result,) = (one for one in results_of(board, model_id) if one["dataset"] == dataset)
    return values(result)


def values(result: dict[str, Any]) -> dict[str, float | None]:
    return {name: metric["value"] for name, metric in result["metrics"].items()}


@EVERY_MODEL
def test_its_card_quotes_the_scoreboard_to_the_letter(board: dict[str, Any], model_id: str) -> None:
    assert load_folder(folder_of(model_id)).card.to_document()["results"] == results_of(
        board, model_id
    )


def test_the_scoreboard_is_of_exactly_the_shipped_models_and_the_baselines(
    board: dict[str, Any],
) -> None:
    names = {one["model"] for one in board["models"]}
    assert names == set(MODELS) | BASELINES
    for model_id in MODELS:
        card = load_folder(folder_of(model_id)).card
        (facts,) = (one for one in board["models"] if one["model"] == model_id)
        assert facts["version"] == card.version
        assert facts["weights_sha256"] == card.weights.sha256
        assert facts["n_parameters"] == card.weights.n_parameters


def test_the_table_is_made_of_the_figures_beside_it(board: dict[str, Any]) -> None:
    made = board_document(board["results"], board["models"])
    assert made == board
    # Simulated people are shown to models only, not to baselines.
    measured_on = {
        frozenset(row[1] for row in made["rows"] if row[0] == one["model"]) - {PEOPLE}
        for one in made["models"]
    }
    assert len(measured_on) == 1
    assert len(*measured_on) >= 5
    assert all(len(row) == len(made["columns"]) for row in made["rows"])
    few = [row for row in made["rows"] if "few data" in str(row[-1])]
    assert {row[1] for row in few} >= {"chb01 seizure", "chb01 interictal", "eegmat 15-19"}


def test_all_shipped_models_together_are_small() -> None:
    files = [path for path in (SHIPPED_FOLDER / "zoo" / "models").rglob("*") if path.is_file()]
    assert files
    assert sum(path.stat().st_size for path in files) < MOST_BYTES


@pytest.fixture(scope="module")
def same_pairs() -> Iterator[None]:
    """Simulate the pairs once for all models."""
    pairs = list(shortcuts.simulated_pairs(first_seed=MEASURING_SEEDS, n_pairs=5))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shortcuts, "simulated_pairs", lambda **_: iter(pairs))
        yield


@EVERY_MODEL
def test_it_answers_to_the_seizure_and_to_nothing_else_in_a_pair(
    board: dict[str, Any], same_pairs: None, model_id: str
) -> None:
    measured = values(measure_pairs(load_folder(folder_of(model_id)), n_pairs=5))
    order = measured["pairs_in_right_order"]
    assert order is not None
    assert order >= 0.9
    assert (quoted(board, model_id, PAIRS)["pairs_in_right_order"] or 0.0) >= 0.9


@pytest.fixture(scope="module")
def demo() -> SimulatedRecording:
    return simulate_demo()


@EVERY_MODEL
def test_the_demos_seizures_are_found_and_stricter_points_find_ever_less(
    demo: SimulatedRecording, model_id: str
) -> None:
    detector = load_folder(folder_of(model_id))
    detection = detector.detect(demo.as_recording("demo"))
    score = score_events(demo.events, detection.events, duration_s=detection.duration_s)
    assert score.event.n_detected == len(DEMO_SEIZURES)
    assert score.event.n_false_alarms == 0
    points = [detector.post_processing(operating_point=name) for name in POINT_NAMES]
    seizure_s = [
        sum(one.duration_s for one in events_from_trace(detection.trace, point)) for point in points
    ]
    assert seizure_s == sorted(seizure_s, reverse=True)
    assert seizure_s[0] > 0


@TWO_MODELS
def test_the_order_of_a_files_channels_changes_not_one_bit(model_id: str) -> None:
    simulated = simulate(SimulationSpec(duration_s=70.0, seed=4))
    order = np.random.default_rng(0).permutation(len(simulated.labels))
    shuffled = replace(
        simulated,
        labels=tuple(simulated.labels[place] for place in order),
        signals_uv=simulated.signals_uv[order],
    )
    detector = load_folder(folder_of(model_id))
    first, second = (
        detector.detect(one.as_recording()).probabilities for one in (simulated, shuffled)
    )
    assert len(first) >= 30
    assert np.array_equal(first, second)


@needs_shared_data
@EVERY_MODEL
def test_figures_on_held_out_pieces_are_measured_again(
    board: dict[str, Any], model_id: str
) -> None:
    one = pieces_set(SHARED_DATA)
    rows = find_all(model_finder(load_folder(folder_of(model_id))), one.recordings())
    measured = values(card_result(rows, dataset=one.name, split=one.split, note=one.note))
    assert measured == pytest.approx(quoted(board, model_id, one.name), abs=SLACK)


@needs_shared_data
@TWO_MODELS
def test_figures_on_test_only_files_are_measured_again(
    board: dict[str, Any], test_only_recordings: dict[str, list[KnownRecording]], model_id: str
) -> None:
    finder = model_finder(load_folder(folder_of(model_id)))
    splits = {
        one["dataset"]: one["split"]
        for one in results_of(board, model_id)
        if one["dataset"] in test_only_recordings
    }
    assert set(splits) == set(test_only_recordings)
    for name, recordings in test_only_recordings.items():
        assert splits[name] == TEST_ONLY_SPLIT
        measured = values(
            card_result(find_all(finder, recordings), dataset=name, split="", note="")
        )
        assert measured == pytest.approx(quoted(board, model_id, name), abs=SLACK)


@pytest.mark.slow
@EVERY_MODEL
def test_figures_on_simulated_recordings_are_measured_again(
    board: dict[str, Any], model_id: str
) -> None:
    one = simulated_set()
    rows = find_all(model_finder(load_folder(folder_of(model_id))), one.recordings())
    measured = values(card_result(rows, dataset=one.name, split=one.split, note=one.note))
    assert measured == pytest.approx(quoted(board, model_id, one.name), abs=SLACK)
