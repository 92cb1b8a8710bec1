"""Long work on real EEG is cancelled: nothing is half shown, and the next may begin."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journeys import open_tab, upload
from tests.edf_files import repeated
from tests.shared_files import shared_file

pytestmark = pytest.mark.browser

CHB01 = "chbmit/chb01/chb01_03_seizure_s2986-3036.edf"


def test_statistics_of_a_long_recording_are_stopped_and_nothing_is_half_shown(
    page: Page, tmp_path: Path
) -> None:
    upload(page, "analysis-upload", repeated(tmp_path / "long.edf", shared_file(CHB01), 150))
    expect(page.locator("#facts")).to_contain_text("2 h 05 min")
    compute = page.get_by_role("button", name="Compute statistics")
    compute.click()
    cancel = page.locator("#cancel-compute-statistics")
    cancel.click()
    found = page.locator("#statistics-findings")
    expect(found).to_contain_text("Stopped as asked")
    expect(page.locator("#statistics")).to_be_hidden()
    expect(cancel).to_be_hidden()
    compute.click()
    expect(cancel).to_be_enabled()
    upload(page, "analysis-upload", shared_file(CHB01))  # what runs for the other one ends
    expect(page.locator("#facts")).to_contain_text("50 s")
    expect(compute).to_be_enabled()
    expect(page.locator("#statistics")).to_be_hidden()
    compute.click()
    expect(page.locator("#statistics").get_by_role("rowheader")).to_have_count(23)


def test_a_search_is_stopped_and_the_next_one_finds_its_place(page: Page, tmp_path: Path) -> None:
    upload(page, "analysis-upload", repeated(tmp_path / "long.edf", shared_file(CHB01), 300))
    expect(page.locator("#facts")).to_contain_text("4 h 10 min")
    open_tab(page, "Predict")
    # The slowest of the shipped nets: others are done with hours before anybody can stop them.
    page.get_by_label("Net", exact=True).click()
    page.get_by_role("option", name="any-montage").click()
    search = page.get_by_role("button", name="Find seizures")
    search.click()
    page.locator("#cancel-run").click()
    expect(page.locator("#trace")).to_contain_text("Stopped as asked")
    expect(page.locator("#events")).to_be_hidden()
    expect(page.locator("#result-eeg")).to_be_hidden()
    expect(page.locator("#cancel-run")).to_be_hidden()
    upload(page, "predict-upload", shared_file(CHB01))
    expect(page.locator("#predict-recording")).to_contain_text("50 s")
    search.click()
    expect(page.locator("#summary")).to_contain_text("of 50 s")
