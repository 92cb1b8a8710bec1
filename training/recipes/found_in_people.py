"""Simulated restless people, and what models find in them: material of second stages.

The candidates of each person and model are kept in a small file, so that collecting them can be
stopped at any time and goes on where it stopped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from seizure_core import simulator
from seizure_core.events.candidates import FEATURES, candidate_features
from seizure_core.events.event import Event
from seizure_core.events.postprocessing import events_from_trace
from seizure_core.events.score_summary import pool_scores
from seizure_core.events.scoring import Score, score_events
from seizure_core.intervals import shared
from seizure_core.json_document import canonical_json, read_json, write_json
from seizure_core.simulator import ELECTRODES_10_20, SimulationSpec, random_person, simulate
from training.recipes.held_out import MEASURING_SEEDS, TRAINING_SEEDS, VALIDATION_SEEDS
from zoo.card.output import CARD_POINT
from zoo.card.second_stage import EventClass, SecondStage
from zoo.detector import Detector

PERSON_S: Final = 600.0
# Added to the first seeds of training, validation and measuring.
_PEOPLE_SEEDS = 700_000
TRAINING_PEOPLE: Final = TRAINING_SEEDS + _PEOPLE_SEEDS
VALIDATION_PEOPLE: Final = VALIDATION_SEEDS + _PEOPLE_SEEDS
MEASURING_PEOPLE: Final = MEASURING_SEEDS + _PEOPLE_SEEDS

# Shares of the card's threshold: lower ones give a second stage more to learn from.
_THRESHOLD_SHARES: Mapping[str, float] = {CARD_POINT: 1.0, "lower": 0.6, "lowest": 0.3}
_CLASS_OF_PATTERN: Mapping[str, EventClass] = {
    **dict.fromkeys(("rocking", "nodding", "chewing", "physiotherapy"), "rhythmic movement"),
    **dict.fromkeys(
        ("grda", "lrda", "gpd", "lpd", "gpfa", "photic_driving", "sleep_spikes"),
        "rhythmic or periodic pattern",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An event of a model before its second stage.

    Attributes
    ----------
    features : tuple of (float or None)
        In the order of `FEATURES`.
    event_class : str
        What it truly is; "" for an event that only a scorer's tolerance makes a hit.
    """

    onset_s: float
    duration_s: float
    features: tuple[float | None, ...]
    event_class: EventClass | str

    @property
    def event(self) -> Event:
        """The event."""
        return Event(onset_s=self.onset_s, duration_s=self.duration_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundInPerson:
    """Candidates of a model in one simulated person, at the card's threshold and below."""

    seed: int
    seizures: tuple[Event, ...]
    candidates: Mapping[str, tuple[Candidate, ...]]

    def score(self, stage: SecondStage | None) -> Score:
        """Return the score at the card's operating point, with or without a second stage."""
        rows = self.candidates[CARD_POINT]
        if stage is not None and rows:
            chances = stage.probabilities(features_of(rows))[:, 0]
            rows = tuple(r for r, p in zip(rows, chances, strict=True) if p >= stage.threshold)
        return score_events(self.seizures, [row.event for row in rows], duration_s=PERSON_S)


def features_of(candidates: Sequence[Candidate]) -> NDArray[np.float64]:
    """Return the features of candidates, shape (n, len(FEATURES)); NaN where unknown."""
    rows = [candidate.features for candidate in candidates]
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(FEATURES))


def person_of(seed: int) -> SimulationSpec:
    """Return a restless person with one seizure, as the 19 electrodes of a ward see it."""
    person = random_person(seed, PERSON_S, n_seizures=1, restless=True)
    return replace(person, electrodes=ELECTRODES_10_20)


def found_in_people(
    detectors: Sequence[Detector],
    seeds: Sequence[int],
    work: Path,
    report: Callable[[str], None] = print,
) -> Iterator[tuple[FoundInPerson, ...]]:
    """Yield for each person what each model finds; each person is simulated once, and once only.

    Parameters
    ----------
    work : Path
        Folder for what was found so far.
    """
    folders = [work / "people" / _key(detector) for detector in detectors]
    for number, seed in enumerate(seeds, start=1):
        paths = [folder / f"{seed}.json" for folder in folders]
        missing = [index for index, path in enumerate(paths) if not path.exists()]
        if missing:
            spec = person_of(seed)
            recording = simulate(spec).as_recording(f"simulated {seed}")
            for index in missing:
                folders[index].mkdir(parents=True, exist_ok=True)
                write_json(paths[index], _found(detectors[index], recording, spec))
            report(f"person {number} of {len(seeds)}")
        yield tuple(_read(seed, path) for path in paths)


def _key(detector: Detector) -> str:
    """Return a name that depends on everything that determines what is found."""
    code = sorted(Path(simulator.__file__).parent.rglob("*.py"))
    card = detector.card
    output = card.output.model_dump(mode="json", exclude={"second_stage"})
    said = [
        card.input.model_dump(mode="json"),
        output,
        list(FEATURES),
        PERSON_S,
        dict(_THRESHOLD_SHARES),
    ]
    state = b"".join(v.numpy().tobytes() for v in detector.network.state_dict().values())
    parts = (canonical_json(said), state, *(path.read_bytes() for path in code))
    return f"{card.model_id}-{hashlib.sha256(b''.join(parts)).hexdigest()[:12]}"


def _found(detector: Detector, recording: Any, spec: SimulationSpec) -> dict[str, Any]:
    detection = detector.detect(recording, second_stage=False)
    signs = detector.signs(recording, detection.trace)
    candidates = {}
    point = detector.post_processing()
    for name, share in _THRESHOLD_SHARES.items():
        events = events_from_trace(detection.trace, point.with_threshold(share * point.threshold))
        rows = candidate_features(events, detection.trace, signs)
        candidates[name] = [
            asdict(
                Candidate(
                    onset_s=event.onset_s,
                    duration_s=event.duration_s,
                    features=tuple(None if np.isnan(v) else round(float(v), 5) for v in row),
                    event_class=class_of(event, spec),
                )
            )
            for event, row in zip(events, rows, strict=True)
        ]
    seizures = [[one.onset_s, one.duration_s] for one in spec.seizures]
    return {"seizures": seizures, "candidates": candidates}


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


def _read(seed: int, path: Path) -> FoundInPerson:
    document = read_json(path)
    return FoundInPerson(
        seed=seed,
        seizures=tuple(Event(onset_s=a, duration_s=b) for a, b in document["seizures"]),
        candidates={
            name: tuple(Candidate(**row) for row in rows)
            for name, rows in document["candidates"].items()
        },
    )


def pooled(people: Sequence[FoundInPerson], stage: SecondStage | None) -> Score:
    """Return the pooled score of people, with or without a second stage."""
    return pool_scores([person.score(stage) for person in people])
