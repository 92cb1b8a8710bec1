"""Simulated people as other recorders would have stored them: what a model's figures hold under."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import scipy

from seizure_core.errors import CoverageError
from seizure_core.events.postprocessing import PostProcessing
from seizure_core.events.score_summary import summarise_scores
from seizure_core.simulator import (
    ELECTRODES_10_20,
    SimulatedRecording,
    SimulationSpec,
    simulate,
)
from training.evaluate.card_results import CardMetrics, result_row, score_metrics
from training.recipes.found_in_people import (
    MEASURING_PEOPLE,
    PERSON_S,
    TracedPerson,
    person_of,
    read_person,
    trace_key,
    write_person,
)
from zoo.card.evidence import RECORDERS
from zoo.card.second_stage import SecondStage
from zoo.detector import Detector
from zoo.store.recommendation import reading_of

Change = Callable[[SimulatedRecording], SimulatedRecording]

N_PEOPLE: Final = 12
_HUM_HZ, _HUM_UV = 50.0, 50.0
_REFUSED: Final = {"event.f1": "f1"}
_NAMES: Final = {
    **_REFUSED,
    "event.sensitivity": "sensitivity",
    "event.false_alarms_per_24h": "false_alarms_per_24h",
}


def _scaled(gain: float) -> Change:
    factor = np.float32(gain)
    return lambda one: replace(one, signals_uv=factor * one.signals_uv)


def _without(*electrodes: str) -> Change:
    def change(one: SimulatedRecording) -> SimulatedRecording:
        kept = [row for row, label in enumerate(one.labels) if label not in electrodes]
        labels = tuple(one.labels[row] for row in kept)
        return replace(one, labels=labels, signals_uv=one.signals_uv[kept])

    return change


def _against_average(one: SimulatedRecording) -> SimulatedRecording:
    return replace(one, signals_uv=one.signals_uv - one.signals_uv.mean(axis=0))


def _against_cz(one: SimulatedRecording) -> SimulatedRecording:
    signals_uv = one.signals_uv - one.signals_uv[one.labels.index("CZ")]
    return _without("CZ")(replace(one, signals_uv=signals_uv))


def _sampled_at(rate_hz: int) -> Change:
    def change(one: SimulatedRecording) -> SimulatedRecording:
        resampled = scipy.signal.resample_poly(
            one.signals_uv, rate_hz, round(one.sampling_rate_hz), axis=1
        )
        signals_uv = np.ascontiguousarray(resampled, dtype=np.float32)
        return replace(one, signals_uv=signals_uv, sampling_rate_hz=float(rate_hz))

    return change


def _with_hum(one: SimulatedRecording) -> SimulatedRecording:
    """Add hum of another phase to each electrode, so that no derivation cancels it."""
    time_s = np.arange(one.signals_uv.shape[1]) / one.sampling_rate_hz
    phases = 2 * np.pi * np.arange(len(one.labels))[:, None] / len(one.labels)
    hum_uv = _HUM_UV * np.sin(2 * np.pi * _HUM_HZ * time_s + phases)
    return replace(one, signals_uv=one.signals_uv + hum_uv.astype(np.float32))


CHANGES: Final[Mapping[str, Change]] = {
    "as_recorded": lambda one: one,
    "average_reference": _against_average,
    "cz_reference": _against_cz,
    "128_hz": _sampled_at(128),
    "500_hz": _sampled_at(500),
    "50_hz_hum_of_50_uv": _with_hum,
    "half_the_gain": _scaled(0.5),
    "twice_the_gain": _scaled(2.0),
    "without_fz_cz_pz": _without("FZ", "CZ", "PZ"),
    "without_t7_t8": _without("T7", "T8"),
}
"""What another recorder changes, by name in the figures of a card."""


def people_as_recorded(
    detectors: Sequence[Detector],
    work: Path,
    report: Callable[[str], None] = print,
    *,
    n_people: int = N_PEOPLE,
) -> list[dict[str, list[TracedPerson]]]:
    """Return for each model the people it sees under each change, none where it refuses them.

    Parameters
    ----------
    work : Path
        Folder for what was traced so far; an interrupted measurement goes on from there.
    """
    seen: list[dict[str, list[TracedPerson]]] = [{name: [] for name in CHANGES} for _ in detectors]
    readable = [_readable(detector) for detector in detectors]
    folders = [work / "recorders" / trace_key(detector) for detector in detectors]
    for number in range(n_people):
        seed = MEASURING_PEOPLE + number
        simulated: SimulatedRecording | None = None
        for name, change in CHANGES.items():
            places = [index for index in range(len(detectors)) if name in readable[index]]
            paths = {index: folders[index] / name / f"{seed}.safetensors" for index in places}
            missing = [index for index in places if not paths[index].exists()]
            if missing:
                simulated = simulated or simulate(person_of(seed))
                recording = change(simulated).as_recording(f"simulated {seed}")
                for index in missing:
                    paths[index].parent.mkdir(parents=True, exist_ok=True)
                    write_person(detectors[index], recording, paths[index])
            for index in places:
                seen[index][name].append(read_person(seed, paths[index]))
        if simulated is not None:
            report(f"person {number + 1} of {n_people} as other recorders have them")
    return seen


def _readable(detector: Detector) -> set[str]:
    """Return the changes that leave a model enough channels."""
    contract = detector.card.input
    short = simulate(SimulationSpec(duration_s=2 * contract.window_s, electrodes=ELECTRODES_10_20))
    readable = set()
    for name, change in CHANGES.items():
        try:
            reading_of(change(short).as_recording(), detector.card)
        except CoverageError:
            continue
        readable.add(name)
    return readable


def recorders_result(
    seen: Mapping[str, Sequence[TracedPerson]],
    settings: PostProcessing,
    stage: SecondStage | None,
) -> dict[str, Any]:
    """Return the entry of a card's `results` for other recorders, the worst event F1 first."""
    figures: dict[str, CardMetrics] = {}
    for name, people in seen.items():
        summary = summarise_scores([(str(one.seed), one.score(settings, stage)) for one in people])
        figures[name] = score_metrics(
            summary.pooled, _NAMES if people else _REFUSED, summary.intervals
        )
    worst_first = sorted(figures, key=lambda name: figures[name]["f1"]["value"] or 0.0)
    people = seen["as_recorded"]
    return result_row(
        dataset=RECORDERS,
        split="random seeds used neither for training nor for choices",
        n_recordings=len(people),
        n_seizures=sum(len(person.traced.reference) for person in people),
        duration_s=len(people) * PERSON_S,
        metrics={
            f"{name}_{figure}": {
                key: None if value is None else round(value, 4) for key, value in metric.items()
            }
            for name in worst_first
            for figure, metric in figures[name].items()
        },
        interval=f"95 % bootstrap over {len(people)} people",
        note="The same people each time, with one thing changed after the recording; the worst "
        "event F1 comes first, left open if the model refuses a recording with so few of its "
        "channels. What is common to all electrodes cancels; against CZ that electrode is lost.",
    )
