"""State of a review: how much is decided and by which readers, as every export says."""

from __future__ import annotations

from dataclasses import dataclass

from seizure_core.review.folder import ReviewFolder
from seizure_core.review.model import ReviewItem, ReviewState


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """Contents of a report beyond the review; empty ones are left out.

    Attributes
    ----------
    case, patient, reviewer : str
        As typed: name of the case, patient, who signs.
    with_file_name : bool
        Whether file name and date of the recording are printed, which may identify the patient.
    """

    case: str = ""
    patient: str = ""
    reviewer: str = ""
    with_file_name: bool = False


NOTHING_MORE = Printed()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewStamp:
    """State of the review of a recording.

    Attributes
    ----------
    reviewed : str
        "yes" once every candidate is decided, "partly", or "no".
    reviewed_by : tuple of str
        Readers whose decisions count.
    last_decision : str
        UTC; empty if there is none.
    log_entries, log_sha256
        Length of the review's log, and its last hash: with them it cannot be shortened unnoticed.
    """

    reviewed: str
    reviewed_by: tuple[str, ...]
    n_candidates: int
    n_decided: int
    n_accepted: int
    n_rejected: int
    n_own: int
    last_decision: str
    log_entries: int
    log_sha256: str

    @property
    def sentence(self) -> str:
        """The stamp as one English sentence, which EDF+ files hold."""
        if self.reviewed == "no":
            return f"Not reviewed: {self.n_candidates} candidates, none decided"
        return (
            f"Reviewed by {', '.join(self.reviewed_by)}: {self.n_decided} of {self.n_candidates} "
            f"candidates decided, {self.n_accepted} accepted, {self.n_rejected} rejected, "
            f"{self.n_own} added ({self.last_decision})"
        )


def stamp_of(review: ReviewFolder, recording_id: str = "") -> ReviewStamp:
    """Return how far a recording, or by default all of a review, has been reviewed."""
    state = review.state
    candidates = state.candidates(recording_id)
    decided = [item for item in candidates if item.is_decided]
    own = [
        item
        for item in state.all_items
        if state.sources[item.source_id].role == "self"
        and item.decision in ("accepted", "changed")
        and recording_id in ("", item.recording_id)
    ]
    entries, sha256 = review.head
    is_begun = bool(decided or own)
    return ReviewStamp(
        reviewed=("yes" if len(decided) == len(candidates) else "partly") if is_begun else "no",
        reviewed_by=tuple(dict.fromkeys(item.who for item in (*decided, *own))),
        n_candidates=len(candidates),
        n_decided=len(decided),
        n_accepted=sum(item.decision != "rejected" for item in decided),
        n_rejected=sum(item.decision == "rejected" for item in decided),
        n_own=len(own),
        last_decision=max((item.judgements[-1].when for item in (*decided, *own)), default=""),
        log_entries=entries,
        log_sha256=sha256,
    )


def kept_items(state: ReviewState, recording_id: str) -> list[ReviewItem]:
    """Return the events of a recording that are left: accepted, changed, own and undecided."""
    found = []
    for item in state.items_of(recording_id):
        is_own = state.sources[item.source_id].role == "self"
        if item.final is not None and not (is_own and item.decision == "undecided"):
            found.append(item)
    return found
