"""Recordings of made-up patients, whose names stand wherever a recording can hold one."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np

from seizure_core.events.event import Event
from seizure_core.references import write_szcore_tsv
from seizure_core.simulator import SimulatedSeizure, SimulationSpec, simulate
from tests.edf_files import build_edf
from tests.training.material import ELECTRODES, RATE_HZ

WORD = "zqxw"
"""What all of them have in common, and nothing else of this world."""

_FOUND = re.compile(rb"[\w ]{0,40}zqxw\w*", re.IGNORECASE)


def write_canaries(folder: Path) -> list[Path]:
    """Write recordings of three patients, each with a seizure, and a reference for each."""
    return [_write_canary(folder, number) for number in range(1, 4)]


def _write_canary(folder: Path, number: int) -> Path:
    seizure = SimulatedSeizure(onset_s=12.0, duration_s=14.0, peak_uv=400.0, spread_s=1.0)
    simulated = simulate(
        SimulationSpec(
            duration_s=40.0,
            sampling_rate_hz=RATE_HZ,
            seed=number,
            electrodes=ELECTRODES,
            seizures=(seizure,),
        )
    )
    stem = f"{WORD}file Doe{number}"
    n_signals = len(simulated.labels) + 2  # one more channel, and the annotations
    build_edf(
        folder / f"{stem}.edf",
        [*simulated.signals_uv, np.zeros(simulated.signals_uv.shape[1])],
        labels=[*simulated.labels, f"{WORD}label"],
        sampling_rate_hz=RATE_HZ,
        annotations=[(3.0, 1.0, f"{WORD}annotation"), (12.0, 14.0, f"seizure {WORD}mark")],
        patient=f"{WORD}code F 02-MAR-1951 {WORD}patient",
        recording=f"Startdate 02-MAR-2021 {WORD}admin {WORD}tech {WORD}device",
        reserved=f"EDF+C {WORD}reserved",
        fields={
            "transducer": [f"{WORD}transducer"] * n_signals,
            "prefilter": [f"{WORD}prefilter"] * n_signals,
            "signal_reserved": [f"{WORD}signal"] * n_signals,
        },
    )
    events = [Event(onset_s=12.0, duration_s=14.0)]
    write_szcore_tsv(folder / f"{stem}_events.tsv", events, duration_s=40.0)
    return folder / f"{stem}.edf"


def canaries_in(content: bytes | str) -> set[str]:
    """Return the words that stand in some bytes, also in those of a zip archive's members."""
    plain = content.encode() if isinstance(content, str) else content
    found = set(_FOUND.findall(plain)) | set(_FOUND.findall(plain.replace(b"\0", b"")))
    if zipfile.is_zipfile(BytesIO(plain)):
        with zipfile.ZipFile(BytesIO(plain)) as archive:
            for name in archive.namelist():
                found |= set(_FOUND.findall(name.encode()))
                found |= set(_FOUND.findall(archive.read(name)))
    return {word.decode(errors="replace") for word in found}


def files_with_canaries(folder: Path) -> Iterator[str]:
    """Yield the files below a folder whose name or bytes hold such a word, relative to it."""
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if canaries_in(name) or (path.is_file() and canaries_in(path.read_bytes())):
            yield name
