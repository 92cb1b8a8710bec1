"""What a model found is judged in the viewer: threshold, decisions, files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.bare_viewer import BareViewer, Open
from tests.memory_recording import memory_recording
from tests.ui.values import LIVE_POINT, live_result
from ui.viewer.handles import NO_OVERLAYS

pytestmark = pytest.mark.browser


@pytest.fixture
def viewer(open_viewer: Open) -> BareViewer:
    recording = memory_recording(["FP1-F7", "F7-T7"], duration_s=80, file_name="a.edf")
    return open_viewer(recording, NO_OVERLAYS.showing(live_result(), LIVE_POINT))


def slider(page: Page) -> Locator:
    return page.get_by_role("slider", name="Threshold of the model")


def events(page: Page) -> Locator:
    return page.locator(".szv-event")


def drag_to(page: Page, threshold: float) -> None:
    """Drag the line until it stands at a threshold, and let it go."""
    y = page.evaluate(
        """(value) => viewer.overlay.getBoundingClientRect().top
          + Geometry.yOfProbability(viewer.geometry.probability, value)""",
        threshold,
    )
    box = slider(page).bounding_box()
    assert box is not None
    x = box["x"] + box["width"] / 2
    page.mouse.move(x, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(x, (box["y"] + y) / 2)
    page.mouse.move(x, y)
    page.mouse.up()


def test_events_follow_a_threshold_that_is_dragged_and_default_brings_it_back(
    viewer: BareViewer,
) -> None:
    page = viewer.page
    expect(events(page)).to_have_count(3)
    default = page.get_by_role("button", name="Default")
    expect(default).to_be_hidden()
    drag_to(page, 0.85)
    expect(events(page)).to_have_count(1)
    value = float(slider(page).get_attribute("aria-valuenow") or 0)
    assert value == pytest.approx(0.85, abs=0.02)
    found = viewer.store.get(viewer.handle).overlays.found
    assert found is not None
    assert found.threshold == value
    default.click()
    expect(events(page)).to_have_count(3)
    expect(slider(page)).to_have_attribute("aria-valuenow", "0.6")
    expect(default).to_be_hidden()


def test_the_keyboard_alone_moves_the_threshold_and_judges_events(viewer: BareViewer) -> None:
    page, where = viewer.page, viewer.page.locator(".szv-where")
    page.locator(".szv-overlay").focus()
    viewer.press("t", "ArrowUp", "ArrowUp", "ArrowUp", "ArrowUp", "ArrowUp")
    expect(slider(page)).to_be_focused()
    spoken = "threshold 0.65, Found by the model (2)"
    expect(slider(page)).to_have_attribute("aria-valuetext", spoken)
    expect(events(page)).to_have_count(2)
    viewer.press("y")
    expect(where).to_contain_text("No event of the model is on this page")
    viewer.press("n", "y")
    expect(where).to_contain_text("Accepted · 1 of 2 decided")
    assert viewer.start_s == 29, "the next undecided event is centred"
    viewer.press("x")
    expect(where).to_contain_text("Rejected · 2 of 2 decided")
    viewer.press("PageDown")
    expect(events(page)).to_have_count(3)
    expect(page.get_by_text("2 of 3 decided")).to_be_visible()
    review = viewer.store.get(viewer.handle).review
    assert review.decisions == {0: "accepted", 1: "rejected"}


def test_undo_and_redo_cross_a_change_of_the_threshold(viewer: BareViewer) -> None:
    page, opened = viewer.page, viewer.store.get(viewer.handle)
    page.locator(".szv-overlay").focus()
    viewer.press("n", "x", "t", "PageUp", "PageUp")
    expect(events(page)).to_have_count(1)
    rejected = opened.review.decisions
    undo, redo = page.get_by_role("button", name="Undo"), page.get_by_role("button", name="Redo")
    undo.click()
    expect(events(page)).to_have_count(3)
    expect(slider(page)).to_have_attribute("aria-valuenow", "0.6")
    expect(page.get_by_text("1 of 3 decided")).to_be_visible()
    assert opened.overlays.threshold == 0.6
    undo.click()
    expect(page.get_by_text("0 of 3 decided")).to_be_visible()
    expect(undo).to_be_disabled()
    redo.click()
    redo.click()
    expect(events(page)).to_have_count(1)
    viewer.wait()
    assert (opened.overlays.threshold, opened.review.decisions) == (0.8, rejected)
    expect(redo).to_be_disabled()


def test_an_event_asks_the_page_for_its_explanation(viewer: BareViewer) -> None:
    page = viewer.page
    page.evaluate("viewer.trigger = (name, data) => (window.asked = [name, data])")
    page.get_by_role("button", name="Go to: Seizure 90 %").click()
    page.get_by_role("button", name="Explain").click()
    assert page.evaluate("asked") == ["explain_asked", {"onset_s": 30, "duration_s": 20}]


def test_events_are_listed_by_time_duration_or_probability(viewer: BareViewer) -> None:
    page = viewer.page
    order = page.get_by_label("Order of events")
    onsets = {
        "time": ["0:00:10", "0:00:30", "0:01:00"],
        "duration": ["0:00:30", "0:00:10", "0:01:00"],
        "probability": ["0:00:30", "0:00:10", "0:01:00"],
    }
    for name, expected in onsets.items():
        order.select_option(name)
        expect(events(page)).to_have_count(3)
        for one, onset in zip(events(page).all(), expected, strict=True):
            expect(one).to_contain_text(onset)


def test_a_decision_is_taken_back_and_reaches_the_file(viewer: BareViewer, tmp_path: Path) -> None:
    page = viewer.page
    page.get_by_role("button", name="Go to: Seizure 90 %").click()
    assert viewer.start_s == 29
    reject = page.get_by_role("button", name="Reject")
    reject.click()
    expect(reject).to_have_attribute("aria-pressed", "true")
    reject.click()
    expect(reject).to_have_attribute("aria-pressed", "false")
    reject.click()
    page.get_by_text("Export", exact=True).click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Full result (JSON)").click()
    assert saved.value.suggested_filename == "a_reviewed_result.json"
    saved.value.save_as(tmp_path / "result.json")
    result = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))
    assert [one["onset_s"] for one in result["events"]] == [10.0, 60.0]
    expect(page.locator(".szv-where")).to_contain_text("of which 2 not decided yet; 1 rejected")
    expect(page.get_by_role("button", name="Full result (JSON)")).to_be_hidden()
