"""The part of a review that one page of the viewer shows and changes: one recording."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from seizure_core.events.event import Event, Mark
from seizure_core.review.folder import ReviewFolder, Verdict, mark_item_id
from seizure_core.review.model import ReviewItem
from seizure_core.review.page import Review, reviewed

PREDICTION = "prediction-"
"""Beginning of the id of the mark that an accepted event becomes."""


class ReviewPage:
    """Candidates of one recording, as a page shows them, and the way back into the log.

    Parameters
    ----------
    review : ReviewFolder
        The review.
    recording_id : str
        Which of its recordings.
    who : str
        The reader at the screen.

    Attributes
    ----------
    items : tuple of str
        Ids of the candidates, by onset.
    events : tuple of Event
        The candidates as they were found, in the same order.
    """

    def __init__(self, review: ReviewFolder, recording_id: str, who: str) -> None:
        self.review, self.recording_id, self.who = review, recording_id, who
        found = sorted(review.state.candidates(recording_id), key=lambda item: item.event.span_s)
        self.items = tuple(item.item_id for item in found)
        self.events = tuple(item.event for item in found)

    def load(self) -> Review:
        """Return marks and decisions as the log holds them now, of other windows too."""
        state = self.review.state
        marks, decisions, shifts_s = [], {}, {}
        for number, item_id in enumerate(self.items):
            item = state.items[item_id]
            if item.decision in ("accepted", "changed") and item.final is not None:
                decisions[number] = "accepted"
                marks.append(Mark.of_event(item.final, f"{PREDICTION}{number}"))
            elif item.decision == "rejected":
                decisions[number] = "rejected"
            elif item.final is not None and item.final.onset_s != item.event.onset_s:
                shifts_s[number] = item.final.onset_s - item.event.onset_s
        marks += [
            replace(Mark.of_event(item.final, item.item_id), origin="own")
            for item in state.items_of(self.recording_id)
            if self._is_own(item) and item.is_decided and item.final is not None
        ]
        ordered = sorted(marks, key=lambda mark: (mark.onset_s, mark.duration_s))
        return Review(marks=tuple(ordered), decisions=decisions, shifts_s=shifts_s)

    def keep(self, before: Review, after: Review) -> None:
        """Write down what the reader changed between two states of the page.

        Only the changes are written: decisions of other windows stay.

        Raises
        ------
        ParameterError
            A mark cannot be an event of the recording.
        """
        verdicts = [*self._judged(before, after), *self._removed(before, after)]
        known = {mark.mark_id: mark for mark in before.marks}
        for mark in after.marks:
            if mark.mark_id.startswith(PREDICTION) or known.get(mark.mark_id) == mark:
                continue
            if (item_id := self._own_item(mark.mark_id)) in self.review.state.items:
                verdict = Verdict(item_id=item_id, decision="changed", event=mark.to_event())
                verdicts.append(verdict)
            else:
                event = mark.to_event()
                self.review.mark(self.recording_id, event, who=self.who, mark_id=mark.mark_id)
        if verdicts:
            self.review.decide(verdicts, who=self.who)

    def _judged(self, before: Review, after: Review) -> Iterator[Verdict]:
        pairs = zip(reviewed(self.events, before), reviewed(self.events, after), strict=True)
        for item_id, (was, now) in zip(self.items, pairs, strict=True):
            same = (was.decision, was.mark, was.shift_s) == (now.decision, now.mark, now.shift_s)
            if same:
                continue
            event: Event | None = None
            if now.mark is not None:
                event = now.mark.to_event()
            elif now.decision == "undecided" and now.shift_s:
                event = replace(now.found, onset_s=max(now.found.onset_s + now.shift_s, 0.0))
            yield Verdict(item_id=item_id, decision=now.decision, event=event)

    def _removed(self, before: Review, after: Review) -> Iterator[Verdict]:
        left = {mark.mark_id for mark in after.marks}
        for mark in before.marks:
            if mark.mark_id not in left and not mark.mark_id.startswith(PREDICTION):
                yield Verdict(item_id=self._own_item(mark.mark_id), decision="rejected")

    def _own_item(self, mark_id: str) -> str:
        """Return the id of a mark's event: its own where it came from the log."""
        if mark_id in self.review.state.items:
            return mark_id
        return mark_item_id(self.recording_id, mark_id)

    def _is_own(self, item: ReviewItem) -> bool:
        return self.review.state.sources[item.source_id].role == "self"
