"""How long a net needs for an hour of EEG: `python -m benchmarks.inference [ROUNDS]`.

From the closed file to the probability of every window (23 channels, 256 Hz, a window of 30 s
every second), against what pyedflib needs only to read it, and against the usual ways with the
signal already in memory. All ways take turns in every round; the table shows medians.
"""

from __future__ import annotations

import platform
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.reading import LENGTH_S, MIN_ROUNDS, N_CHANNELS, RATE_HZ, pyedflib_whole
from seizure_core import open_recording
from seizure_core.channels.montages import CHBMIT_23
from seizure_core.formats.edf_writing import write_edf
from seizure_core.windows import WindowGrid
from zoo.detector import Detector, load_detector
from zoo.window_rows import window_rows

MODEL_ID = "n1spool-cnn"


def make_file(folder: Path) -> Path:
    """Write an hour of noise with the labels the net wants, and return the file."""
    rng = np.random.default_rng(0)
    signals = rng.normal(scale=50.0, size=(N_CHANNELS, LENGTH_S * RATE_HZ))
    path = folder / "hour.edf"
    write_edf(path, signals, labels=CHBMIT_23, sampling_rate_hz=RATE_HZ, physical_range_uv=800.0)
    return path


def from_closed_file(detector: Detector, path: Path) -> NDArray[np.float32]:
    """Open, plan the channels, stream, slide the net: every probability, no post-processing."""
    model_input = detector.prepare(open_recording(path))
    contract = detector.card.input
    grid = WindowGrid(
        n_samples=model_input.n_samples,
        window_samples=contract.window_samples,
        stride_samples=contract.stride_samples,
    )
    return window_rows(detector.network, model_input, grid).probabilities


def in_batches(
    detector: Detector, signals: NDArray[np.float32], batch_size: int
) -> NDArray[np.float32]:
    """Cut windows and evaluate them a batch at a time, the signal being in memory."""
    contract = detector.card.input
    windows = np.lib.stride_tricks.sliding_window_view(signals, contract.window_samples, axis=1)
    windows = windows[:, :: contract.stride_samples].transpose(1, 0, 2)
    rows = []
    with torch.inference_mode():
        for first in range(0, len(windows), batch_size):
            batch = torch.from_numpy(windows[first : first + batch_size].copy())
            rows.append(torch.softmax(detector.network(batch), 1)[:, 1])
    return torch.cat(rows).numpy()


def measure(ways: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Return the times of each way in milliseconds, after one round to warm up."""
    times_ms: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds + 1):
        for name, way in ways.items():
            start = time.perf_counter()
            way()
            if number:
                times_ms[name].append((time.perf_counter() - start) * 1000)
    return times_ms


def main() -> None:
    """Measure and print the table."""
    rounds = max(MIN_ROUNDS, int(sys.argv[1]) if len(sys.argv) > 1 else MIN_ROUNDS)
    detector = load_detector(MODEL_ID)
    with tempfile.TemporaryDirectory() as folder:
        path = make_file(Path(folder))
        signals = detector.prepare(open_recording(path)).read(0, LENGTH_S * RATE_HZ)
        difference = np.abs(
            from_closed_file(detector, path) - in_batches(detector, signals, 16)
        ).max()
        ours = "closed file -> all probabilities"
        times_ms = measure(
            {
                ours: lambda: from_closed_file(detector, path),
                "the same with findings, trace, events": lambda: detector.detect(
                    open_recording(path)
                ),
                "pyedflib, reading only": lambda: pyedflib_whole(path),
                "batches of 16, signal in memory": lambda: in_batches(detector, signals, 16),
                "one by one, signal in memory": lambda: in_batches(detector, signals, 1),
            },
            rounds,
        )
    print(
        f"Python {platform.python_version()}, torch {torch.__version__}, {MODEL_ID}, "
        f"{torch.get_num_threads()} threads, {rounds} rounds, interleaved; file in the cache; "
        f"largest difference from batches {difference:.1e}"
    )
    print(f"\n{'way':<42}{'median ms':>10}{'min':>8}{'max':>8}{'ours / it':>11}")
    reference_ms = median(times_ms[ours])
    for name, values in times_ms.items():
        print(
            f"{name:<42}{median(values):>10.0f}{min(values):>8.0f}{max(values):>8.0f}"
            f"{reference_ms / median(values):>11.2f}"
        )


if __name__ == "__main__":
    main()
