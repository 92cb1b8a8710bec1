"""From a spec to signals."""

from __future__ import annotations

import numpy as np

from seizure_core.events.event import SEIZURE, Event, clip_events
from seizure_core.simulator.amplifier import record
from seizure_core.simulator.background import background_signals
from seizure_core.simulator.disturbances import add_disturbances, block_amplifiers
from seizure_core.simulator.electrodes import EARS, electrode_positions
from seizure_core.simulator.eyes import add_eyes
from seizure_core.simulator.motion import add_struggles
from seizure_core.simulator.muscle import add_muscle
from seizure_core.simulator.result import SimulatedRecording
from seizure_core.simulator.seizures import add_seizure
from seizure_core.simulator.specification import SimulationSpec
from seizure_core.simulator.states import vigilance_states


def simulate(spec: SimulationSpec) -> SimulatedRecording:
    """Simulate one recording of scalp EEG.

    The same spec gives the same signals. Two specs that differ in their seizures only
    give the same samples up to the first onset and wherever no seizure, no post-ictal
    minute and no after-swing of the recorder's high-pass reaches.

    Parameters
    ----------
    spec : SimulationSpec

    Returns
    -------
    SimulatedRecording
        `spec.electrodes` against the mean of both ears.
    """
    electrodes = [name for name in spec.electrodes if name not in EARS]
    positions = electrode_positions([*electrodes, *EARS])
    states = vigilance_states(spec)
    signals = background_signals(spec, positions, states)
    for number in range(len(spec.seizures)):
        add_seizure(spec, number, positions, signals)
    add_eyes(spec, positions, states, signals)
    add_muscle(spec, positions, signals)
    add_disturbances(spec, positions, signals)
    add_struggles(spec, positions, signals)
    ears = signals[-len(EARS) :].mean(axis=0)
    signals -= ears
    block_amplifiers(spec, positions, signals)
    names = [*electrodes, *EARS]
    chosen = np.ascontiguousarray(signals[[names.index(name) for name in spec.electrodes]])
    return SimulatedRecording(
        labels=spec.electrodes,
        signals_uv=record(spec, chosen),
        sampling_rate_hz=spec.sampling_rate_hz,
        events=_events(spec),
    )


def _events(spec: SimulationSpec) -> tuple[Event, ...]:
    events = (
        Event(
            onset_s=seizure.onset_s,
            duration_s=seizure.duration_s,
            event_type=SEIZURE,
            channels=(seizure.focus,),
            text=seizure.kind,
        )
        for seizure in spec.seizures
    )
    return clip_events(events, spec.duration_s)
