"""A CHB-MIT of minutes: simulated EEG with the folders, names and quirks of the real database.

Quirks that are here because the real one has them: a name with "+", names with letters, hours
past 24 and without leading zero, numbered seizures, a case without clock times, a montage that
changes between files with dummy channels, a label that occurs twice, one person in two cases, a
recording no summary describes.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from seizure_core.channels.montages import CHBMIT_23
from seizure_core.io.edf.writer import write_edf
from seizure_core.simulator import (
    ArtefactSettings,
    BackgroundSettings,
    SimulatedSeizure,
    SimulationSpec,
    simulate,
)
from tests.edf_files import spoil_signal
from tests.training.database_server import publish_checksums

RATE_HZ = 256.0
_START, _END, _SKIP = 32, 33, 59
# Before which of the 23 channels the dummies of the real files stand.
_DUMMIES = (4, 8, 10, 14, 18)


@dataclass(frozen=True)
class MiniRecording:
    """One recording: its name, when it began, and onset and end of its seizures in seconds."""

    name: str
    start_s: int
    seizures: tuple[tuple[int, int], ...] = ()
    duration_s: int = 70
    described: bool = True
    dummies: bool = False


CASES: dict[str, tuple[MiniRecording, ...]] = {
    "chb01": (
        MiniRecording("chb01_01", 41_000),
        MiniRecording("chb01_03", 45_000, ((20, 50),)),
        MiniRecording("chb01_04", 49_000, ((15, 45),)),
        MiniRecording("chb01_05", 53_000),
        MiniRecording("chb01_15", 57_000, ((25, 60),)),
    ),
    "chb02": (
        MiniRecording("chb02_16", 84_000, ((20, 55),)),
        MiniRecording("chb02_16+", 89_000, ((10, 45),)),
        MiniRecording("chb02_19", 95_000),
    ),
    "chb12": (
        MiniRecording("chb12_06", 10_000, ((5, 25), (40, 62))),
        MiniRecording("chb12_27", 14_000, ((20, 45),), dummies=True),
    ),
    "chb17": (
        MiniRecording("chb17a_03", 3_000, ((20, 50),)),
        MiniRecording("chb17b_57", 8_000),
    ),
    "chb21": (
        MiniRecording("chb21_19", 30_000, ((25, 55),)),
        MiniRecording("chb21_20", 34_000),
    ),
    "chb24": (
        MiniRecording("chb24_01", 0, ((10, 30), (45, 65))),
        MiniRecording("chb24_02", 0, described=False),
    ),
}


def make_miniature(folder: Path) -> Path:
    """Write the database with its list of checksums; return its folder."""
    seed = 0
    for case, recordings in CASES.items():
        (folder / case).mkdir(parents=True)
        for one in recordings:
            seed += 1
            _write_recording(folder / case, one, seed)
            if one.seizures:
                path = folder / case / f"{one.name}.edf.seizures"
                path.write_bytes(seizure_annotations(one.seizures))
        (folder / case / f"{case}-summary.txt").write_text(summary(case, recordings))
    names = [f"{case}/{one.name}.edf" for case, all_of in CASES.items() for one in all_of]
    (folder / "RECORDS").write_text("\n".join(names) + "\n")
    publish_checksums(folder)
    return folder


def summary(case: str, recordings: Sequence[MiniRecording]) -> str:
    """Return a case's summary, spelled as the real ones are."""
    lines = ["Data Sampling Rate: 256 Hz", "*************************", ""]
    shown: tuple[str, ...] = ()
    for one in recordings:
        if not one.described:
            continue
        labels = _labels(one)
        if labels != shown:
            lines += ["Channels in EDF Files:" if not shown else "Channels changed:"]
            lines += ["**********************"]
            lines += [f"Channel {i}: {label}" for i, label in enumerate(labels, start=1)]
            lines += [""]
            shown = labels
        lines += [f"File Name: {one.name}.edf"]
        if case != "chb24":
            lines += [f"File Start Time: {_clock(one.start_s)}"]
            lines += [f"File End Time: {_clock(one.start_s + one.duration_s)}"]
        lines += [f"Number of Seizures in File: {len(one.seizures)}"]
        for number, (onset, end) in enumerate(one.seizures, start=1):
            which = f" {number}" if case in ("chb12", "chb17") else ""
            lines += [f"Seizure{which} Start Time: {onset} seconds"]
            lines += [f"Seizure{which} End Time: {'  ' * (number > 1)}{end} seconds"]
        lines += [""]
    return "\n".join(lines)


def seizure_annotations(seizures: Sequence[tuple[int, int]]) -> bytes:
    """Return onsets and ends in the binary format of the `.seizures` files."""
    content, before = b"", 0
    for onset, end in seizures:
        for code, time_s in ((_START, onset), (_END, end)):
            ticks = round(time_s * RATE_HZ)
            interval = ticks - before
            if interval > 0x3FF:
                content += struct.pack("<HHH", _SKIP << 10, interval >> 16, interval & 0xFFFF)
                interval = 0
            content += struct.pack("<H", code << 10 | interval)
            before = ticks
    return content + struct.pack("<H", 0)


def _write_recording(folder: Path, one: MiniRecording, seed: int) -> None:
    seizures = tuple(
        SimulatedSeizure(
            onset_s=float(onset),
            duration_s=float(end - onset),
            focus="T7",
            kind="temporal_theta",
            peak_uv=350.0,
        )
        for onset, end in one.seizures
    )
    simulated = simulate(
        SimulationSpec(
            duration_s=float(one.duration_s),
            sampling_rate_hz=RATE_HZ,
            seed=seed,
            seizures=seizures,
            background=BackgroundSettings(spikes_per_min=0.0, sleep_fraction=0.0),
            artefacts=ArtefactSettings(
                movements_per_min=0.0, rocking_per_min=0.0, chewing_per_min=0.0
            ),
        )
    ).derive(CHBMIT_23)
    signals = simulated.signals_uv
    if one.dummies:
        signals = np.insert(signals, _DUMMIES, 0.0, axis=0)
    path = folder / f"{one.name}.edf"
    write_edf(
        path,
        signals,
        labels=_labels(one),
        sampling_rate_hz=RATE_HZ,
        start_time=datetime(2076, 11, 6, 1 + one.start_s // 3600 % 23, one.start_s // 60 % 60),
        physical_range_uv=800.0,
    )
    for position, label in enumerate(_labels(one)):
        if label == "-":
            spoil_signal(
                path,
                position,
                physical_minimum="0",
                physical_maximum="0",
                digital_minimum="0",
                digital_maximum="0",
            )


def _labels(one: MiniRecording) -> tuple[str, ...]:
    return tuple(np.insert(CHBMIT_23, _DUMMIES, "-")) if one.dummies else tuple(CHBMIT_23)


def _clock(seconds: int) -> str:
    # Hours go on past 24 and have no leading zero, as in several real summaries.
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
