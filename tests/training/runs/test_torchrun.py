"""Two processes train one network: the same run folder, the same result, and one may be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.training.material import WINDOW_SAMPLES, make_dataset
from training.fit.checkpoints import CheckpointFolder
from training.fit.ranks import Ranks
from training.runs import worker
from training.runs.folder import RunFolder
from training.runs.requests import new_run
from zoo.layers.network import build_network

ROOT = Path(__file__).resolve().parents[3]
N_EPOCHS = 40
# Without dropout, of which every process draws its own, and without batch statistics.
NETWORK: list[dict[str, Any]] = [
    {"type": "conv1d", "out_channels": 4, "kernel_size": 9, "stride": 2},
    {"type": "relu"},
    {"type": "adaptive_avg_pool1d", "output_size": 4},
    {"type": "flatten"},
    {"type": "linear", "out_features": 2},
]


def weights(run: RunFolder) -> dict[str, torch.Tensor]:
    network = build_network(NETWORK, 4, WINDOW_SAMPLES)
    CheckpointFolder(folder=run.folder).load(network)
    return network.state_dict()


def second_process(torchrun: int) -> int | None:
    """Return the process of rank 1 below torchrun."""
    for folder in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == torchrun and b"\0RANK=1\0" in (folder / "environ").read_bytes():
                return int(folder.name)
    return None


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="finds the process of a rank in /proc")
def test_two_processes_of_which_one_is_killed_end_where_one_process_ends(tmp_path: Path) -> None:
    dataset_id = make_dataset(tmp_path / "data").dataset_id
    settings = {
        "epochs": N_EPOCHS,
        "batch_size": 7,
        "threads": 1,
        "device": "cpu",
        "patience": None,
        "class_weights": "balanced",
        "gradient_clip": 1.0,
        "label_smoothing": 0.1,
    }
    alone, together = (new_run(dataset_id, NETWORK, settings) for _ in range(2))
    assert worker.work(alone.run_id) == 0
    torchrun = subprocess.Popen(
        [
            *(sys.executable, "-m", "torch.distributed.run", "--standalone"),
            *("--nproc-per-node", "2", "--max-restarts", "1", "--log-dir", str(tmp_path)),
            *("-m", "training", "worker", together.run_id),
        ],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not together.history() and torchrun.poll() is None:
        time.sleep(0.01)
    killed = second_process(torchrun.pid)
    if killed is not None:
        os.kill(killed, signal.SIGKILL)
    _, errors = torchrun.communicate()
    assert torchrun.returncode == 0, errors
    assert killed is not None
    assert "Going on after" in together.log_text(), errors
    assert together.state()["state"] == "done"
    one, two = alone.history(), together.history()
    assert [row["epoch"] for row in two] == list(range(1, N_EPOCHS + 1))
    for name in ("train_loss", "validation_loss", "event_f1"):
        found = torch.tensor([row[name] for row in two])
        torch.testing.assert_close(
            found, torch.tensor([row[name] for row in one]), atol=1e-4, rtol=0
        )
    for name, tensor in weights(alone).items():
        torch.testing.assert_close(weights(together)[name], tensor, atol=1e-4, rtol=1e-3)


def test_the_shares_of_a_batch_are_its_mean_whatever_its_size() -> None:
    weights = torch.tensor([0.7, 2.5])
    for n in (1, 3, 5, 8, 17):
        labels = torch.arange(n) % 3 % 2
        logits = torch.sin(torch.arange(2.0 * n)).reshape(n, 2)
        whole = torch.nn.functional.cross_entropy(logits, labels, weight=weights)
        means = []
        for rank in range(3):
            ranks = Ranks(rank=rank, size=3)
            mine = ranks.share(n)
            loss = torch.nn.functional.cross_entropy(logits[mine], labels[mine], weight=weights)
            means.append(float(loss) * ranks.part_of_loss(labels, weights))
        assert sum(means) / 3 == pytest.approx(float(whole), rel=1e-6)
