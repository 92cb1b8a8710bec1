"""A seeded simulator of scalp EEG with seizures and artefacts."""

from seizure_core.simulator.electrodes import ALL_ELECTRODES, ELECTRODES_10_20
from seizure_core.simulator.people import random_person
from seizure_core.simulator.result import SimulatedRecording
from seizure_core.simulator.simulation import simulate
from seizure_core.simulator.specification import (
    CHBMIT_RECORDER,
    EEGMAT_RECORDER,
    PATTERN_KINDS,
    SEIZURE_KINDS,
    ArtefactSettings,
    BackgroundSettings,
    RecorderSettings,
    SimulatedPattern,
    SimulatedSeizure,
    SimulationSpec,
)
from seizure_core.simulator.variety import random_spec

__all__ = [
    "ALL_ELECTRODES",
    "CHBMIT_RECORDER",
    "EEGMAT_RECORDER",
    "ELECTRODES_10_20",
    "PATTERN_KINDS",
    "SEIZURE_KINDS",
    "ArtefactSettings",
    "BackgroundSettings",
    "RecorderSettings",
    "SimulatedPattern",
    "SimulatedRecording",
    "SimulatedSeizure",
    "SimulationSpec",
    "random_person",
    "random_spec",
    "simulate",
]
