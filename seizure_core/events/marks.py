"""Marks a person puts on a recording while looking at it: seizures, artefacts, remarks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from seizure_core.events.event import Event, is_seizure_kind, seizures_of

SEIZURE_KINDS = (
    "sz",
    "sz_foc",
    "sz_foc_a",
    "sz_foc_ia",
    "sz_foc_f2b",
    "sz_gen",
    "sz_gen_m_tonicClonic",
    "sz_gen_nm",
    "sz_uo",
)
"""SzCORE codes of the seizures a viewer offers; other codes that begin with "sz" are kept."""

REMARK_KINDS = ("artefact", "note")
"""What is marked but is no seizure."""

ORIGINS = ("own", "imported", "predicted")
"""Where a mark comes from: drawn, read from a file, or taken over from a detector."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One mark, half open like `Event`.

    Attributes
    ----------
    mark_id : str
        Unique within a recording.
    onset_s, duration_s : float
        Seconds from the start of the recording.
    kind : str
        A SzCORE code that begins with "sz", or one of `REMARK_KINDS`.
    text : str
        Remark.
    confidence : float or None
        0 to 1, where it came with one.
    origin : str
        One of `ORIGINS`.
    """

    mark_id: str
    onset_s: float
    duration_s: float
    kind: str = "sz"
    text: str = ""
    confidence: float | None = None
    origin: str = "own"

    @property
    def is_seizure(self) -> bool:
        """Whether a seizure of any kind is marked."""
        return is_seizure_kind(self.kind)

    @classmethod
    def of_event(cls, event: Event, mark_id: str = "") -> Mark:
        """Return an event of a detector as a mark."""
        return cls(
            mark_id=mark_id,
            onset_s=event.onset_s,
            duration_s=event.duration_s,
            kind=event.event_type,
            text=event.text,
            confidence=event.confidence,
            origin="predicted",
        )

    def to_event(self) -> Event:
        """Return the mark as an event, its kind as the event's type."""
        return Event(
            onset_s=self.onset_s,
            duration_s=self.duration_s,
            event_type=self.kind,
            confidence=self.confidence,
            text=self.text,
        )


def seizure_events(marks: Iterable[Mark]) -> tuple[Event, ...]:
    """Return the marked seizures as events, sorted: fit as reference for scores and training."""
    return seizures_of(mark.to_event() for mark in marks)
