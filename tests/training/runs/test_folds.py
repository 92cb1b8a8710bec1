"""Folds that are trained apart, one by one or side by side, end as in a run of all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from seizure_core.batch.ledger import Ledger
from seizure_zoo.cli import main
from tests.training.material import NETWORK, make_dataset
from tests.training.runs.test_runs import weights
from training.runs import worker
from training.runs.folder import training_status
from training.runs.folds import FOLDS_FOLDER
from training.runs.requests import new_run


def without_times(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: row[name] for name in row if name != "duration_s"} for row in rows]


@pytest.mark.parametrize("n_processes", ["1", pytest.param("2", marks=pytest.mark.slow)])
def test_folds_that_are_trained_apart_are_those_of_one_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], n_processes: str
) -> None:
    dataset_id = make_dataset(tmp_path / "data").dataset_id
    settings = {"epochs": 3, "batch_size": 8, "threads": 1, "device": "cpu", "patience": 1}
    settings["split"] = "leave-one-patient-out"
    alone, apart = (new_run(dataset_id, NETWORK, settings) for _ in range(2))
    assert worker.work(alone.run_id) == 0
    assert main(["runs", "train", apart.run_id, "--jobs", n_processes]) == 0
    one, other = training_status(alone.run_id), training_status(apart.run_id)
    assert len(one["folds"]) == 4
    assert other["state"] == "done"
    for name in ("history", "folds"):
        assert without_times(other[name]) == without_times(one[name])
    assert other["best"]["event_f1"] == one["best"]["event_f1"]
    for name, tensor in weights(alone).items():
        assert torch.equal(weights(apart)[name], tensor), name
    entries = Ledger.of(apart.folder / FOLDS_FOLDER, "folds").entries()
    assert {entry.state for entry in entries.values()} == {"done"}
    assert main(["status", str(apart.folder / FOLDS_FOLDER)]) == 0
    assert "folds: 3 done, 0 failed, 0 left" in capsys.readouterr().out


def test_folds_that_are_done_are_kept_when_the_run_is_stopped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dataset_id = make_dataset(tmp_path / "data").dataset_id
    settings = {"epochs": 2, "threads": 1, "device": "cpu", "split": "leave-one-patient-out"}
    run = new_run(dataset_id, NETWORK, settings)
    log = type(run).log

    def stopping(self: Any, text: str) -> None:
        log(self, text)
        if self.folder.name == "fold-002" and text.startswith("Epoch 1"):
            run.ask_to_stop()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(run), "log", stopping)
        assert main(["runs", "train", run.run_id]) == 1
    assert training_status(run.run_id)["state"] == "stopped"
    entries = Ledger.of(run.folder / FOLDS_FOLDER, "folds").entries()
    assert [entries[f"fold-{n:03}"].state for n in (1, 2)] == ["done", "failed"]
    capsys.readouterr()
    assert main(["runs", "train", run.run_id]) == 0
    assert "1 of 3 folds are done, 2 left" in capsys.readouterr().out
    assert training_status(run.run_id)["state"] == "done"
