"""Which language the app speaks, and when; every word of it is read in `test_every_tab`."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journeys import open_demo, open_tab, unfold
from tests.browser.walking import PREDICT, TRAIN, ZOO, english_lines

pytestmark = pytest.mark.browser


def late_language(html: str) -> str:
    """Return the page with its change of language after it has been drawn."""
    change = "const gradio = await import(url);"
    assert change in html
    drawn = (
        "const tab = () => document.querySelector('.gradio-container [role=tab]'); "
        "while (!tab()) await new Promise((r) => setTimeout(r, 50)); "
        "await new Promise((r) => setTimeout(r, 200));"
    )
    return html.replace(change, f"{drawn} {change}")


def test_a_page_is_italian_however_late_gradio_learns_it(visit: Callable[..., Page]) -> None:
    page = visit("it-IT", altered=late_language)
    expect(page.locator("html")).to_have_attribute("lang", "it")
    expect(page.locator("#opening")).to_contain_text("Trascini qui una registrazione EEG")
    for tab in (PREDICT, ZOO, TRAIN):
        open_tab(page, tab)
        unfold(page)
    for step in ("5 Tenere", "2 Rete"):
        open_tab(page, step)
    expect(page.locator("#network-facts")).to_contain_text("corrisponde")
    assert english_lines(page) == []


# One that Gradio speaks itself, and one it does not.
@pytest.mark.parametrize("locale", ["zu-ZA"])
def test_every_other_browser_gets_english(visit: Callable[..., Page], locale: str) -> None:
    page = visit(locale)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("tab")).to_have_text(["Analysis", "Predict", "Train", "Model Zoo"])
    # A sentence of the server.
    open_tab(page, "Train")
    expect(page.locator("#why-data-network")).to_contain_text("add recordings with their")
    assert "__i18n__" not in page.locator("body").inner_text()


def test_a_language_can_be_chosen_here_or_in_gradios_settings_and_is_kept(
    visit: Callable[..., Page],
) -> None:
    page = visit("en-US", heard=False)
    page.get_by_label("Language").select_option("Italiano")
    expect(page.get_by_role("tab", name="Analisi", exact=True)).to_be_visible()
    expect(page.get_by_label("Lingua")).to_have_value("it")
    expect(page.locator("#opening")).to_contain_text("Trascini qui una registrazione EEG")
    open_demo(page)
    expect(page.locator("#facts")).to_contain_text("Frequenza di campionamento")
    expect(page.locator("#eeg")).to_contain_text("Montaggio")

    page.get_by_role("button", name="Impostazioni").click()
    box = page.get_by_role("combobox", name="Language")
    box.fill("English")
    box.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#language")).to_have_value("en")
    page.goto(page.url.split("?")[0])
    open_demo(page)
    expect(page.locator("#facts")).to_contain_text("Sampling rate")
