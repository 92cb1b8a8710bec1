"""What a detector of any kind finds in recordings with known seizures, as figures of a card."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from seizure_core.events.event import Event, clip_events, seizures_of
from seizure_core.events.score_summary import ScoreSummary, summarise_scores
from seizure_core.events.scoring import RecordingScore, score_recording
from seizure_core.events.trace import ProbabilityTrace
from seizure_core.recording import Recording
from training.evaluate.calibration import reliability
from training.patients import patient_of, person_of
from training.recipes.measure.measuring import KnownRecording, covered_s
from zoo.detector import Detector

PROTOCOL = (
    "SzCORE event scoring at the card's operating point: an event from 30 s before to 60 s after "
    "a seizure finds it, events less than 90 s apart count as one; samples are seconds"
)
_LEVEL = 0.95
# With fewer people or recordings an interval would only pretend to know.
_FEWEST_UNITS = 5
_FEW_SEIZURES, _FEW_HOURS = 10, 1.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """What was found in a recording.

    Attributes
    ----------
    events : tuple of Event
    trace : ProbabilityTrace or None
        None for detectors that give no probability.
    """

    events: tuple[Event, ...]
    trace: ProbabilityTrace | None = None


class Finder(Protocol):
    """Whatever finds seizures in a recording."""

    def find(self, recording: Recording) -> Found:
        """Return what is found."""
        ...


@dataclass(frozen=True, slots=True)
class NetFinder:
    """A net at its card's operating point."""

    detector: Detector

    def find(self, recording: Recording) -> Found:
        """Return events and probabilities."""
        detection = self.detector.detect(recording)
        return Found(events=detection.events, trace=detection.trace)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FoundEvents:
    """One recording: what was found, what is true, and how long it took."""

    file_name: str
    duration_s: float
    found: Found
    seizures: tuple[Event, ...]
    score: RecordingScore
    took_s: float

    @property
    def covered_s(self) -> float:
        """Seconds of seizure that lie inside events."""
        return covered_s(self.seizures, self.found.events)


def find_all(finder: Finder, recordings: Iterable[KnownRecording]) -> list[FoundEvents]:
    """Run a finder over recordings with known seizures.

    Raises
    ------
    CoverageError, RecordingError
        A recording does not fit the net or cannot be read.
    """
    rows = []
    for recording, events in recordings:
        seizures = clip_events(seizures_of(events), recording.duration_s)
        began = time.perf_counter()
        found = finder.find(recording)
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
        [(person_of(patient_of(row.file_name)), row.score.score) for row in rows], level=_LEVEL
    )
    n_seizures = sum(len(row.seizures) for row in rows)
    hours = sum(row.duration_s for row in rows) / 3600.0
    units = len(rows) if len(summary.patients) <= 1 else len(summary.patients)
    enough = units >= _FEWEST_UNITS
    unit = "recordings" if len(summary.patients) <= 1 else "people"
    few = n_seizures < _FEW_SEIZURES or hours < _FEW_HOURS
    return {
        "dataset": dataset,
        "protocol": PROTOCOL,
        "split": split,
        "n_recordings": len(rows),
        "n_seizures": n_seizures,
        "hours": round(hours, 4),
        "metrics": _metrics(rows, summary, with_intervals=enough),
        "interval": f"95 % bootstrap over {units} {unit}"
        if enough
        else f"none: {units} {unit} are too few",
        "note": note if "few data" in note.lower() or not few else f"Few data. {note}",
    }


def _metrics(
    rows: Sequence[FoundEvents], summary: ScoreSummary, *, with_intervals: bool
) -> dict[str, dict[str, float | None]]:
    event, sample = summary.pooled.event, summary.pooled.sample
    latencies_s = [one for row in rows for one in row.score.latency_s]
    seizure_s = sum(one.duration_s for row in rows for one in row.seizures)
    scored = {
        "sensitivity": ("event.sensitivity", event.sensitivity),
        "precision": ("event.precision", event.precision),
        "f1": ("event.f1", event.f1),
        "false_alarms_per_24h": ("event.false_alarms_per_24h", event.false_alarms_per_24h),
        "sample_f1": ("sample.f1", sample.f1),
    }
    metrics: dict[str, dict[str, float | None]] = {}
    for name, (key, value) in scored.items():
        metrics[name] = {"value": _rounded(value)}
        if with_intervals and value is not None:
            interval = summary.intervals[key]
            metrics[name] |= {"ci_low": _rounded(interval.low), "ci_high": _rounded(interval.high)}
    others = {
        "latency_s": statistics.median(latencies_s) if latencies_s else None,
        "calibration_error": _calibration_error(rows),
        "covered_fraction": sum(row.covered_s for row in rows) / seizure_s if seizure_s else None,
        "n_events": float(sum(len(row.found.events) for row in rows)),
        "n_false_alarms": float(event.n_false_alarms),
    }
    return metrics | {name: {"value": _rounded(value)} for name, value in others.items()}


def _calibration_error(rows: Sequence[FoundEvents]) -> float | None:
    """Return the expected calibration error over all seconds; None without probabilities."""
    said, true = [], []
    for row in rows:
        if row.found.trace is None:
            return None
        said.append(row.found.trace.probabilities)
        true.append(ictal_seconds(row.seizures, len(row.found.trace.probabilities)))
    return reliability(np.concatenate(said), np.concatenate(true)).expected_calibration_error


def ictal_seconds(seizures: Sequence[Event], n_seconds: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return for each second whether its middle lies in a seizure."""
    middles = np.arange(n_seconds) + 0.5
    inside = np.zeros(n_seconds, dtype=np.bool_)
    for one in seizures:
        inside |= (middles >= one.onset_s) & (middles < one.offset_s)
    return inside


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
