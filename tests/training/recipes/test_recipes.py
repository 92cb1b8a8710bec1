"""The recipe of the shipped models, in miniature: interrupted, resumed, made, measured."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from seizure_core.errors import RecordingError
from seizure_core.simulator import SimulationSpec, simulate
from tests.training.recipe_data import opened_files
from training.cli import main
from training.errors import RunError, TrainingError
from training.fit.loop import Trainer
from training.fit.pool import Pool, RealFile, build_pool, pool_key, stored_pool
from training.recipes import MODELS_FOLDER, recipe_names
from training.recipes.card import recipe_card
from training.recipes.held_out import MINIATURE
from training.recipes.making import make_model, train_network
from training.recipes.measuring import TEST_ONLY_SPLIT, add_test_results, measure_held_out
from training.recipes.real_pieces import resting_files, seizure_pieces
from training.recipes.settings import RecipeSettings, recipe_settings
from training.runs.experiment import experiment_of
from zoo.card.sections import InputSection
from zoo.layers.network import check_network
from zoo.loading import load_folder
from zoo.store.home import SHIPPED_FOLDER
from zoo.store.sealing import SHIPPED_MODELS


class Made:
    """Models that are made when a test first asks for them."""

    def __init__(self, data: Path, work: Path, folder: Path) -> None:
        self._data, self._work, self._folder = data, work, folder
        self.opened: list[str] = []

    def folder(self, name: str) -> Path:
        """Return the folder of a recipe's miniature, with an eye on the files that are opened."""
        folder = self._folder / name
        if not folder.exists():
            with pytest.MonkeyPatch.context() as patch:
                opened = opened_files(patch)
                make_model(
                    recipe_settings(name).in_miniature(),
                    data=self._data,
                    folder=folder,
                    work=self._work,
                    amounts=MINIATURE,
                    report=lambda _: None,
                )
            self.opened += opened
        return folder

    def copy(self, name: str, place: Path) -> Path:
        """Return a folder of the same model that a test may change."""
        return shutil.copytree(self.folder(name), place / name)


# A network of 256 Hz, and one for any channels, take several times as long.
KINDS = (
    "eegnet-small",
    *(pytest.param(name, marks=pytest.mark.slow) for name in ("n1spool-cnn", "any-montage")),
)
EVERY_RECIPE = pytest.mark.parametrize("name", recipe_names())


@pytest.fixture(scope="module")
def data(recipe_data: Path) -> Path:
    return recipe_data


@pytest.fixture(scope="module")
def work(recipe_work: Path) -> Path:
    return recipe_work


@pytest.fixture(scope="module")
def made(data: Path, work: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(data, work, tmp_path_factory.mktemp("models"))


def small(name: str = "eegnet-small") -> RecipeSettings:
    return recipe_settings(name).in_miniature()


@EVERY_RECIPE
def test_the_settings_make_a_model_of_less_than_a_million_parameters(name: str) -> None:
    settings = recipe_settings(name)
    contract = settings.input
    report = check_network(settings.network, contract.build_channels, contract.window_samples)
    assert not report.errors
    assert report.n_parameters < 1_000_000
    expected = (2,) if settings.n_steps is None else (2, settings.n_steps)
    assert report.output_shape == expected


@EVERY_RECIPE
def test_a_recipes_settings_are_those_of_any_training(name: str) -> None:
    document = json.loads((MODELS_FOLDER / f"{name}.json").read_text())
    described = experiment_of(
        {"dataset": "mine", "network": document["network"], "settings": document["settings"]}
    )
    assert described.settings == recipe_settings(name).settings
    assert described.settings.mixture.artefacts > 0


@EVERY_RECIPE
def test_the_one_card_writer_says_of_a_shipped_model_what_its_card_says(
    name: str, data: Path
) -> None:
    shipped = load_folder(SHIPPED_FOLDER / SHIPPED_MODELS / name).card.to_document()
    written = recipe_card(
        recipe_settings(name),
        shipped["training"]["history"],
        pieces=seizure_pieces(data, held_out=False),
        resting=resting_files(data, moving=recipe_settings(name).settings.mixture.people),
    )
    now, then = written.pop("training"), shipped.pop("training")
    # A second stage, which comes later, makes the card one of the second version.
    for key in ("schema_version", "created", "golden", "weights", "results", "output"):
        written.pop(key, None)
        shipped.pop(key)
    assert written == shipped
    for key in ("split", "seed", "history", "versions", "note"):
        assert now[key] == then[key]
    assert now["data"][0] == then["data"][0]
    assert [one["name"] for one in now["data"]] == [one["name"] for one in then["data"]]
    same = {"epochs", "batch_size", "learning_rate"}
    assert {key: now["settings"][key] for key in same} == {
        key: then["settings"][key] for key in same
    }


def test_the_strides_of_the_aligned_model_multiply_to_its_hop() -> None:
    settings = recipe_settings("aligned-cnn")
    strides = [layer["stride"] for layer in settings.network if "stride" in layer]
    assert np.prod(strides) == settings.input.stride_samples
    assert 4 <= settings.input.window_s <= 10
    assert not any(layer.get("padding") for layer in settings.network)


@pytest.mark.parametrize("name", KINDS)
def test_a_model_is_made_measured_and_loads_with_every_check(made: Made, name: str) -> None:
    card = load_folder(made.folder(name)).card
    assert card.model_id == name
    assert len(card.training.history) == 2
    assert card.training.data[1].n_recordings == 4  # of 8: two records are validation
    assert card.training.signals is not None
    assert card.training.signals.hashes
    assert len(card.results) == 4
    assert not [one for one in card.results if one.split == TEST_ONLY_SPLIT]


def test_no_test_only_file_is_opened(made: Made) -> None:
    made.folder("eegnet-small")
    edfs = {name for name in made.opened if name.endswith(".edf")}
    assert any(name.startswith("chb02") for name in edfs)
    assert any(name.startswith("Subject00") for name in edfs)
    assert not [name for name in edfs if name.startswith(("chb01", "Subject19"))]


class PowerCutError(Exception):
    """Ends a training as a kill does, without any chance to save."""


@pytest.mark.parametrize("n_batches", [1, 3])
@pytest.mark.parametrize(
    "name", ["eegnet-small", pytest.param("any-montage", marks=pytest.mark.slow)]
)
def test_a_recipe_killed_after_any_batch_ends_in_the_very_same_network(
    data: Path,
    work: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    n_batches: int,
) -> None:
    recipe = small(name)
    often = recipe.settings.model_copy(update={"checkpoint_every_s": 0.0})
    recipe = recipe.model_copy(update={"settings": often})
    whole, history = train_network(recipe, data=data, work=work, report=lambda _: None)
    (tmp_path / "pools").symlink_to(work / "pools")
    n_steps = 0

    def step(self: Trainer, *arguments: Any) -> float:
        nonlocal n_steps
        if n_steps == n_batches:
            raise PowerCutError
        n_steps += 1
        return real_step(self, *arguments)

    real_step = Trainer._step
    with monkeypatch.context() as patch:
        patch.setattr(Trainer, "_step", step)
        with pytest.raises(PowerCutError):
            train_network(recipe, data=data, work=tmp_path, report=lambda _: None)
    lines: list[str] = []
    resumed, same = train_network(recipe, data=data, work=tmp_path, report=lines.append)
    assert any(f"{n_batches % 2} batches" in line for line in lines)
    assert same == history
    for key, tensor in whole.state_dict().items():
        assert torch.equal(tensor, resumed.state_dict()[key])


def test_a_damaged_checkpoint_is_named_and_nothing_is_trained_from_it(
    data: Path, work: Path, tmp_path: Path
) -> None:
    (tmp_path / "pools").symlink_to(work / "pools")
    train_network(small(), data=data, work=tmp_path, report=lambda _: None)
    (folder,) = (tmp_path / "trainings").iterdir()
    path = folder / "checkpoint.safetensors"
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(RunError, match=r"checkpoint\.safetensors is damaged"):
        train_network(small(), data=data, work=tmp_path, report=lambda _: None)


def real_files(data: Path) -> list[RealFile]:
    return resting_files(data) + seizure_pieces(data)


@pytest.mark.parametrize(("name", "people"), [("eegnet-small", False), ("any-montage", True)])
def test_a_stored_pool_is_the_one_that_was_made(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, people: bool
) -> None:
    built: list[Pool] = []

    def building(contract: InputSection, **request: Any) -> Pool:
        built.append(build_pool(contract, **request))
        return built[-1]

    monkeypatch.setattr("training.fit.pool.build_pool", building)
    request = {"first_seed": 0, "n_simulated": 1, "people": people, "real": real_files(data)}
    _, stored = (stored_pool(tmp_path, recipe_settings(name).input, **request) for _ in range(2))
    (made,) = built
    assert set(made) == {
        "with_seizures", "restless", "lone_seizures", "ictal", "preictal", "resting"
    }  # fmt: skip
    assert {kind: len(some) for kind, some in made.items()} == {
        kind: len(some) for kind, some in stored.items()
    }
    for kind, items in made.items():
        for a, b in zip(items, stored[kind], strict=True):
            assert np.array_equal(a.signals, b.signals)
            assert (a.patient, a.level) == (b.patient, b.level)
            times = [[e.span_s for e in (*one.seizures, *one.patterns)] for one in (a, b)]
            assert times[0] == times[1]
            assert len(a.patterns) == len(b.patterns)
    assert any(one.patterns for one in made["restless"]) == people


def test_other_input_or_other_files_make_another_pool(data: Path) -> None:
    def key(name: str, n_simulated: int, n_files: int) -> str:
        return pool_key(
            recipe_settings(name).input,
            first_seed=0,
            n_simulated=n_simulated,
            real=real_files(data)[:n_files],
        )

    assert key("eegnet-small", 2, 4) == key("dilated-tcn", 2, 4)  # windows differ, signals do not
    others = {key("aligned-cnn", 2, 4), key("eegnet-small", 3, 4), key("eegnet-small", 2, 3)}
    assert len(others | {key("eegnet-small", 2, 4)}) == 4


def test_measuring_again_gives_the_figures_of_the_card(made: Made, data: Path) -> None:
    detector = load_folder(made.folder("eegnet-small"))
    quoted = {one.dataset: one for one in detector.card.results}
    measured = measure_held_out(detector, data, amounts=MINIATURE)
    assert {one["dataset"] for one in measured} == set(quoted)
    for one in measured:
        metrics = {name: m.value for name, m in quoted[one["dataset"]].metrics.items()}
        assert {name: m["value"] for name, m in one["metrics"].items()} == metrics


def test_a_look_at_the_test_files_is_written_into_the_card(
    made: Made, data: Path, tmp_path: Path
) -> None:
    folder = made.copy("eegnet-small", tmp_path)
    before = load_folder(folder)
    card = add_test_results(folder, data)
    assert [one.dataset for one in card.results if one.split == TEST_ONLY_SPLIT] == [
        "chb01 seizure",
        "eegmat 15-19",
    ]
    assert len(add_test_results(folder, data).results) == len(card.results)
    assert card.output == before.card.output
    after = load_folder(folder)
    for name, tensor in before.network.state_dict().items():
        assert torch.equal(tensor, after.network.state_dict()[name])


def test_a_made_model_detects(made: Made) -> None:
    detection = load_folder(made.folder("eegnet-small")).detect(
        simulate(SimulationSpec(duration_s=45.0)).as_recording()
    )
    assert len(detection.probabilities) == 36
    assert detection.coverage == 1.0


def test_the_command_names_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SEIZURE_ZOO_DATA", raising=False)
    assert main(["recipe", "n1spool-cnn", "--to", str(tmp_path / "model")]) == 1
    assert "--data" in capsys.readouterr().err
    assert not (tmp_path / "model").exists()


def test_wrong_usage_ends_with_status_two(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["recipe", "no-such-recipe", "--to", "x"])
    assert stopped.value.code == 2
    assert "n1spool-cnn" in capsys.readouterr().err


def test_a_folder_without_pieces_is_refused(tmp_path: Path) -> None:
    (tmp_path / "chbmit").mkdir()
    with pytest.raises(RecordingError, match="--data"):
        train_network(small(), data=tmp_path, work=tmp_path / "work", report=lambda _: None)


def test_the_command_looks_at_test_files_only_when_asked(
    made: Made, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = made.copy("eegnet-small", tmp_path)
    options = ["--data", str(data), "--to", str(model)]
    assert main(["recipe", "eegnet-small", *options, "--miniature", "--measure"]) == 0
    assert "chb01" not in capsys.readouterr().out
    assert main(["recipe", "eegnet-small", *options, "--look-at-test"]) == 0
    assert "chb01 seizure (1 recordings): sensitivity" in capsys.readouterr().out
    assert load_folder(model).card.results[-1].split == TEST_ONLY_SPLIT


def test_settings_with_an_unknown_key_are_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = json.loads(recipe_settings("eegnet-small").model_dump_json())
    (tmp_path / "odd.json").write_text(json.dumps(document | {"epochs": 3}))
    (tmp_path / "other.json").write_text(json.dumps(document))
    monkeypatch.setattr("training.recipes.settings.MODELS_FOLDER", tmp_path)
    with pytest.raises(TrainingError, match=r"odd\.json.*epochs"):
        recipe_settings("odd")
    with pytest.raises(TrainingError, match="settings of 'eegnet-small'"):
        recipe_settings("other")
    with pytest.raises(TrainingError, match="There is no recipe 'nothing'"):
        recipe_settings("nothing")
