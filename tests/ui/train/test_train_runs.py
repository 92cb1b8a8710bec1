"""What the step of training shows of real runs, and what it answers when something is wrong."""

from __future__ import annotations

import errno
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
import torch

from tests.training.material import NETWORK, make_dataset
from training.data.dataset import Dataset
from training.errors import RunError
from training.fit.settings import train_settings
from training.runs import worker
from training.runs.control import delete_dataset
from training.runs.folder import RunFolder, training_status
from training.runs.requests import new_run
from training.saving import save_model
from ui.events import Updates
from ui.train.network.editor import NetworkStep
from ui.train.network.layers import network_text
from ui.train.presets import train_preset
from ui.train.run_views import folds_html
from ui.train.runs import compared_runs_html, differing_settings
from ui.train.start_run import TrainingStep
from zoo.store.registry import model_card
from zoo.store.user_models import delete_model

QUICK: dict[str, Any] = {"epochs": 2, "batch_size": 8, "threads": 1, "device": "cpu"}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("SEIZURE_ZOO_HOME", str(tmp_path / "home"))
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield tmp_path
    torch.set_num_threads(threads)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What toasts would say."""
    words: list[str] = []
    for name in ("Info", "Warning"):
        monkeypatch.setattr(gr, name, lambda message, **how: words.append(message))
    return words


@pytest.fixture
def dataset(home: Path) -> Dataset:
    return make_dataset(home / "data")


def trained(dataset: Dataset, network: Any = NETWORK, **settings: Any) -> RunFolder:
    run = new_run(dataset.dataset_id, network, {**QUICK, **settings})
    worker.work(run.run_id)
    return run


def status(run: RunFolder) -> dict[str, Any]:
    return training_status(run.run_id)


@pytest.fixture
def step(home: Path) -> TrainingStep:
    """The step of training as it stands on the page."""
    with gr.Blocks():
        dataset = gr.Dropdown(elem_id="dataset")
        network = NetworkStep(dataset)
        return TrainingStep(dataset, network)


def by_id(updates: Updates) -> dict[str, Any]:
    return {str(getattr(block, "elem_id", None)): value for block, value in updates.items()}


def watched(step: TrainingStep, run: RunFolder) -> dict[str, Any]:
    return by_id(step.runs.followed(run.run_id))


def visible(shown: dict[str, Any]) -> list[bool]:
    """Whether stop, resume, copy and delete can be pressed."""
    return [shown[f"{act}-run"].visible for act in ("stop", "resume", "clone", "delete")]


def test_a_run_that_is_done_can_be_copied_and_deleted_and_nothing_else(
    dataset: Dataset, step: TrainingStep
) -> None:
    run = trained(dataset, title="First")
    shown = watched(step, run)
    assert "First" in shown["run-status"]
    assert "2 of 2" in shown["run-status"]
    assert "<svg" in shown["run-curves"]
    assert "Epoch 2" in shown["run-log"].value
    assert visible(shown) == [False, False, True, True]
    assert by_id(step.runs.listed("run-gone"))["run-choice"].value == run.run_id


def test_the_table_is_sent_again_only_when_a_run_has_changed(
    dataset: Dataset, step: TrainingStep
) -> None:
    run = new_run(dataset.dataset_id, NETWORK, QUICK)
    first = watched(step, run)
    rows = first["runs"].value["data"]
    assert "runs" not in by_id(step.runs.followed(run.run_id, rows))
    run.write_state(state="failed", message="Gone wrong.")
    assert "runs" in by_id(step.runs.followed(run.run_id, rows))


def test_an_interrupted_run_is_shown_and_can_be_resumed(
    dataset: Dataset, step: TrainingStep
) -> None:
    run = new_run(dataset.dataset_id, NETWORK, QUICK)
    run.note_launch(0.0)
    run.write_state(state="running", message="Training.")
    shown = watched(step, run)
    assert "interrupted" in shown["run-status"]
    assert "can be resumed" in shown["run-status"]
    assert visible(shown) == [False, True, True, True]


def test_a_loss_that_became_nan_is_told_with_what_to_do(
    dataset: Dataset, step: TrainingStep, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = torch.nn.functional.cross_entropy
    monkeypatch.setattr(
        torch.nn.functional, "cross_entropy", lambda *a, **more: real(*a, **more) * float("nan")
    )
    shown = watched(step, trained(dataset))
    assert "Problem:" in shown["run-status"]
    assert "The loss became NaN or infinite in epoch 1" in shown["run-status"]
    assert "Try a smaller learning rate than 0.001" in shown["run-status"]
    assert visible(shown) == [False, True, True, True]


def test_a_full_disk_is_told_and_the_run_can_be_resumed(
    dataset: Dataset, step: TrainingStep, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_more: object) -> None:
        raise RunError(f"figures cannot be written: {errno.errorcode[errno.ENOSPC]}, disk full.")

    with monkeypatch.context() as patch:
        patch.setattr(RunFolder, "add_figures", full)
        run = trained(dataset)
    shown = watched(step, run)
    assert "Problem:" in shown["run-status"]
    assert "disk full" in shown["run-status"]
    assert visible(shown) == [False, True, True, True]


@pytest.mark.parametrize("name", ["run.json", "state.json"])
def test_a_damaged_folder_is_told_and_can_be_deleted_only(
    dataset: Dataset, step: TrainingStep, name: str
) -> None:
    run = new_run(dataset.dataset_id, NETWORK, QUICK)
    (run.folder / name).write_bytes(b"{torn")
    shown = watched(step, run)
    assert name in shown["run-status"]
    assert "Problem:" in shown["run-status"]
    assert visible(shown)[:2] == [False, False]
    assert visible(shown)[3]
    with pytest.raises(RunError, match="damaged"):
        step.cloned(run.run_id)


def test_each_patients_scores_stand_in_a_row_with_mean_and_worst(dataset: Dataset) -> None:
    run = trained(dataset, split="leave-one-patient-out", epochs=1)
    rows = re.findall(r"<tr>(.*?)</tr>", folds_html(status(run)))
    cells = [re.findall(r"<td>(.*?)</td>", row) for row in rows[1:]]
    assert [row[0] for row in cells] == [
        "chb02",
        "chb03",
        "chb05",
        "none: all patients",
        "Mean of the folds",
        "Worst of the folds",
    ]
    assert [row[1:4] for row in cells[:4]] == [["done", "1", "1"]] * 4
    scores = [float(row[5]) for row in cells[:3]]
    assert float(cells[4][5]) == pytest.approx(sum(scores) / 3, abs=0.01)
    assert float(cells[5][5]) == min(scores)
    assert folds_html(status(trained(dataset))) == ""


def test_folds_that_wait_are_told_from_the_one_at_work() -> None:
    history = [
        {"epoch": 1, "fold": 1, "fold_name": "a", "event_f1": 1.0},
        {"epoch": 2, "fold": 2, "fold_name": "b", "event_f1": 0.5},
    ]
    run = {
        "split": {"folds": ["a", "b", "c"]},
        "history": history,
        "folds": history,
        "state": "running",
    }
    states = re.findall(r"<tr><td>\w[^<]*</td><td>([^<]*)</td>", folds_html(run))
    assert states[:4] == ["done", "training", "waiting", "waiting"]
    states = re.findall(
        r"<tr><td>\w[^<]*</td><td>([^<]*)</td>", folds_html({**run, "state": "stopped"})
    )
    assert states[:4] == ["done", "not finished", "\u2013", "\u2013"]


def test_runs_are_compared_by_what_differs_and_how_they_ended(dataset: Dataset) -> None:
    one = trained(dataset, title="Same")
    other = trained(
        dataset,
        [NETWORK[0], *NETWORK[2:]],
        title="Same",
        learning_rate=0.01,
        augmentation={"noise": 0.5},
    )
    runs = [status(one), status(other)]
    differing = dict(differing_settings(runs))
    assert differing["Learning rate"] == ["0.001", "0.01"]
    assert differing["White noise added (0: none)"] == ["0", "0.5"]
    assert set(differing) == {"Learning rate", "White noise added (0: none)", "Network"}
    shown = compared_runs_html(runs)
    assert shown.count('<polyline class="second"') == shown.count("<svg") >= 2
    assert f"Same ({one.run_id[-6:]})" in shown
    assert "Its event F1" in shown
    assert "same settings" in compared_runs_html([runs[0], runs[0]])
    assert "Choose two runs" in compared_runs_html(runs[:1])


def test_more_runs_than_lines_and_titles_with_markup_are_harmless(dataset: Dataset) -> None:
    run = {**status(trained(dataset)), "title": "<script>"}
    shown = compared_runs_html([run] * 7)
    assert "<script>" not in shown
    assert "sixth" in shown


def test_a_damaged_run_can_be_compared(dataset: Dataset) -> None:
    run = new_run(dataset.dataset_id, NETWORK, QUICK)
    (run.folder / "run.json").write_bytes(b"")
    assert "failed" in compared_runs_html([status(run), status(trained(dataset))])


def test_a_copy_has_all_settings_and_the_network_of_the_run(
    dataset: Dataset, step: TrainingStep, said: list[str]
) -> None:
    asked = {**QUICK, "title": "First", "mining": {"fraction": 0.25}, "class_weights": [1.0, 2.0]}
    run = trained(dataset, **asked)
    copied = step.cloned(run.run_id)
    settings = train_settings(step.form.read(copied))
    assert settings == train_settings({**asked, "title": "First (again)"})
    shown = by_id(copied)
    assert shown["dataset"] == dataset.dataset_id
    assert shown["network-code"] == network_text(NETWORK)
    assert shown["with-weights"].value is False
    assert "Filled in" in said[0]


def test_a_training_can_be_set_up_like_that_of_a_shipped_model(step: TrainingStep) -> None:
    kept = {"title": "Mine", "seed": 7}
    mine = train_settings(kept).model_dump(mode="json")
    filled = step.form.filled(mine) | step.form.filled(*train_preset("recipe:unet-attention"))
    assert train_settings(step.form.read(filled)) == train_settings(
        {**kept, "recipe": "unet-attention"}
    )


def test_a_copy_of_a_fine_tuned_run_begins_from_the_same_model(
    dataset: Dataset, step: TrainingStep, said: list[str]
) -> None:
    first = trained(dataset)
    save_model(first.run_id, "parent-model")
    run = trained(dataset, "parent-model", title="Tuned")
    assert status(run)["parent"] == "parent-model"
    save_model(run.run_id, "child-model")
    parent = model_card("child-model").parent
    assert parent is not None
    assert parent.model_id == "parent-model"
    shown = by_id(step.cloned(run.run_id))
    assert shown["start-from"].value == "model:parent-model"
    assert shown["with-weights"].value is True
    assert json.loads(shown["network-code"]) == NETWORK


def test_a_copy_says_what_is_gone(dataset: Dataset, step: TrainingStep, said: list[str]) -> None:
    first = trained(dataset)
    save_model(first.run_id, "parent-model")
    run = trained(dataset, "parent-model")
    delete_dataset(dataset.dataset_id)
    delete_model("parent-model")
    shown = by_id(step.cloned(run.run_id))
    assert "dataset" not in shown
    assert shown["with-weights"].value is False
    assert any("dataset" in one and "gone" in one for one in said)
    assert any("parent-model" in one for one in said)
