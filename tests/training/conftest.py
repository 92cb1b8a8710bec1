"""What tests of training share: one thread, a data folder for recipes, runs without a process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from tests.training.recipe_data import make_data_folder
from training.runs import control as run_control
from training.runs import worker
from training.runs.folder import RunFolder


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Let torch use one thread, and put its number of threads back afterwards."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def recipe_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that the recipes can run on; nobody writes into it."""
    return make_data_folder(tmp_path_factory.mktemp("recipe-data"))


@pytest.fixture(scope="session")
def recipe_work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the prepared EEG of miniature recipes, which is simulated once for all tests."""
    return tmp_path_factory.mktemp("recipe-work")


@pytest.fixture
def runs_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let runs train at once in the test's process, for tests of what comes before and after.

    That a run is a process of its own, outlives its starter and is found again is tested in
    `test_runs.py` and through the API.
    """

    def launch(run: RunFolder) -> None:
        run.note_launch(0.0)
        run.write_state(state="queued", message="Waiting for its turn.", eta_s=None)
        worker.work(run.run_id)

    monkeypatch.setattr(run_control, "_launch", launch)
