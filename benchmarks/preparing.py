"""How long recordings take that must be made fit for a model, and how long an overview takes.

Run from the project's root: `python -m benchmarks.preparing [ROUNDS]`. Preparing: one hour of
21 electrodes at 500 Hz becomes 18 bipolar derivations at 256 Hz with a band pass and a notch.
Beside it stands what pyedflib needs to read the file plus what scipy needs for the same
resampling and the same filters on whole arrays, in one thread as ours.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pyedflib
import scipy
from numpy.typing import NDArray

from benchmarks.table import Row, interleaved, table
from seizure_core import open_recording
from seizure_core.channels.montages import CHBMIT_23
from seizure_core.display.envelope import Envelope
from seizure_core.display.montages import BUILT_IN, fit_montage
from seizure_core.io.edf.writer import write_edf
from seizure_core.signals.model_input import prepare_input

LENGTH_S, STORED_HZ, MODEL_HZ = 3600, 500, 256
CHANNELS = CHBMIT_23[:18]
STEPS: list[dict[str, Any]] = [
    {"step": "band_pass", "low_hz": 0.5, "high_hz": 60.0, "order": 4},
    {"step": "notch", "frequency_hz": 50.0, "quality": 30.0},
]


def make_file(folder: Path) -> Path:
    """Write an hour of noise at electrodes, and return the file."""
    electrodes = sorted({name for pair in CHANNELS for name in pair.split("-")})
    rng = np.random.default_rng(0)
    signals = rng.normal(scale=50.0, size=(len(electrodes), LENGTH_S * STORED_HZ))
    path = folder / "electrodes.edf"
    write_edf(path, signals, labels=electrodes, sampling_rate_hz=STORED_HZ, physical_range_uv=800.0)
    return path


def ours(path: Path) -> None:
    """Derive, resample and filter the way predictions do, block after block."""
    prepared = prepare_input(
        open_recording(path), channels=CHANNELS, sampling_rate_hz=MODEL_HZ, preprocessing=STEPS
    )
    for _ in prepared.blocks():
        pass


def pyedflib_and_scipy(path: Path) -> NDArray[np.float64]:
    """Read with pyedflib; derive, resample and filter whole arrays with numpy and scipy."""
    edf = pyedflib.EdfReader(str(path))
    stored = {edf.getLabel(i): edf.readSignal(i) for i in range(edf.signals_in_file)}
    edf.close()
    pairs = [pair.split("-") for pair in CHANNELS]
    signals = np.stack([stored[first] - stored[second] for first, second in pairs])
    signals = scipy.signal.resample_poly(signals, 64, 125, axis=-1)
    for sections in (
        scipy.signal.butter(4, (0.5, 60.0), "bandpass", fs=MODEL_HZ, output="sos"),
        scipy.signal.tf2sos(*scipy.signal.iirnotch(50.0, 30.0, fs=MODEL_HZ)),
    ):
        signals = scipy.signal.sosfilt(sections, signals, axis=-1)
    return np.asarray(signals)


def overview(path: Path) -> None:
    """Build the envelope of all rows that the viewer shows."""
    recording = open_recording(path)
    Envelope(recording, fit_montage(recording, BUILT_IN[0]).rows).build()


def measurements(folder: Path, hour: Path, rounds: int) -> list[Row]:
    """Measure both; `hour` is a recording of 23 channels."""
    path = make_file(folder)
    prepared = interleaved(
        "1 h of electrodes at 500 Hz to 18 derivations, 256 Hz, filtered",
        {
            "Seizure Zoo": lambda: ours(path),
            "pyedflib, then scipy": lambda: pyedflib_and_scipy(path),
        },
        rounds,
    )
    path.unlink()
    return prepared + interleaved(
        "overview of 1 h, 23 channels, from a closed file",
        {
            "Seizure Zoo": lambda: overview(hour),
            "one pass of reading (ours)": lambda: open_recording(hour).read(),
        },
        rounds,
    )


def main() -> None:
    """Measure and print the table."""
    from benchmarks.reading import make_file as make_hour

    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory() as folder:
        print(table(measurements(Path(folder), make_hour(Path(folder)), rounds)))


if __name__ == "__main__":
    main()
