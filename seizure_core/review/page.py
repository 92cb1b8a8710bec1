"""Review of one result on one page: decisions of a reader, and the resulting events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from seizure_core.events.event import Event, Mark, seizures_of
from seizure_core.intervals import joined, shared
from seizure_core.review.model import Decision

_DECIDED: Mapping[str, Decision] = {"accepted": "accepted", "rejected": "rejected"}
_OF_EVENT = "prediction-"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastDecision:
    """A decision on an interval, kept while no detected event belongs to it.

    Attributes
    ----------
    event : Event
        The event it was decided about.
    decision : str
        "accepted", "rejected" or "undecided".
    shift_s : float
        How far the event was moved.
    mark_id : str
        Of the mark that an accepted event became.
    """

    event: Event
    decision: Decision
    shift_s: float = 0.0
    mark_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Marks and decisions of a reviewer on a recording.

    Attributes
    ----------
    marks : tuple of Mark
        All marks; an accepted event is one of origin "predicted", with its final times.
    decisions : mapping of int to str
        By index of the detected event: "accepted" or "rejected".
    shifts_s : mapping of int to float
        By index of the detected event: how far it was moved, which is not a decision.
    past : tuple of PastDecision
        Decisions at other thresholds, see `carried`.
    """

    marks: tuple[Mark, ...] = ()
    decisions: Mapping[int, str] = field(default_factory=dict)
    shifts_s: Mapping[int, float] = field(default_factory=dict)
    past: tuple[PastDecision, ...] = ()

    def __bool__(self) -> bool:
        """Return whether there is any mark, decision or shift."""
        return bool(self.marks or self.decisions or any(self.shifts_s.values()))

    def without_decisions(self) -> Review:
        """Return only the marks, for another list of events.

        Accepted events stay as marks, with ids that no event of the next list can have.
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

    def carried(self, before: Sequence[Event], after: Sequence[Event]) -> Review:
        """Return the review for the events that the same trace gives at another threshold.

        A decision stays with every event that it covers by at least half. Decisions without such an
        event are kept in `past` until a threshold gives one again; the mark of an accepted event
        stays in any case.
        """
        past = self._past_decisions(before)
        holding = _holding(past, after)
        widest: dict[int, int] = {}
        for number, index in holding.items():
            shared_s = _shared_s(past[index], after[number])
            if index not in widest or shared_s > _shared_s(past[index], after[widest[index]]):
                widest[index] = number
        taken = {mark.mark_id for mark in self.marks}
        names: dict[str, str] = {}
        for index, one in enumerate(past):
            if one.mark_id and index in widest:
                names[one.mark_id] = f"{_OF_EVENT}{widest[index]}"
            elif one.mark_id.startswith(_OF_EVENT):
                names[one.mark_id] = _free_id(one.mark_id, taken)
        held = {number: past[index] for number, index in holding.items()}
        return Review(
            marks=tuple(
                replace(mark, mark_id=names.get(mark.mark_id, mark.mark_id)) for mark in self.marks
            ),
            decisions={
                number: one.decision for number, one in held.items() if one.decision != "undecided"
            },
            shifts_s={number: one.shift_s for number, one in held.items() if one.shift_s},
            past=tuple(replace(one, mark_id=names.get(one.mark_id, one.mark_id)) for one in past),
        )

    def _past_decisions(self, events: Sequence[Event]) -> list[PastDecision]:
        """Return all decisions so far; later ones replace earlier ones."""
        marks = {mark.mark_id for mark in self.marks}
        earlier = [one for one in self.past if one.decision != "accepted" or one.mark_id in marks]
        holding = _holding(earlier, events)
        fresh: list[PastDecision] = []
        standing = set(range(len(earlier))) - set(holding.values())
        for number, event in enumerate(events):
            decision = _DECIDED.get(self.decisions.get(number, ""), "undecided")
            shift_s = self.shifts_s.get(number, 0.0)
            held = earlier[holding[number]] if number in holding else None
            if held and (held.decision, held.shift_s) == (decision, shift_s):
                standing.add(holding[number])
            elif decision != "undecided" or shift_s:
                mark_id = f"{_OF_EVENT}{number}"
                name = mark_id if mark_id in marks else ""
                fresh.append(
                    PastDecision(event=event, decision=decision, shift_s=shift_s, mark_id=name)
                )
        return [*fresh, *(earlier[index] for index in sorted(standing))]


NO_REVIEW = Review()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedEvent:
    """A detected event with the reviewer's decision.

    Attributes
    ----------
    found : Event
        As detected.
    decision : str
        "accepted", "rejected" or "undecided".
    mark : Mark or None
        Mark of an accepted event, which may have other times or another kind.
    shift_s : float
        How far the reviewer moved it.
    is_covered : bool
        Whether a seizure marked by the reviewer covers at least half of it and so replaces it.
    """

    found: Event
    decision: Decision
    mark: Mark | None = None
    shift_s: float = 0.0
    is_covered: bool = False

    @property
    def kept(self) -> Event | None:
        """The event after review; None if it is not a seizure."""
        if self.decision == "rejected":
            return None
        if self.mark is None:
            if self.is_covered:
                return None
            # Sums made in the browser carry tails such as 6.707000000000001.
            onset_s = max(round(self.found.onset_s + self.shift_s, 6), 0.0)
            return replace(self.found, onset_s=onset_s) if self.shift_s else self.found
        event = self.mark.to_event()
        if not event.channels:
            event = replace(event, channels=self.found.channels)
        return event if event.is_seizure else None


def reviewed(events: Sequence[Event], review: Review) -> tuple[ReviewedEvent, ...]:
    """Return each detected event with the reviewer's decision."""
    marks = {mark.mark_id: mark for mark in review.marks}
    marked = joined(mark.to_event().span_s for mark in review.marks if mark.is_seizure)
    found = []
    for number, event in enumerate(events):
        decision = _DECIDED.get(review.decisions.get(number, ""), "undecided")
        mark = marks.get(f"{_OF_EVENT}{number}") if decision == "accepted" else None
        covered_s = sum(shared(event.span_s, span_s) for span_s in marked)
        found.append(
            ReviewedEvent(
                found=event,
                decision=decision,
                mark=mark,
                shift_s=review.shifts_s.get(number, 0.0),
                is_covered=covered_s > 0 and 2 * covered_s >= event.duration_s,
            )
        )
    return tuple(found)


def own_marks(events: Sequence[Event], review: Review) -> tuple[Mark, ...]:
    """Return the marks that do not belong to a detected event, by onset."""
    accepted = {f"{_OF_EVENT}{n}" for n in range(len(events)) if n in review.decisions}
    marks = [mark for mark in review.marks if mark.mark_id not in accepted]
    return tuple(sorted(marks, key=lambda mark: (mark.onset_s, mark.duration_s)))


def events_after(events: Sequence[Event], review: Review) -> tuple[Event, ...]:
    """Return the seizures after review: events not rejected, and the reviewer's own."""
    kept = [event.kept for event in reviewed(events, review)]
    own = [mark.to_event() for mark in own_marks(events, review) if mark.is_seizure]
    return seizures_of([*(event for event in kept if event is not None), *own])


def non_seizure_marks(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Return the marks that are not seizures, in order."""
    return tuple(mark for mark in marks if not mark.is_seizure)


def _holding(past: Sequence[PastDecision], events: Sequence[Event]) -> dict[int, int]:
    """Return for each event which decision covers at least half of it, where any does."""
    holding: dict[int, int] = {}
    if not past:
        return holding
    onsets_s, offsets_s = np.array([one.event.span_s for one in past]).T
    for number, event in enumerate(events):
        shared_s = np.minimum(offsets_s, event.offset_s) - np.maximum(onsets_s, event.onset_s)
        nearest = int(shared_s.argmax())
        if 2 * shared_s[nearest] >= max(event.duration_s, 1e-6):
            holding[number] = nearest
    return holding


def _shared_s(one: PastDecision, event: Event) -> float:
    return shared(one.event.span_s, event.span_s)


def _free_id(mark_id: str, taken: set[str]) -> str:
    number = 1
    while (free := f"earlier-{number}-{mark_id}"[-60:]) in taken:
        number += 1
    taken.add(free)
    return free
