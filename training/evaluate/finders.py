"""Results of any kind of detector on recordings with known seizures, for cards."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seizure_core.events.event import Event, clip_events, seizures_of
from seizure_core.events.score_summary import FEW_UNITS, summarise_scores
from seizure_core.events.scoring import RecordingScore, score_recording
from seizure_core.events.trace import ProbabilityTrace
from seizure_core.intervals import shared
from seizure_core.recording import Recording
from training.evaluate.calibration import reliability
from training.evaluate.card_results import SHORT_NAMES, CardMetrics, result_row, score_metrics
from training.patients import patient_of, person_of
from zoo.card.evidence import is_little
from zoo.detector import Detector

KnownRecording = tuple[Recording, Sequence[Event]]
"""A recording and its seizures."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """Events of a detector, with a trace if it gives probabilities."""

    events: tuple[Event, ...]
    trace: ProbabilityTrace | None = None


Finder = Callable[[Recording], Found]


def model_finder(detector: Detector) -> Finder:
    """Return the finder of a model at its default operating point."""

    def find(recording: Recording) -> Found:
        detection = detector.detect(recording)
        return Found(events=detection.events, trace=detection.trace)

    return find


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FoundEvents:
    """Detected and reference events of a recording, with the time it took."""

    file_name: str
    duration_s: float
    found: Found
    seizures: tuple[Event, ...]
    score: RecordingScore
    took_s: float


def find_all(finder: Finder, recordings: Iterable[KnownRecording]) -> list[FoundEvents]:
    """Run a finder over recordings with known seizures.

    Raises
    ------
    CoverageError, RecordingError
        The recording does not fit the model, or cannot be read.
    """
    rows = []
    for recording, events in recordings:
        seizures = clip_events(seizures_of(events), recording.duration_s)
        began = time.perf_counter()
        found = finder(recording)
        took_s = time.perf_counter() - began
        rows.append(
            FoundEvents(
                file_name=recording.file_name,
                duration_s=recording.duration_s,
                found=found,
                seizures=seizures,
                score=score_recording(seizures, found.events, duration_s=recording.duration_s),
                took_s=took_s,
            )
        )
    return rows


def card_result(
    rows: Sequence[FoundEvents], *, dataset: str, split: str, note: str
) -> dict[str, Any]:
    """Return an entry of a card's `results`."""
    summary = summarise_scores(
        [(person_of(patient_of(row.file_name)), row.score.score) for row in rows]
    )
    of_people = len(summary.patients) > 1
    units, unit = (len(summary.patients), "people") if of_people else (len(rows), "recordings")
    enough = units >= FEW_UNITS
    metrics = score_metrics(
        summary.pooled, SHORT_NAMES, summary.intervals if enough else None
    ) | _others(rows)
    for metric in metrics.values():
        if metric["value"] is None:
            metric.pop("ci_low", None)
            metric.pop("ci_high", None)
        metric.update(
            {key: None if value is None else round(value, 4) for key, value in metric.items()}
        )
    n_seizures = sum(len(row.seizures) for row in rows)
    duration_s = sum(row.duration_s for row in rows)
    few = is_little(n_seizures, duration_s / 3600)
    return result_row(
        dataset=dataset,
        split=split,
        n_recordings=len(rows),
        n_seizures=n_seizures,
        duration_s=duration_s,
        metrics=metrics,
        interval=f"95 % bootstrap over {units} {unit}"
        if enough
        else f"none: {units} {unit} are too few",
        note=note if "little data" in note.lower() or not few else f"Little data. {note}",
    )


def _others(rows: Sequence[FoundEvents]) -> CardMetrics:
    latencies_s = [latency for row in rows for latency in row.score.latency_s]
    seizure_s = sum(seizure.duration_s for row in rows for seizure in row.seizures)
    covered_s = sum(
        shared(event.span_s, seizure.span_s)
        for row in rows
        for seizure in row.seizures
        for event in row.found.events
    )
    values = {
        "latency_s": statistics.median(latencies_s) if latencies_s else None,
        "calibration_error": _calibration_error(rows),
        "covered_fraction": covered_s / seizure_s if seizure_s else None,
        "n_events": float(sum(len(row.found.events) for row in rows)),
        "n_false_alarms": float(sum(row.score.score.event.n_false_alarms for row in rows)),
    }
    return {name: {"value": value} for name, value in values.items()}


def _calibration_error(rows: Sequence[FoundEvents]) -> float | None:
    """Return the expected calibration error over all seconds; None without probabilities."""
    said, true = [], []
    for row in rows:
        if row.found.trace is None:
            return None
        said.append(row.found.trace.probabilities)
        true.append(ictal_seconds(row.seizures, len(row.found.trace.probabilities)))
    found = reliability(np.concatenate(said), np.concatenate(true))
    return None if found is None else found.expected_calibration_error


def ictal_seconds(seizures: Sequence[Event], n_seconds: int) -> NDArray[np.bool_]:
    """Return for each second whether its middle is in a seizure."""
    middles = np.arange(n_seconds) + 0.5
    inside = np.zeros(n_seconds, dtype=np.bool_)
    for seizure in seizures:
        inside |= (middles >= seizure.onset_s) & (middles < seizure.offset_s)
    return inside
