"""A walk through every tab and part of the app, as an Italian visitor meets them."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as NotInTime

from tests.browser.journeys import open_tab, unfold
from tests.browser.shared_page import PATIENCE_MS, SIZE

WIDTHS = (390, 320)
HEIGHT = 844
CUT_OFF = (Path(__file__).parent / "cut_off.js").read_text(encoding="utf-8")
# Wider than a phone on purpose; they scroll sideways within the page.
SCROLLING = (
    ".scroll, .statistics, .virtual-table-viewport, .figure-frame, .network-drawing, "
    ".szv-bar, #layers"
)

ANALYSIS, PREDICT, TRAIN, ZOO = "Analisi", "Predizione", "Addestramento", "Zoo dei modelli"
TRAIN_STEPS = ("1 Dati", "2 Rete", "3 Addestrare", "4 Prova", "5 Tenere")
PARTS = {
    ANALYSIS: ("Statistiche dell'intero file", "Analisi di un canale", "Annotazioni"),
    PREDICT: (PREDICT,),
    TRAIN: TRAIN_STEPS,
    ZOO: ("Modelli", "Confronta", "Hub", "Classifica"),
}
# What comes from the server and must be there before there is anything to see.
COMING = {
    "Modelli": "#card .zoo-card",
    "Classifica": ".zoo-scoreboard",
    "2 Rete": "#layers details",
}

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


def walk(page: Page) -> Iterator[str]:
    """Go to every part of every tab, all that can be unfolded unfolded, and give its name."""
    for tab, parts in PARTS.items():
        for part in parts:
            open_tab(page, tab)
            open_tab(page, part)
            if part in COMING:
                expect(page.locator(COMING[part]).first).to_be_visible()
            unfold(page)
            expect(page.locator(".label-wrap:visible:not(.open)")).to_have_count(0)
            yield part


def expect_nothing_cut_off_on_phones(page: Page) -> None:
    """Look at what is shown on the screens of phones, and put the page's size back."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        expect_nothing_cut_off(page)
    page.set_viewport_size(SIZE)


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
    found = page.evaluate(CUT_OFF, SCROLLING)
    assert not found, f"cut off at {page.viewport_size}: {found}"
