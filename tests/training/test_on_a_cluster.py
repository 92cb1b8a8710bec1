"""Evaluations and searches on a cluster of worker processes end as in one process."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from seizure_zoo.cli import main
from tests.training.evaluate.test_batch import evaluated, nights
from tests.training.search.test_study import config, trials
from training.runs.folder import list_runs

__all__ = ["nights"]

pytestmark = [
    pytest.mark.slow,
    # Dask's own threads and sockets end a little later than its objects are closed.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning"),
    pytest.mark.usefixtures("no_sockets_left"),
]
ON_A_CLUSTER = ("--scheduler", "local", "--jobs", "2")


def test_an_evaluation(
    capsys: pytest.CaptureFixture[str],
    nights: Path,
    tmp_path: Path,
) -> None:
    _, at_once, _ = evaluated(capsys, nights)
    out = tmp_path / "out"
    status, on_workers, said = evaluated(capsys, nights, "--out", out, *ON_A_CLUSTER)
    assert status == 1, "one recording has no reference"
    assert "unknown.edf: it has no reference" in said
    assert on_workers == at_once


def test_a_training_with_several_seeds(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "study"
    path = config(tmp_path, {"seed": [0, 1, 2]})
    assert main(["study", str(path), "--out", str(out), "--json", *ON_A_CLUSTER]) == 0
    best = json.loads(capsys.readouterr().out)
    ended = {one.params["seed"]: one.value for one in trials(out)}
    assert sorted(ended) == [0, 1, 2]
    assert best["event_f1"] == max(value for value in ended.values() if value is not None)
    assert {row["state"] for row in list_runs()} <= {"done", "stopped"}
