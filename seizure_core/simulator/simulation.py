"""Simulation of a recording from its specification, including the recorder."""

from __future__ import annotations

from seizure_core.events.event import Event, clip_events
from seizure_core.simulator.background import add_background
from seizure_core.simulator.disturbances import add_disturbances, add_eyes, block_amplifiers
from seizure_core.simulator.electrodes import EARS
from seizure_core.simulator.muscle import add_muscle, add_struggles
from seizure_core.simulator.patterns import add_patterns
from seizure_core.simulator.recorders import recorded, referenced
from seizure_core.simulator.result import SimulatedRecording
from seizure_core.simulator.scene import scene_of
from seizure_core.simulator.seizures import add_seizure
from seizure_core.simulator.specification import SimulationSpec


def simulate(spec: SimulationSpec) -> SimulatedRecording:
    """Simulate one recording of scalp EEG: `spec.electrodes` against the recorder's reference.

    The same spec gives the same signals. Specs that differ in their seizures only give the same
    samples, except during seizures, post-ictal slowing and the transient of the recorder's
    high-pass.
    """
    needed = ("CZ",) if spec.recorder.reference == "CZ" else ()
    names = [name for name in dict.fromkeys((*spec.electrodes, *needed)) if name not in EARS]
    names += EARS
    scene = scene_of(spec, names)
    add_background(scene)
    for number in range(len(spec.seizures)):
        add_seizure(scene, number)
    add_eyes(scene)
    add_muscle(scene)
    add_disturbances(scene)
    add_struggles(scene)
    add_patterns(scene)
    scene.signals[:] -= scene.signals[-len(EARS) :].mean(axis=0)
    block_amplifiers(scene)
    events = (
        Event(
            onset_s=seizure.onset_s,
            duration_s=seizure.duration_s,
            channels=(seizure.focus,),
            text=seizure.kind,
        )
        for seizure in spec.seizures
    )
    return SimulatedRecording(
        labels=spec.electrodes,
        signals_uv=recorded(scene, referenced(scene, names)),
        sampling_rate_hz=spec.sampling_rate_hz,
        events=clip_events(events, spec.duration_s),
    )
