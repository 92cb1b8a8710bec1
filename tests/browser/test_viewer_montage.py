"""Montages of one's own, typed as text; marks on single channels, with their side."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.bare_viewer import BareViewer, Open
from tests.browser.viewer_steps import drag
from tests.memory_recording import memory_recording

pytestmark = pytest.mark.browser

ELECTRODES = ["Fp1", "F7", "C3", "C4", "A1", "A2", "Fz", "Cz", "ECG"]


@pytest.fixture
def viewer(open_viewer: Open) -> BareViewer:
    return open_viewer(memory_recording(ELECTRODES, duration_s=61))


def labels(viewer: BareViewer) -> list[str]:
    """Return the labels of the traces on the screen."""
    found: list[str] = viewer.read("viewer.shown().map((n) => viewer.rows[n].label)")
    return found


def test_own_derivations_are_typed_shown_corrected_and_saved(
    viewer: BareViewer, tmp_path: Path
) -> None:
    page = viewer.page
    page.get_by_role("tab", name="Channels").click()
    page.get_by_role("button", name="Edit", exact=True).click()
    lines = page.get_by_label("Derivations, one a line")
    expect(lines).to_have_value("\n".join(ELECTRODES))
    lines.fill("Fp1-F7\nC3-(A1+A2)/2\nC4-(A1+X9)/2")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("in this recording: C4-(A1+X9)/2")
    assert labels(viewer) == ["Fp1-F7", "C3-(A1+A2)/2", "ECG"]
    lines.press("End")
    expect(page.get_by_role("alert")).to_be_visible()
    lines.fill("Fp1-F7\nC3-(A1+A2)/2\nC4-(A1+A2)/2\n2*Fz-C3-C4")
    expect(page.get_by_role("alert")).to_be_hidden()
    page.get_by_label("Name of the montage").fill("Ears")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save", exact=True).click()
    viewer.wait()
    wanted = ["Fp1-F7", "C3-(A1+A2)/2", "C4-(A1+A2)/2", "2*Fz-C3-C4"]
    assert labels(viewer) == [*wanted, "ECG"]
    path = tmp_path / "ears.json"
    saved.value.save_as(path)
    assert [row["derivation"] for row in json.loads(path.read_text())["rows"]] == wanted
    expect(page.get_by_label("Montage", exact=True)).to_have_value("own:Ears")
    # All voltages are drawn to one scale: a sum is EEG, too.
    assert viewer.read("viewer.shown().map((n) => viewer.isEeg(n))") == [True] * 4 + [False]


def test_a_reference_is_put_against_every_electrode_with_a_star(viewer: BareViewer) -> None:
    page = viewer.page
    page.get_by_role("tab", name="Channels").click()
    page.get_by_role("button", name="Edit", exact=True).click()
    page.get_by_label("Derivations, one a line").fill("*-(A1+A2)/2")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_label("Montage", exact=True)).to_have_value("own:Own montage")
    viewer.wait()
    assert "FP1-(A1+A2)/2" in labels(viewer)
    assert len(labels(viewer)) == 7


def test_a_mark_of_one_trace_has_its_channel_and_side_and_is_shaded_there(
    viewer: BareViewer,
) -> None:
    page = viewer.page
    viewer.read("viewer.overlay.focus()")
    viewer.press("m")
    share = viewer.read("viewer.geometry.middles[2] / viewer.geometry.height")
    page.keyboard.down("Shift")
    box = page.locator(".szv-overlay").bounding_box()
    assert box is not None
    y = box["y"] + share * box["height"]
    page.mouse.move(box["x"] + 300, y)
    page.mouse.down()
    page.mouse.move(box["x"] + 500, y)
    page.mouse.up()
    page.keyboard.up("Shift")
    editor = page.get_by_role("form", name="Event")
    expect(editor.get_by_label("Channels").first).to_have_value("C3")
    editor.get_by_label("Channels").first.fill("C3, Fp1")
    editor.get_by_label("Side").first.select_option("left")
    editor.get_by_label("Type").first.select_option("spike")
    editor.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Spike (C3, Fp1)")).to_be_visible()
    (mark,) = viewer.read("viewer.state().marks")
    assert (mark["channels"], mark["side"], mark["kind"]) == (["C3", "Fp1"], "left", "spike")
    viewer.read("viewer.outbox.sending")
    (kept,) = viewer.store.get(viewer.handle).review.marks
    assert (kept.channels, kept.side) == (("C3", "Fp1"), "left")
    bands = viewer.read("DrawLanes.bandsOf(viewer, viewer.state().marks[0]).map(({ y }) => y)")
    middles = viewer.read("viewer.geometry.middles")
    half = viewer.read("viewer.geometry.rowHeight") / 2
    assert bands == pytest.approx([middles[0] - half, middles[2] - half])


def test_leaving_the_editor_changes_nothing_and_all_marks_can_be_deleted(
    viewer: BareViewer,
) -> None:
    page = viewer.page
    viewer.read("viewer.overlay.focus()")
    viewer.press("m")
    for place in (0.2, 0.6):
        drag(page, place, place + 0.1)
        page.keyboard.press("Enter")
    expect(page.get_by_text("Your marks (2)")).to_be_visible()
    before = viewer.read("JSON.stringify(viewer.state())")
    page.get_by_role("button", name="Edit", exact=True).first.click()
    page.get_by_role("form", name="Event").get_by_label("Remark").first.fill("no")
    page.keyboard.press("Escape")
    assert viewer.read("JSON.stringify(viewer.state())") == before
    for left in (1, 0):
        page.get_by_role("button", name="Delete", exact=True).first.click()
        expect(page.get_by_text(f"Your marks ({left})")).to_be_visible()
    viewer.read("viewer.outbox.sending")
    assert viewer.store.get(viewer.handle).review.marks == ()
