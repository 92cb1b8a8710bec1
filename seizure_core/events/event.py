"""Events, such as seizures, and the marks that a reviewer puts on a recording."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from seizure_core.intervals import joined, outside

SEIZURE = "sz"
BACKGROUND = "bckg"
UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event, half open: from `onset_s` up to but not including `offset_s`.

    Attributes
    ----------
    onset_s, duration_s : float
        In seconds from the start of the recording.
    event_type : str
        SzCORE code: "sz", "sz_foc_ia", ..., or "bckg"; "uncertain" for a possible seizure; or the
        code of another type of `seizure_core.events.types`.
    confidence : float or None
        0 to 1, None if unknown.
    channels : tuple of str
        Empty for all or unknown.
    text : str
        Annotator's text.
    side : str
        One of `SIDES`.
    """

    onset_s: float
    duration_s: float
    event_type: str = SEIZURE
    confidence: float | None = None
    channels: tuple[str, ...] = ()
    text: str = ""
    side: str = ""

    @property
    def offset_s(self) -> float:
        """End of the event, seconds from the start of the recording."""
        return self.onset_s + self.duration_s

    @property
    def span_s(self) -> tuple[float, float]:
        """Onset and offset."""
        return self.onset_s, self.offset_s

    @property
    def is_seizure(self) -> bool:
        """Whether the type is a seizure of any kind."""
        return is_seizure_kind(self.event_type)


def is_seizure_kind(kind: str) -> bool:
    """Return whether an event type is a seizure: "sz", or a code that starts with "sz_"."""
    return kind == SEIZURE or kind.startswith(f"{SEIZURE}_")


def in_order(events: Iterable[Event]) -> tuple[Event, ...]:
    """Return events sorted by onset, then offset."""
    return tuple(sorted(events, key=lambda event: event.span_s))


def seizures_of(events: Iterable[Event]) -> tuple[Event, ...]:
    """Return the seizures among events, in order."""
    return in_order(event for event in events if event.is_seizure)


def same_times(first: Sequence[Event], second: Sequence[Event], tolerance_s: float) -> bool:
    """Return whether two lists have the same onsets and offsets."""
    return len(first) == len(second) and all(
        abs(a.onset_s - b.onset_s) <= tolerance_s and abs(a.offset_s - b.offset_s) <= tolerance_s
        for a, b in zip(first, second, strict=True)
    )


def clip_events(events: Iterable[Event], duration_s: float) -> tuple[Event, ...]:
    """Return events clipped to `[0, duration_s)` and sorted; empty ones are dropped."""
    clipped = []
    for event in events:
        onset_s = max(event.onset_s, 0.0)
        offset_s = min(event.offset_s, duration_s)
        if offset_s > onset_s:
            clipped.append(replace(event, onset_s=onset_s, duration_s=offset_s - onset_s))
    return in_order(clipped)


def subtract_events(events: Iterable[Event], others: Iterable[Event]) -> tuple[Event, ...]:
    """Return the parts of events outside other events, sorted."""
    taken = joined(other.span_s for other in others)
    left = [
        replace(event, onset_s=start_s, duration_s=stop_s - start_s)
        for event in events
        for start_s, stop_s in outside([event.span_s], taken)
    ]
    return in_order(left)


SIDES = ("", "left", "right", "midline", "both")
"""Sides of the head where an event is seen; empty if unknown."""

ORIGINS = ("own", "imported", "predicted")
"""Origins of a mark: drawn, read from a file, or accepted from a detector."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A mark, half open like `Event`.

    Attributes
    ----------
    mark_id : str
        Unique within a recording.
    onset_s, duration_s : float
        In seconds from the start of the recording.
    kind : str
        Code of the type, as in `Event.event_type`.
    text : str
        Comment.
    confidence : float or None
        0 to 1, if known.
    origin : str
        One of `ORIGINS`.
    channels : tuple of str
        Empty for all.
    side : str
        One of `SIDES`.
    """

    mark_id: str
    onset_s: float
    duration_s: float
    kind: str = "sz"
    text: str = ""
    confidence: float | None = None
    origin: str = "own"
    channels: tuple[str, ...] = ()
    side: str = ""

    @property
    def is_seizure(self) -> bool:
        """Whether it marks a seizure."""
        return is_seizure_kind(self.kind)

    @classmethod
    def of_event(cls, event: Event, mark_id: str = "") -> Mark:
        """Return a detected event as a mark."""
        return cls(
            mark_id=mark_id,
            onset_s=event.onset_s,
            duration_s=event.duration_s,
            kind=event.event_type,
            text=event.text,
            confidence=event.confidence,
            origin="predicted",
            channels=event.channels,
            side=event.side,
        )

    def to_event(self) -> Event:
        """Return the mark as an event of the same type."""
        return Event(
            onset_s=self.onset_s,
            duration_s=self.duration_s,
            event_type=self.kind,
            confidence=self.confidence,
            channels=self.channels,
            text=self.text,
            side=self.side,
        )


def seizure_events(marks: Iterable[Mark]) -> tuple[Event, ...]:
    """Return the marked seizures as sorted events, usable as a reference."""
    return seizures_of(mark.to_event() for mark in marks)
