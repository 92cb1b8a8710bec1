"""The app in the visitor's language: on the page, in what the server writes, in the viewer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.app_server import AppServer
from tests.browser.journeys import expect_eeg, open_tab, toast, unfold
from tests.browser.shared_page import PATIENCE_MS
from tests.browser.slowness import slowed
from ui.i18n import languages
from zoo.registry import list_models

pytestmark = pytest.mark.browser

# Words that stand in almost every English sentence and in no Italian one.
ENGLISH_WORDS = re.compile(
    r"\b(the|of|and|is|are|this|with|from|it|its|here|there|there\'s|no|not|or|by|at|for|what|"
    r"which|file|files|choose|open|channels?|seizures?|nets?|recordings?|windows?)\b",
    re.IGNORECASE,
)
# The same in Italian, or no words of ours: names of files, codes and formats.
ALIKE = re.compile(
    r"Seizure Zoo|\bfile\b|\bno\b|simulated seizure.*|\S+\.(edf|csv|tsv|json|zip)|n1spool\S*"
    r"|\.seizures",
    re.I,
)
# What people wrote: cards of nets and annotations of recordings are shown as they are.
WRITTEN_BY_PEOPLE = (
    ".card-summary, article.card, #annotations table, .szv-list, #model-summary, "
    "#zoo-list li.zoo-net, #card, #layers td, #layers [role=gridcell], #network-code"
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


def open_demo_in(page: Page, button: str) -> None:
    page.get_by_role("button", name=button).click()
    expect_eeg(page, "eeg", 0)


def search(page: Page) -> Locator:
    page.locator("#run").click()
    expect(page.locator("#events table")).to_be_visible()
    return page.locator("#summary")


def test_an_italian_browser_gets_italian_everywhere(visit: Callable[..., Page]) -> None:
    page = visit("it-IT")
    expect(page.locator("html")).to_have_attribute("lang", "it")
    expect(page.locator("#introduction")).to_contain_text("Trovare le crisi epilettiche")
    open_demo_in(page, "Apri la registrazione dimostrativa")
    expect(page.locator("#facts")).to_contain_text("Frequenza di campionamento")
    expect(page.locator("#facts")).to_contain_text("Nomi di canale ripetuti: 'T8-P8' (2 volte).")
    expect(page.locator("#eeg")).to_contain_text("Montaggio")
    page.locator("#compute-statistics").click()
    expect(page.get_by_role("columnheader", name="Mediana")).to_be_visible()
    expect(page.locator("#statistics-findings")).to_contain_text("compare due volte")
    expect(page.locator("#annotations")).to_contain_text("Durata (s)")
    assert english_lines(page) == []
    open_tab(page, "Predizione")
    summary = search(page)
    expect(summary).to_contain_text("Tempo in eventi")
    expect(page.locator("#windows")).to_contain_text("Probabilità")
    assert english_lines(page) == []
    page.locator("#score-own-marks").click()
    expect(toast(page)).to_contain_text("Non ci sono ancora crisi segnate")
    assert "__i18n__" not in page.locator("body").inner_text()


def late_language(html: str) -> str:
    """Return the page with its change of language after it has been drawn."""
    change = "const gradio = await import(url);"
    assert change in html
    return html.replace(change, f"await new Promise((r) => setTimeout(r, 3000)); {change}")


def test_train_and_the_zoo_are_italian_to_the_last_label(visit: Callable[..., Page]) -> None:
    page = visit("it-IT")
    open_tab(page, "Addestramento")
    for step in ("1 Dati", "2 Rete", "3 Addestrare", "4 Prova", "5 Tenere"):
        open_tab(page, step)
        unfold(page)
        expect(page.locator("#tabs .label-wrap:visible:not(.open)")).to_have_count(0)
        assert english_lines(page) == []
    open_tab(page, "2 Rete")
    expect(page.locator("#layers")).to_contain_text("Strato")
    expect(page.locator("#network-facts")).to_contain_text("corrisponde")
    open_tab(page, "Zoo delle reti")
    expect(page.locator("#card .zoo-card")).to_be_visible()
    unfold(page)
    titles = {net.title for net in list_models()}
    assert [line for line in english_lines(page) if line not in titles] == []


def test_a_page_is_italian_however_late_gradio_learns_it(visit: Callable[..., Page]) -> None:
    page = visit("it-IT", altered=late_language)
    expect(page.locator("html")).to_have_attribute("lang", "it")
    expect(page.locator("#introduction")).to_contain_text("Trovare le crisi epilettiche")
    for tab in ("Predizione", "Zoo delle reti", "Addestramento"):
        open_tab(page, tab)
        unfold(page)
    for step in ("5 Tenere", "2 Rete"):
        open_tab(page, step)
    expect(page.locator("#network-facts")).to_contain_text("corrisponde")
    assert english_lines(page) == []


@pytest.mark.parametrize("locale", ["en-US", "zu-ZA", "fr-FR"])
def test_every_other_browser_gets_english(visit: Callable[..., Page], locale: str) -> None:
    page = visit(locale)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("tab")).to_have_text(["Analysis", "Predict", "Train", "Model Zoo"])
    open_demo_in(page, "Open the demo recording")
    expect(page.locator("#facts")).to_contain_text("Sampling rate")
    expect(page.locator("#facts")).to_contain_text("Labels that repeat")
    assert "__i18n__" not in page.locator("body").inner_text()


# Loading a page anew breaks off what it still asks for, which browsers note as errors; so these
# two have pages of their own.
@pytest.fixture
def calm_page(browser: Browser, app: AppServer) -> Iterator[Callable[[str], Page]]:
    contexts: list[BrowserContext] = []

    def open_page(locale: str) -> Page:
        contexts.append(browser.new_context(locale=locale))
        page = slowed(contexts[-1].new_page())
        page.set_default_timeout(PATIENCE_MS)
        page.goto(app.url)
        return page

    yield open_page
    for context in contexts:
        context.close()


def test_a_language_can_be_chosen_and_is_kept(calm_page: Callable[[str], Page]) -> None:
    page = calm_page("en-US")
    page.get_by_role("button", name="Italiano").click()
    expect(page.get_by_role("tab", name="Analisi", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Italiano")).to_have_attribute("aria-pressed", "true")
    # The pressed one stands out, and yet on one line with the others.
    places = page.locator("#languages button").evaluate_all(
        "buttons => buttons.map((one) => one.getBoundingClientRect()).map((p) => [p.y, p.height])"
    )
    assert places == [places[0]] * len(languages())
    page.reload()
    expect(page.locator("#introduction")).to_contain_text("Trovare le crisi epilettiche")
    open_demo_in(page, "Apri la registrazione dimostrativa")
    expect(page.locator("#facts")).to_contain_text("Frequenza di campionamento")
    expect(page.locator("#eeg")).to_contain_text("Montaggio")


def test_a_language_chosen_in_gradios_settings_holds_too(
    calm_page: Callable[[str], Page],
) -> None:
    page = calm_page("it-IT")
    page.get_by_role("button", name="Impostazioni").click()
    box = page.get_by_role("combobox", name="Language")
    box.fill("English")
    box.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("button", name="English")).to_have_attribute("aria-pressed", "true")
    page.goto(page.url.split("?")[0])
    open_demo_in(page, "Open the demo recording")
    expect(page.locator("#facts")).to_contain_text("Sampling rate")
