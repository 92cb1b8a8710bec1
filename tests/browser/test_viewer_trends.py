"""Trends of the night stand under one time axis with the EEG, and lead to it."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import expect

from seizure_core.events.event import Event
from tests.browser.bare_viewer import BareViewer, Open
from tests.memory_recording import memory_recording
from ui.viewer.handles import Overlays

pytestmark = pytest.mark.browser

DURATION_S = 2 * 3600
LABELS = ["F7-T7", "T7-P7", "F8-T8", "T8-P8"]


@pytest.fixture
def viewer(open_viewer: Open) -> BareViewer:
    recording = memory_recording(LABELS, sampling_rates_hz=64, duration_s=DURATION_S)
    found = (Event(onset_s=100, duration_s=300), Event(onset_s=3500, duration_s=200))
    return open_viewer(recording, Overlays(predictions=found))


def shown(viewer: BareViewer) -> BareViewer:
    viewer.read("viewer.overlay.focus()")
    viewer.page.keyboard.press("r")
    viewer.page.wait_for_function("viewer.trends !== null")
    viewer.wait()
    return viewer


def test_a_key_shows_the_trends_and_a_click_goes_to_the_moment(viewer: BareViewer) -> None:
    canvas = viewer.page.locator(".szv-trends-canvas")
    expect(canvas).to_be_hidden()
    shown(viewer)
    expect(canvas).to_be_visible()
    expect(viewer.page.get_by_role("button", name="Trends of the night")).to_have_attribute(
        "aria-pressed", "true"
    )
    box = canvas.bounding_box()
    assert box is not None
    viewer.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 20)
    assert viewer.start_s == pytest.approx(DURATION_S / 2 - 5, abs=10)
    viewer.read("viewer.overlay.focus()")
    viewer.page.keyboard.press("r")
    expect(canvas).to_be_hidden()


def test_the_spectra_of_both_sides_are_drawn_in_colour(viewer: BareViewer) -> None:
    shown(viewer)
    colours = viewer.read(
        """(() => {
          const canvas = document.querySelector('.szv-trends-canvas');
          const ratio = canvas.height / canvas.clientHeight;
          const c = canvas.getContext('2d');
          return [30, 80].map((y) => {
            const [r, g, b] = c.getImageData(canvas.width / 2, y * ratio, 1, 1).data;
            return Math.max(r, g, b) - Math.min(r, g, b);
          });
        })()"""
    )
    assert min(colours) > 20


def test_the_burden_follows_what_is_rejected(viewer: BareViewer) -> None:
    shown(viewer)
    assert viewer.read("Trends.burden(viewer)") == [400, 100]
    viewer.read("viewer.decide(0, 'rejected')")
    assert viewer.read("Trends.burden(viewer)") == [100, 100]


def test_a_recording_without_sides_says_why_it_has_no_trends(open_viewer: Open) -> None:
    viewer = open_viewer(memory_recording(["CZ", "PZ"], duration_s=61))
    viewer.read("viewer.overlay.focus()")
    viewer.page.keyboard.press("r")
    expect(viewer.page.locator(".szv-message")).to_contain_text("both sides of the head")


def test_low_frequencies_of_both_sides_meet_in_the_middle(open_viewer: Open) -> None:
    time_s = np.arange(600 * 64) / 64
    slow = 50 * np.sin(2 * np.pi * 2 * time_s)
    viewer = open_viewer(memory_recording(LABELS, [slow] * 4, sampling_rates_hz=64))
    viewer.read("viewer.overlay.focus()")
    shown(viewer)
    light = viewer.read(
        """(() => {
          const canvas = document.querySelector('.szv-trends-canvas');
          const ratio = canvas.height / canvas.clientHeight;
          const c = canvas.getContext('2d');
          return [8, 42, 53, 88].map((y) => {
            const [r, g, b] = c.getImageData(canvas.width / 2, y * ratio, 1, 1).data;
            return r + g + b;
          });
        })()"""
    )
    left_high, left_low, right_low, right_high = light
    assert min(left_low, right_low) > max(left_high, right_high)
