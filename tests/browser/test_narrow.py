"""On phones: all tabs and steps in sight, and nothing cut off at the right."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessibility import expect_accessible
from tests.browser.journeys import open_demo, open_tab
from tests.browser.walking import (
    CUT_OFF,
    ENGLISH,
    HEIGHT,
    SCROLLING,
    WIDTHS,
    expect_nothing_cut_off,
    expect_nothing_cut_off_on_phones,
    walk,
)

pytestmark = pytest.mark.browser


# The same walk in Italian: tests/browser/test_languages.py.
def test_nothing_is_cut_off_on_a_phone(visit: Callable[..., Page]) -> None:
    page = visit()
    open_demo(page)
    page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
    for tab in (ENGLISH.analysis, ENGLISH.predict, ENGLISH.train, ENGLISH.zoo):
        open_tab(page, tab)  # before anything is unfolded
        expect_nothing_cut_off(page)
    open_tab(page, ENGLISH.train)
    # Tabs wrap: what found no room went into a menu behind three dots once.
    expect(page.locator("#train-steps").get_by_role("tab")).to_have_text(
        [re.compile(rf"^{step}( \u2713)?$") for step in ENGLISH.train_steps]
    )
    for _ in walk(page, ENGLISH):
        expect_nothing_cut_off_on_phones(page)
        page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
        expect_accessible(page)


def test_what_is_cut_off_is_noticed(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": WIDTHS[0], "height": HEIGHT})
    page.set_content(
        """<div id="frame" style="width: 100px; overflow-x: auto">
          <p style="width: 200px">half of a sentence</p></div>"""
    )
    assert page.evaluate(CUT_OFF, SCROLLING) == ["DIV in #frame: half of a sentence"]
    page.evaluate("document.querySelector('#frame').style.overflowX = 'hidden'")
    assert page.evaluate(CUT_OFF, SCROLLING) == ["P in #frame: half of a sentence"]
    page.close()
