"""Marks that a reviewer puts on a recording: seizures, artefacts, comments."""

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
"""SzCORE codes that a viewer offers; other codes that start with "sz" are kept."""

REMARK_KINDS = ("artefact", "note")
"""Kinds of marks that are not seizures."""

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
        A SzCORE code that starts with "sz", or one of `REMARK_KINDS`.
    text : str
        Comment.
    confidence : float or None
        0 to 1, if known.
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
        )

    def to_event(self) -> Event:
        """Return the mark as an event of the same type."""
        return Event(
            onset_s=self.onset_s,
            duration_s=self.duration_s,
            event_type=self.kind,
            confidence=self.confidence,
            text=self.text,
        )


def seizure_events(marks: Iterable[Mark]) -> tuple[Event, ...]:
    """Return the marked seizures as sorted events, usable as a reference."""
    return seizures_of(mark.to_event() for mark in marks)
