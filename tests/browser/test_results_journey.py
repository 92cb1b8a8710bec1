"""Results of a folder that the command line has searched are looked at in the app."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from seizure_zoo.cli import main
from tests.browser.journeys import ask_for_a_file, fill, open_tab, opening, toast, unfold
from tests.eeg_files import SEIZURE, eeg_file
from zoo.store.reviews import ReviewShelf

pytestmark = pytest.mark.browser


def test_a_searched_folder_is_seen_opened_and_reviewed(
    page: Page, apps_home: Path, tmp_path: Path
) -> None:
    nights, results = tmp_path / "nights", tmp_path / "ward-7"
    (nights / "p1").mkdir(parents=True)
    shutil.copy(eeg_file(SEIZURE), nights / "p1" / "night.edf")
    arguments = ["predict", str(nights), "--model", "n1spool-cnn", "--out", str(results)]
    assert main([*arguments, "--quiet"]) == 0
    page.reload()
    ask_for_a_file(page)
    unfold(page)
    page.locator("#results-id input").click()
    page.get_by_role("option", name="ward-7").click()
    expect(page.locator("#results-progress")).to_contain_text("1 of 1")
    with opening(page):
        page.locator("#results-table").get_by_role("gridcell", name="p1/night.edf").click()
    expect(page.get_by_role("tab", name="Predict")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#predict-said")).to_contain_text("candidate")
    expect(page.locator("#summary dl")).to_contain_text("Highest probability")
    ask_for_a_file(page)
    unfold(page)
    fill(page, "results-review", "ward-7")
    page.locator("#results-review input").press("Enter")
    page.locator("#results-add").click()
    expect(toast(page).filter(has_text="ward-7")).to_be_visible()
    assert len(ReviewShelf().open("ward-7").state.durations_s) == 1
    open_tab(page, "Analysis")
