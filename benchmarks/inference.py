"""How long a model needs for an hour of EEG: `python -m benchmarks.inference [ROUNDS]`.

From the closed file to the probability of every window (23 channels, 256 Hz, a window of 30 s
every second), against what pyedflib needs only to read it, and against the usual ways with the
signal already in memory. All ways of a task take turns in every round; the table shows medians.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.reading import LENGTH_S, N_CHANNELS, RATE_HZ, pyedflib_whole
from benchmarks.table import MIN_ROUNDS, Row, interleaved, table
from seizure_core import open_recording
from seizure_core.channels.montages import CHBMIT_23
from seizure_core.io.edf.writer import write_edf
from seizure_core.signals.windows import WindowGrid
from zoo.detector import Detector
from zoo.inference.sliding import sliding_probabilities
from zoo.inference.window_rows import window_rows
from zoo.loading import load_detector

MODEL_ID, ALIGNED_ID = "n1spool-cnn", "aligned-cnn"


def make_file(folder: Path) -> Path:
    """Write an hour of noise with the labels the model wants, and return the file."""
    rng = np.random.default_rng(0)
    signals = rng.normal(scale=50.0, size=(N_CHANNELS, LENGTH_S * RATE_HZ))
    path = folder / "hour.edf"
    write_edf(path, signals, labels=CHBMIT_23, sampling_rate_hz=RATE_HZ, physical_range_uv=800.0)
    return path


def from_closed_file(detector: Detector, path: Path) -> NDArray[np.float32]:
    """Open, plan the channels, stream, slide the model: every probability, no post-processing."""
    model_input = detector.prepare(open_recording(path))
    contract = detector.card.input
    grid = WindowGrid(
        n_samples=model_input.n_samples,
        window_samples=contract.window_samples,
        stride_samples=contract.stride_samples,
    )
    rows = window_rows(detector.network, model_input, grid)
    return rows.probabilities


def in_batches(
    detector: Detector, signals: NDArray[np.float32], batch_size: int
) -> NDArray[np.float32]:
    """Cut windows and evaluate them a batch at a time, the signal being in memory."""
    windows = _windows(detector, signals)
    rows = []
    with torch.inference_mode():
        for first in range(0, len(windows), batch_size):
            batch = torch.from_numpy(windows[first : first + batch_size].copy())
            rows.append(torch.softmax(detector.network(batch), 1)[:, 1])
    return torch.cat(rows).numpy()


def onnx_session(detector: Detector) -> Any | None:
    """Return the model in onnxruntime, None where that is not installed."""
    try:
        runtime = importlib.import_module("onnxruntime")
    except ImportError:
        return None
    contract = detector.card.input
    example = torch.zeros(16, len(contract.channels or ()), contract.window_samples)
    options = runtime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    # Its threads would go on spinning for a while into the turn of the next way.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = Path(folder) / "model.onnx"
        torch.onnx.export(
            detector.network,
            (example,),
            path,
            dynamo=False,
            input_names=["windows"],
            dynamic_axes={"windows": {0: "n"}},
        )
        return runtime.InferenceSession(path.read_bytes(), options)


def in_onnxruntime(
    session: Any, detector: Detector, signals: NDArray[np.float32], batch_size: int = 16
) -> NDArray[np.float32]:
    """Evaluate windows a batch at a time in onnxruntime; returns logits."""
    windows = _windows(detector, signals)
    rows = [
        session.run(None, {"windows": np.ascontiguousarray(windows[first : first + batch_size])})[0]
        for first in range(0, len(windows), batch_size)
    ]
    return np.concatenate(rows)


def measurements(folder: Path, rounds: int) -> list[Row]:
    """Measure n1Spool's model on an hour, and models whose strides fit the step in memory."""
    detector = load_detector(MODEL_ID)
    path = make_file(folder)
    signals = detector.prepare(open_recording(path)).read(0, LENGTH_S * RATE_HZ)
    difference = np.abs(from_closed_file(detector, path) - in_batches(detector, signals, 16)).max()
    if not difference <= 1e-5:
        raise AssertionError(f"shared and windowed evaluation differ by {difference:.1e}")
    task = f"all probabilities of {MODEL_ID}, 1 h"
    ours: dict[str, Callable[[], object]] = {
        "Seizure Zoo, from the closed file": lambda: from_closed_file(detector, path)
    }
    # Those that targets are set against take turns among themselves, more often: what takes
    # seconds between two turns of ours leaves nothing of it in any cache.
    targets = interleaved(
        task,
        {
            **ours,
            "pyedflib, reading only": lambda: pyedflib_whole(path),
            "batches of 16, signal in memory": lambda: in_batches(detector, signals, 16),
        },
        3 * rounds,
    )
    whole = interleaved(
        f"{MODEL_ID}, 1 h, from the closed file",
        {
            "all probabilities": lambda: from_closed_file(detector, path),
            "with findings, trace and events": lambda: detector.detect(open_recording(path)),
        },
        3 * rounds,
    )
    others = {
        **ours,
        "one by one, signal in memory": lambda: in_batches(detector, signals, 1),
    }
    session = onnx_session(detector)
    if session is not None:
        others["onnxruntime, batches of 16, in memory"] = lambda: in_onnxruntime(
            session, detector, signals
        )
    slower = interleaved(f"{task}, beside slower ways", others, rounds)
    return targets + whole + slower + aligned(rounds)


def aligned(rounds: int) -> list[Row]:
    """Measure a shipped model whose strides divide the step between its windows."""
    model = load_detector(ALIGNED_ID)
    contract, network = model.card.input, model.network
    window, hop = contract.window_samples, contract.stride_samples
    rng = np.random.default_rng(0)
    n_samples = round(1800 * contract.sampling_rate_hz)
    signals = rng.normal(size=(contract.build_channels, n_samples)).astype(np.float32)
    views = np.lib.stride_tricks.sliding_window_view(signals, window, axis=1)
    windows = views[:, ::hop].transpose(1, 0, 2)

    def shared() -> None:
        blocks = np.array_split(signals, 8, axis=1)
        for _ in sliding_probabilities(network, blocks, window_samples=window, stride_samples=hop):
            pass

    def batched() -> None:
        with torch.inference_mode():
            for first in range(0, len(windows), 16):
                network(torch.from_numpy(windows[first : first + 16].copy()))

    return interleaved(
        f"{ALIGNED_ID}, whose strides fit its step: {contract.window_s:g} s every "
        f"{contract.stride_s:g} s, 30 min in memory",
        {"Seizure Zoo": shared, "batches of 16": batched},
        rounds,
    )


def _windows(detector: Detector, signals: NDArray[np.float32]) -> NDArray[np.float32]:
    contract = detector.card.input
    windows = np.lib.stride_tricks.sliding_window_view(signals, contract.window_samples, axis=1)
    return windows[:, :: contract.stride_samples].transpose(1, 0, 2)


def main() -> None:
    """Measure and print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else MIN_ROUNDS
    with tempfile.TemporaryDirectory() as folder:
        print(table(measurements(Path(folder), rounds)))


if __name__ == "__main__":
    main()
