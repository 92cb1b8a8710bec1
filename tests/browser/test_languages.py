"""The app in the visitor's language: on the page, in what the server writes, in the viewer."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import expect_accessible
from tests.browser.journeys import open_demo, open_tab, toast, unfold
from tests.browser.walking import ITALIAN, expect_nothing_cut_off_on_phones, walk
from zoo.store.registry import list_models

pytestmark = pytest.mark.browser

# Words that stand in almost every English sentence and in no Italian one.
ENGLISH_WORDS = re.compile(
    r"\b(the|of|and|is|are|this|with|from|it|its|here|there|there\'s|no|not|or|by|at|for|what|"
    r"which|file|files|choose|open|channels?|seizures?|models?|recordings?|windows?)\b",
    re.IGNORECASE,
)
# The same in Italian, or no words of ours: names of files, codes and formats.
ALIKE = re.compile(
    r"Seizure[ -]Zoo|\bfile\b|\bno\b|simulated seizure.*|\S+\.(edf|csv|tsv|json|zip|safetensors)"
    r"|n1spool\S*|\.seizures",
    re.I,
)
# What people wrote: cards of models and annotations of recordings are shown as they are.
WRITTEN_BY_PEOPLE = (
    ".zoo-id, .card-summary, article.card, #annotations table, .szv-list, #model-summary, "
    "#zoo-list li.zoo-model, #card, .zoo-scoreboard strong, #layers .type, #layers option, "
    "#network-code"
)


def visible_words(page: Page) -> str:
    """Return what the page shows, without what people wrote."""
    words: str = page.evaluate(
        """(others) => {
          const hidden = [...document.querySelectorAll(others)];
          const before = hidden.map((e) => e.style.display);
          hidden.forEach((e) => e.style.setProperty("display", "none", "important"));
          const words = document.body.innerText;
          hidden.forEach((e, i) => { e.style.display = before[i]; });
          return words;
        }""",
        WRITTEN_BY_PEOPLE,
    )
    return words


def english_lines(page: Page) -> list[str]:
    lines = [line.strip() for line in visible_words(page).splitlines()]
    return [line for line in lines if ENGLISH_WORDS.search(ALIKE.sub("", line))]


def test_an_italian_browser_gets_italian_everywhere_to_the_last_label(
    visit: Callable[..., Page],
) -> None:
    page = visit("it-IT", color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("lang", "it")
    expect(page.locator("#opening")).to_contain_text("Trascini qui una registrazione EEG")
    open_demo(page)
    expect(page.locator("#facts")).to_contain_text("Frequenza di campionamento")
    expect(page.locator("#facts")).to_contain_text("Nomi di canale ripetuti: 'T8-P8' (2 volte).")
    expect(page.locator("#eeg")).to_contain_text("Montaggio")
    page.locator("#compute-statistics").click()
    expect(page.get_by_role("columnheader", name="DS (µV)")).to_be_visible()
    expect(page.locator("#statistics-findings")).to_contain_text("compare due volte")
    open_tab(page, ITALIAN.analysis_parts[-1])
    expect(page.locator("#annotations")).to_contain_text("Durata (s)")
    open_tab(page, ITALIAN.predict)
    page.locator("#run").click()
    expect(page.locator("#predict-said")).to_contain_text("candidati")
    expect(page.locator("#summary")).to_contain_text("Tempo in eventi")
    unfold(page)
    expect(page.locator("#windows")).to_contain_text("Probabilità")
    page.locator("#score-own-marks").click()
    expect(toast(page)).to_contain_text("Non ci sono ancora crisi segnate")

    titles = {model.title for model in list_models()}
    for part in walk(page, ITALIAN):
        if part == "2 Rete":
            expect(page.locator("#layers")).to_contain_text("Aggiungi uno strato in fondo")
            expect(page.locator("#network-facts")).to_contain_text("corrisponde")
        assert [line for line in english_lines(page) if line not in titles] == [], part
        expect_nothing_cut_off_on_phones(page)
        expect_accessible(page)
    assert "__i18n__" not in page.locator("body").inner_text()


def late_language(html: str) -> str:
    """Return the page with its change of language after it has been drawn."""
    change = "const gradio = await import(url);"
    assert change in html
    return html.replace(change, f"await new Promise((r) => setTimeout(r, 3000)); {change}")


def test_a_page_is_italian_however_late_gradio_learns_it(visit: Callable[..., Page]) -> None:
    page = visit("it-IT", altered=late_language)
    expect(page.locator("html")).to_have_attribute("lang", "it")
    expect(page.locator("#opening")).to_contain_text("Trascini qui una registrazione EEG")
    for tab in (ITALIAN.predict, ITALIAN.zoo, ITALIAN.train):
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
