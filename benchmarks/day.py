"""A recording of 24 hours (1 GB) beside one of an hour: time, and memory above idle.

Run from the project's root: `python -m benchmarks.day [ROUNDS]`. A whole detection from the
closed file to its events. Memory in a process of its own, above what it holds once the model has
searched a minute of EEG.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks.inference import MODEL_ID
from benchmarks.memory import peak_mb
from benchmarks.table import MIN_ROUNDS, Row, interleaved, rows_of, table
from benchmarks.viewer import make_recording
from seizure_core import open_recording
from zoo.detector import Detector
from zoo.loading import load_detector

HOURS = (1, 24)
WARM_UP_HOURS = 1 / 6


def detect(detector: Detector, path: Path) -> object:
    """Search a recording, from the closed file to its events."""
    return detector.detect(open_recording(path))


def measure_memory(path: Path) -> float:
    """Return how far memory rises above that of a process that has everything loaded."""
    detector = load_detector(MODEL_ID)
    with tempfile.TemporaryDirectory() as folder:
        short = Path(folder) / "short.edf"
        make_recording(short, WARM_UP_HOURS)
        detect(detector, short)
    return peak_mb(lambda: detect(detector, path))


def measurements(folder: Path, rounds: int) -> list[Row]:
    """Measure both recordings."""
    detector = load_detector(MODEL_ID)
    paths = {f"{hours} h": folder / f"{hours}h.edf" for hours in HOURS}
    for hours, path in zip(HOURS, paths.values(), strict=True):
        make_recording(path, hours)
    ways: dict[str, Callable[[], object]] = {
        way: partial(detect, detector, path) for way, path in paths.items()
    }
    memory = {way: [_memory_in_process(path)] for way, path in paths.items()}
    return [
        *interleaved(f"{MODEL_ID}, from the closed file to its events", ways, rounds),
        *rows_of("memory above idle meanwhile", memory, "MB"),
    ]


def _memory_in_process(path: Path) -> float:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.day", "--memory", str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)


def main() -> None:
    """Measure and print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else MIN_ROUNDS
    with tempfile.TemporaryDirectory() as folder:
        print(table(measurements(Path(folder), rounds)))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--memory"]:
        print(measure_memory(Path(sys.argv[2])))
    else:
        main()
