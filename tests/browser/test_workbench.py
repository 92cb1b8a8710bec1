"""The page as a workbench: the EEG in front, few clicks, and nothing lost on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journeys import expect_eeg, open_demo, open_tab
from tests.browser.shared_page import SIZE

pytestmark = pytest.mark.browser

WIDE: Any = {"width": 1920, "height": 1080}

# The share of the window's height that is traces, and what of its width is none of the viewer's.
SHARES = """() => {
  const box = (name) => document.querySelector(`#eeg ${name}`).getBoundingClientRect();
  const traces = box(".szv-stage");
  const seen = Math.min(traces.bottom, innerHeight) - Math.max(traces.top, 0);
  return [seen / innerHeight, innerWidth - box(".szv-body").width];
}"""


def expect_traces_on(page: Page, least: float) -> None:
    share, unused_px = page.evaluate(SHARES)
    assert share >= least
    assert unused_px == 0


def press_tab_until(page: Page, element: str) -> None:
    """Go on by the Tab key alone, until an element has the keyboard."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("(name) => document.activeElement.matches(name)", element):
            return
    pytest.fail(f"{element} cannot be reached by the Tab key")


def test_a_first_visit_offers_one_step_and_three_presses_show_a_seizure(page: Page) -> None:
    expect(page.get_by_role("tab")).to_have_text(["Analysis", "Predict", "Train", "Model Zoo"])
    expect(page.locator("button.primary:visible")).to_have_text(["Open the demo"])
    expect(page.locator("#opening")).to_contain_text("not a medical device")
    expect(page.locator("#eeg")).to_be_hidden()

    press_tab_until(page, "#open-demo")
    page.keyboard.press("Enter")
    expect_eeg(page, "eeg", 0)
    expect(page.locator("#opening")).to_be_hidden()
    for size in (SIZE, WIDE):
        page.set_viewport_size(size)
        for tab in ("Analysis", "Predict"):
            open_tab(page, tab)
            expect(page.locator("#predict-bar")).to_be_visible(visible=tab == "Predict")
            expect_traces_on(page, 0.65)

    page.get_by_role("tab", name="Predict").focus()
    press_tab_until(page, "#run")
    page.keyboard.press("Enter")
    events = page.locator("#eeg").get_by_text("Found by the model")
    expect(events).to_be_visible()
    expect(page.locator("#eeg .szv-body")).not_to_have_attribute("data-start", "0")
    for size in (WIDE, SIZE):
        page.set_viewport_size(size)
        expect_traces_on(page, 0.55)
    for tab in ("Train", "Model Zoo"):
        open_tab(page, tab)
        expect(page.locator("#eeg")).to_be_hidden()
    open_tab(page, "Analysis")
    expect(events).to_be_visible()


def test_a_reload_another_language_and_the_back_button_keep_what_one_looked_at(
    visit: Callable[[], Page],
) -> None:
    page = visit()
    open_demo(page)
    open_tab(page, "Predict")
    viewer = page.locator("#eeg")
    viewer.get_by_label("Montage", exact=True).select_option("average")
    viewer.get_by_label("High-pass").select_option("1 Hz")
    viewer.locator(".szv-overlay").press("PageDown")
    expect_eeg(page, "eeg", 10)

    def expect_the_same(predict: str) -> None:
        expect_eeg(page, "eeg", 10)
        expect(viewer.locator(".szv-body")).to_have_attribute("data-montage", "average")
        expect(page.get_by_role("tab", name=predict, exact=True)).to_have_attribute(
            "aria-selected", "true"
        )

    page.reload()
    expect_the_same("Predict")
    expect(viewer.get_by_label("High-pass")).to_have_value("1")
    page.get_by_label("Language").select_option("Italiano")
    expect_the_same("Predizione")
    open_tab(page, "Zoo dei modelli")
    expect(viewer).to_be_hidden()
    page.go_back()
    expect(viewer).to_be_visible()
    expect_the_same("Predizione")
