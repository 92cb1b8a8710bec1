"""Small simulated recordings on disk, with references, and datasets and models for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from seizure_core.events.event import Event
from seizure_core.io.edf.writer import write_edf
from seizure_core.references import write_szcore_tsv
from seizure_core.simulator import (
    ArtefactSettings,
    BackgroundSettings,
    SimulatedRecording,
    SimulatedSeizure,
    SimulationSpec,
    simulate,
)
from training.data.builder import create_dataset
from training.data.dataset import Dataset
from training.data.pairing import pair_files
from training.data.store import open_dataset
from training.evaluate.evaluation import evaluate_detector, require_any
from training.evaluate.evaluation_report import evaluation_json
from training.saving import any_detector

RATE_HZ = 64.0
CHANNELS = ("FP1-F7", "F7-T7", "T7-P7", "P7-O1")
ELECTRODES = ("FP1", "F7", "T7", "P7", "O1")

SETTINGS: dict[str, Any] = {
    "window_s": 4.0,
    "seizure_stride_s": 1.0,
    "guard_s": 5.0,
    "channels": list(CHANNELS),
    "sampling_rate_hz": RATE_HZ,
    "preprocessing": [{"step": "scale", "factor": 0.01}],
}

NETWORK: list[dict[str, Any]] = [
    {"type": "conv1d", "out_channels": 4, "kernel_size": 9, "stride": 2},
    {"type": "batch_norm1d"},
    {"type": "relu"},
    {"type": "adaptive_avg_pool1d", "output_size": 4},
    {"type": "flatten"},
    {"type": "dropout", "p": 0.2},
    {"type": "linear", "out_features": 2},
]
WINDOW_SAMPLES = 256

STEP_NETWORK: list[dict[str, Any]] = [
    {"type": "conv1d", "out_channels": 4, "kernel_size": 9, "padding": 4},
    {"type": "relu"},
    {"type": "avg_pool1d", "kernel_size": 64},
    {"type": "conv1d", "out_channels": 2, "kernel_size": 1},
]

Seizures = Sequence[tuple[float, float]]


def write_recording(
    folder: Path,
    name: str,
    seizures: Seizures = (),
    *,
    duration_s: float = 40.0,
    seed: int = 0,
    start_time: datetime | None = None,
    reference: bool = True,
    electrodes: Sequence[str] = ELECTRODES,
) -> Path:
    """Write an EDF file of strong simulated seizures, and its reference beside it."""
    simulated = _simulated(
        tuple(seizures), duration_s=duration_s, seed=seed, electrodes=tuple(electrodes)
    )
    path = folder / f"{name}.edf"
    write_edf(
        path,
        simulated.signals_uv,
        labels=simulated.labels,
        sampling_rate_hz=RATE_HZ,
        start_time=start_time,
    )
    if reference:
        write_reference(folder, name, seizures, duration_s=duration_s)
    return path


@cache
def _simulated(
    seizures: tuple[tuple[float, float], ...],
    *,
    duration_s: float,
    seed: int,
    electrodes: tuple[str, ...],
) -> SimulatedRecording:
    """Simulate each recording once for all tests."""
    return simulate(
        SimulationSpec(
            duration_s=duration_s,
            sampling_rate_hz=RATE_HZ,
            seed=seed,
            electrodes=electrodes,
            background=BackgroundSettings(theta_bursts_per_min=0.0, spikes_per_min=0.0),
            artefacts=ArtefactSettings(
                movements_per_min=0.0, rocking_per_min=0.0, chewing_per_min=0.0
            ),
            seizures=tuple(
                SimulatedSeizure(onset_s=onset, duration_s=length, peak_uv=400.0, spread_s=1.0)
                for onset, length in seizures
            ),
        )
    )


def write_reference(folder: Path, name: str, seizures: Seizures, *, duration_s: float) -> Path:
    path = folder / f"{name}_events.tsv"
    events = [Event(onset_s=onset, duration_s=length) for onset, length in seizures]
    write_szcore_tsv(path, events, duration_s=duration_s)
    return path


def write_patients(folder: Path) -> list[Path]:
    """Write six recordings of three patients; each has two, one of them without seizure."""
    paths = []
    for number, patient in enumerate(("chb02", "chb03", "chb05")):
        seed = 10 * number
        paths.append(write_recording(folder, f"{patient}_01", [(12.0, 14.0)], seed=seed))
        paths.append(write_recording(folder, f"{patient}_02", [], seed=seed + 1))
    return paths


def references_in(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.tsv"))


def make_dataset(folder: Path, **settings: Any) -> Dataset:
    """Write six recordings and make a dataset of them."""
    folder.mkdir(exist_ok=True)
    recordings = write_patients(folder)
    card = create_dataset(pair_files(recordings, references_in(folder)), {**SETTINGS, **settings})
    return open_dataset(card["dataset_id"])


def evaluated(
    model_id: str, recordings: Sequence[Path], references: Sequence[Path], **options: Any
) -> dict[str, Any]:
    """Return what a model scores on recordings, as `/evaluate` answers it."""
    pairing = pair_files(recordings, references)
    return evaluation_json(
        require_any(evaluate_detector(any_detector(model_id), pairing, **options))
    )
