"""Every tab: all in the visitor's language, nothing cut off on a phone, and no need of a mouse."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessibility import expect_accessible
from tests.browser.journeys import open_demo, open_tab, toast, unfold
from tests.browser.shared_page import SIZE
from tests.browser.walking import (
    CUT_OFF,
    HEIGHT,
    PARTS,
    PREDICT,
    SCROLLING,
    TRAIN,
    TRAIN_STEPS,
    WIDTHS,
    english_lines,
    expect_nothing_cut_off,
    expect_nothing_cut_off_on_phones,
    walk,
)
from zoo.store.registry import list_models

pytestmark = pytest.mark.browser


def test_every_tab_is_italian_fits_a_phone_and_needs_no_mouse_in_the_dark_and_by_day(
    visit: Callable[..., Page],
) -> None:
    page = visit("it-IT", color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("lang", "it")
    expect(page.locator("#opening")).to_contain_text("Trascini qui una registrazione EEG")
    open_demo(page)
    expect(page.locator("#facts")).to_contain_text("Frequenza di campionamento")
    expect(page.locator("#facts")).to_contain_text("Nomi di canale ripetuti: 'T8-P8' (2 volte).")
    expect(page.locator("#eeg")).to_contain_text("Montaggio")
    tabs_fit_a_phone(page)
    page.locator("#compute-statistics").click()
    expect(page.get_by_role("columnheader", name="DS (µV)")).to_be_visible()
    expect(page.locator("#statistics-findings")).to_contain_text("compare due volte")
    open_tab(page, "Annotazioni")
    expect(page.locator("#annotations")).to_contain_text("Durata (s)")
    open_tab(page, PREDICT)
    page.locator("#run").click()
    expect(page.locator("#predict-said")).to_contain_text("candidati")
    expect(page.locator("#summary")).to_contain_text("Tempo in eventi")
    unfold(page)
    expect(page.locator("#windows")).to_contain_text("Probabilità")
    page.locator("#score-own-marks").click()
    expect(toast(page)).to_contain_text("Non ci sono ancora crisi segnate")

    titles = {model.title for model in list_models()}
    for part in walk(page):
        if part == "2 Rete":
            expect(page.locator("#layers")).to_contain_text("Aggiungi uno strato in fondo")
            expect(page.locator("#network-facts")).to_contain_text("corrisponde")
        assert [line for line in english_lines(page) if line not in titles] == [], part
        expect_nothing_cut_off_on_phones(page)
        expect_accessible(page)
    assert "__i18n__" not in page.locator("body").inner_text()
    page.emulate_media(color_scheme="light")
    expect(page.locator("body")).not_to_have_class(re.compile(r"\bdark\b"))
    page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
    for _ in walk(page):
        expect_accessible(page)


def tabs_fit_a_phone(page: Page) -> None:
    """Look at every tab before anything in it is unfolded, and come back to the first."""
    page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
    for tab in reversed(PARTS):
        open_tab(page, tab)
        if tab == TRAIN:
            # Steps wrap: what found no room went into a menu behind three dots once.
            expect(page.locator("#train-steps").get_by_role("tab")).to_have_text(
                [re.compile(rf"^{step}( \u2713)?$") for step in TRAIN_STEPS]
            )
        expect_nothing_cut_off(page)
    page.set_viewport_size(SIZE)


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
