"""Start, stop, resume and delete runs; each is a process of its own."""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import training
from training.data.store import remove_dataset
from training.documents import write_error
from training.errors import DatasetError, RunError
from training.fit.settings import TrainSettings
from training.runs.folder import RunFolder, all_runs, find_run
from training.runs.requests import new_run
from zoo.store.home import HOME_VARIABLE, home_folder

_REACTION_S = 3.0


def start_run(
    dataset_id: str,
    network: str | Sequence[Mapping[str, Any]],
    settings: TrainSettings | Mapping[str, Any] | None = None,
) -> RunFolder:
    """Check a training, queue it, and return at once.

    Raises
    ------
    SeizureZooError
        See `training.runs.requests.new_run`.
    """
    run = new_run(dataset_id, network, settings)
    _launch(run)
    return run


def stop_run(run_id: str) -> RunFolder:
    """Ask a run to stop; its best model so far is kept.

    Raises
    ------
    UnknownIdError
        There is no such run.
    RunError
        Its folder is damaged.
    """
    run = find_run(run_id)
    state = run.state()["state"]
    if state == "interrupted":
        run.write_state(state="stopped", message="Stopped. It can be resumed.", eta_s=None)
    elif state in ("queued", "running"):
        run.ask_to_stop()
        _wait_until(lambda: run.state()["state"] not in ("queued", "running"))
    return run


def resume_run(run_id: str) -> RunFolder:
    """Resume a run from its last checkpoint.

    Raises
    ------
    UnknownIdError
        There is no such run.
    RunError
        It is finished or running, or its folder is damaged.
    """
    run = find_run(run_id)
    run.request()
    state = run.state()["state"]
    if state in ("queued", "running"):
        raise RunError("{run_id} is under way already.", run_id=run_id)
    if state == "done":
        raise RunError("{run_id} is done; start a new run to train further.", run_id=run_id)
    run.forget_stop()
    _launch(run)
    return run


def delete_run(run_id: str) -> None:
    """Delete a run that is not running; models saved from it stay.

    Raises
    ------
    UnknownIdError
        There is no such run.
    RunError
        It is running, or its folder cannot be deleted.
    """
    run = find_run(run_id)
    if run.is_locked():
        raise RunError("{run_id} is under way. Stop it first.", run_id=run_id)
    doomed = run.folder.with_name(f".{run_id}.deleted")
    try:
        run.folder.rename(doomed)
    except OSError as error:
        raise RunError(
            "{run_id} cannot be deleted ({strerror}).", run_id=run_id, strerror=error.strerror
        ) from error
    shutil.rmtree(doomed, ignore_errors=True)


def delete_dataset(dataset_id: str) -> None:
    """Delete a dataset that is not in use; models and runs made from it stay.

    Raises
    ------
    UnknownIdError
        There is no such dataset.
    DatasetError
        A run trains on it, or it cannot be deleted.
    """
    for run in all_runs():
        with suppress(RunError):
            if run.request().get("dataset_id") == dataset_id and run.is_locked():
                raise DatasetError(
                    "{run_id} trains on {dataset_id}. Stop it first.",
                    run_id=run.run_id,
                    dataset_id=dataset_id,
                )
    remove_dataset(dataset_id)


def wait_for_run(
    run_id: str, *, timeout_s: float | None = None, poll_s: float = 0.2
) -> dict[str, Any]:
    """Wait until a run is neither queued nor running; return its state.

    Raises
    ------
    RunError
        It is still running after the timeout.
    """
    run = find_run(run_id)
    deadline = None if timeout_s is None else time.monotonic() + timeout_s
    while True:
        state = run.state()
        if state["state"] not in ("queued", "running"):
            return state
        if deadline is not None and time.monotonic() > deadline:
            raise RunError(
                "{run_id} is still {state} after {timeout_s:g} s.",
                run_id=run_id,
                state=state["state"],
                timeout_s=timeout_s,
            )
        time.sleep(poll_s)


def _launch(run: RunFolder) -> None:
    """Start the run's process, independent of this one."""
    try:
        run.note_launch(time.time())
        run.write_state(state="queued", message="Waiting for its turn.", eta_s=None)
        run.launch(
            [training.__name__, "worker", run.run_id],
            environment={HOME_VARIABLE: str(home_folder())},
        )
    except OSError as error:
        raise write_error("the process of the run", error) from error


def _wait_until(condition: Any) -> None:
    deadline = time.monotonic() + _REACTION_S
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.1)
