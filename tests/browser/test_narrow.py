"""On phones: all tabs and steps in sight, and nothing cut off at the right."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as NotInTime

from tests.browser.journeys import expect_eeg, open_tab, unfold
from tests.browser.shared_page import PATIENCE_MS

pytestmark = pytest.mark.browser

WIDTHS = (390, 320)
HEIGHT = 844
CUT_OFF = (Path(__file__).parent / "cut_off.js").read_text(encoding="utf-8")
# Wider than a phone on purpose; they scroll sideways within the page.
SCROLLING = ".scroll, .virtual-table-viewport, .figure-frame, .network-drawing, .szv-bar, #layers"

TABS: dict[str, dict[str, list[str]]] = {
    "en-US": {
        "Analysis": [],
        "Predict": [],
        "Train": ["1 Data", "2 Network", "3 Train", "4 Test", "5 Keep"],
        "Model Zoo": ["Nets", "Compare", "Hub", "Scoreboard"],
    },
    "it-IT": {
        "Analisi": [],
        "Predizione": [],
        "Addestramento": ["1 Dati", "2 Rete", "3 Addestrare", "4 Prova", "5 Tenere"],
        "Zoo delle reti": ["Reti", "Confronta", "Hub", "Classifica"],
    },
}
# What comes from the server and must be there before there is anything to see.
COMING = {
    **dict.fromkeys(("Nets", "Reti"), "#card .zoo-card"),
    **dict.fromkeys(("Scoreboard", "Classifica"), ".zoo-scoreboard"),
}


def expect_nothing_cut_off(page: Page) -> None:
    """Wait until all that is shown can be seen; what is being unfolded may stick out for a while.

    Raises
    ------
    AssertionError
        Something stays cut off; it is named.
    """
    with contextlib.suppress(NotInTime):
        page.wait_for_function(
            f"(meant) => ({CUT_OFF})(meant).length === 0", arg=SCROLLING, timeout=PATIENCE_MS
        )
    assert page.evaluate(CUT_OFF, SCROLLING) == []


@pytest.mark.parametrize("locale", list(TABS))
def test_nothing_is_cut_off_on_a_phone(visit: Callable[..., Page], locale: str) -> None:
    page = visit(locale)
    page.locator("#open-demo").click()
    expect_eeg(page, "eeg", 0)
    for tab, parts in TABS[locale].items():
        open_tab(page, tab)
        for part in parts or [tab]:
            open_tab(page, part)
            if part in COMING:
                expect(page.locator(COMING[part])).to_be_visible()
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": HEIGHT})
                expect_nothing_cut_off(page)
            unfold(page)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": HEIGHT})
                expect_nothing_cut_off(page)


@pytest.mark.parametrize("locale", list(TABS))
def test_all_steps_are_in_sight_on_a_phone(visit: Callable[..., Page], locale: str) -> None:
    page = visit(locale)
    page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
    tab, steps = next(one for one in TABS[locale].items() if len(one[1]) == 5)
    open_tab(page, tab)
    # Tabs wrap: what found no room went into a menu behind three dots once.
    expect(page.locator("#train-steps").get_by_role("tab")).to_have_text(steps)


def test_what_is_cut_off_is_noticed(page: Page) -> None:
    page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
    expect(page.locator("#introduction")).to_be_visible()
    page.evaluate(
        """() => {
          const frame = document.createElement("div");
          frame.id = "frame";
          frame.style = "width: 100px; overflow-x: auto";
          frame.innerHTML = '<p style="width: 200px">half of a sentence</p>';
          document.body.append(frame);
        }"""
    )
    assert page.evaluate(CUT_OFF, SCROLLING) == ["DIV in #frame: half of a sentence"]
    page.evaluate("document.querySelector('#frame').style.overflowX = 'hidden'")
    assert page.evaluate(CUT_OFF, SCROLLING) == ["P in #frame: half of a sentence"]
