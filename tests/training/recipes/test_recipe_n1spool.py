from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from seizure_core.errors import RecordingError
from seizure_core.simulator import SimulationSpec, simulate
from tests.training.recipe_data import opened_files
from training.cli import main
from training.recipes.material.seeds import MEASURING_SEEDS, TRAINING_SEEDS, VALIDATION_SEEDS
from training.recipes.measure.model_measuring import (
    TEST_ONLY_SPLIT,
    add_test_results,
    detector_of,
    measure_held_out,
)
from training.recipes.n1spool_cnn import train
from training.recipes.n1spool_settings import MINIATURE
from zoo.store.model_folder import load_net


@pytest.fixture(scope="module")
def data(recipe_data: Path) -> Path:
    return recipe_data


@pytest.fixture(scope="module")
def trained(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("net") / "n1spool-cnn"
    train(data, folder, settings=MINIATURE, report=lambda _: None)
    return folder


def test_the_recipe_runs_in_miniature_and_its_net_detects(trained: Path) -> None:
    detection = detector_of(trained).detect(
        simulate(SimulationSpec(duration_s=45.0)).as_recording()
    )
    assert len(detection.probabilities) == 16
    assert detection.coverage == 1.0


def test_the_card_says_what_was_done(trained: Path) -> None:
    card = load_net(trained).card
    assert card.weights.n_parameters == 3137
    assert [step["step"] for step in card.input.preprocessing] == ["scale"]
    assert "ten-second pieces" in card.training.note
    assert card.training.data[1].n_recordings == 4  # of 8: two records are validation
    assert card.training.signals is not None
    assert card.training.signals.hashes
    assert len(card.training.history) == MINIATURE.fit.epochs
    assert len(card.results) == 4


def test_the_same_seed_gives_the_same_net_without_a_look_at_test_only_files(
    trained: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = opened_files(monkeypatch)
    train(data, tmp_path / "net", settings=MINIATURE, report=lambda _: None)
    edfs = {name for name in opened if name.endswith(".edf")}
    assert any(name.startswith("chb02") for name in edfs)
    assert not [name for name in edfs if name.startswith(("chb01", "Subject19"))]
    first, second = load_net(trained), load_net(tmp_path / "net")
    for name, tensor in first.network.state_dict().items():
        torch.testing.assert_close(tensor, second.network.state_dict()[name])
    assert first.card.output == second.card.output


def test_measuring_again_gives_the_figures_of_the_card(trained: Path, data: Path) -> None:
    quoted = {one.dataset: one for one in load_net(trained).card.results}
    measured = measure_held_out(trained, data, amounts=MINIATURE.amounts)
    assert {one["dataset"] for one in measured} == set(quoted)
    for one in measured:
        metrics = {name: m.value for name, m in quoted[one["dataset"]].metrics.items()}
        assert {name: m["value"] for name, m in one["metrics"].items()} == metrics


def test_a_look_at_the_test_files_is_written_into_the_card(trained: Path, data: Path) -> None:
    before = load_net(trained)
    card = add_test_results(trained, data)
    assert [one.dataset for one in card.results if one.split == TEST_ONLY_SPLIT] == [
        "chb01 seizure",
        "eegmat 15-19",
    ]
    assert len(add_test_results(trained, data).results) == len(card.results)
    assert card.output == before.card.output
    after = load_net(trained)
    for name, tensor in before.network.state_dict().items():
        assert torch.equal(tensor, after.network.state_dict()[name])


def test_simulations_of_training_validation_and_measuring_are_far_apart() -> None:
    seeds = sorted((TRAINING_SEEDS, VALIDATION_SEEDS, MEASURING_SEEDS))
    assert min(b - a for a, b in itertools.pairwise(seeds)) >= 1_000_000


def test_the_command_names_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SEIZURE_ZOO_DATA", raising=False)
    assert main(["recipe", "n1spool-cnn", "--to", str(tmp_path / "net")]) == 1
    assert "--data" in capsys.readouterr().err
    assert not (tmp_path / "net").exists()


def test_the_command_measures_a_trained_net(
    trained: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--data", str(data), "--to", str(trained), "--miniature", "--measure"]
    assert main(["recipe", "n1spool-cnn", *options]) == 0
    shown = capsys.readouterr().out
    assert "simulated recordings (3 recordings): sensitivity" in shown


def test_wrong_usage_ends_with_status_two(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["recipe", "no-such-recipe", "--to", "x"])
    assert stopped.value.code == 2
    assert "n1spool-cnn" in capsys.readouterr().err


def test_a_folder_without_pieces_is_refused(tmp_path: Path) -> None:
    (tmp_path / "chbmit").mkdir()
    with pytest.raises(RecordingError, match="--data"):
        train(tmp_path, tmp_path / "net", settings=replace(MINIATURE), report=lambda _: None)
