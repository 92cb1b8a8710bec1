from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journeys import open_tab
from zoo.registry import list_models

pytestmark = pytest.mark.browser


def test_nets_are_listed_and_their_cards_can_be_read(page: Page) -> None:
    open_tab(page, "Model Zoo")
    table = page.locator("#models")
    for net in list_models():
        expect(table.get_by_role("gridcell", name=net.model_id, exact=True)).to_be_visible()
    table.get_by_role("gridcell", name="n1spool-cnn", exact=True).click()
    card = page.locator("#card")
    for words in (
        "Intended use",
        "Limits",
        "Results",
        "3,137",
        "FP1-F7",
        "conv1d",
        f"5 {chr(0xD7)} 7",
        "max_pool1d",
        "Training",
    ):
        expect(card).to_contain_text(words)
