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
from training.keep import save_model
from training.runs import worker
from training.runs.control import delete_dataset
from training.runs.folder import RunFolder
from training.runs.requests import new_run
from training.runs.status import training_status
from ui.train.evaluation import testing
from ui.train.fields import TRAIN_FIELDS
from ui.train.forms import read_fields
from ui.train.network.editor import beginning_from
from ui.train.network.layer_list import network_text
from ui.train.runs import settings as run_settings
from ui.train.runs.run_comparison import compared_runs_html, differing_settings
from ui.train.runs.run_list import followed, listed
from ui.train.runs.settings import cloned
from ui.train.runs.views import folds_html
from zoo.store.default_model import default_model
from zoo.store.registry import model_card
from zoo.store.user_models import remove_net

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
        monkeypatch.setattr(run_settings.gr, name, lambda message, **how: words.append(message))
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


def visible(values: tuple[Any, ...]) -> list[bool]:
    """Whether stop, resume, copy and delete can be pressed."""
    return [button.visible for button in values[4:8]]


def test_a_run_that_is_done_can_be_copied_and_deleted_and_nothing_else(dataset: Dataset) -> None:
    run = trained(dataset, title="First")
    values = followed(run.run_id, None)
    assert "First" in values[0]
    assert "2 of 2" in values[0]
    assert "<svg" in values[1]
    assert "Epoch 2" in values[3].value
    assert visible(values) == [False, False, True, True]
    assert listed("run-gone")[0].value == run.run_id


def test_an_interrupted_run_is_shown_and_can_be_resumed(dataset: Dataset) -> None:
    run = new_run(dataset.dataset_id, NETWORK, QUICK)
    run.note_launch(0.0)
    run.write_state(state="running", message="Training.")
    values = followed(run.run_id, None)
    assert "interrupted" in values[0]
    assert "can be resumed" in values[0]
    assert visible(values) == [False, True, True, True]


def test_a_loss_that_became_nan_is_told_with_what_to_do(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = torch.nn.functional.cross_entropy
    monkeypatch.setattr(
        torch.nn.functional, "cross_entropy", lambda *a, **more: real(*a, **more) * float("nan")
    )
    values = followed(trained(dataset).run_id, None)
    assert "Problem:" in values[0]
    assert "The loss became NaN or infinite in epoch 1" in values[0]
    assert "Try a smaller learning rate than 0.001" in values[0]
    assert visible(values) == [False, True, True, True]


def test_a_full_disk_is_told_and_the_run_can_be_resumed(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_more: object) -> None:
        raise RunError(f"figures cannot be written: {errno.errorcode[errno.ENOSPC]}, disk full.")

    with monkeypatch.context() as patch:
        patch.setattr(RunFolder, "add_figures", full)
        run = trained(dataset)
    values = followed(run.run_id, None)
    assert "Problem:" in values[0]
    assert "disk full" in values[0]
    assert visible(values) == [False, True, True, True]


@pytest.mark.parametrize("name", ["run.json", "state.json"])
def test_a_damaged_folder_is_told_and_can_be_deleted_only(dataset: Dataset, name: str) -> None:
    run = new_run(dataset.dataset_id, NETWORK, QUICK)
    (run.folder / name).write_bytes(b"{torn")
    values = followed(run.run_id, None)
    assert name in values[0]
    assert "Problem:" in values[0]
    assert visible(values)[:2] == [False, False]
    assert visible(values)[3]
    with pytest.raises(RunError, match="damaged"):
        cloned(run.run_id)


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
    dataset: Dataset, said: list[str]
) -> None:
    asked = {**QUICK, "title": "First", "mining": {"fraction": 0.25}, "class_weights": [1.0, 2.0]}
    run = trained(dataset, **asked)
    dataset_id, _start, boxed, code, _other, *form = cloned(run.run_id)
    settings = train_settings(read_fields(TRAIN_FIELDS, form))
    assert settings == train_settings({**asked, "title": "First (again)"})
    assert dataset_id == dataset.dataset_id
    assert code == network_text(NETWORK)
    assert boxed.value is False
    assert "Filled in" in said[0]


def test_a_copy_of_a_fine_tuned_run_begins_from_the_same_net(
    dataset: Dataset, said: list[str]
) -> None:
    first = trained(dataset)
    save_model(first.run_id, "parent-net")
    run = trained(dataset, "parent-net", title="Tuned")
    assert status(run)["parent"] == "parent-net"
    save_model(run.run_id, "child-net")
    parent = model_card("child-net").parent
    assert parent is not None
    assert parent.model_id == "parent-net"
    _, start, boxed, code, *_ = cloned(run.run_id)
    assert start.value == "net:parent-net"
    assert boxed.value is True
    assert json.loads(code) == json.loads(beginning_from("parent-net")[2])


def test_a_copy_says_what_is_gone(dataset: Dataset, said: list[str]) -> None:
    first = trained(dataset)
    save_model(first.run_id, "parent-net")
    run = trained(dataset, "parent-net")
    delete_dataset(dataset.dataset_id)
    remove_net("parent-net")
    values = cloned(run.run_id)
    assert values[0] == gr.skip()
    assert values[2].value is False
    assert any("dataset" in one and "gone" in one for one in said)
    assert any("parent-net" in one for one in said)


def test_the_run_just_trained_is_chosen_for_the_test_and_a_later_choice_stays(
    dataset: Dataset,
) -> None:
    dropdown, newest = testing.listed(None, None)
    assert dropdown.constructor_args["value"] == default_model()
    run = trained(dataset)
    dropdown, newest = testing.listed("n1spool-cnn", newest)
    assert dropdown.constructor_args["value"] == newest == run.run_id
    dropdown, newest = testing.listed("n1spool-cnn", newest)
    assert "value" not in dropdown.constructor_args
