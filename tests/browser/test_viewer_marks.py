"""Journeys through the EEG viewer: marking and judging events."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.bare_viewer import BareViewer
from tests.browser.viewer_steps import (
    CANVAS,
    VIEWER,
    button,
    drag,
    expect_page,
    has_ink,
    python_read,
)

pytestmark = pytest.mark.browser


def test_an_event_is_marked_by_dragging_edited_undone_and_read_by_python(
    viewer: Page, opened: BareViewer
) -> None:
    viewer.locator(CANVAS).press("m")
    drag(viewer, 0.2, 0.5)
    editor = viewer.get_by_role("form", name="Event")
    expect(editor).to_be_visible()
    editor.get_by_label("Type").first.select_option("sz_foc")
    editor.get_by_label("Remark").first.fill("left")
    editor.get_by_role("button", name="Save").click()
    expect(editor).to_be_hidden()
    assert re.fullmatch(r"sz_foc [12]\.\d\+3\.\d left \| \{\}", python_read(opened))
    expect(viewer.get_by_text("Your marks (1)")).to_be_visible()
    assert has_ink(viewer, "marks")
    viewer.locator(CANVAS).press("Control+z")
    assert python_read(opened) == " | {}"
    button(viewer, "Redo").click()
    expect(viewer.get_by_text("Your marks (1)")).to_be_visible()
    button(viewer, "Edit").click()
    editor.get_by_label("Onset (s)").first.fill("4")
    editor.get_by_label("Duration (s)").first.fill("2.5")
    editor.get_by_label("Onset (s)").first.press("Enter")
    assert python_read(opened) == "sz_foc 4.0+2.5 left | {}"
    button(viewer, "Delete").last.click()
    expect(viewer.get_by_text("Your marks (0)")).to_be_visible()


def test_an_event_is_added_and_changed_with_the_keyboard_alone(
    viewer: Page, opened: BareViewer
) -> None:
    viewer.locator(CANVAS).press("a")
    viewer.keyboard.press("Tab")
    viewer.keyboard.type("by key")
    viewer.keyboard.press("Enter")
    assert python_read(opened) == "sz 2.5+5.0 by key | {}"
    expect(viewer.locator(CANVAS)).to_be_focused()


def test_a_marks_edge_is_dragged_on_the_canvas(viewer: Page, opened: BareViewer) -> None:
    viewer.locator(CANVAS).press("a")
    viewer.keyboard.press("Enter")
    assert python_read(opened) == "sz 2.5+5.0  | {}"
    box = viewer.locator(CANVAS).bounding_box()
    assert box is not None
    lane = viewer.evaluate(f"({VIEWER}.geometry.lanes.at(-1).y + 9) / {VIEWER}.geometry.height")
    drag(viewer, 0.7495, 0.9495, height=lane)
    assert re.fullmatch(r"sz 2\.5\+7\.0  \| \{\}", python_read(opened))


def test_python_reads_what_was_decided_about_a_prediction(viewer: Page, opened: BareViewer) -> None:
    viewer.get_by_role("button", name=re.compile("^Go to: Seizure 97 %")).click()
    button(viewer, "Accept").click()
    assert python_read(opened) == "sz 13.0+34.0  | {1: 'accepted'}"
    button(viewer, "Shift by one second to earlier").click()
    assert python_read(opened) == "sz 12.0+34.0  | {1: 'accepted'}"
    button(viewer, "Reject").click()
    assert python_read(opened) == " | {1: 'rejected'}"


def test_lists_and_keys_jump_to_events_and_so_does_the_page_around(viewer: Page) -> None:
    viewer.get_by_role("button", name=re.compile("^Go to: Seizure 97 %")).click()
    expect_page(viewer, 12)
    viewer.locator(CANVAS).press("Home")
    viewer.locator(CANVAS).press("n")
    expect_page(viewer, 9)
    viewer.locator(CANVAS).press("n")
    expect_page(viewer, 12)
    viewer.locator(CANVAS).press("p")
    expect_page(viewer, 9)
    viewer.locator(CANVAS).press("Home")
    expect_page(viewer, 0)
    event = {"onset_s": 10, "duration_s": 40}
    viewer.evaluate("(event) => show({ handle: viewer.handle, event, number: 2 })", event)
    expect_page(viewer, 9)


def test_marks_are_saved_and_read_again(viewer: Page, opened: BareViewer) -> None:
    viewer.locator(CANVAS).press("a")
    viewer.keyboard.press("Enter")
    viewer.get_by_text("Export", exact=True).click()
    with viewer.expect_download() as saved:
        button(viewer, "Reviewed events (TSV)").click()
    assert saved.value.suggested_filename == "chb01_03_seizure_s2986-3036_marks.tsv"
    content = Path(saved.value.path()).read_bytes()
    assert b"2.50\t5.00\tsz" in content
    button(viewer, "Undo").click()
    expect(viewer.get_by_text("Your marks (0)")).to_be_visible()
    with viewer.expect_file_chooser() as chooser:
        button(viewer, "Import…").click()
    chooser.value.set_files({"name": "e.tsv", "mimeType": "text/plain", "buffer": content})
    assert python_read(opened) == "sz 2.5+5.0  | {}"
    with viewer.expect_file_chooser() as chooser:
        button(viewer, "Import…").click()
    chooser.value.set_files({"name": "x.tsv", "mimeType": "text/plain", "buffer": b"nothing"})
    expect(viewer.get_by_role("alert")).to_contain_text("x.tsv")
