"""EEG for tests, made on the spot under the names and with the headers of published files.

The same on every machine: nothing here depends on the real files. A file is written the first
time it is asked for and kept for the run, also for programs that the tests start.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seizure_core.channels.montages import CHBMIT_23
from seizure_core.events.event import Event
from seizure_core.references import write_szcore_tsv
from seizure_core.simulator import (
    ELECTRODES_10_20,
    ArtefactSettings,
    SimulatedSeizure,
    SimulationSpec,
    simulate,
)
from tests.edf_files import build_edf

# The folder for what was made, in the environment so that started programs share it.
FOLDER_VARIABLE = "SEIZURE_ZOO_TEST_EEG"

SEIZURE = "chbmit/chb01/chb01_03_seizure_s2986-3036.edf"  # 50 s, seizure from 10 s to the end
QUIET = "chbmit/chb01/chb01_03_interictal_s0-41.edf"  # 41 s from 13:43:04 on, no seizure
REST = "eegmat/Subject00_1.edf"  # 182 s, electrodes under their old names, 500 Hz
_CLIPS = {
    "chb02": "16_ictal_s140-150 16_preictal_s120-130 16plus_ictal_s2982-2992 "
    "16plus_preictal_s2962-2972 19_preictal_s3359-3369",
    "chb03": "01_ictal_s372-382 01_preictal_s352-362 02_ictal_s741-751 02_preictal_s721-731 "
    "03_ictal_s442-452 03_preictal_s422-432 04_ictal_s2172-2182 04_preictal_s2152-2162 "
    "34_ictal_s1992-2002 34_preictal_s1972-1982 35_ictal_s2602-2612 35_preictal_s2582-2592 "
    "36_ictal_s1735-1745 36_preictal_s1715-1725",
}
NAMES = (
    *(SEIZURE, QUIET, REST),
    *(
        f"chbmit/{case}/{case}_{clip}.edf"
        for case, clips in _CLIPS.items()
        for clip in clips.split()
    ),
)
_OLD_NAMES = {"T7": "T3", "T8": "T4", "P7": "T5", "P8": "T6"}


def eeg_file(name: str) -> Path:
    """Return a recording or the `_events.tsv` of one, made if it is not there yet."""
    folder = Path(os.environ[FOLDER_VARIABLE])
    path = folder / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        recording = name.replace("_events.tsv", ".edf")
        if name != recording:
            _write_reference(path, recording)
        elif name in (SEIZURE, QUIET):
            _write_excerpt(path, name)
        elif name.startswith("eegmat/"):
            _write_rest(path, name)
        else:
            _write_clip(path, name)
    return path


def eeg_files(pattern: str) -> list[Path]:
    """Return the recordings or references whose names match a pattern, sorted."""
    references = [name.replace(".edf", "_events.tsv") for name in NAMES if name != REST]
    return sorted(eeg_file(name) for name in (*NAMES, *references) if fnmatch(name, pattern))


def _write_excerpt(path: Path, name: str) -> None:
    seizure = SimulatedSeizure(onset_s=10.0, duration_s=60.0, peak_uv=320.0)
    spec = SimulationSpec(
        duration_s=50.0 if name == SEIZURE else 41.0,
        seed=NAMES.index(name),
        seizures=(seizure,) if name == SEIZURE else (),
        artefacts=ArtefactSettings(rocking_per_min=0.0, loose_per_min=0.0),
    )
    _write_chbmit(path, simulate(spec).derive(CHBMIT_23).signals_uv, of_day=name == QUIET)


def _write_clip(path: Path, name: str) -> None:
    electrodes = sorted({one for label in CHBMIT_23 for one in label.split("-")})
    potentials = _noise(len(electrodes), 2560, NAMES.index(name))
    if "_ictal_" in name:
        spread = np.linspace(40.0, 160.0, len(electrodes))[:, None]
        potentials += spread * np.sin(2 * np.pi * 3.0 * np.arange(2560) / 256)
    at = dict(zip(electrodes, potentials, strict=True))
    pairs = [label.split("-") for label in CHBMIT_23]
    _write_chbmit(path, [at[first] - at[second] for first, second in pairs])


def _write_chbmit(
    path: Path, signals: Sequence[NDArray[np.floating]], *, of_day: bool = False
) -> None:
    build_edf(
        path,
        signals,
        labels=CHBMIT_23,
        physical_limits=("-3200.59", "3200.59"),
        digital_limits=(-8192, 8191),
        start_date="06.11.76",
        start_time="13.43.04" if of_day else "00.00.00",
    )


def _write_rest(path: Path, name: str) -> None:
    seed = int(re.findall(r"\d+", name)[0])
    labels = [f"EEG {_OLD_NAMES.get(one, one.title())}" for one in ELECTRODES_10_20]
    build_edf(
        path,
        _noise(21, 182 * 500, seed, scale_uv=9.0),
        labels=[*labels, "EEG A2-A1", "ECG ECG"],
        sampling_rate_hz=500,
        physical_limits=[(f"-{60 + i}.25", f"{70 + i}.5") for i in range(21)],
        record_onsets=range(182),
        start_date="01.01.11",
        recording="Startdate 01-JAN-2011 X X X",
        start_time="00.00.00",
    )


def _write_reference(path: Path, recording: str) -> None:
    if recording == SEIZURE:
        events, duration_s = [Event(onset_s=10.0, duration_s=40.0)], 50.0
    elif recording == QUIET:
        events, duration_s = [], 41.0
    else:
        events = [Event(onset_s=0.0, duration_s=10.0)] if "_ictal_" in recording else []
        duration_s = 10.0
    write_szcore_tsv(path, events, duration_s=duration_s)


def _noise(
    n_channels: int, n_samples: int, seed: int, *, scale_uv: float = 25.0
) -> NDArray[np.float64]:
    """Return noise with the falling spectrum of EEG, without an offset."""
    white = np.random.default_rng(seed).normal(size=(n_channels, n_samples))
    spectrum = np.fft.rfft(white)
    spectrum[:, 0] = 0.0
    spectrum[:, 1:] /= np.sqrt(np.arange(1, spectrum.shape[1]))
    noise = np.fft.irfft(spectrum, n_samples)
    return scale_uv * noise / noise.std(axis=1, keepdims=True)
