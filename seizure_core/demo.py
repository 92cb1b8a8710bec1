"""The demo recording: simulated EEG with two seizures, as an EDF+ file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from seizure_core.channels.montages import CHBMIT_23
from seizure_core.io.edf.writer import write_edf
from seizure_core.recording import Annotation
from seizure_core.simulator import (
    ArtefactSettings,
    BackgroundSettings,
    SimulatedRecording,
    SimulatedSeizure,
    SimulationSpec,
    simulate,
)

DEMO_FILE_NAME = "demo_simulated_two_seizures.edf"
DEMO_SEIZURES = (
    SimulatedSeizure(
        onset_s=150.0, duration_s=55.0, focus="T7", kind="temporal_theta", peak_uv=320.0
    ),
    SimulatedSeizure(
        onset_s=420.0,
        duration_s=60.0,
        focus="F4",
        kind="tonic",
        peak_uv=300.0,
        spread_s=3.0,
        muscle_uv=45.0,
    ),
)
_DEMO_SPEC = SimulationSpec(
    duration_s=600.0,
    seed=20,
    seizures=DEMO_SEIZURES,
    background=BackgroundSettings(amplitude_uv=20.0, sleep_fraction=0.0, spikes_per_min=0.5),
    artefacts=ArtefactSettings(
        blinks_per_min=12.0, muscle_bursts_per_min=1.5, rocking_per_min=0.0, loose_per_min=0.0
    ),
)


def simulate_demo() -> SimulatedRecording:
    """Return the demo recording in the 23 derivations of CHB-MIT; the samples never change."""
    return simulate(_DEMO_SPEC).derive(CHBMIT_23)


def demo_recording(folder: Path) -> Path:
    """Return the demo recording as a file, created by the first call.

    Ten minutes at 256 Hz in the 23 derivations of CHB-MIT, with two annotated seizures.

    Parameters
    ----------
    folder : Path
        Created if missing.

    Returns
    -------
    Path
        `folder / DEMO_FILE_NAME`.
    """
    path = folder / DEMO_FILE_NAME
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    simulated = simulate_demo()
    annotations = [
        Annotation(
            onset_s=event.onset_s, duration_s=event.duration_s, text=f"simulated seizure, {name}"
        )
        for event, name in zip(simulated.events, ("left temporal", "tonic"), strict=True)
    ]
    write_edf(
        path,
        simulated.signals_uv,
        labels=simulated.labels,
        sampling_rate_hz=simulated.sampling_rate_hz,
        start_time=datetime(2020, 1, 1, 9, 0, 0),
        annotations=annotations,
    )
    return path
