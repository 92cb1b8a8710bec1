"""How long reading takes: one hour of 23 channels at 256 Hz, whole and page by page.

Run from the project's root: `python -m benchmarks.reading [ROUNDS]`. The file is made in a
temporary folder and read from the cache. All ways take turns in every round, so that a busy
machine slows all of them alike; the table shows medians and their ratio to pyedflib.
"""

from __future__ import annotations

import platform
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import edfio
import mne
import numpy as np
import pyedflib

from seizure_core import open_recording
from seizure_core.formats.edf_writing import write_edf

N_CHANNELS = 23
RATE_HZ = 256
LENGTH_S = 3600
PAGE_S = 30
PAGE_START_S = 1800
MIN_ROUNDS = 7

Way = Callable[[Path], object]


def make_file(folder: Path) -> Path:
    """Write an hour of noise and return the file."""
    rng = np.random.default_rng(0)
    signals = rng.normal(scale=50.0, size=(N_CHANNELS, LENGTH_S * RATE_HZ))
    path = folder / "hour.edf"
    labels = [f"CH{number}" for number in range(N_CHANNELS)]
    write_edf(path, signals, labels=labels, sampling_rate_hz=RATE_HZ, physical_range_uv=800.0)
    return path


def raw_whole(path: Path) -> object:
    """Copy the bytes, nothing else: what any way needs at least."""
    return np.fromfile(path, dtype="<i2")


def mapped_whole(path: Path) -> object:
    """Open and read through the mapped reader."""
    return open_recording(path).read()


def pyedflib_whole(path: Path) -> object:
    """Open and read with pyedflib, channel by channel, into float32."""
    edf = pyedflib.EdfReader(str(path))
    values = np.empty((N_CHANNELS, LENGTH_S * RATE_HZ), dtype=np.float32)
    for channel in range(N_CHANNELS):
        values[channel] = edf.readSignal(channel)
    edf.close()
    return values


def mne_whole(path: Path) -> object:
    """Open and read with MNE into float32 microvolts."""
    raw = mne.io.read_raw_edf(path, preload=True, verbose="error")
    return (raw.get_data() * 1e6).astype(np.float32)


def edfio_whole(path: Path) -> object:
    """Open and read with edfio into float32."""
    return np.stack([signal.data.astype(np.float32) for signal in edfio.read_edf(path).signals])


def mapped_page(path: Path) -> object:
    """Open and read a page through the mapped reader."""
    return open_recording(path).read(start_s=PAGE_START_S, length_s=PAGE_S)


def pyedflib_page(path: Path) -> object:
    """Open and read a page with pyedflib."""
    edf = pyedflib.EdfReader(str(path))
    start, length = PAGE_START_S * RATE_HZ, PAGE_S * RATE_HZ
    values = np.stack([edf.readSignal(i, start, length) for i in range(N_CHANNELS)])
    edf.close()
    return values.astype(np.float32)


WHOLE: dict[str, Way] = {
    "raw bytes (numpy.fromfile)": raw_whole,
    "Recording.read (mapped)": mapped_whole,
    "edfio": edfio_whole,
    "MNE": mne_whole,
    "pyedflib": pyedflib_whole,
}
PAGE: dict[str, Way] = {"Recording.read (mapped)": mapped_page, "pyedflib": pyedflib_page}


def measure(ways: dict[str, Way], path: Path, rounds: int) -> dict[str, float]:
    """Return the median time of each way in milliseconds, after one round to warm up."""
    times_ms: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds + 1):
        for name, way in ways.items():
            start = time.perf_counter()
            way(path)
            if number:
                times_ms[name].append((time.perf_counter() - start) * 1000)
    return {name: median(values) for name, values in times_ms.items()}


def print_table(title: str, medians_ms: dict[str, float]) -> None:
    """Print medians and how many times faster than pyedflib each is."""
    print(f"\n{title}")
    print(f"{'way':<30}{'median ms':>12}{'x faster than pyedflib':>25}")
    for name, value_ms in medians_ms.items():
        print(f"{name:<30}{value_ms:>12.1f}{medians_ms['pyedflib'] / value_ms:>25.1f}")


def main() -> None:
    """Measure and print both tables."""
    rounds = max(MIN_ROUNDS, int(sys.argv[1]) if len(sys.argv) > 1 else MIN_ROUNDS)
    print(
        f"Python {platform.python_version()}, numpy {np.__version__}, "
        f"pyedflib {pyedflib.__version__}, edfio {edfio.__version__}, mne {mne.__version__}; "
        f"{rounds} rounds, interleaved; file in the cache"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = make_file(Path(folder))
        whole = f"{N_CHANNELS} channels x {RATE_HZ} Hz x {LENGTH_S} s into float32"
        print_table(f"Open and read all: {whole}", measure(WHOLE, path, rounds))
        page = f"Open and read a page: {N_CHANNELS} channels x {PAGE_S} s"
        print_table(page, measure(PAGE, path, rounds))


if __name__ == "__main__":
    main()
