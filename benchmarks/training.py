"""How fast the training loop is, and how much memory it takes.

Run from the project's root: `python -m benchmarks.training [ROUNDS]`. The data are an hour of
noise, 23 channels at 256 Hz, of which 2,048 windows of 30 s are trained on with n1Spool's model.

Speed: our loader and loop against a plain loop over shuffled batches of windows that were cut
beforehand and lie in memory; both take turns in every round, in one process, so that a busy
machine slows both alike. Waiting: the share of that time in which either loop waits for its next
batch instead of training on one. Memory: peak above the idle process, against cutting all windows
at a stride of 1 s; each way in a process of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import torch

from benchmarks.memory import peak_mb
from benchmarks.table import MIN_ROUNDS, Row, rows_of, table
from seizure_core.channels.montages import CHBMIT_23
from seizure_core.events.event import Event
from seizure_core.io.edf.writer import write_edf
from seizure_core.references import write_szcore_tsv
from training.data.builder import create_dataset
from training.data.dataset import Dataset
from training.data.pairing import pair_files
from training.data.store import open_dataset
from training.fit import loop
from training.fit.checkpoints import CheckpointFolder
from training.fit.dataset_source import DatasetPlan, DatasetSource, gather
from training.fit.settings import train_settings
from training.fit.sources import Epoch as TrainingEpoch
from training.fit.sources import Place
from zoo.layers.network import build_network
from zoo.presets import preset
from zoo.store.home import HOME_VARIABLE

RATE_HZ, LENGTH_S, WINDOW_S, SEIZURE_S = 256, 3600, 30, 1024
N_WINDOWS = 2 * SEIZURE_S
BATCH_SIZE = 32
LAYERS = preset("n1spool-cnn").layers

Batch = tuple[torch.Tensor, torch.Tensor]


class Silent:
    """A watcher that does nothing."""

    def on_progress(self, epoch: int, fraction: float) -> None:
        """Nothing."""

    def on_epoch(self, row: dict[str, Any]) -> None:
        """Nothing."""

    def log(self, text: str) -> None:
        """Nothing."""

    def should_stop(self) -> bool:
        """Never."""
        return False


@dataclass(slots=True)
class Epoch:
    """How long the batches of an epoch took, and for how much of it the loop waited for them."""

    n_windows: int = 0
    lasted_s: float = 0.0
    waited_s: float = 0.0

    @property
    def ms_for_1000(self) -> float:
        """Milliseconds for 1000 windows, so that more is slower, as in all other rows."""
        return 1e6 * self.lasted_s / self.n_windows

    @property
    def waiting_percent(self) -> float:
        """Share of the time spent waiting for batches."""
        return 100 * self.waited_s / self.lasted_s


def timed(batches: Iterator[Batch], epochs: list[Epoch]) -> Iterator[Batch]:
    """Hand on the batches of an epoch, and note how long each was waited for and worked on."""
    epoch = Epoch()
    began = time.perf_counter()
    while True:
        asked = time.perf_counter()
        batch = next(batches, None)
        epoch.waited_s += time.perf_counter() - asked
        if batch is None:
            break
        epoch.n_windows += len(batch[0])
        yield batch
    epoch.lasted_s = time.perf_counter() - began
    epochs.append(epoch)


def make_dataset(folder: Path) -> Dataset:
    """Write an hour with one long seizure and make a dataset of 2,048 windows."""
    rng = np.random.default_rng(0)
    labels = [f"{name}-{n}" if name == "T8-P8" else name for n, name in enumerate(CHBMIT_23)]
    signals = rng.normal(scale=50.0, size=(len(labels), LENGTH_S * RATE_HZ)).astype(np.float32)
    signals[22] = signals[14]
    path = folder / "hour.edf"
    write_edf(path, signals, labels=labels, sampling_rate_hz=RATE_HZ, physical_range_uv=800.0)
    events = [Event(onset_s=60.0, duration_s=SEIZURE_S - 1.0)]
    write_szcore_tsv(folder / "hour_events.tsv", events, duration_s=LENGTH_S)
    pairing = pair_files([path], [folder / "hour_events.tsv"])
    card = create_dataset(pairing, {"guard_s": 0.0, "preprocessing": [_SCALE]})
    return open_dataset(card["dataset_id"])


def our_epochs(dataset: Dataset, n_epochs: int) -> list[Epoch]:
    """Train with our loop."""
    epochs: list[Epoch] = []
    settings = train_settings(
        {
            "epochs": n_epochs,
            "batch_size": BATCH_SIZE,
            "split": "random",
            "validation_fraction": 0.001,
            "device": "cpu",
            "patience": None,
        }
    )
    real_epoch = DatasetSource.epoch

    def timed_epoch(
        source: DatasetSource, place: Place, background: Sequence[int] | None
    ) -> TrainingEpoch:
        epoch = real_epoch(source, place, background)
        return replace(epoch, batches_from=lambda first: timed(epoch.batches_from(first), epochs))

    with (
        tempfile.TemporaryDirectory() as folder,
        patch.object(DatasetSource, "epoch", timed_epoch),
    ):
        loop.Trainer(
            DatasetPlan(dataset=dataset, settings=settings),
            lambda: build_network(LAYERS, 23, WINDOW_S * RATE_HZ),
            settings,
            CheckpointFolder(folder=Path(folder)),
            Silent(),
        ).run()
    return epochs


def plain_epochs(windows: torch.Tensor, labels: torch.Tensor, n_epochs: int) -> list[Epoch]:
    """Train with a plain loop over windows in memory."""
    epochs: list[Epoch] = []
    network = build_network(LAYERS, 23, WINDOW_S * RATE_HZ)
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)
    for _ in range(n_epochs):
        picked = torch.randperm(len(windows)).split(BATCH_SIZE)
        batches = ((windows[batch], labels[batch]) for batch in picked)
        for signals, classes in timed(batches, epochs):
            loss = torch.nn.functional.cross_entropy(network(signals), classes)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return epochs


def cut_all(dataset: Dataset, stride_s: int = 1) -> torch.Tensor:
    """Cut every window of the recording, as is done naively."""
    signals, length = dataset.signals(0), WINDOW_S * RATE_HZ
    starts = range(0, signals.shape[1] - length + 1, stride_s * RATE_HZ)
    return torch.from_numpy(np.stack([signals[:, start : start + length] for start in starts]))


def measure_memory(way: str, dataset_id: str) -> float:
    """Return the peak memory of one way above that of an idle process that has everything."""
    dataset = open_dataset(dataset_id)
    tiny = torch.zeros(2, 23, WINDOW_S * RATE_HZ)
    plain_epochs(tiny, torch.tensor([0, 1]), 1)
    if way == "ours":
        return peak_mb(lambda: our_epochs(dataset, 1))

    def naive() -> None:
        windows = cut_all(dataset)
        plain_epochs(windows, torch.zeros(len(windows), dtype=torch.int64), 1)

    return peak_mb(naive)


def measurements(rounds: int) -> list[Row]:
    """Measure speed and memory."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ[HOME_VARIABLE] = str(Path(folder) / "home")
        dataset = make_dataset(Path(folder))
        memory = {way: [_in_process(way, dataset.dataset_id)] for way in ("ours", "cut all")}
        windows = torch.from_numpy(gather(dataset, dataset.used))
        labels = torch.from_numpy(dataset.windows["label"][dataset.used].astype(np.int64))
        ours: list[Epoch] = []
        plain: list[Epoch] = []
        for _ in range(rounds):
            # Of two epochs the quicker: the first one fills caches.
            plain.append(min(plain_epochs(windows, labels, 2), key=_duration))
            ours.append(min(our_epochs(dataset, 2), key=_duration))
    return [
        *rows_of(
            "training n1Spool's network, 1000 windows of 30 s",
            {
                "Seizure Zoo": [one.ms_for_1000 for one in ours],
                "plain loop over windows in memory": [one.ms_for_1000 for one in plain],
            },
            "ms",
        ),
        *rows_of(
            "share of it in which the loop waits for its next batch",
            {
                "Seizure Zoo, cut from the recording": [one.waiting_percent for one in ours],
                "plain loop, picked from windows in memory": [one.waiting_percent for one in plain],
            },
            "%",
        ),
        *rows_of(
            "memory above idle for training on 1 h",
            {"Seizure Zoo": memory["ours"], "all windows cut beforehand": memory["cut all"]},
            "MB",
        ),
    ]


def main(rounds: int = MIN_ROUNDS) -> None:
    """Measure and print the table."""
    print(table(measurements(rounds)))


_SCALE = {"step": "scale", "factor": 0.01}


def _duration(epoch: Epoch) -> float:
    return epoch.ms_for_1000


def _in_process(way: str, dataset_id: str) -> float:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.training", "--memory", way, dataset_id],
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--memory"]:
        print(measure_memory(sys.argv[2], sys.argv[3]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else MIN_ROUNDS)
