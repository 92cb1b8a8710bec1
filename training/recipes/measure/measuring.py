"""What a detector finds in recordings whose seizures are known, counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from seizure_core.events.event import Event, clip_events, seizures_of
from seizure_core.events.postprocessing import PostProcessing, events_from_trace
from seizure_core.events.trace import ProbabilityTrace
from seizure_core.recording import Recording
from zoo.detector import Detector

# As in SzCORE: an event this much before or after a seizure still belongs to it.
TOLERANCE_BEFORE_S = 30.0
TOLERANCE_AFTER_S = 60.0

KnownRecording = tuple[Recording, Sequence[Event]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Measured:
    """One recording with what the detector said and what is true.

    Attributes
    ----------
    file_name : str
    trace : ProbabilityTrace
    events, seizures : tuple of Event
        Found and true, inside the recording.
    """

    file_name: str
    trace: ProbabilityTrace
    events: tuple[Event, ...]
    seizures: tuple[Event, ...]

    def with_settings(self, settings: PostProcessing) -> Measured:
        """Return the same recording with events cut by other numbers."""
        return Measured(
            file_name=self.file_name,
            trace=self.trace,
            events=events_from_trace(self.trace, settings),
            seizures=self.seizures,
        )

    @property
    def found(self) -> tuple[Event, ...]:
        """The seizures that some event belongs to."""
        return tuple(s for s in self.seizures if any(_belongs(e, s) for e in self.events))

    @property
    def false_alarms(self) -> tuple[Event, ...]:
        """The events that belong to no seizure."""
        return tuple(e for e in self.events if not any(_belongs(e, s) for s in self.seizures))

    @property
    def covered_s(self) -> float:
        """Seconds of seizure that lie inside events."""
        return covered_s(self.seizures, self.events)


def covered_s(seizures: Iterable[Event], events: Sequence[Event]) -> float:
    """Return the seconds of seizure that lie inside events."""
    return sum(
        max(0.0, min(e.offset_s, s.offset_s) - max(e.onset_s, s.onset_s))
        for s in seizures
        for e in events
    )


def _belongs(event: Event, seizure: Event) -> bool:
    return (
        event.onset_s < seizure.offset_s + TOLERANCE_AFTER_S
        and event.offset_s > seizure.onset_s - TOLERANCE_BEFORE_S
    )


def measure(detector: Detector, recordings: Iterable[KnownRecording]) -> list[Measured]:
    """Run a detector at its card's operating point over recordings with known seizures.

    Raises
    ------
    CoverageError, RecordingError
        A recording does not fit the net or cannot be read.
    """
    measured = []
    for recording, events in recordings:
        detection = detector.detect(recording)
        measured.append(
            Measured(
                file_name=recording.file_name,
                trace=detection.trace,
                events=detection.events,
                seizures=clip_events(seizures_of(events), recording.duration_s),
            )
        )
    return measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts over some recordings.

    Attributes
    ----------
    n_recordings, n_seizures, n_found, n_events, n_false_alarms : int
    seizure_s, covered_s, duration_s : float
        Seconds of seizure, those of them inside events, and of all recordings.
    """

    n_recordings: int
    n_seizures: int
    n_found: int
    n_events: int
    n_false_alarms: int
    seizure_s: float
    covered_s: float
    duration_s: float

    @property
    def hours(self) -> float:
        """Length of all recordings, hours."""
        return self.duration_s / 3600.0

    @property
    def f1(self) -> float | None:
        """Harmonic mean of sensitivity and precision by events; None where undefined."""
        if self.n_seizures + self.n_false_alarms == 0:
            return None
        return 2 * self.n_found / (self.n_found + self.n_seizures + self.n_false_alarms)


def tally(measured: Iterable[Measured]) -> Tally:
    """Count over recordings."""
    rows = list(measured)
    return Tally(
        n_recordings=len(rows),
        n_seizures=sum(len(row.seizures) for row in rows),
        n_found=sum(len(row.found) for row in rows),
        n_events=sum(len(row.events) for row in rows),
        n_false_alarms=sum(len(row.false_alarms) for row in rows),
        seizure_s=sum(s.duration_s for row in rows for s in row.seizures),
        covered_s=sum(row.covered_s for row in rows),
        duration_s=sum(row.trace.duration_s for row in rows),
    )
