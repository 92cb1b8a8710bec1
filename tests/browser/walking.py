"""A walk through every tab and part of the app, as a visitor of one language meets them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Tabs:
    """Names of the tabs and of the parts of each, in one language."""

    analysis: str
    analysis_parts: tuple[str, ...]
    predict: str
    train: str
    train_steps: tuple[str, ...]
    zoo: str
    zoo_parts: tuple[str, ...]

    def places(self) -> Iterator[tuple[str, str]]:
        """Return tab and part of every place; the part is the tab where it has none."""
        for part in self.analysis_parts:
            yield self.analysis, part
        yield self.predict, self.predict
        for part in self.train_steps:
            yield self.train, part
        for part in self.zoo_parts:
            yield self.zoo, part


ENGLISH = Tabs(
    analysis="Analysis",
    analysis_parts=("Statistics of the whole file", "Channel analysis", "Annotations"),
    predict="Predict",
    train="Train",
    train_steps=("1 Data", "2 Network", "3 Train", "4 Test", "5 Keep"),
    zoo="Model Zoo",
    zoo_parts=("Models", "Compare", "Hub", "Scoreboard"),
)
ITALIAN = Tabs(
    analysis="Analisi",
    analysis_parts=("Statistiche dell'intero file", "Analisi di un canale", "Annotazioni"),
    predict="Predizione",
    train="Addestramento",
    train_steps=("1 Dati", "2 Rete", "3 Addestrare", "4 Prova", "5 Tenere"),
    zoo="Zoo dei modelli",
    zoo_parts=("Modelli", "Confronta", "Hub", "Classifica"),
)
# What comes from the server and must be there before there is anything to see.
COMING = {
    **dict.fromkeys(("Models", "Modelli"), "#card .zoo-card"),
    **dict.fromkeys(("Scoreboard", "Classifica"), ".zoo-scoreboard"),
    **dict.fromkeys(("2 Network", "2 Rete"), "#layers details"),
}


def walk(page: Page, tabs: Tabs) -> Iterator[str]:
    """Go to every place, all its parts unfolded, and give its name."""
    for tab, part in tabs.places():
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
