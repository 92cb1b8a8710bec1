from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from seizure_core.events.event import Event
from seizure_core.references import write_szcore_tsv
from tests.browser.journeys import (
    expect_eeg,
    open_demo,
    open_file,
    open_tab,
    saved,
    search,
    toast,
    upload,
)
from tests.edf_files import build_edf
from tests.eeg_files import SEIZURE, eeg_file

pytestmark = pytest.mark.browser

MODEL = "n1spool-cnn"


def taken(page: Page, button: str, folder: Path) -> Path:
    """Press a download button and return the file that comes, kept in a folder."""
    with page.expect_download() as download:
        page.get_by_role("button", name=button).or_(
            page.get_by_role("link", name=button)
        ).first.click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_the_demo_is_searched_and_its_results_taken_away_and_scored(
    kept_page: Page, downloads: Path
) -> None:
    page = kept_page
    open_demo(page)
    search(page, MODEL)
    expect(page.locator("#facts")).to_contain_text("demo_simulated")
    expect(page.locator("#summary")).to_contain_text(MODEL)
    page.locator("#windows").get_by_role("gridcell").nth(2).click()
    expect_eeg(page, "eeg", 0, 30)
    files = [
        taken(page, name, downloads)
        for name in ("Events (TSV)", "Windows (CSV)", "Everything (JSON)")
    ]
    stem = "demo_simulated_two_seizures"
    assert [path.name for path in files] == [
        f"{stem}_events.tsv",
        f"{stem}_windows.csv",
        f"{stem}_result.json",
    ]
    with files[1].open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    everything = json.loads(files[2].read_text(encoding="utf-8"))
    assert len(rows) == everything["statistics"]["n_windows"] == 571

    # Events that were uploaded again can still be downloaded.
    upload(page, "reference-upload", files[0])
    expect(page.locator("#score")).to_contain_text("2 seizures by")
    search(page, MODEL)
    # A new run begins a new comparison.
    expect(page.locator("#score")).not_to_contain_text("2 seizures by")
    assert taken(page, "Events (TSV)", downloads).read_text(encoding="utf-8").startswith("onset\t")


def test_marks_and_what_the_model_found_are_seen_in_both_tabs(page: Page) -> None:
    open_demo(page)
    analysis, result = page.locator("#eeg"), page.locator("#eeg")
    analysis.locator(".szv-overlay").press("a")
    page.keyboard.type("\t")
    page.keyboard.press("Enter")
    expect(analysis.get_by_text("Your marks (1)")).to_be_visible()
    search(page, None, threshold="7", stride_s="10", ends="between 0 and 1")
    search(page, None, threshold="0.01", stride_s="10")
    expect(page.locator("#summary")).to_contain_text("Windows at 0.01 or more")
    page.locator("#events").get_by_role("gridcell").first.click()
    expect(result.locator(".szv-body")).to_have_attribute("data-length", "30")
    expect(result.locator(".szv-title")).to_contain_text(
        page.locator("#model input").input_value().split(":")[0]
    )
    expect(result.get_by_text("Your marks (1)")).to_be_visible()
    result.get_by_role("button", name="Accept").first.click()
    expect(result.get_by_text("Your marks (2)")).to_be_visible()
    open_tab(page, "Analysis")
    expect(analysis.get_by_text("Your marks (2)")).to_be_visible()
    expect(analysis.get_by_text("Found by the model")).to_be_visible()


def test_a_recording_opened_here_is_searched_reported_and_scored(
    kept_page: Page, tmp_path: Path
) -> None:
    page = kept_page
    open_tab(page, "Predict")
    open_file(page, eeg_file(SEIZURE))
    expect(page.locator("#facts")).to_contain_text("chb01_03_seizure")
    search(page, MODEL)
    expect(page.locator("#trace figure.chart svg text", has_text="threshold")).to_be_visible()
    assert saved(page, "Report (PDF)") == "chb01_03_seizure_s2986-3036_report.pdf"

    # What an expert marked is drawn and scored; then what was accepted.
    page.locator("#score-own-marks").click()
    expect(toast(page)).to_contain_text("no marked seizures yet")
    marked = tmp_path / "marked.tsv"
    write_szcore_tsv(marked, [Event(onset_s=10, duration_s=40)], duration_s=50.0, start_time=None)
    upload(page, "reference-upload", marked)
    score = page.locator("#score")
    expect(score).to_contain_text("1 seizure by marked.tsv")
    expect(score.get_by_role("row").nth(1)).to_contain_text("1 of 1")
    result = page.locator("#eeg")
    expect(result.get_by_text("Marked by an expert (1)")).to_be_visible()
    result.get_by_role("button", name="Accept").first.click()
    expect(result.get_by_text("Your marks (1)")).to_be_visible()
    page.locator("#score-own-marks").click()
    expect(score).to_contain_text("1 seizure by your marks")
    open_tab(page, "Analysis")
    expect(page.locator("#facts")).to_contain_text("chb01_03_seizure")


def test_a_recording_that_does_not_fit_the_model_is_explained(
    kept_page: Page, tmp_path: Path
) -> None:
    page = kept_page
    waves = [float(i % 50) for i in range(256 * 40)]
    few = build_edf(tmp_path / "few.edf", [waves] * 2, labels=["FP1-F7", "F7-T7"])
    open_file(page, few)
    search(page, MODEL, ends="FZ-CZ")
