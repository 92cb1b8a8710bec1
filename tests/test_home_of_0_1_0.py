"""A home folder made by version 0.1.0 opens, predicts and resumes in this version."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seizure_core.events.mark_files import read_marks
from seizure_core.io.opening import open_recording
from training.data.store import list_datasets, open_dataset
from training.runs import worker
from training.runs.folder import list_runs, training_status
from training.saving import save_model
from zoo.hub.registries import list_hub_registries
from zoo.loading import load_detector
from zoo.store.registry import Registry, list_models, model_card
from zoo.store.repair import repair_models
from zoo.store.user_models import restore_model

MADE = Path(__file__).parent / "fixtures" / "home_0_1_0"
EXPECTED: dict[str, Any] = json.loads((MADE / "expected.json").read_text())
RECORDINGS = MADE / "recordings"

# torch sums in another order on other processors, and a training adds such differences up.
TOLERANCE = 1e-4
TRAINED_TOLERANCE = 2e-3


@pytest.fixture(autouse=True)
def home(own_home: Path) -> Path:
    """Put a copy of the folder where the app looks for its home."""
    shutil.copytree(MADE / "home", own_home)
    for deleted in (own_home / "trash").iterdir():
        os.utime(deleted)  # A deletion of a minute ago, which is not yet swept.
    return own_home


def test_its_models_are_listed_and_nothing_needs_repair() -> None:
    listed = [[one.model_id, one.version, one.source] for one in list_models()]
    assert [row for row in listed if row[2] != "shipped"] == EXPECTED["models"]
    assert [one["repo_id"] for one in list_hub_registries()] == ["team/zoo"]
    assert load_detector("near").card.model_id == "near"
    assert Registry.load().get("near").source == "hub"
    assert repair_models()["findings"] == []


def test_its_model_predicts_what_it_predicted() -> None:
    assert model_card("kept").weights.sha256 == EXPECTED["kept"]["weights_sha256"]
    detection = load_detector("kept").detect(open_recording(RECORDINGS / "chb02_01.edf"))
    np.testing.assert_allclose(
        detection.probabilities, EXPECTED["kept"]["probabilities"], atol=TOLERANCE
    )
    assert [[e.onset_s, e.duration_s] for e in detection.events] == EXPECTED["kept"]["events"]


def test_its_deleted_model_can_be_restored() -> None:
    restore_model(EXPECTED["deleted"]["undo"])
    assert load_detector("thrown-away").card.title == "Deleted model"


def test_its_dataset_opens() -> None:
    (row,) = list_datasets()
    assert row["dataset_id"] == EXPECTED["dataset_id"]
    dataset = open_dataset(EXPECTED["dataset_id"])
    n_background, n_seizure = dataset.counts(dataset.used)
    assert EXPECTED["n_windows"] == {
        "n_seizure_windows": n_seizure,
        "n_background_windows": n_background,
    }


def test_its_finished_run_has_its_history_and_can_be_saved() -> None:
    states = {one["run_id"]: one["state"] for one in list_runs()}
    assert states == {
        EXPECTED["finished_run"]: "done",
        EXPECTED["interrupted_run"]: "interrupted",
    }
    history = training_status(EXPECTED["finished_run"])["history"]
    assert history == EXPECTED["finished_history"]
    save_model(EXPECTED["finished_run"], "saved-later")
    assert model_card("saved-later").weights.n_parameters == model_card("kept").weights.n_parameters


def test_its_interrupted_run_resumes_to_the_same_end() -> None:
    run_id = EXPECTED["interrupted_run"]
    assert training_status(run_id)["epoch"] == EXPECTED["interrupted_epoch"]
    assert worker.work(run_id) == 0
    assert training_status(run_id)["state"] == "done"
    for row, expected in zip(
        training_status(run_id)["history"], EXPECTED["resumed"]["history"], strict=True
    ):
        assert row["train_loss"] == pytest.approx(expected["train_loss"], abs=TRAINED_TOLERANCE)
    save_model(run_id, "resumed")
    detection = load_detector("resumed").detect(open_recording(RECORDINGS / "chb02_02.edf"))
    np.testing.assert_allclose(
        detection.probabilities, EXPECTED["resumed"]["probabilities"], atol=5 * TRAINED_TOLERANCE
    )


@pytest.mark.parametrize(
    ("name", "n_marks"),
    [("chb02_01_events.tsv", 1), ("chb02_01_marks.edf", 3), ("chb02_01_marks.csv", 3)],
)
def test_its_files_of_marks_are_read(name: str, n_marks: int) -> None:
    marks, _ = read_marks(MADE / "marks" / name, file_name=name, recording_name="chb02_01.edf")
    assert len(marks) == n_marks
    assert (marks[0].onset_s, marks[0].duration_s) == (12.0, 14.0)
    assert marks[0].kind == "sz_foc"
