"""From marks in the viewer to a reference in Train."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journeys import expect_eeg, fill, open_file, open_tab, toast
from tests.eeg_files import SEIZURE, eeg_file

pytestmark = pytest.mark.browser


def test_what_was_marked_in_analysis_is_a_reference_once_all_seizures_are_marked(
    page: Page,
) -> None:
    open_file(page, eeg_file(SEIZURE))
    viewer = page.locator("#eeg")
    viewer.get_by_role("button", name="To the end").click()
    expect_eeg(page, "eeg", 40, 10)
    viewer.get_by_role("button", name="Add an event on this page").click()
    viewer.get_by_role("form", name="Event").get_by_role("button", name="Save").click()
    expect(viewer.get_by_text("Your marks (1)")).to_be_visible()
    open_tab(page, "Train")
    add = page.get_by_role("button", name="Add it with its marks")
    add.click()
    expect(toast(page)).to_contain_text("Say first that all seizures")
    pairs = page.locator("#data-pairs")
    expect(pairs).to_be_hidden()
    page.get_by_role("checkbox", name="All seizures in it are marked").check()
    add.click()
    expect(toast(page).last).to_contain_text("Seizures marked in it: 1")
    expect(pairs.get_by_role("gridcell", name="chosen by you")).to_be_visible()
    expect(page.get_by_role("checkbox", name="All seizures in it are marked")).not_to_be_checked()
    fill(page, "dataset-title", "Marked by hand")
    fill(page, "dataset-window-s", "4")
    fill(page, "dataset-guard-s", "0")
    page.locator("#create-dataset").click()
    card = page.locator("#dataset-card")
    for words in ("Marked by hand", "1 used, 0 left out"):
        expect(card).to_contain_text(words)
    page.get_by_role("button", name="Take it out again").click()
    expect(pairs).to_be_hidden()
