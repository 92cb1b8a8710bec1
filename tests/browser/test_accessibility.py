"""For people who see little or use no mouse: from the first visit to an explained event.

Every tab with all its parts is looked at in the walk of `test_every_tab`, what comes of training
and comparing in the journeys there.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import expect_accessible, findings
from tests.browser.journeys import field, open_demo, open_tab, toast, unfold

pytestmark = pytest.mark.browser


def test_nothing_grave_is_wrong_on_the_way_to_an_explained_event(
    visit: Callable[..., Page],
) -> None:
    page = visit()
    page.locator(".gradio-container[data-tab]").wait_for()
    expect_accessible(page)
    open_tab(page, "Model Zoo")
    expect(page.locator("#card .zoo-card")).to_be_visible()
    page.evaluate("document.querySelectorAll('#card details').forEach((one) => (one.open = true))")
    expect_accessible(page)
    open_tab(page, "Analysis")
    open_demo(page)
    page.locator(".recording-open").click()
    expect_accessible(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Find seizures").click()
    expect(page.locator("#predict-said")).to_contain_text("found 2 candidates")
    viewer = page.locator("#eeg")
    viewer.get_by_role("button", name="Explain", exact=True).click()
    expect(page.locator("#explained .figure-frame svg")).to_be_visible()
    expect(field(page, "explained-second")).not_to_have_value("")
    unfold(page)
    page.locator("#score-own-marks").click()
    expect(toast(page)).to_be_visible()
    expect_accessible(page)


def test_what_is_wrong_is_noticed(visit: Callable[..., Page]) -> None:
    page = visit()
    page.locator(".gradio-container[data-tab]").wait_for()
    expect_accessible(page)
    page.evaluate(
        """() => document.querySelector("#opening").insertAdjacentHTML("beforeend",
          '<button></button><p style="color: #ccc; background: #fff">too pale to be read</p>')"""
    )
    assert {one.split(":")[0] for one in findings(page)} == {"button-name", "color-contrast"}
