from __future__ import annotations

import errno
import json
import os
import random
import signal
import statistics
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.forks import forked
from tests.training.material import NETWORK, WINDOW_SAMPLES, make_dataset
from training.errors import DatasetError, RunError, SplitError, TrainingError, UnknownIdError
from training.fit.checkpoints import CheckpointFolder
from training.runs import worker
from training.runs.control import (
    delete_dataset,
    delete_run,
    resume_run,
    start_run,
    stop_run,
    wait_for_run,
)
from training.runs.folder import RunFolder, find_run, list_runs, training_status
from training.runs.requests import new_run
from zoo.errors import NetworkError, UnknownModelError
from zoo.layers.network import build_network
from zoo.store.home import home_folder

QUICK: dict[str, Any] = {"epochs": 2, "batch_size": 8, "threads": 1, "device": "cpu"}
LONG: dict[str, Any] = {**QUICK, "epochs": 4000, "patience": None, "checkpoint_every_s": 0.0}
TIMEOUT_S = 240.0


def until(run: RunFolder, condition: Any) -> dict[str, Any]:
    deadline = time.monotonic() + TIMEOUT_S
    while time.monotonic() < deadline:
        status = training_status(run.run_id)
        if condition(status):
            return status
        time.sleep(0.05)
    raise AssertionError(f"{status['state']}: {status['message']} {status['log']}")


def process_of(run: RunFolder) -> int:
    pid = run.launched()["pid"]
    assert pid is not None
    return pid


def weights(run: RunFolder) -> dict[str, torch.Tensor]:
    network = build_network(NETWORK, 4, WINDOW_SAMPLES)
    CheckpointFolder(folder=run.folder).load(network)
    return network.state_dict()


def in_this_process(run: RunFolder) -> int:
    return worker.work(run.run_id)


def for_so_long(run_id: str, cpu_s: float) -> None:
    """Work on a run until the system kills the process for the time it has used."""
    signal.setitimer(signal.ITIMER_PROF, cpu_s)
    worker.work(run_id)


def test_a_run_killed_at_random_moments_and_resumed_has_the_weights_of_one_left_alone(
    tmp_path: Path,
) -> None:
    dataset = make_dataset(tmp_path)
    settings = {
        **QUICK,
        "epochs": 8,
        "batch_size": 4,
        "patience": None,
        "checkpoint_every_s": 0.0,
        "augmentation": {"noise": 0.1, "channel_dropout": 0.1},
        "mining": {"fraction": 0.2, "every_epochs": 1},
        "schedule": "cosine",
    }
    alone, run = (new_run(dataset.dataset_id, NETWORK, settings) for _ in range(2))
    ends_s: list[float] = []
    worker.train_at_once(alone, lambda _: ends_s.append(time.process_time()))
    epoch_s = statistics.median(after - before for before, after in pairwise(ends_s))
    rng = random.Random(7)
    for _ in range(2):
        killed = forked(for_so_long, run.run_id, rng.uniform(1.0, 3.0) * epoch_s)
        killed.join()
        assert killed.exitcode == -signal.SIGPROF
        status = training_status(run.run_id)
        assert status["state"] == "interrupted"
        assert status["can_resume"]
    assert in_this_process(run) == 0
    assert training_status(run.run_id)["state"] == "done"
    assert "Going on after" in run.log_text()
    one, other = weights(alone), weights(run)
    assert all(torch.equal(one[name], other[name]) for name in one)
    histories = [
        [{key: value for key, value in row.items() if key != "duration_s"} for row in r.history()]
        for r in (alone, run)
    ]
    assert histories[0] == histories[1]
    assert [row["epoch"] for row in histories[1]] == list(range(1, 9))


def test_runs_wait_for_each_other_and_can_be_stopped_resumed_and_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = make_dataset(tmp_path)
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    first = start_run(dataset.dataset_id, NETWORK, LONG)
    until(first, lambda status: status["epoch"] >= 1)
    process = Path("/proc") / str(process_of(first))
    if process.exists():
        assert b"hf_secret" not in (process / "environ").read_bytes()
        own = os.getpriority(os.PRIO_PROCESS, 0)
        assert os.getpriority(os.PRIO_PROCESS, process_of(first)) > min(own, 18), "pages come first"
    assert home_folder().stat().st_mode & 0o077 == 0
    written = list(first.folder.glob("*.safetensors"))
    assert written
    assert not [path for path in written if path.stat().st_mode & 0o077]
    second = new_run(dataset.dataset_id, NETWORK, QUICK)
    waiting = forked(worker.work, second.run_id)
    until(second, lambda _: second.is_locked())
    assert training_status(second.run_id)["state"] == "queued"
    assert training_status(first.run_id)["eta_s"] is not None
    with pytest.raises(RunError, match="under way"):
        delete_run(first.run_id)
    with pytest.raises(RunError, match="under way already"):
        resume_run(first.run_id)
    with pytest.raises(DatasetError, match="Stop it first"):
        delete_dataset(dataset.dataset_id)
    stop_run(first.run_id)
    stopped = until(first, lambda status: status["state"] == "stopped")
    assert stopped["can_save"]
    assert "best model so far is kept" in stopped["message"]
    assert wait_for_run(second.run_id, timeout_s=TIMEOUT_S)["state"] == "done"
    waiting.join()
    listed = {row["run_id"]: row["state"] for row in list_runs()}
    assert listed == {first.run_id: "stopped", second.run_id: "done"}
    with pytest.raises(RunError, match="is done"):
        resume_run(second.run_id)
    resumed = forked(worker.work, first.run_id)
    until(first, lambda status: status["epoch"] > stopped["epoch"])
    resumed.terminate()
    resumed.join()
    assert training_status(first.run_id)["state"] == "interrupted"
    assert stop_run(first.run_id).state()["state"] == "stopped"
    delete_run(first.run_id)
    with pytest.raises(UnknownIdError):
        training_status(first.run_id)
    delete_dataset(dataset.dataset_id)


def test_a_run_whose_loss_became_nan_is_stopped_with_its_last_good_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from training.fit.loop import Trainer

    dataset = make_dataset(tmp_path)
    step = Trainer._step
    calls = [0]

    def poisoned(self: Trainer, signals: torch.Tensor, *rest: Any) -> float:
        calls[0] += 1
        return step(self, signals * (float("nan") if calls[0] > 20 else 1.0), *rest)

    run = new_run(dataset.dataset_id, NETWORK, {**QUICK, "epochs": 30, "batch_size": 8})
    monkeypatch.setattr(Trainer, "_step", poisoned)
    assert in_this_process(run) == 1
    status = training_status(run.run_id)
    assert status["state"] == "stopped"
    assert "NaN or infinite" in status["message"]
    assert status["can_save"]
    assert all(torch.isfinite(t).all() for t in weights(run).values())


def test_a_full_disk_is_told_and_the_run_can_be_resumed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = make_dataset(tmp_path)
    run = new_run(dataset.dataset_id, NETWORK, QUICK)
    write = CheckpointFolder._write

    def full(*_: object) -> None:
        raise RunError("The disk is full") from OSError(errno.ENOSPC, "no space")

    with monkeypatch.context() as patch:
        patch.setattr(CheckpointFolder, "_write", full)
        assert in_this_process(run) == 1
    assert CheckpointFolder._write is write
    status = training_status(run.run_id)
    assert (status["state"], status["can_resume"]) == ("failed", True)
    assert "disk is full" in status["message"]
    assert in_this_process(run) == 0
    assert training_status(run.run_id)["state"] == "done"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("run.json", b"{"),
        ("run.json", None),
        ("state.json", b"[]"),
        ("state.json", None),
    ],
)
def test_a_damaged_run_folder_is_told_listed_and_deleted(
    tmp_path: Path, name: str, content: bytes | None
) -> None:
    dataset = make_dataset(tmp_path)
    run = new_run(dataset.dataset_id, NETWORK, QUICK)
    (run.folder / name).unlink()
    if content is not None:
        (run.folder / name).write_bytes(content)
    status = training_status(run.run_id)
    assert status["state"] == "failed"
    assert name in status["message"]
    assert len(list_runs()) == 1
    delete_run(run.run_id)
    assert list_runs() == []


def test_scores_of_folds_are_told_fold_by_fold(tmp_path: Path) -> None:
    dataset = make_dataset(tmp_path)
    run = new_run(dataset.dataset_id, NETWORK, {**QUICK, "split": "leave-one-patient-out"})
    assert in_this_process(run) == 0
    status = training_status(run.run_id)
    assert [fold["fold_name"] for fold in status["folds"]] == [
        "chb02",
        "chb03",
        "chb05",
        "all patients",
    ]
    assert all(fold["event_f1"] is not None for fold in status["folds"][:3])
    assert status["epochs"] == 8
    listed = list_runs()[0]
    assert listed["settings"]["split"] == "leave-one-patient-out"


def test_a_torn_line_of_figures_is_left_out(tmp_path: Path) -> None:
    dataset = make_dataset(tmp_path)
    run = new_run(dataset.dataset_id, NETWORK, QUICK)
    run.add_figures({"epoch": 1, "train_loss": 0.5})
    with (run.folder / "metrics.jsonl").open("a") as file:
        file.write('{"epoch": 2, "train_l')
    assert run.history() == [{"epoch": 1, "train_loss": 0.5}]


def test_a_run_that_never_began_is_interrupted_and_can_be_resumed(tmp_path: Path) -> None:
    dataset = make_dataset(tmp_path)
    run = new_run(dataset.dataset_id, NETWORK, QUICK)
    status = training_status(run.run_id)
    assert (status["state"], status["can_resume"]) == ("interrupted", True)


@pytest.mark.parametrize(
    "launch",
    [
        {"launched_at": time.time() + 1e6, "pid": os.getpid()},
        {"launched_at": 10**18, "pid": 1},
        {"launched_at": time.time(), "pid": 2**62},
        {"launched_at": time.time(), "pid": -1},
        {"launched_at": "now", "pid": [1]},
    ],
    ids=["future", "far future", "no pid", "group", "no numbers"],
)
def test_a_launch_that_cannot_be_leaves_its_run_interrupted(
    tmp_path: Path, launch: dict[str, Any]
) -> None:
    dataset = make_dataset(tmp_path)
    run = new_run(dataset.dataset_id, NETWORK, QUICK)
    (run.folder / "launch.json").write_text(json.dumps(launch))
    status = training_status(run.run_id)
    assert (status["state"], status["can_resume"]) == ("interrupted", True)


@pytest.mark.parametrize("odd", ["[" * 5000, "9" * 400], ids=["deep", "huge"])
@pytest.mark.parametrize("name", ["launch.json", "state.json", "run.json", "metrics.jsonl"])
def test_files_of_a_run_that_hold_odd_json_stop_no_list(
    tmp_path: Path, name: str, odd: str
) -> None:
    dataset = make_dataset(tmp_path)
    run = new_run(dataset.dataset_id, NETWORK, QUICK)
    (run.folder / name).write_text(odd)
    (row,) = list_runs()
    assert row["run_id"] == run.run_id
    assert training_status(run.run_id)["state"] in ("interrupted", "failed")
    assert run.history() == []


def test_a_run_whose_dataset_is_gone_says_so(tmp_path: Path) -> None:
    dataset = make_dataset(tmp_path)
    run = new_run(dataset.dataset_id, NETWORK, QUICK)
    delete_dataset(dataset.dataset_id)
    assert in_this_process(run) == 1
    assert dataset.dataset_id in training_status(run.run_id)["message"]


def test_what_cannot_be_trained_is_refused_before_a_process_starts(tmp_path: Path) -> None:
    dataset = make_dataset(tmp_path)
    dataset_id = dataset.dataset_id
    three = [*NETWORK[:-1], {"type": "linear", "out_features": 3}]
    cases: list[tuple[type[Exception], str, tuple[Any, ...]]] = [
        (NetworkError, "two logits", (dataset_id, three, QUICK)),
        (NetworkError, "layer 1", (dataset_id, [{"type": "conv2d"}], QUICK)),
        (TrainingError, "learning_rate", (dataset_id, NETWORK, {"learning_rate": 0})),
        (TrainingError, "learning_rate", (dataset_id, NETWORK, {"learning_rate": -1.0})),
        (TrainingError, "not valid JSON", (dataset_id, "[{", QUICK)),
        (TrainingError, "list of layers", (dataset_id, {"type": "relu"}, QUICK)),
        (UnknownModelError, "no-such-model", (dataset_id, "no-such-model", QUICK)),
        (UnknownIdError, "dataset", ("dataset-0", NETWORK, QUICK)),
        (TrainingError, "mirror", (dataset_id, NETWORK, {"augmentation": {"mirror": 0.5}})),
        (SplitError, "There are", (dataset_id, NETWORK, {"split": "patient"})),
    ]
    for error, message, arguments in cases[:-1]:
        with pytest.raises(error, match=message):
            start_run(*arguments)
    assert list_runs() == []


def test_networks_with_steps_must_divide_the_window(tmp_path: Path) -> None:
    dataset = make_dataset(tmp_path)
    network = [
        {"type": "adaptive_avg_pool1d", "output_size": 3},
        {"type": "conv1d", "out_channels": 2, "kernel_size": 1},
    ]
    with pytest.raises(TrainingError, match="3 outputs for a window of 256 samples"):
        start_run(dataset.dataset_id, network)


def test_ids_of_runs_lead_nowhere_else(tmp_path: Path) -> None:
    for asked in ("", "..", "run-1/../..", "run-x"):
        with pytest.raises(UnknownIdError):
            find_run(asked)
