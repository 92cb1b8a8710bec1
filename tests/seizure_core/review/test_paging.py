from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from seizure_core.events.event import Mark
from seizure_core.review.folder import ReviewFolder
from seizure_core.review.page import NO_REVIEW, Review
from seizure_core.review.paging import ReviewPage
from tests.seizure_core.review.reviews import review_of


def page_of(folder: Path) -> ReviewPage:
    review, (first, _) = review_of(folder)
    return ReviewPage(review, first, "Dr A")


def accepted(page: ReviewPage, number: int, **changes: object) -> Mark:
    mark = Mark.of_event(page.events[number], f"prediction-{number}")
    return replace(mark, **changes)  # type: ignore[arg-type]


def test_what_a_page_sends_comes_back_to_another_page(tmp_path: Path) -> None:
    page = page_of(tmp_path)
    own = Mark(mark_id="own-1", onset_s=30.0, duration_s=0.2, kind="spike", side="left")
    sent = Review(
        marks=(own, accepted(page, 0), accepted(page, 1, onset_s=190.0, kind="artefact")),
        decisions={0: "accepted", 1: "accepted", 2: "rejected"},
        shifts_s={3: -2.0},
    )
    page.keep(NO_REVIEW, sent)
    other = ReviewPage(ReviewFolder(page.review.folder), page.recording_id, "Dr B")
    back = other.load()
    assert (back.decisions, back.shifts_s) == (sent.decisions, sent.shifts_s)
    assert [replace(mark, mark_id="", origin="") for mark in back.marks] == [
        replace(mark, mark_id="", origin="") for mark in sent.marks
    ]
    items = page.review.state.items
    assert [items[one].decision for one in page.items] == [
        "accepted",
        "changed",
        "rejected",
        "undecided",
    ]


def test_only_what_changed_is_written_so_that_two_windows_do_not_undo_each_other(
    tmp_path: Path,
) -> None:
    one = page_of(tmp_path)
    two = ReviewPage(ReviewFolder(one.review.folder), one.recording_id, "Dr B")
    one.keep(NO_REVIEW, Review(decisions={2: "rejected"}))
    two.keep(NO_REVIEW, Review(decisions={3: "rejected"}))
    one.keep(Review(decisions={2: "rejected"}), Review(decisions={0: "rejected", 2: "rejected"}))
    assert one.load().decisions == {0: "rejected", 2: "rejected", 3: "rejected"}
    assert one.review.state.items[one.items[3]].who == "Dr B"
    n_entries = one.review.head[0]
    one.keep(one.load(), one.load())
    assert one.review.head[0] == n_entries


def test_undo_and_deleting_are_decisions_too(tmp_path: Path) -> None:
    page = page_of(tmp_path)
    own = Mark(mark_id="own-1", onset_s=30.0, duration_s=5.0)
    decided = Review(marks=(own,), decisions={2: "rejected"})
    page.keep(NO_REVIEW, decided)
    page.keep(decided, NO_REVIEW)
    assert page.load() == NO_REVIEW
    page.keep(NO_REVIEW, decided)  # redo
    (mark,) = page.load().marks
    longer = replace(mark, duration_s=9.0)
    page.keep(page.load(), Review(marks=(longer,), decisions={2: "rejected"}))
    assert page.load().marks == (longer,)
