"""How long reading takes: one hour of 23 channels at 256 Hz, whole and page by page.

Run from the project's root: `python -m benchmarks.reading [ROUNDS]`. The file is made in a
temporary folder and read from the cache. All ways take turns in every round, so that a busy
machine slows all of them alike.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import edfio
import mne
import numpy as np
import pyedflib

from benchmarks.table import MIN_ROUNDS, Row, interleaved, table
from seizure_core import open_recording
from seizure_core.io.edf.writer import write_edf

N_CHANNELS = 23
RATE_HZ = 256
LENGTH_S = 3600
PAGE_S = 30
PAGE_START_S = 1800

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


def our_whole(path: Path) -> object:
    """Open and read as the app does."""
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


def our_page(path: Path) -> object:
    """Open and read a page as the app does."""
    return open_recording(path).read(start_s=PAGE_START_S, length_s=PAGE_S)


def pyedflib_page(path: Path) -> object:
    """Open and read a page with pyedflib."""
    edf = pyedflib.EdfReader(str(path))
    start, length = PAGE_START_S * RATE_HZ, PAGE_S * RATE_HZ
    values = np.stack([edf.readSignal(i, start, length) for i in range(N_CHANNELS)])
    edf.close()
    return values.astype(np.float32)


WHOLE: dict[str, Way] = {
    "Seizure Zoo": our_whole,
    "its bytes alone (numpy.fromfile)": raw_whole,
    "edfio": edfio_whole,
    "MNE": mne_whole,
    "pyedflib": pyedflib_whole,
}
PAGE: dict[str, Way] = {"Seizure Zoo": our_page, "pyedflib": pyedflib_page}


def measurements(path: Path, rounds: int) -> list[Row]:
    """Measure both tasks on one file."""
    whole = f"read {LENGTH_S // 3600} h, {N_CHANNELS} channels, to float32"
    page = f"read a page of {PAGE_S} s, {N_CHANNELS} channels, from a closed file"
    return [
        row
        for task, ways in ((whole, WHOLE), (page, PAGE))
        for row in interleaved(
            task, {name: partial(way, path) for name, way in ways.items()}, rounds
        )
    ]


def main() -> None:
    """Measure and print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else MIN_ROUNDS
    with tempfile.TemporaryDirectory() as folder:
        print(table(measurements(make_file(Path(folder)), rounds)))


if __name__ == "__main__":
    main()
