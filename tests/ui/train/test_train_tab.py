"""The five steps together: how far one is, what a reload leaves, what is tested and then kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
import torch

from tests.training.material import (
    NETWORK,
    make_dataset,
    references_in,
    write_recording,
)
from training.data.dataset import Dataset
from training.data.pairing import pair_files
from training.evaluate.evaluation import evaluate_detector
from training.runs import worker
from training.runs.folder import RunFolder
from training.runs.requests import new_run
from training.saving import any_detector
from ui.resources import Services
from ui.server.settings import Settings
from ui.train.evaluation.scores import Outcome
from ui.train.network.layers import network_text
from ui.train.pairs import Material
from ui.train.progress import TICK
from ui.train.tab import TrainTab
from ui.viewer.handles import HandleStore
from zoo.store.recommendation import default_model
from zoo.store.registry import model_card


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("SEIZURE_ZOO_HOME", str(tmp_path / "home"))
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield tmp_path
    torch.set_num_threads(threads)


@pytest.fixture
def tab(home: Path) -> TrainTab:
    services = Services.create(Settings(), home)
    with gr.Blocks(analytics_enabled=False) as demo:
        current, begin_from = gr.State(None), gr.State(None)
        with gr.Tabs(), gr.Tab("Train") as place:
            return TrainTab(services, HandleStore(), current, begin_from, demo, place.select)


@pytest.fixture
def dataset(home: Path) -> Dataset:
    return make_dataset(home / "data")


def trained(dataset: Dataset, **settings: Any) -> RunFolder:
    quick = {"epochs": 2, "batch_size": 8, "threads": 1, "device": "cpu"}
    run = new_run(dataset.dataset_id, NETWORK, {**quick, **settings})
    worker.work(run.run_id)
    return run


def by_id(updates: Any) -> dict[str, Any]:
    return {str(getattr(block, "elem_id", None)): value for block, value in updates.items()}


def standing(tab: TrainTab, **given: Any) -> dict[str, Any]:
    """What the tab shows of how far one is, by the ids of its components."""
    values = {
        tab._dataset: given.get("dataset"),
        tab._network.code: given.get("network", network_text(NETWORK)),
        tab._data.picker.material: given.get("material"),
        tab._test.picker.material: given.get("test_material"),
        tab._test.explorer.tested: given.get("tested"),
        tab._keep.kept: given.get("kept", 0),
    }
    return by_id(tab.progress(values))


def primaries(shown: dict[str, Any], *buttons: str) -> list[str]:
    """Which of some buttons can be pressed and are the next step."""
    return [one for one in buttons if shown[one].interactive and shown[one].variant == "primary"]


def ticks(shown: dict[str, Any]) -> list[str]:
    return [name for name, one in shown.items() if str(getattr(one, "label", "")).endswith(TICK)]


def test_steps_are_ticked_when_done_and_what_is_not_possible_yet_says_why(
    tab: TrainTab, home: Path
) -> None:
    shown = standing(tab)
    assert ticks(shown) == []
    for button, why, words in (
        ("create-dataset", "why-data-network", "add recordings with their references"),
        ("next-train", "why-network-train", "Choose a dataset above"),
        ("start-training", "why-train-test", "Choose a dataset above"),
        ("test", "why-test", "that the model has not seen"),
        ("next-keep", "why-test-keep", "as soon as its first epoch is complete"),
        ("save-model", "why-keep", "as soon as its first epoch is complete"),
    ):
        assert not shown[button].interactive
        assert words in shown[why]
    material = Material(pairing=pair_files([write_recording(home, "a")], []), references=())
    shown = standing(tab, material=material)
    assert primaries(shown, "create-dataset", "next-network") == ["create-dataset"]


def test_the_one_primary_button_of_a_step_is_the_next_thing_to_do(
    tab: TrainTab, dataset: Dataset
) -> None:
    given = {"dataset": dataset.dataset_id}
    shown = standing(tab, **given, network="[]")
    assert ticks(shown) == ["step-data"]
    assert primaries(shown, "create-dataset", "next-network") == ["next-network"]
    assert "stands in red at its layer" in shown["why-network-train"]
    shown = standing(tab, **given)
    assert ticks(shown) == ["step-data", "step-network"]
    each = "start-each-patient"
    assert primaries(shown, "start-training", each, "next-test") == ["start-training"]
    assert shown[each].interactive
    trained(dataset)
    shown = standing(tab, **given)
    assert ticks(shown)[-1] == "step-train"
    assert primaries(shown, "start-training", each, "next-test") == ["next-test"]
    shown = standing(tab, **given, tested=object(), test_material=object(), kept=1)
    assert ticks(shown) == [f"step-{one}" for one in ("data", "network", "train", "test", "keep")]
    assert primaries(shown, "test", "next-keep") == ["next-keep"]


def test_the_run_just_trained_is_chosen_to_be_tested_and_kept_and_a_later_choice_stays(
    dataset: Dataset, tab: TrainTab
) -> None:
    def listed(tested: str | None, kept: str | None, newest: str) -> tuple[Any, Any, str]:
        shown = by_id(tab.relisted(tested, kept, newest))
        arguments = [shown[one].constructor_args for one in ("test-model", "save-run")]
        return arguments[0], arguments[1], shown["None"]

    test, keep, newest = listed(None, None, "")
    assert test["value"] == default_model()
    assert keep["value"] is None
    run = trained(dataset)
    test, keep, newest = listed("n1spool-cnn", None, newest)
    assert test["value"] == keep["value"] == newest == run.run_id
    test, keep, newest = listed("n1spool-cnn", run.run_id, newest)
    assert "value" not in test
    assert "value" not in keep


KEPT: dict[str, Any] = {
    "dataset-title": "Ward 3",
    "dataset-window-s": "4",
    "dataset-labelling": "any",
    "dataset-only-with-seizures": True,
    "train-mining.fraction": 0.25,
    "train-epochs": 7,  # no field holds that
    "train-split": "gone",  # as if it were of another version
    "network-code": network_text(NETWORK),
    "start-from": "model:n1spool-cnn",
    "with-weights": False,
    "save-title": "Mine",
    "data-recordings": ["a.edf", "<b>.edf"],
    "step": "step-keep-button",
}


def test_forms_network_and_step_are_there_again_after_a_reload_and_files_are_asked_for(
    tab: TrainTab, home: Path
) -> None:
    made = {make_dataset(home / "data", seed=n).dataset_id for n in range(2)}
    (other,) = made - {by_id(tab.arrived("", None))["dataset"].value}
    kept = json.dumps({**KEPT, "dataset": other})
    shown = by_id(tab.arrived(kept, None))
    same = ("dataset-title", "dataset-window-s", "dataset-labelling", "train-mining.fraction")
    for name in (*same, "dataset-only-with-seizures", "network-code", "save-title"):
        assert shown[name] == KEPT[name]
    assert "train-epochs" not in shown
    assert "train-split" not in shown
    assert shown["dataset"].value == other
    assert shown["start-from"].value == "model:n1spool-cnn"
    assert shown["with-weights"].visible
    assert "fits" in shown["network-facts"]
    assert shown["train-goal"] == "step-keep-button"
    assert "Drop them again: a.edf, &lt;b&gt;.edf" in shown["data-notes"]


@pytest.mark.parametrize("text", ["", "[", "[1]", "null", '{"dataset": ["x"], "network-code": 3}'])
def test_whatever_a_page_has_kept_the_tab_opens(tab: TrainTab, text: str) -> None:
    shown = by_id(tab.arrived(text, None))
    assert "n1Spool" in shown["network-facts"]
    assert "dataset-title" not in shown


def test_a_model_to_train_further_counts_before_the_network_that_stood_there(
    tab: TrainTab,
) -> None:
    shown = by_id(tab.arrived(json.dumps(KEPT), "aligned-cnn"))
    assert shown["start-from"].value == "model:aligned-cnn"
    assert shown["with-weights"].value is True
    assert shown["train-goal"] == "step-network-button"
    assert tab.begun(None) == {}


def test_a_test_of_the_run_that_is_kept_stands_on_its_card(
    dataset: Dataset, tab: TrainTab, tmp_path: Path
) -> None:
    run = trained(dataset)
    folder = tmp_path / "outside"
    folder.mkdir()
    outside = write_recording(folder, "new_01", [(12.0, 14.0)], seed=99)
    pairing = pair_files([outside], references_in(folder))
    evaluation = evaluate_detector(any_detector(run.run_id), pairing)
    keep = tab._keep
    given: dict[Any, Any] = {component: component.value or "" for component in keep.remembered}
    given |= {
        keep._about["model_id"]: "mine",
        keep._about["title"]: "Mine",
        keep.run: run.run_id,
        keep.kept: 0,
        tab._test.explorer.tested: Outcome.of(evaluation, pairing, is_run=True),
    }
    said = keep._keep(given)[keep._said]
    (row,) = (one for one in model_card("mine").results if one.dataset == "own test recordings")
    assert (row.n_recordings, row.n_seizures) == (1, 1)
    assert "The result of your test is on its card." in said
