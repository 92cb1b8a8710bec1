"""Candidates of many recordings are decided by keys alone, and nothing that was decided is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from seizure_core.io.opening import open_recording
from seizure_core.recording import Recording
from seizure_core.review.folder import RecordingPlace, ReviewFolder, Verdict
from seizure_core.review.queue import undecided
from tests.browser.bare_viewer import BareViewer, Open
from tests.seizure_core.review.reviews import review_of
from ui.viewer.review_queue import ReviewQueue

pytestmark = pytest.mark.browser


def opener(place: RecordingPlace) -> Recording:
    return open_recording(Path(place.place))


@pytest.fixture
def review(tmp_path: Path) -> ReviewFolder:
    return review_of(tmp_path)[0]


def begun(review: ReviewFolder, open_viewer: Open, *, who: str = "Dr A") -> BareViewer:
    """Return a viewer that begins with the largest doubt."""
    first = undecided(review.state)[0].recording_id
    queue = ReviewQueue(review=review, who=who, order="doubt", opener=opener)
    queue.handles[first] = ""
    return open_viewer(opener(review.places()[first]), queue=queue)


def decisions(review: ReviewFolder) -> list[str]:
    return [item.decision for item in ReviewFolder(review.folder).state.candidates()]


def said(viewer: BareViewer) -> str:
    return viewer.page.locator(".szv-judging").inner_text()


def decide(viewer: BareViewer, *keys: str) -> None:
    """Press keys and wait until the next candidate stands on the screen."""
    before = viewer.read("viewer.queue.nDecided")
    for key in keys:
        viewer.page.keyboard.press(key)
    viewer.page.wait_for_function(f"viewer.queue.nDecided > {before} && !viewer.queue.isMoving")
    viewer.wait()


def test_a_review_of_two_recordings_needs_no_mouse(review: ReviewFolder, open_viewer: Open) -> None:
    viewer = begun(review, open_viewer)
    viewer.read("viewer.overlay.focus()")
    assert "0 of 8 decided" in said(viewer)
    order = [item.item_id for item in undecided(review.state)]
    files = []
    for keys in (["y"], ["x"], ["j", "y"], ["Shift+A", "y"], ["2", "y"], ["x"], ["x"], ["x"]):
        files.append(viewer.read("viewer.info.file_name"))
        decide(viewer, *keys)
    viewer.read("viewer.outbox.sending")
    assert len(set(files)) == 2
    expect(viewer.page.locator(".szv-judging")).to_contain_text("8 of 8 decided")
    state = ReviewFolder(review.folder).state
    assert [state.items[one].decision for one in order] == [
        *("accepted", "rejected", "changed", "changed", "changed"),
        *("rejected", "rejected", "rejected"),
    ]
    later = state.items[order[2]]
    assert later.final is not None
    assert later.final.onset_s == later.event.onset_s + 1
    assert [state.items[one].final.event_type for one in order[3:5]] == ["artefact", "sz_foc"]  # type: ignore[union-attr]
    assert {item.who for item in state.candidates()} == {"Dr A"}


def test_nothing_is_lost_when_the_page_is_loaded_again(
    review: ReviewFolder, open_viewer: Open
) -> None:
    viewer = begun(review, open_viewer)
    viewer.read("viewer.overlay.focus()")
    decide(viewer, "y")
    decide(viewer, "x")
    viewer.read("viewer.outbox.sending")
    viewer.reload()
    expect(viewer.page.locator(".szv-judging")).to_contain_text("2 of 8 decided")
    viewer.read("viewer.overlay.focus()")
    decide(viewer, "y")
    viewer.read("viewer.outbox.sending")
    assert sum(one != "undecided" for one in decisions(review)) == 3


def test_what_cannot_be_sent_is_told_kept_and_sent_again(
    review: ReviewFolder, open_viewer: Open
) -> None:
    viewer = begun(review, open_viewer)
    viewer.read("viewer.overlay.focus()")
    viewer.read(
        "() => { Outbox.AGAIN_MS = 60_000; window.sent = viewer.outbox.server.viewer_review;"
        " viewer.outbox.server.viewer_review = () => Promise.reject(new Error('offline')); }"
    )
    for key in ("y", "x", "y"):
        decide(viewer, key)
    message = viewer.page.locator(".szv-message")
    expect(message).to_contain_text("kept on this page and sent again")
    expect(viewer.page.locator(".szv-judging")).to_contain_text("3 of 8 decided")
    assert decisions(review).count("undecided") == 8
    assert viewer.read("viewer.outbox.waiting.size") == 2
    viewer.read(
        "() => { viewer.outbox.server.viewer_review = window.sent; return viewer.outbox.send(); }"
    )
    expect(message).to_be_hidden()
    assert decisions(review).count("undecided") == 5


def test_two_windows_keep_each_others_decisions(review: ReviewFolder, open_viewer: Open) -> None:
    one = begun(review, open_viewer)
    two = begun(ReviewFolder(review.folder), open_viewer, who="Dr B")
    for viewer in (one, two):
        viewer.read("viewer.overlay.focus()")
    decide(one, "y")
    decide(two, "n", "x")
    one.read("viewer.outbox.sending")
    two.read("viewer.outbox.sending")
    state = ReviewFolder(review.folder).state
    assert {item.who for item in state.candidates() if item.is_decided} == {"Dr A", "Dr B"}


def test_a_recording_that_is_gone_is_passed_over_with_its_reason(
    review: ReviewFolder, open_viewer: Open
) -> None:
    here = undecided(review.state)[0].recording_id
    (gone,) = set(review.places()) - {here}
    Path(review.places()[gone].place).unlink()
    viewer = begun(review, open_viewer)
    viewer.read("viewer.overlay.focus()")
    viewer.page.keyboard.press("y")
    expect(viewer.page.locator(".szv-message")).to_contain_text("no such file")
    viewer.page.wait_for_function("!viewer.queue.isMoving")
    decide(viewer, "n", "x")
    assert not viewer.read(f"viewer.queue.items.some((one) => one.recording === '{gone}')")
    assert viewer.read("viewer.info.file_name") == review.places()[here].file_name


def test_a_decision_from_the_command_line_is_on_the_page_that_opens_later(
    review: ReviewFolder, open_viewer: Open
) -> None:
    first = undecided(review.state)[0]
    review.decide([Verdict(item_id=first.item_id, decision="rejected")], who="script")
    viewer = begun(review, open_viewer)
    assert "1 of 8 decided" in said(viewer)
