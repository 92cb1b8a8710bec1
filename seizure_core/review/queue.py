"""The order in which a reader decides about candidates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

from seizure_core.errors import ParameterError
from seizure_core.review.model import ReviewItem, ReviewState

Order = Literal["doubt", "probability", "time"]
ORDERS: tuple[Order, ...] = get_args(Order)
_THRESHOLD = 0.5


def ordered(state: ReviewState, items: Sequence[ReviewItem], order: str) -> list[ReviewItem]:
    """Return events in the order in which they should be looked at.

    Parameters
    ----------
    order : str
        "doubt": nearest to the threshold of their model first; "probability": the highest first;
        "time": as they lie in the recordings. Events without a probability come last.

    Raises
    ------
    ParameterError
        There is no such order.
    """
    if order not in ORDERS:
        raise ParameterError(
            "Events are sorted by {orders}; not by {order!r}.",
            orders=", ".join(ORDERS),
            order=order,
        )
    place = {recording_id: number for number, recording_id in enumerate(state.durations_s)}

    def key(item: ReviewItem) -> tuple[float, int, float]:
        rank = 0.0
        if order == "doubt":
            rank = -doubt(state, item)
        elif order == "probability":
            rank = -(item.event.confidence or 0.0)
        return rank, place[item.recording_id], item.event.onset_s

    return sorted(items, key=key)


def doubt(state: ReviewState, item: ReviewItem) -> float:
    """Return how near an event's probability is to the threshold of its model: 0 far, 1 at it."""
    if item.event.confidence is None:
        return 0.0
    threshold = float(state.sources[item.source_id].details.get("threshold") or _THRESHOLD)
    room = max(threshold, 1.0 - threshold)
    return 1.0 - min(abs(item.event.confidence - threshold) / room, 1.0)


def undecided(state: ReviewState, order: str = "doubt", recording_id: str = "") -> list[ReviewItem]:
    """Return the candidates that are left, in the order in which to decide."""
    left = [item for item in state.candidates(recording_id) if not item.is_decided]
    return ordered(state, left, order)
