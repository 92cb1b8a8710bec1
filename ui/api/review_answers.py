"""Answers of the endpoints about reviews, as `ui.api.answers` has those of the others."""

from __future__ import annotations

from typing import Any, Literal

from typing_extensions import TypedDict

from seizure_core.review.agreement import PairScore
from seizure_core.review.model import Decision


class ReviewProgressData(TypedDict):
    """State of a review: how many candidates are decided, and by which readers."""

    reviewed: Literal["yes", "partly", "no"]
    reviewed_by: list[str]
    n_candidates: int
    n_decided: int
    n_accepted: int
    n_rejected: int
    n_own: int
    last_decision: str
    log_entries: int
    log_sha256: str


class ReviewStampData(ReviewProgressData):
    """A review in the list."""

    review_id: str


class JudgementData(TypedDict):
    """One decision of one reader."""

    decision: Decision
    who: str
    when: str


class ReviewItemData(TypedDict):
    """An event of a review as found and as left; `event` is null if rejected."""

    item: str
    recording: str
    source: str
    decision: Decision
    reviewed_by: str
    reviewed_at: str
    found: dict[str, Any]
    event: dict[str, Any] | None
    judgements: list[JudgementData]


class ReviewedData(ReviewProgressData):
    """Events that were decided about."""

    events: list[ReviewItemData]


class ReviewData(ReviewedData):
    """Events of a review; `recordings` has the file name of each recording's id."""

    recordings: dict[str, str]


class ComparedReadersData(TypedDict):
    """Agreement of the readers and models of a review."""

    readers: list[dict[str, Any]]
    pairs: list[PairScore]
    kappa_readers: float | None
    stand_in: list[dict[str, Any]]
    disagreements: list[dict[str, Any]]


class DeletedReview(TypedDict):
    """A review that is gone."""

    review_id: str
    deleted: Literal[True]
