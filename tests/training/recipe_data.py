"""A made-up data folder with the layout the recipes expect, so that they can run anywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from seizure_core.channels.montages import CHBMIT_23
from seizure_core.io.edf.writer import write_edf
from seizure_core.simulator import ELECTRODES_10_20, SimulatedSeizure, SimulationSpec, simulate

RECORDS = ("chb02_16", "chb02_16plus", "chb03_01", "chb03_03")
OLD_NAMES = {"T7": "T3", "T8": "T4", "P7": "T5", "P8": "T6"}


def opened_files(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that the name of every file opened from now on is added to."""
    opened: list[str] = []
    real_open = Path.open

    def watching_open(self: Path, *args: object, **kwargs: object) -> object:
        opened.append(self.name)
        return real_open(self, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "open", watching_open)
    return opened


def make_data_folder(folder: Path) -> Path:
    """Write simulated pieces under the names of real ones and return the folder."""
    for number, record in enumerate(RECORDS):
        for kind in ("preictal", "ictal"):
            write_piece(folder / "chbmit" / record[:5], f"{record}_{kind}_s0-10", number, kind)
    write_piece(folder / "chbmit" / "chb01", "chb01_03_seizure_s0-40", 9, "ictal", duration_s=40.0)
    (folder / "chbmit" / "chb01" / "chb01_03_seizure_s0-40_events.tsv").write_text(
        "onset\tduration\teventType\tconfidence\tchannels\tdateTime\trecordingDuration\n"
        "0.0\t40.0\tsz\tn/a\tn/a\tn/a\t40.0\n",
        encoding="utf-8",
    )
    for subject in (0, 19):
        write_resting(folder / "eegmat", f"Subject{subject:02d}_1", subject)
    write_resting(folder / "eegmmidb", "S001R01", 20)
    return folder


def write_piece(folder: Path, name: str, seed: int, kind: str, *, duration_s: float = 10.0) -> None:
    seizure = SimulatedSeizure(onset_s=5.0, duration_s=duration_s + 20.0, peak_uv=400.0)
    spec = SimulationSpec(
        duration_s=duration_s + 20.0, seed=seed, seizures=(seizure,) if kind == "ictal" else ()
    )
    signals = simulate(spec).derive(CHBMIT_23).signals_uv[:, -int(duration_s * 256) :]
    folder.mkdir(parents=True, exist_ok=True)
    write_edf(folder / f"{name}.edf", signals, labels=CHBMIT_23, sampling_rate_hz=256.0)


def write_resting(folder: Path, name: str, seed: int) -> None:
    spec = SimulationSpec(
        duration_s=35.0, sampling_rate_hz=500.0, seed=seed, electrodes=ELECTRODES_10_20
    )
    folder.mkdir(parents=True, exist_ok=True)
    labels = [f"EEG {OLD_NAMES.get(label, label.title())}" for label in ELECTRODES_10_20]
    write_edf(
        folder / f"{name}.edf", simulate(spec).signals_uv, labels=labels, sampling_rate_hz=500.0
    )
