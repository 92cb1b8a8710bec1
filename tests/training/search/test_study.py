"""A search for settings: trials are runs, share a journal, and the best is kept."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import optuna
import pytest

from seizure_zoo import folder_command
from seizure_zoo.cli import main
from tests.forks import forked
from tests.training.material import NETWORK, make_dataset
from training.errors import TrainingError
from training.fit.settings import train_settings
from training.runs.folder import RunFolder, find_run, list_runs
from training.search.study import open_study
from training.search.study_folder import (
    StudyFolder,
    TrialRow,
    resume_study,
    start_study,
    stop_study,
)
from zoo.store.registry import model_card


def config(tmp_path: Path, search: dict[str, Any], **settings: Any) -> Path:
    """Write the file of a search over a small dataset, validated on whole recordings."""
    dataset = make_dataset(tmp_path / "data")
    path = tmp_path / "search.json"
    document = {
        "dataset": dataset.dataset_id,
        "network": NETWORK,
        "settings": {"epochs": 4, "threads": 1, "validation_fraction": 0.4, **settings},
        "search": search,
        "save": {"model_id": "found", "title": "Found"},
    }
    path.write_text(json.dumps(document))
    return path


def trials(folder: Path) -> list[optuna.trial.FrozenTrial]:
    return open_study(folder, seed=0).get_trials()


def test_all_combinations_of_lists_are_trained_and_the_best_is_kept_with_its_search(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "study"
    path = config(tmp_path, {"learning_rate": [0.01, 1e-6], "augmentation.flip": [0.0, 0.5]})
    assert main(["study", str(path), "--out", str(out), "--trials", "3"]) == 0
    assert main(["study", str(path), "--out", str(out)]) == 2, "it is not begun again by mistake"
    capsys.readouterr()
    path.write_text(path.read_text().replace('"found"', '"found-2"'))
    assert main(["study", str(path), "--out", str(out), "--resume", "--json"]) == 0
    told = capsys.readouterr()
    assert "3 of 4 trials are done, 1 left" in told.err
    best = json.loads(told.out)
    seen = {(one.params["learning_rate"], one.params["augmentation.flip"]) for one in trials(out)}
    assert len(seen) == len(trials(out)) == 4
    values = [one.value for one in trials(out) if one.value is not None]
    assert best["event_f1"] == max(values)
    settings = find_run(best["run_id"]).request()["settings"]
    assert settings["learning_rate"] == best["params"]["learning_rate"]
    assert settings["augmentation"]["flip"] == best["params"]["augmentation.flip"]
    note = model_card("found-2").training.note
    assert "search with Optuna" in note
    assert "learning_rate of 0.01, 1e-06" in note
    assert len(list_runs()) == 4
    assert main(["status", str(out)]) == 0


def killed_after_two_epochs(command: list[str]) -> None:
    """Run a command in a process that is killed once its run has told two epochs."""
    tell = RunFolder.add_figures

    def tell_and_die(run: RunFolder, row: dict[str, Any]) -> None:
        tell(run, row)
        if row["epoch"] == 2:
            os.kill(os.getpid(), signal.SIGKILL)

    pytest.MonkeyPatch().setattr(RunFolder, "add_figures", tell_and_die)
    main(command)


def test_a_killed_search_goes_on_with_the_run_it_had_begun(tmp_path: Path) -> None:
    out = tmp_path / "study"
    space = {"learning_rate": {"low": 0.001, "high": 0.01, "log": True}}
    path = config(tmp_path, space, epochs=5, patience=None, checkpoint_every_s=0.0)
    command = ["study", str(path), "--out", str(out), "--trials", "1", "--resume"]
    process = forked(killed_after_two_epochs, command)
    process.join()
    assert process.exitcode == -signal.SIGKILL
    (row,) = list_runs()
    assert (row["state"], row["epoch"]) == ("interrupted", 2)
    assert main(command) == 0
    (after,) = list_runs()
    assert (after["run_id"], after["epoch"]) == (row["run_id"], 5)
    (trial,) = trials(out)
    assert trial.state is optuna.trial.TrialState.COMPLETE
    assert find_run(row["run_id"]).log_text().count("Going on after") == 1


def launch_forked(study: StudyFolder, words: Sequence[str], **_: object) -> None:
    study.note_launch(time.time())
    forked(folder_command.work, words[1:])


def test_a_search_of_the_app_is_a_process_that_is_stopped_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = make_dataset(tmp_path / "data")
    settings = {"epochs": 4000, "threads": 1, "validation_fraction": 0.4, "patience": None}
    space = {"learning_rate": [0.001, 0.01]}
    study = start_study(dataset.dataset_id, NETWORK, train_settings(settings), space, n_trials=5)

    def until_it_trains(epochs: int) -> TrialRow:
        while not (rows := study.trials()) or rows[0].epochs < epochs:
            assert study.state(rows) in ("queued", "running"), study.last_words()
            time.sleep(0.2)
        (row,) = rows
        return row

    until_it_trains(1)
    with pytest.raises(TrainingError, match="under way"):
        resume_study(study.study_id)
    stop_study(study.study_id)
    while study.is_locked():
        time.sleep(0.2)
    (before,) = study.trials()
    assert (study.state([before]), before.state) == ("stopped", "stopped")
    # Another program of its own would only load torch again.
    monkeypatch.setattr(StudyFolder, "launch", launch_forked)
    resume_study(study.study_id)
    after = until_it_trains(before.epochs + 1)
    assert (after.run_id, after.params) == (before.run_id, before.params)
    stop_study(study.study_id)
    while study.is_locked():
        time.sleep(0.2)


def test_a_trial_that_does_worse_than_others_is_given_up(tmp_path: Path) -> None:
    out = tmp_path / "study"
    # No event lasts ten minutes here, so that the last one finds nothing.
    path = config(tmp_path, {"min_duration_s": [3.0, 3.1, 3.2, 3.3, 600.0]}, epochs=5)
    assert main(["study", str(path), "--out", str(out)]) == 0
    ended = {one.params["min_duration_s"]: one for one in trials(out)}
    assert ended[3.0].state is optuna.trial.TrialState.COMPLETE
    assert ended[600.0].state is optuna.trial.TrialState.PRUNED
    run = find_run(ended[600.0].user_attrs["run_id"])
    assert len(run.history()) < 5
    assert run.state()["state"] == "stopped"


@pytest.mark.parametrize(
    ("search", "said"),
    [
        ({"learning_rate": 3}, "give a list of values"),
        ({"learning_rat": [0.1]}, "learning_rat"),
        ({"learning_rate": {"low": 1.0, "high": 0.1}}, "search, learning_rate"),
        ({"augmentation.nothing": [1]}, "nothing"),
    ],
)
def test_a_space_that_cannot_be_searched_is_refused_before_any_training(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], search: dict[str, Any], said: str
) -> None:
    path = config(tmp_path, search)
    assert main(["study", str(path), "--out", str(tmp_path / "study")]) in (1, 2)
    assert said in capsys.readouterr().err
    assert list_runs() == []
