"""Long work is cancelled: nothing is half shown, and the next may begin."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journeys import ask_for_a_file, choose_model, open_file, open_tab, opening
from tests.eeg_files import SEIZURE, eeg_file

pytestmark = pytest.mark.browser


def test_work_on_a_long_recording_is_stopped_and_the_next_finds_its_place(kept_page: Page) -> None:
    page = kept_page
    ask_for_a_file(page)
    page.get_by_label("Or one from the server's folder").click()
    with opening(page):
        page.get_by_role("option", name="long.edf").click()
    expect(page.locator("#facts")).to_contain_text("4 h 10 min")
    compute = page.get_by_role("button", name="Compute statistics")
    compute.click()
    cancel = page.locator("#cancel-compute-statistics")
    cancel.click()
    expect(page.locator("#statistics-findings")).to_contain_text("Stopped")
    expect(page.locator("#statistics")).to_be_hidden()
    expect(cancel).to_be_hidden()

    open_tab(page, "Predict")
    # The slowest of the shipped models: others are done with hours before anybody can stop them.
    choose_model(page, "any-montage")
    find = page.locator("#run")
    find.click()
    page.locator("#cancel-run").click()
    expect(page.locator("#predict-said")).to_contain_text("Stopped")
    for hidden in ("#summary", "#cancel-run"):
        expect(page.locator(hidden)).to_be_hidden()

    open_tab(page, "Analysis")
    compute.click()
    expect(cancel).to_be_enabled()
    open_file(page, eeg_file(SEIZURE))  # what runs for the other one ends
    expect(page.locator("#facts")).to_contain_text("50 s")
    expect(compute).to_be_enabled()
    expect(page.locator("#statistics")).to_be_hidden()
    compute.click()
    expect(page.locator("#statistics").get_by_role("rowheader")).to_have_count(23)
    open_tab(page, "Predict")
    expect(page.locator("#facts")).to_contain_text("50 s")
    find.click()
    expect(page.locator("#summary")).to_contain_text("of 50 s")
