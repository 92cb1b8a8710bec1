"""Simulated restless people as models see them: material of second stages and operating points.

Trace and signs of each person and model are kept in a small file, so that collecting them can be
stopped at any time and goes on where it stopped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from seizure_core import simulator
from seizure_core.atomic import atomic_path
from seizure_core.events.candidates import candidate_features
from seizure_core.events.event import Event
from seizure_core.events.postprocessing import PostProcessing, events_from_trace
from seizure_core.events.score_summary import pool_scores
from seizure_core.events.scoring import Score
from seizure_core.events.trace import ProbabilityTrace
from seizure_core.intervals import shared
from seizure_core.json_document import canonical_json
from seizure_core.recording import Recording
from seizure_core.signals import signs
from seizure_core.simulator import ELECTRODES_10_20, SimulationSpec, random_person, simulate
from training.evaluate.explorer import TracedFile
from training.recipes.held_out import MEASURING_SEEDS, TRAINING_SEEDS, VALIDATION_SEEDS
from zoo.card.second_stage import EventClass, SecondStage
from zoo.detector import Detector

PERSON_S: Final = 600.0
# Added to the first seeds of training, validation and measuring.
_PEOPLE_SEEDS = 700_000
TRAINING_PEOPLE: Final = TRAINING_SEEDS + _PEOPLE_SEEDS
VALIDATION_PEOPLE: Final = VALIDATION_SEEDS + _PEOPLE_SEEDS
MEASURING_PEOPLE: Final = MEASURING_SEEDS + _PEOPLE_SEEDS

_CLASS_OF_PATTERN: Mapping[str, EventClass] = {
    **dict.fromkeys(("rocking", "nodding", "chewing", "physiotherapy"), "rhythmic movement"),
    **dict.fromkeys(
        ("grda", "lrda", "gpd", "lpd", "gpfa", "photic_driving", "sleep_spikes"),
        "rhythmic or periodic pattern",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidate:
    """An event of a model before its second stage.

    Attributes
    ----------
    features : ndarray of float64, shape (len(FEATURES),)
        NaN where unknown.
    event_class : str
        What it truly is; "" for an event that only a scorer's tolerance makes a hit.
    """

    event: Event
    features: NDArray[np.float64]
    event_class: EventClass | str


@dataclass(frozen=True, kw_only=True, eq=False)
class TracedPerson:
    """A simulated person as a model sees them.

    Attributes
    ----------
    seed : int
        Of `person_of`.
    traced : TracedFile
        With the signs of the EEG, without a second stage.
    """

    seed: int
    traced: TracedFile

    @cached_property
    def spec(self) -> SimulationSpec:
        """Everything that was simulated."""
        return person_of(self.seed)

    def candidates(self, settings: PostProcessing) -> list[Candidate]:
        """Return the events of a post-processing before any second stage."""
        assert self.traced.signs is not None
        events = events_from_trace(self.traced.trace, settings)
        rows = candidate_features(events, self.traced.trace, self.traced.signs)
        return [
            Candidate(event=event, features=row, event_class=class_of(event, self.spec))
            for event, row in zip(events, rows, strict=True)
        ]

    def score(self, settings: PostProcessing, stage: SecondStage | None) -> Score:
        """Return the score at a post-processing, with or without a second stage."""
        return self.traced.plain_score_of(self.events(settings, stage))

    def events(self, settings: PostProcessing, stage: SecondStage | None) -> tuple[Event, ...]:
        """Return the events of a post-processing, with or without a second stage."""
        return replace(self.traced, second_stage=stage).events(settings)


def person_of(seed: int) -> SimulationSpec:
    """Return a restless person with one seizure, as the 19 electrodes of a ward see it."""
    person = random_person(seed, PERSON_S, n_seizures=1, restless=True)
    return replace(person, electrodes=ELECTRODES_10_20)


def traced_people(
    detectors: Sequence[Detector],
    seeds: Sequence[int],
    work: Path,
    report: Callable[[str], None] = print,
) -> Iterator[tuple[TracedPerson, ...]]:
    """Yield each person as each model sees them; everybody is simulated once, and once only.

    Parameters
    ----------
    work : Path
        Folder for what was traced so far.
    """
    folders = [work / "people" / trace_key(detector) for detector in detectors]
    for number, seed in enumerate(seeds, start=1):
        paths = [folder / f"{seed}.safetensors" for folder in folders]
        missing = [index for index, path in enumerate(paths) if not path.exists()]
        if missing:
            recording = simulate(person_of(seed)).as_recording(f"simulated {seed}")
            for index in missing:
                folders[index].mkdir(parents=True, exist_ok=True)
                write_person(detectors[index], recording, paths[index])
            report(f"person {number} of {len(seeds)}")
        yield tuple(read_person(seed, path) for path in paths)


def trace_key(detector: Detector) -> str:
    """Return a name that depends on everything that determines a trace and signs."""
    code = [Path(signs.__file__), *sorted(Path(simulator.__file__).parent.rglob("*.py"))]
    said = [detector.card.input.model_dump(mode="json"), PERSON_S]
    state = b"".join(v.numpy().tobytes() for v in detector.network.state_dict().values())
    parts = (canonical_json(said), state, *(path.read_bytes() for path in code))
    return f"{detector.card.model_id}-{hashlib.sha256(b''.join(parts)).hexdigest()[:12]}"


def write_person(detector: Detector, recording: Recording, path: Path) -> None:
    """Write what a model sees in a person's recording."""
    from safetensors.numpy import save_file

    trace = detector.detect(recording, second_stage=False).trace
    arrays = {"trace": trace.probabilities, "signs": detector.signs(recording, trace)}
    with atomic_path(path) as temporary:
        save_file({name: np.ascontiguousarray(one) for name, one in arrays.items()}, temporary)


def read_person(seed: int, path: Path) -> TracedPerson:
    """Read what a model saw in a person's recording."""
    from safetensors.numpy import load_file

    arrays = load_file(path)
    traced = TracedFile(
        file_name=f"simulated {seed}",
        patient=str(seed),
        trace=ProbabilityTrace(probabilities=arrays["trace"], duration_s=PERSON_S),
        reference=tuple(
            Event(onset_s=one.onset_s, duration_s=one.duration_s)
            for one in person_of(seed).seizures
        ),
        signs=arrays["signs"],
    )
    return TracedPerson(seed=seed, traced=traced)


def class_of(event: Event, spec: SimulationSpec) -> EventClass | str:
    """Return what an event in a simulated person truly is: that which it shares most time with."""
    for one in spec.seizures:
        span_s = (one.onset_s, one.onset_s + one.duration_s)
        if shared(event.span_s, span_s) > 0:
            return "seizure"
        # SzCORE accepts events from 30 s before to 60 s after a seizure.
        if shared(event.span_s, (span_s[0] - 30.0, span_s[1] + 60.0)) > 0:
            return ""
    times: dict[EventClass, float] = {}
    for pattern in spec.patterns:
        span_s = (pattern.onset_s, pattern.onset_s + pattern.duration_s)
        kind = _CLASS_OF_PATTERN[pattern.kind]
        times[kind] = times.get(kind, 0.0) + shared(event.span_s, span_s)
    most = max(times, key=lambda kind: times[kind], default=None)
    return most if most is not None and times[most] > 0 else "other"


def pooled(
    people: Sequence[TracedPerson], settings: PostProcessing, stage: SecondStage | None
) -> Score:
    """Return the pooled score of people, with or without a second stage."""
    return pool_scores([person.score(settings, stage) for person in people])
