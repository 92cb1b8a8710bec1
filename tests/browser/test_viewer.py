"""Journeys through the EEG viewer with real EEG."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from tests.shared_files import needs_shared_data
from tests.viewer_page import running_viewer

pytestmark = [pytest.mark.browser, needs_shared_data]

BODY = ".szv-body"
CANVAS = ".szv-overlay"
VIEWER = "document.querySelector('.szv').parentElement.szViewer"


def is_trouble(message: ConsoleMessage) -> bool:
    """Leave out advice on how this test reads the canvas."""
    return message.type in ("error", "warning") and "willReadFrequently" not in message.text


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_viewer(tmp_path_factory.mktemp("viewer")) as address:
        yield address


@pytest.fixture
def visit_viewer(browser: Browser, url: str) -> Iterator[Callable[..., Page]]:
    """Open the viewer as a new visitor; at the end nothing may have gone wrong unseen."""
    troubles: list[str] = []
    contexts = []

    def visit(**options: Any) -> Page:
        theme = options.pop("theme", "light")
        context = browser.new_context(
            **{"viewport": {"width": 1440, "height": 900}, "locale": "en-GB", **options}
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda m: troubles.append(m.text) if is_trouble(m) else None)
        page.goto(f"{url}/?__theme={theme}")
        expect(page.locator(BODY)).to_have_attribute("data-state", "ready")
        return page

    yield visit
    for context in contexts:
        context.close()
    assert troubles == []


@pytest.fixture
def viewer(visit_viewer: Callable[..., Page]) -> Page:
    return visit_viewer()


def expect_page(page: Page, start_s: float, length_s: float = 10) -> None:
    body = page.locator(BODY)
    expect(body).to_have_attribute("data-start", f"{start_s:g}")
    expect(body).to_have_attribute("data-length", f"{length_s:g}")
    expect(body).to_have_attribute("data-state", "ready")


def picture(page: Page) -> str:
    """Return what stands on the signal canvas."""
    return str(page.evaluate("document.querySelector('.szv-canvas').toDataURL()"))


def has_ink(page: Page, colour: str) -> bool:
    """Return whether a colour of the style sheet is on the signal canvas."""
    return bool(
        page.evaluate(
            """(name) => {
              const body = document.querySelector('.szv-body');
              const hex = getComputedStyle(body).getPropertyValue('--szv-' + name).trim();
              const want = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
              const canvas = document.querySelector('.szv-canvas');
              const context = canvas.getContext('2d');
              const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
              for (let i = 0; i < data.length; i += 4) {
                if (want.every((v, k) => Math.abs(data[i + k] - v) < 12)) return true;
              }
              return false;
            }""",
            colour,
        )
    )


def drag(page: Page, from_share: float, to_share: float, height: float = 0.5) -> None:
    """Drag over the signals, between shares of the plot's width."""
    box = page.locator(CANVAS).bounding_box()
    assert box is not None
    left = page.evaluate(f"{VIEWER}.geometry.left")
    wide = box["width"] - left

    def x(share: float) -> float:
        return float(box["x"] + left + share * wide)

    y = box["y"] + height * box["height"]
    page.mouse.move(x(from_share), y)
    page.mouse.down()
    page.mouse.move(x((from_share + to_share) / 2), y + 3)
    page.mouse.move(x(to_share), y)
    page.mouse.up()


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def python_read(page: Page) -> Locator:
    return page.get_by_label("Python read")


def test_a_recording_opens_with_its_facts_traces_events_and_probability(viewer: Page) -> None:
    title = viewer.locator(".szv-title")
    expect(title).to_contain_text("chb01_03_seizure_s2986-3036.edf")
    expect(title).to_contain_text("23 channels")
    expect(title).to_contain_text("made up")
    expect_page(viewer, 0)
    for colour in ("left", "right", "midline", "predictions"):
        assert has_ink(viewer, colour), colour
    for section in ("Found by the net (2)", "Your marks (0)", "Marked by an expert (1)"):
        expect(viewer.get_by_text(section)).to_be_visible()


def test_pages_turn_by_button_and_by_key_and_keep_their_grid(viewer: Page) -> None:
    first = picture(viewer)
    button(viewer, "Next page").click()
    expect_page(viewer, 10)
    assert picture(viewer) != first
    viewer.locator(CANVAS).press("PageDown")
    expect_page(viewer, 20)
    viewer.locator(CANVAS).press("End")
    expect_page(viewer, 40)
    viewer.locator(CANVAS).press("PageDown")
    expect_page(viewer, 40)
    viewer.locator(CANVAS).press("ArrowLeft")
    expect_page(viewer, 39)
    viewer.locator(CANVAS).press("Home")
    expect_page(viewer, 0)
    expect(viewer.locator(".szv-where")).to_contain_text("page 1 of 5")


def test_the_next_page_is_there_before_it_is_asked_for(viewer: Page) -> None:
    # The page shown and the one behind it; on a busy machine the second takes its time.
    viewer.wait_for_function(f"{VIEWER}.cache.pages.size >= 2")
    asked: list[float] = []
    viewer.on(
        "request",
        lambda request: (
            asked.append(json.loads(request.post_data or "{}")["data"]["start_s"])
            if "component_server" in request.url and "viewer_page" in (request.post_data or "")
            else None
        ),
    )
    button(viewer, "Next page").click()
    expect_page(viewer, 10)
    viewer.wait_for_function(f"{VIEWER}.cache.pages.size >= 3")
    assert set(asked) == {20}, "page 2 was not kept, or more than its neighbour was fetched"


def test_the_page_is_zoomed_by_keys_by_choice_and_by_dragging(viewer: Page) -> None:
    viewer.locator(CANVAS).press("+")
    expect_page(viewer, 2.5, 5)
    viewer.locator(CANVAS).press("-")
    expect_page(viewer, 0, 10)
    viewer.get_by_label("Page", exact=True).select_option("whole")
    expect_page(viewer, 0, 50)
    button(viewer, "Zoom into a stretch").click()
    drag(viewer, 0.2, 0.4)
    body = viewer.locator(BODY)
    expect(body).to_have_attribute("data-length", re.compile(r"^(9\.9|10\.?)\d*$"))
    expect(body).to_have_attribute("data-start", re.compile(r"^(9\.9|10\.?)\d*$"))


def test_a_paper_speed_makes_the_page_as_long_as_the_screen_is_wide(viewer: Page) -> None:
    viewer.get_by_label("Page", exact=True).select_option("30 mm/s")
    expect(viewer.locator(".szv-where")).to_contain_text("30 mm/s")
    long = float(viewer.locator(BODY).get_attribute("data-length") or 0)
    viewer.get_by_role("tab", name="Display").click()
    viewer.get_by_label("The bar measures").fill("106")  # twice as large as the browser believes
    viewer.get_by_label("The bar measures").press("Enter")
    expect(viewer.locator(BODY)).not_to_have_attribute("data-length", f"{long}")
    assert float(viewer.locator(BODY).get_attribute("data-length") or 0) == pytest.approx(
        2 * long, rel=0.02
    )


def test_a_time_is_found_and_nonsense_is_explained(viewer: Page) -> None:
    field = viewer.get_by_label("Go to a time")
    field.fill("0:00:25")
    field.press("Enter")
    expect_page(viewer, 25)
    field.fill("soon")
    field.press("Enter")
    expect(viewer.get_by_role("alert")).to_contain_text("is no time in this recording")
    button(viewer, "Close message").click()
    expect(viewer.get_by_role("alert")).to_be_hidden()


def test_montages_are_switched_and_say_what_they_lack(viewer: Page) -> None:
    as_recorded = picture(viewer)
    montage = viewer.get_by_label("Montage", exact=True)
    montage.select_option("Transverse bipolar")
    expect(viewer.locator(BODY)).to_have_attribute("data-montage", "transverse")
    expect_page(viewer, 0)
    assert picture(viewer) != as_recorded
    viewer.get_by_role("tab", name="Channels").click()
    expect(viewer.locator(".szv-note")).to_contain_text("6 derivations")
    expect(viewer.locator(".szv-note")).to_contain_text("F3-FZ")
    expect(viewer.get_by_text("flipped").first).to_be_visible()
    montage.select_option("As recorded")
    expect(viewer.locator(BODY)).to_have_attribute("data-montage", "recorded")
    expect(viewer.locator(".szv-note")).to_be_hidden()


def test_channels_are_hidden_reordered_and_saved_as_an_own_montage(viewer: Page) -> None:
    viewer.get_by_role("tab", name="Channels").click()
    everything = picture(viewer)
    viewer.get_by_label("Left temporal", exact=True).uncheck()
    viewer.get_by_label("Midline", exact=True).uncheck()
    expect(viewer.locator(BODY)).to_have_attribute("data-state", "ready")
    assert picture(viewer) != everything
    viewer.get_by_role("button", name="Move up: F3-C3").click()
    viewer.get_by_label("Name of the montage").fill("mine")
    with viewer.expect_download() as saved:
        button(viewer, "Save").click()
    assert saved.value.suggested_filename == "mine.montage.json"
    written = json.loads(Path(saved.value.path()).read_text(encoding="utf-8"))
    assert [row["derivation"] for row in written["rows"][:2]] == ["F3-C3", "FP1-F3"]
    assert len(written["rows"]) == 16
    expect(viewer.locator(BODY)).to_have_attribute("data-montage", "own:mine")
    with viewer.expect_file_chooser() as chooser:
        button(viewer, "Load…").click()
    text = json.dumps({"name": "two", "rows": ["FP1-F7", "FP2-F8"]})
    chooser.value.set_files(
        {"name": "two.json", "mimeType": "application/json", "buffer": text.encode()}
    )
    expect(viewer.locator(BODY)).to_have_attribute("data-montage", "own:two")
    expect(viewer.get_by_role("checkbox", name="FP2-F8")).to_be_checked()


def test_filters_polarity_and_sensitivity_change_the_picture_alone(viewer: Page) -> None:
    seen = [picture(viewer)]

    def changed() -> None:
        expect(viewer.locator(BODY)).to_have_attribute("data-state", "ready")
        viewer.wait_for_function(
            "(old) => document.querySelector('.szv-canvas').toDataURL() !== old", arg=seen[-1]
        )
        seen.append(picture(viewer))

    viewer.get_by_label("High-pass").select_option("1 Hz")
    changed()
    viewer.get_by_label("Notch").select_option("60 Hz")
    changed()
    viewer.locator(CANVAS).press("ArrowUp")
    changed()
    viewer.locator(CANVAS).press("i")
    changed()
    viewer.get_by_label("Low-pass").select_option("15 Hz")
    changed()
    viewer.get_by_label("High-pass").select_option("10 Hz")
    viewer.get_by_label("Sensitivity", exact=True).select_option("each to fit")
    changed()
    assert len(set(seen)) == len(seen)
    assert (
        viewer.evaluate("JSON.parse(localStorage.getItem('seizure-zoo-viewer')).negativeUp")
        is False
    )


def test_the_overview_shows_the_recording_and_takes_one_there(viewer: Page) -> None:
    strip = viewer.get_by_role("slider", name="The whole recording")
    box = strip.bounding_box()
    assert box is not None
    strip.click(position={"x": box["width"] * 0.6, "y": 20})
    expect(viewer.locator(BODY)).to_have_attribute("data-start", re.compile(r"^2(5|4\.9)"))
    expect(strip).to_have_attribute("aria-valuetext", re.compile("0:00:2[45]"))
    strip.press("ArrowRight")
    expect(viewer.locator(BODY)).to_have_attribute("data-start", re.compile(r"^3[45]"))


def test_the_crosshair_reads_label_value_and_time(viewer: Page) -> None:
    box = viewer.locator(CANVAS).bounding_box()
    assert box is not None
    viewer.mouse.move(box["x"] + 500, box["y"] + box["height"] * 0.5)
    readout = viewer.locator(".szv-readout")
    expect(readout).to_contain_text(
        re.compile(r"[A-Z0-9]+-[A-Z0-9]+.*µV.*0:00:0\d\.\d{3}.*00:00:0\d")
    )
    viewer.mouse.move(box["x"] + 500, box["y"] + 25)
    viewer.mouse.move(box["x"] + 310, box["y"] + 25)
    expect(readout).to_contain_text("Seizure 55 %")


def test_calipers_measure_duration_amplitude_and_frequency(viewer: Page) -> None:
    button(viewer, "Measure").click()
    drag(viewer, 0.3, 0.5)
    lines = viewer.evaluate(
        "document.querySelector('.szv').parentElement.szViewer.measurement.lines"
    )
    assert re.search(r"Δt (2|1\.99|2\.01) s\s+\(0\.50 Hz\)", lines[0])
    assert "µV peak to peak" in lines[1]
    viewer.locator(CANVAS).press("Escape")
    assert viewer.evaluate(f"{VIEWER}.measurement") is None


def test_an_event_is_marked_by_dragging_edited_undone_and_read_by_python(viewer: Page) -> None:
    viewer.locator(CANVAS).press("m")
    drag(viewer, 0.2, 0.5)
    editor = viewer.get_by_role("form", name="Event")
    expect(editor).to_be_visible()
    editor.get_by_label("Type").first.select_option("Focal seizure")
    editor.get_by_label("Remark").first.fill("left")
    editor.get_by_role("button", name="Save").click()
    expect(editor).to_be_hidden()
    expect(python_read(viewer)).to_have_value(re.compile(r"sz_foc [12]\.\d\+3\.\d left \| \{\}"))
    expect(viewer.get_by_text("Your marks (1)")).to_be_visible()
    assert has_ink(viewer, "marks")
    viewer.locator(CANVAS).press("Control+z")
    expect(python_read(viewer)).to_have_value(" | {}")
    button(viewer, "Redo").click()
    expect(viewer.get_by_text("Your marks (1)")).to_be_visible()
    button(viewer, "Edit").click()
    editor.get_by_label("Onset (s)").first.fill("4")
    editor.get_by_label("Duration (s)").first.fill("2.5")
    editor.get_by_label("Onset (s)").first.press("Enter")
    expect(python_read(viewer)).to_have_value("sz_foc 4.0+2.5 left | {}")
    button(viewer, "Delete").last.click()
    expect(viewer.get_by_text("Your marks (0)")).to_be_visible()


def test_an_event_is_added_and_changed_with_the_keyboard_alone(viewer: Page) -> None:
    viewer.locator(CANVAS).press("a")
    viewer.keyboard.press("Tab")
    viewer.keyboard.type("by key")
    viewer.keyboard.press("Enter")
    expect(python_read(viewer)).to_have_value("sz 2.5+5.0 by key | {}")
    expect(viewer.locator(CANVAS)).to_be_focused()


def test_a_marks_edge_is_dragged_on_the_canvas(viewer: Page) -> None:
    viewer.locator(CANVAS).press("a")
    viewer.keyboard.press("Enter")
    expect(python_read(viewer)).to_have_value("sz 2.5+5.0  | {}")
    box = viewer.locator(CANVAS).bounding_box()
    assert box is not None
    lane = viewer.evaluate(f"({VIEWER}.geometry.lanes.at(-1).y + 9) / {VIEWER}.geometry.height")
    drag(viewer, 0.7495, 0.9495, height=lane)
    expect(python_read(viewer)).to_have_value(re.compile(r"sz 2\.5\+7\.0  \| \{\}"))


def test_predictions_are_accepted_rejected_and_shifted(viewer: Page) -> None:
    button(viewer, "Accept").nth(1).click()
    expect(python_read(viewer)).to_have_value("sz 13.0+34.0  | {1: 'accepted'}")
    button(viewer, "Shift by one second to earlier").nth(1).click()
    expect(python_read(viewer)).to_have_value("sz 12.0+34.0  | {1: 'accepted'}")
    button(viewer, "Reject").nth(0).click()
    expect(python_read(viewer)).to_have_value("sz 12.0+34.0  | {0: 'rejected', 1: 'accepted'}")
    button(viewer, "Reject").nth(0).click()
    expect(python_read(viewer)).to_have_value("sz 12.0+34.0  | {1: 'accepted'}")


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
    button(viewer, "Show the seizure").click()
    expect_page(viewer, 9)


def test_marks_are_saved_and_read_again(viewer: Page) -> None:
    viewer.locator(CANVAS).press("a")
    viewer.keyboard.press("Enter")
    with viewer.expect_download() as saved:
        button(viewer, "TSV").click()
    assert saved.value.suggested_filename == "chb01_03_seizure_s2986-3036_events.tsv"
    content = Path(saved.value.path()).read_bytes()
    assert b"2.50\t5.00\tsz" in content
    button(viewer, "Undo").click()
    expect(viewer.get_by_text("Your marks (0)")).to_be_visible()
    with viewer.expect_file_chooser() as chooser:
        button(viewer, "Import…").click()
    chooser.value.set_files({"name": "e.tsv", "mimeType": "text/plain", "buffer": content})
    expect(python_read(viewer)).to_have_value("sz 2.5+5.0  | {}")
    with viewer.expect_file_chooser() as chooser:
        button(viewer, "Import…").click()
    chooser.value.set_files({"name": "x.tsv", "mimeType": "text/plain", "buffer": b"nothing"})
    expect(viewer.get_by_role("alert")).to_contain_text("x.tsv")


def test_every_control_has_a_name(viewer: Page) -> None:
    for tab in ("Events", "Channels", "Display"):
        viewer.get_by_role("tab", name=tab).click()
        nameless = viewer.evaluate(
            """() => {
              const all = document.querySelectorAll('.szv :is(button, input, select, canvas)');
              const isNamed = (e) => e.getAttribute('aria-label') || e.textContent.trim()
                || (e.labels && [...e.labels].some((label) => label.textContent.trim()));
              return [...all]
                .filter((e) => e.offsetParent && e.getAttribute('aria-hidden') !== 'true')
                .filter((e) => !isNamed(e)).map((e) => e.outerHTML.slice(0, 120));
            }"""
        )
        assert nameless == []


def test_keys_are_listed_and_the_panel_folds(viewer: Page) -> None:
    viewer.locator(CANVAS).press("?")
    dialog = viewer.get_by_role("dialog", name="Keys")
    expect(dialog).to_contain_text("PageDown")
    viewer.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    before = viewer.locator(CANVAS).bounding_box()
    viewer.locator(CANVAS).press("e")
    expect(viewer.locator(".szv-panel")).to_be_hidden()
    expect(viewer.locator(BODY)).to_have_attribute("data-state", "ready")
    viewer.wait_for_function(
        "(w) => document.querySelector('.szv-overlay').clientWidth > w",
        arg=before["width"] if before else 0,
    )


def test_italian_visitors_read_italian(visit_viewer: Callable[..., Page]) -> None:
    page = visit_viewer(locale="it-IT")
    expect(button(page, "Pagina successiva")).to_be_visible()
    expect(page.get_by_text("Trovati dalla rete (2)")).to_be_visible()


def test_the_overview_becomes_finer_where_there_is_more_room(
    visit_viewer: Callable[..., Page],
) -> None:
    page = visit_viewer(viewport={"width": 390, "height": 844})
    page.wait_for_function(f"{VIEWER}.overview?.fraction === 1")
    assert page.evaluate(f"{VIEWER}.overview.activity.length") < 400
    page.set_viewport_size({"width": 1440, "height": 900})
    page.wait_for_function(f"{VIEWER}.overview.activity.length > 1000")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_fits_a_phone_sharp_and_in_both_themes(
    visit_viewer: Callable[..., Page], theme: str
) -> None:
    page = visit_viewer(
        viewport={"width": 390, "height": 844}, device_scale_factor=2, has_touch=True, theme=theme
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    sizes = page.evaluate(
        "(() => { const c = document.querySelector('.szv-canvas');"
        " return [c.width / c.clientWidth, c.clientWidth]; })()"
    )
    assert sizes[0] == pytest.approx(2, abs=0.01)
    assert sizes[1] >= 290
    paper = page.evaluate(
        "[...document.querySelector('.szv-canvas').getContext('2d').getImageData(1, 1, 1, 1).data]"
    )
    assert (sum(paper[:3]) > 600) is (theme == "light")
    for colour in ("left", "right"):
        assert has_ink(page, colour)


def test_a_recording_closed_on_the_server_is_explained(visit_viewer: Callable[..., Page]) -> None:
    page = visit_viewer()
    page.evaluate(f"{VIEWER}.handle = 'gone'")
    page.get_by_label("Montage", exact=True).select_option("Cz reference")
    expect(page.get_by_role("alert")).to_contain_text("no longer open")
