"""The queue of a reader: candidates of many recordings, one after the other in one viewer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from seizure_core.recording import Recording
from seizure_core.review.folder import RecordingPlace, ReviewFolder
from seizure_core.review.paging import ReviewPage
from seizure_core.review.queue import ordered

Opener = Callable[[RecordingPlace], Recording]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewQueue:
    """Candidates that one reader decides about, in an order.

    Attributes
    ----------
    who : str
        The reader.
    order : str
        As `seizure_core.review.queue.ordered` takes it.
    opener : callable
        Opens a recording of the review.
    handles : dict of str to str
        Under which handle each recording is open in the reader's viewer.
    """

    review: ReviewFolder
    who: str
    order: str
    opener: Opener
    handles: dict[str, str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def listed(self) -> dict[str, Any]:
        """Return all candidates, undecided ones first and in order, and how many are decided."""
        state = self.review.state
        numbers = {
            item_id: number
            for recording_id in state.durations_s
            for number, item_id in enumerate(self.page(recording_id).items)
        }
        items = ordered(state, state.candidates(), self.order)
        return {
            "items": [
                {
                    "recording": item.recording_id,
                    "prediction": numbers[item.item_id],
                    "onset_s": item.event.onset_s,
                    "duration_s": item.event.duration_s,
                    "is_decided": item.is_decided,
                }
                for item in sorted(items, key=lambda item: item.is_decided)
            ],
            **self.progress(),
        }

    def progress(self) -> dict[str, int]:
        """Return how many candidates there are, and how many are decided."""
        candidates = self.review.state.candidates()
        return {
            "n_candidates": len(candidates),
            "n_decided": sum(item.is_decided for item in candidates),
        }

    def page(self, recording_id: str) -> ReviewPage:
        """Return the candidates of a recording."""
        return ReviewPage(self.review, recording_id, self.who)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedRecording:
    """A recording that is looked at as part of a queue."""

    queue: ReviewQueue
    page: ReviewPage
