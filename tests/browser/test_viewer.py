"""Journeys through the EEG viewer: looking."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.viewer_steps import (
    BODY,
    CANVAS,
    VIEWER,
    button,
    drag,
    expect_page,
    has_ink,
    picture,
)

pytestmark = pytest.mark.browser


def test_a_recording_opens_with_its_facts_traces_events_and_probability(viewer: Page) -> None:
    title = viewer.locator(".szv-title")
    expect(title).to_contain_text("chb01_03_seizure_s2986-3036.edf")
    expect(title).to_contain_text("23 channels")
    expect(title).to_contain_text("made up")
    expect_page(viewer, 0)
    for colour in ("left", "right", "midline", "predictions"):
        assert has_ink(viewer, colour), colour
    for section in ("Found by the model (2)", "Your marks (0)", "Marked by an expert (1)"):
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
    viewer.evaluate(
        """() => {
          const { viewer_page } = server;
          window.asked = [];
          server.viewer_page = (data) => (asked.push(data.start_s), viewer_page(data));
        }"""
    )
    button(viewer, "Next page").click()
    expect_page(viewer, 10)
    viewer.wait_for_function(f"{VIEWER}.cache.pages.size >= 3")
    assert set(viewer.evaluate("asked")) == {20}, (
        "page 2 was not kept, or more than its neighbour was fetched"
    )


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
    expect(viewer.get_by_role("alert")).to_contain_text("is not a time")
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
