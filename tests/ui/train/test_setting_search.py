"""What the search of the step of training shows of real searches, and what it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
import torch

from seizure_core.batch.process_folder import ProcessFolder
from seizure_core.errors import ParameterError
from seizure_zoo.cli import main
from tests.training.material import NETWORK, make_dataset
from training.fit.settings import TrainSettings, train_settings
from training.runs.folder import list_runs
from training.saving import save_model
from training.search.study import settings_with
from training.search.study_folder import all_studies, start_study
from ui.events import Updates
from ui.train import setting_search
from ui.train.network.editor import NetworkStep
from ui.train.search_space import SEARCHED_FIELDS, proposed, searched
from ui.train.setting_search import best_run
from ui.train.start_run import TrainingStep


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("SEIZURE_ZOO_HOME", str(tmp_path / "home"))
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield tmp_path
    torch.set_num_threads(threads)


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let searches be made at once; that they are processes of their own is tested elsewhere."""

    def launch(self: ProcessFolder, words: list[str], *, environment: Any) -> None:
        assert main(words[2:]) == 0

    monkeypatch.setattr(ProcessFolder, "launch", launch)


def step() -> TrainingStep:
    with gr.Blocks():
        dataset = gr.Dropdown(elem_id="dataset")
        network = NetworkStep(dataset)
        return TrainingStep(dataset, network)


def by_id(updates: Updates) -> dict[str, Any]:
    return {str(getattr(block, "elem_id", None)): value for block, value in updates.items()}


@pytest.mark.usefixtures("in_this_process")
def test_a_search_shows_its_trials_and_the_best_is_kept_with_the_search_on_its_card(
    home: Path,
) -> None:
    dataset = make_dataset(home / "data")
    settings = {"epochs": 3, "batch_size": 8, "threads": 1, "validation_fraction": 0.4}
    study = start_study(
        dataset.dataset_id,
        NETWORK,
        train_settings({**settings, "title": "Rates"}),
        searched([("learning_rate", "0.01, 0.000001", False), ("", "", False)]),
        n_trials=9,
    )
    shown = by_id(step().search.listed(None))
    assert shown["search-choice"].value == study.study_id
    assert "Rates" in shown["search-status"]
    assert "2 of 2" in shown["search-status"], "there are no more combinations"
    rows = shown["search-table"].value["data"]
    assert [row[0] for row in rows] == ["1", "2"]
    assert {row[-1] for row in rows} == {run["run_id"] for run in list_runs()}
    assert {row[4] for row in rows} == {"Learning rate: 0.01", "Learning rate: 1e-06"}
    seen = {name: shown[f"{name}-search"].visible for name in ("stop", "resume", "keep")}
    assert seen == {"stop": False, "resume": False, "keep": True}
    best = best_run(study.study_id)
    assert float(next(row[2] for row in rows if row[-1] == best)) == max(
        float(row[2]) for row in rows
    )
    card = save_model(best, "found")
    assert "trials of a search with Optuna" in card.training.note
    assert "Searched: learning_rate of 0.01, 1e-06." in card.training.note


def test_without_optuna_one_line_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setting_search, "has_optuna", lambda: False)
    panel = step().search
    assert panel.listing == []
    assert panel.remembered == []
    assert panel.listed(None) == {}
    assert all_studies() == {}


@pytest.mark.parametrize("name", sorted(SEARCHED_FIELDS))
def test_what_is_proposed_for_a_setting_can_be_searched(name: str) -> None:
    space = searched([(name, *proposed(name))])[name]
    for value in space if isinstance(space, list) else (space["low"], space["high"]):
        assert settings_with(TrainSettings(), {name: value}) is not None


@pytest.mark.parametrize(
    ("text", "log", "meant"),
    [
        ("0.001 .. 0.1", True, {"low": 0.001, "high": 0.1, "log": True}),
        ("0.001..0.1", False, {"low": 0.001, "high": 0.1}),
        ("0.1, 0.2", False, [0.1, 0.2]),
        ("0.1; 0.2", False, [0.1, 0.2]),
        ("0.1 .. 0.01", False, "lower end"),
        ("0 .. 0.01", True, "above 0"),
        ("fast", False, "must be a number"),
        (" ", False, "give a range"),
    ],
)
def test_ranges_and_values_are_read_as_the_command_takes_them(
    text: str, log: bool, meant: object
) -> None:
    if isinstance(meant, str):
        with pytest.raises(ParameterError, match=meant):
            searched([("learning_rate", text, log)])
    else:
        assert searched([("learning_rate", text, log)]) == {"learning_rate": meant}


def test_a_setting_is_searched_once_and_its_words_are_known() -> None:
    assert searched([("optimizer", "adam, adamw", False)]) == {"optimizer": ["adam", "adamw"]}
    assert searched([("batch_size", "8 .. 64", False)]) == {"batch_size": {"low": 8, "high": 64}}
    with pytest.raises(ParameterError, match="none of adam, adamw"):
        searched([("optimizer", "sgd", False)])
    with pytest.raises(ParameterError, match="whole number"):
        searched([("batch_size", "8.5, 9", False)])
    with pytest.raises(ParameterError, match="twice"):
        searched([("batch_size", "8, 9", False)] * 2)
    with pytest.raises(ParameterError, match="Choose a setting"):
        searched([("", "8, 9", False)])
