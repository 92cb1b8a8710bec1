"""What a person decided about a detector's events, and what is left of them then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from seizure_core.events.event import Event, seizures_of
from seizure_core.events.marks import Mark

Decision = Literal["accepted", "rejected", "undecided"]

_DECIDED: Mapping[str, Decision] = {"accepted": "accepted", "rejected": "rejected"}
_OF_EVENT = "prediction-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Marks and decisions of a person who looked at a recording.

    Attributes
    ----------
    marks : tuple of Mark
        All marks; an accepted event is one of origin "predicted", with the times it was given.
    decisions : mapping of int to str
        For positions in the detector's list of events: "accepted" or "rejected".
    shifts_s : mapping of int to float
        For such positions: by how much the event was moved, which decides nothing about it.
    """

    marks: tuple[Mark, ...] = ()
    decisions: Mapping[int, str] = field(default_factory=dict)
    shifts_s: Mapping[int, float] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Return whether anything was marked, decided or moved."""
        return bool(self.marks or self.decisions or any(self.shifts_s.values()))

    def without_decisions(self) -> Review:
        """Return the marks alone, for another list of events.

        Accepted events stay as marks, under ids that no event of the next list takes for its
        own.
        """
        taken = {mark.mark_id for mark in self.marks}
        return Review(
            marks=tuple(
                replace(mark, mark_id=_free_id(mark.mark_id, taken))
                if mark.mark_id.startswith(_OF_EVENT)
                else mark
                for mark in self.marks
            )
        )


NO_REVIEW = Review()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedEvent:
    """One event of a detector, and what became of it.

    Attributes
    ----------
    found : Event
        As the detector found it.
    decision : str
        "accepted", "rejected" or "undecided".
    mark : Mark or None
        What the person made of an accepted one: it may have other times, or be no seizure.
    shift_s : float
        By how much the person moved it.
    """

    found: Event
    decision: Decision
    mark: Mark | None = None
    shift_s: float = 0.0

    @property
    def kept(self) -> Event | None:
        """The event as it counts after the review; None where it is no seizure (any more)."""
        if self.decision == "rejected":
            return None
        if self.mark is None:
            # Sums made in the browser carry tails such as 6.707000000000001.
            onset_s = max(round(self.found.onset_s + self.shift_s, 6), 0.0)
            return replace(self.found, onset_s=onset_s) if self.shift_s else self.found
        event = replace(self.mark.to_event(), channels=self.found.channels)
        return event if event.is_seizure else None


def reviewed(events: Sequence[Event], review: Review) -> tuple[ReviewedEvent, ...]:
    """Return each event of a detector with what was decided about it."""
    marks = {mark.mark_id: mark for mark in review.marks}
    found = []
    for number, event in enumerate(events):
        decision = _DECIDED.get(review.decisions.get(number, ""), "undecided")
        mark = marks.get(f"{_OF_EVENT}{number}") if decision == "accepted" else None
        shift_s = review.shifts_s.get(number, 0.0)
        found.append(ReviewedEvent(found=event, decision=decision, mark=mark, shift_s=shift_s))
    return tuple(found)


def own_marks(events: Sequence[Event], review: Review) -> tuple[Mark, ...]:
    """Return the marks that are not an accepted event of this list, by onset."""
    accepted = {f"{_OF_EVENT}{n}" for n in range(len(events)) if n in review.decisions}
    marks = [mark for mark in review.marks if mark.mark_id not in accepted]
    return tuple(sorted(marks, key=lambda mark: (mark.onset_s, mark.duration_s)))


def events_after(events: Sequence[Event], review: Review) -> tuple[Event, ...]:
    """Return the seizures after a review: events that were not rejected, and the person's own."""
    kept = [one.kept for one in reviewed(events, review)]
    own = [mark.to_event() for mark in own_marks(events, review) if mark.is_seizure]
    return seizures_of([*(event for event in kept if event is not None), *own])


def remarks_of(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Return the marks that are no seizures, in their order."""
    return tuple(mark for mark in marks if not mark.is_seizure)


def _free_id(mark_id: str, taken: set[str]) -> str:
    number = 1
    while (free := f"earlier-{number}-{mark_id}"[-60:]) in taken:
        number += 1
    taken.add(free)
    return free
