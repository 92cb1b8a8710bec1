"""What a technician does in the viewer, key by key, on a page without Gradio."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest
from playwright.sync_api import expect

from seizure_core.events.event import Event, Mark
from seizure_core.events.trace import ProbabilityTrace
from tests.browser.bare_viewer import DURATION_S, LABELS, BareViewer, Open, made
from tests.memory_recording import memory_recording
from ui.viewer.handles import NO_OVERLAYS, Overlays, Review

pytestmark = pytest.mark.browser

FOUND = Overlays(
    references=(Event(onset_s=30, duration_s=10),),
    predictions=(Event(onset_s=12, duration_s=6, confidence=0.997),),
    trace=ProbabilityTrace(
        probabilities=np.linspace(0, 1, 61, dtype=np.float32), duration_s=DURATION_S
    ),
    threshold=0.5,
)


@pytest.fixture
def viewer(open_viewer: Open) -> BareViewer:
    return open_viewer(overlays=FOUND)


def test_after_going_to_a_time_the_keys_belong_to_the_eeg(viewer: BareViewer) -> None:
    page = viewer.page
    page.locator(".szv-overlay").focus()
    viewer.press("g")
    page.keyboard.type("0:25")
    viewer.press("Enter")
    assert (viewer.start_s, viewer.has_keys) == (25, True)
    viewer.press("PageDown")
    assert viewer.start_s == 35
    viewer.press("g")
    page.keyboard.type("7")  # takes the place of the old text
    expect(page.get_by_label("Go to a time")).to_have_value("7")
    viewer.press("Escape")
    assert (viewer.start_s, viewer.has_keys) == (35, True)
    expect(page.locator(".szv-where")).to_contain_text("0:00:35")


def test_a_wrong_time_is_explained_until_it_is_corrected(viewer: BareViewer) -> None:
    page = viewer.page
    field = page.get_by_label("Go to a time")
    field.fill("soon")
    field.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("“soon” is not a time")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    field.press("Backspace")
    expect(page.get_by_role("alert")).to_be_hidden()
    field.fill("99:00")
    field.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("lies outside the recording")
    field.fill("10")
    field.press("Enter")
    expect(page.get_by_role("alert")).to_be_hidden()
    assert (viewer.start_s, viewer.has_keys) == (10, True)


def test_it_is_said_how_a_time_was_read_and_until_when_one_may_go(open_viewer: Open) -> None:
    viewer = open_viewer(made(start_time=datetime(2076, 11, 6, 11, 42, 54)))
    page = viewer.page
    field = page.get_by_label("Go to a time")
    for typed, start_s, said in [
        ("11:43:04", 10, "clock time 11:43:04"),
        ("0:25", 25, "0:00:25 from the start"),
        ("11:43 am", 6, "clock time 11:43:00"),
    ]:
        field.fill(typed)
        field.press("Enter")
        expect(page.locator(".szv-where")).to_contain_text(said)
        assert viewer.start_s == start_s
    field.fill("12:00")
    field.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("from 11:42:54 to 11:43:55")


def test_no_control_of_the_viewer_keeps_the_keys(viewer: BareViewer) -> None:
    page = viewer.page
    page.get_by_role("button", name="Next page").click()
    viewer.press("PageDown")
    assert viewer.start_s == 20
    page.get_by_role("button", name="Go to: Seizure 99.7 %").click()
    page.get_by_role("button", name="Accept").click()  # the list is drawn again
    viewer.press("PageDown", "PageDown")
    assert viewer.start_s == 30
    page.get_by_role("button", name="Undo").click()  # and cannot be pressed again
    viewer.press("PageUp")
    assert viewer.start_s == 20
    page.get_by_role("tab", name="Display").click()
    page.get_by_label("The bar measures").fill("60")
    viewer.press("Enter", "PageUp")
    assert viewer.start_s == 10
    montage = page.get_by_label("Montage", exact=True)
    montage.click()
    montage.select_option("longitudinal")
    viewer.press("PageDown")
    assert viewer.start_s == 20
    page.get_by_role("tab", name="Channels").click()
    page.get_by_label("FP1-F7", exact=True).click()
    viewer.press("PageDown")
    assert viewer.start_s == 30
    page.get_by_label("Name of the montage").fill("a")  # a letter is a letter there
    assert viewer.read("viewer.editing") is None


def test_arrows_choose_in_a_list_and_escape_leaves_it(viewer: BareViewer) -> None:
    notch = viewer.page.get_by_label("Notch", exact=True)
    notch.focus()
    viewer.press("ArrowDown")
    assert viewer.read("viewer.filters.notch_hz") == 50
    expect(notch).to_be_focused()
    viewer.press("Escape")
    assert viewer.has_keys


def test_next_and_previous_visit_all_events_in_time_order_and_say_which(
    viewer: BareViewer,
) -> None:
    viewer.store.get(viewer.handle).review = Review(
        marks=(Mark(mark_id="m", onset_s=20, duration_s=1, kind="note", text="blink"),)
    )
    viewer.read("show({ handle: viewer.handle, reload: true, stay: true, number: 2 })")
    expect(viewer.page.get_by_text("Your marks (1)")).to_be_visible()
    viewer.page.locator(".szv-overlay").focus()
    viewer.press("Home")
    where = viewer.page.locator(".szv-where")
    viewer.press("p")
    expect(where).to_contain_text("No earlier event")
    visited = ["Model: Seizure 99.7 %, 0:00:12.0", "Marks: Remark: blink", "Expert: Seizure"]
    for words in [*visited, "File: chewing"]:
        viewer.press("n")
        expect(where).to_contain_text(words)
    viewer.press("n")
    expect(where).to_contain_text("No later event")
    for words in [*reversed(visited), "File: eyes open, 0:00:05.0"]:
        viewer.press("p")
        expect(where).to_contain_text(words)


def test_going_back_from_an_event_of_the_list_leads_to_the_one_before(viewer: BareViewer) -> None:
    viewer.page.get_by_role("button", name="Go to: Seizure, 0:00:30.0").click()
    viewer.press("p")
    expect(viewer.page.locator(".szv-where")).to_contain_text("Model: Seizure")


def test_the_last_page_is_a_full_one(viewer: BareViewer) -> None:
    viewer.page.locator(".szv-overlay").focus()
    viewer.press("End")
    assert viewer.start_s == 51
    expect(viewer.page.locator(".szv-where")).to_contain_text("0:00:51 – 0:01:01 · page 7 of 7")  # noqa: RUF001
    viewer.press("PageDown")
    assert viewer.start_s == 51
    viewer.press("PageUp")
    assert viewer.start_s == 50
    viewer.press("PageUp")
    assert viewer.start_s == 40


def test_a_shifted_event_is_not_accepted_and_an_accepted_one_keeps_its_name(
    viewer: BareViewer,
) -> None:
    page = viewer.page
    accept = page.get_by_role("button", name="Accept")
    page.get_by_role("button", name="Go to: Seizure 99.7 %").click()
    page.get_by_role("button", name="Shift by one second to earlier").click()
    expect(accept).to_have_attribute("aria-pressed", "false")
    expect(page.get_by_text("Your marks (0)")).to_be_visible()
    expect(page.get_by_role("button", name="Go to: Seizure 99.7 %, 0:00:11.0")).to_be_visible()
    accept.click()
    expect(accept).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="Go to: Seizure, 0:00:11.0")).to_be_visible()
    page.get_by_role("button", name="Shift by one second to later").click()
    expect(accept).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="Go to: Seizure, 0:00:12.0")).to_be_visible()
    viewer.press("Control+z", "Control+z", "Control+z")
    expect(page.get_by_role("button", name="Go to: Seizure 99.7 %, 0:00:12.0")).to_be_visible()
    viewer.wait()
    review = viewer.store.get(viewer.handle).review
    assert (review.marks, review.decisions) == ((), {})
    page.get_by_role("button", name="Shift by one second to earlier").click()
    moved = page.get_by_role("button", name="Go to: Seizure 99.7 %, 0:00:11.0")
    expect(moved).to_be_visible()
    viewer.reload()
    moved.click()
    expect(accept).to_have_attribute("aria-pressed", "false")


def test_channels_stand_in_the_panel_as_on_the_screen(viewer: BareViewer) -> None:
    page = viewer.page
    page.get_by_role("tab", name="Channels").click()
    names = page.locator(".szv-channels li .szv-check > span:first-of-type")
    assert names.all_inner_texts() == LABELS
    expect(page.get_by_text("Left temporal, continued")).to_be_visible()
    page.get_by_role("button", name="Move up: P7-T7").click()
    expect(names).to_have_text([*LABELS[:-2], "P7-T7", "P8-O2"])
    assert viewer.read("viewer.shown().map((n) => viewer.rows[n].label)") == names.all_inner_texts()
    page.get_by_label("Left temporal", exact=True).uncheck()
    assert "P7-T7" not in viewer.read("viewer.shown().map((n) => viewer.rows[n].label)")


def test_the_readout_is_of_the_page_that_is_shown(viewer: BareViewer) -> None:
    page = viewer.page
    box = page.locator(".szv-overlay").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 500, box["y"] + 200)
    readout = page.locator(".szv-readout")
    before = readout.inner_text()
    page.locator(".szv-overlay").focus()
    viewer.press("PageDown")
    after = readout.inner_text()
    seconds = [float(text.split("·")[-1].split(":")[-1]) for text in (before, after)]
    assert seconds[1] - seconds[0] == pytest.approx(10)
    assert "µV" in after
    assert before.split("·")[1] != after.split("·")[1]


def test_a_measurement_leaves_the_screen_with_its_page(viewer: BareViewer) -> None:
    page = viewer.page
    page.locator(".szv-overlay").focus()
    viewer.press("c")
    box = page.locator(".szv-overlay").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 300, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 400, box["y"] + 200)
    page.mouse.up()
    page.mouse.move(5, 5)
    blank = (
        "viewer.overlay.getContext('2d').getImageData(0, 0, viewer.overlay.width, "
        "viewer.overlay.height).data.every((value) => value === 0)"
    )
    assert not viewer.read(blank)
    viewer.press("PageDown")
    assert viewer.read(blank)
    viewer.press("PageUp")
    assert not viewer.read(blank)


def test_traces_and_scale_do_not_share_a_place(viewer: BareViewer) -> None:
    geometry = viewer.read("viewer.geometry")
    assert geometry["scale"]["y"] >= geometry["middles"][-1] + geometry["rowHeight"] / 2
    assert geometry["scale"]["y"] + geometry["scale"]["height"] <= geometry["probability"]["y"]
    assert geometry["probability"]["y"] + geometry["probability"]["height"] <= geometry["axis"]
    viewer.page.get_by_label("Sensitivity", exact=True).select_option("fit")
    viewer.wait()
    assert viewer.read("viewer.geometry.scale") is None


def test_the_automatic_sensitivity_depends_on_the_page_alone(open_viewer: Open) -> None:
    loud = [np.random.default_rng(i).normal(scale=400, size=256 * 61) for i in range(9)]
    recording = memory_recording(LABELS, loud)
    shown = ((NO_OVERLAYS, 1440, 900), (FOUND, 1440, 900), (FOUND, 390, 844))
    seen = {
        open_viewer(recording, overlays, viewport={"width": wide, "height": high}).read(
            "viewer.uvPerMm()"
        )
        for overlays, wide, high in shown
    }
    assert len(seen) == 1


def test_a_reload_shows_the_recording_as_it_was_looked_at(viewer: BareViewer) -> None:
    page = viewer.page

    def chosen() -> list[str]:
        names = ("Page", "Montage", "Sensitivity", "High-pass", "Low-pass", "Notch")
        return [page.get_by_label(name, exact=True).input_value() for name in names]

    before = ["20", "longitudinal", "30", "1", "40", "50"]
    for name, value in zip(
        ("Page", "Montage", "Sensitivity", "High-pass", "Low-pass", "Notch"), before, strict=True
    ):
        page.get_by_label(name, exact=True).select_option(value)
        viewer.wait()
    page.get_by_role("tab", name="Channels").click()
    page.get_by_label("F7-T7", exact=True).uncheck()
    page.get_by_label("Gain of T7-P7").select_option("2")
    page.locator(".szv-overlay").focus()
    viewer.press("PageDown", "ArrowRight")
    shown = viewer.read("viewer.shown()")
    viewer.press("e")
    viewer.reload()
    page.locator(".szv-overlay").focus()
    assert chosen() == before
    assert viewer.start_s == 22
    expect(page.locator(".szv-panel")).to_be_hidden()
    viewer.press("e")
    expect(page.locator(".szv-panel")).to_be_visible()
    assert viewer.read("viewer.shown()") == shown
    assert viewer.read("[...viewer.gains]") == [[2, 2]]
    page.get_by_label("Sensitivity", exact=True).select_option("auto")
    viewer.wait()
    viewer.reload()
    assert chosen() == [*before[:2], "auto", *before[3:]]


def test_looks_are_kept_for_each_recording(open_viewer: Open) -> None:
    viewer = open_viewer()
    page = viewer.page
    page.get_by_label("Montage", exact=True).select_option("average")
    viewer.wait()
    other = viewer.store.open(
        memory_recording(["FP1-F7", "F7-T7"], duration_s=30, file_name="other.edf"), session=""
    )
    viewer.read(f"show({{ handle: {other!r}, number: 2 }})")
    expect(page.locator(".szv-title")).to_contain_text("other.edf")
    expect(page.get_by_label("Montage", exact=True)).to_have_value("recorded")
    viewer.wait()
    viewer.read(f"show({{ handle: {viewer.handle!r}, number: 3 }})")
    expect(page.get_by_label("Montage", exact=True)).to_have_value("average")


def test_messages_leave_by_themselves_unless_they_are_looked_at(open_viewer: Open) -> None:
    viewer = open_viewer(locale="en-GB")  # on a page of its own, whose clock it stops
    page = viewer.page
    page.clock.install()
    page.reload()
    viewer.wait()
    message = page.get_by_role("alert")
    viewer.read("viewer.complain('The server does not answer.')")
    page.clock.run_for(9_000)
    expect(message).to_be_visible()
    message.hover()
    page.clock.run_for(30_000)
    expect(message).to_be_visible()
    page.mouse.move(5, 5)
    page.clock.run_for(9_000)
    expect(message).to_be_hidden()


def test_a_message_covers_no_control_and_no_axis(open_viewer: Open) -> None:
    for width in (1440, 390):
        viewer = open_viewer(overlays=FOUND, viewport={"width": width, "height": 844})
        page = viewer.page
        page.locator(".szv-overlay").focus()
        before = page.locator(".szv-overlay").bounding_box()
        words = "The low-pass must lie above the high-pass: the filter was not changed."
        viewer.read(f"viewer.complain({words!r})")
        covered = viewer.read(
            """(() => {
              const box = document.querySelector('.szv-message').getBoundingClientRect();
              const others = '.szv-bars *, .szv-strip, .szv-stage, .szv-panel, .szv-where';
              return [...document.querySelectorAll(others)].filter((other) => {
                const one = other.getBoundingClientRect();
                return one.width > 0 && one.top < box.bottom && box.top < one.bottom
                  && one.left < box.right && box.left < one.right;
              }).length;
            })()"""
        )
        assert covered == 0
        if width > 1000:  # where it is as high as the title, nothing moves
            assert page.locator(".szv-overlay").bounding_box() == before
