"""Predict: what a model found is judged at a threshold of one's own, and taken away."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from seizure_core.events.event import Event
from seizure_core.references import write_szcore_tsv
from tests.browser.journeys import field, open_demo, search, unfold, upload

pytestmark = pytest.mark.browser

STEM = "demo_simulated_two_seizures"


def taken(page: Page, item: str, folder: Path) -> Path:
    """Choose a file of the export menu and return it, kept in a folder."""
    page.locator("#eeg .szv-export > summary").click()
    with page.expect_download() as download:
        page.get_by_role("button", name=item).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_a_result_is_judged_at_another_threshold_and_taken_away_and_back_after_a_reload(
    page: Page, downloads: Path
) -> None:
    open_demo(page)
    search(page, None)
    said, viewer = page.locator("#predict-said"), page.locator("#eeg")
    expect(said).to_contain_text("found 2 candidates")
    expect(viewer.locator(".szv-body")).not_to_have_attribute("data-start", "0")
    time_in_events = page.locator("#summary dl > div").nth(1)
    before = time_in_events.inner_text()

    line: Locator = page.get_by_role("slider", name="Threshold of the model")
    line.press("Home")
    expect(field(page, "predict-threshold")).to_have_value("0.01")
    expect(time_in_events).not_to_have_text(before)
    line.press("y")
    expect(viewer).to_contain_text("1 of")
    events = taken(page, "Reviewed events (TSV)", downloads)
    assert events.name == f"{STEM}_reviewed_events.tsv"
    result = json.loads(taken(page, "Full result (JSON)", downloads).read_text(encoding="utf-8"))
    assert result["threshold"] == 0.01
    assert [one["decision"] for one in result["decisions"]] == ["accepted"]
    assert len(result["windows"]) == result["statistics"]["n_windows"] > 100

    page.reload()
    expect(page.locator("#predict-said")).to_contain_text("found")
    unfold(page)
    expect(field(page, "predict-threshold")).to_have_value("0.01")
    expect(viewer.locator(".szv-accepted")).to_have_count(1)


def test_experts_are_compared_with_what_is_found_at_the_threshold_that_is_set(
    kept_page: Page, tmp_path: Path
) -> None:
    page = kept_page
    open_demo(page)
    search(page, None)
    unfold(page)
    marked = tmp_path / "marked.tsv"
    write_szcore_tsv(marked, [Event(onset_s=155, duration_s=40)], duration_s=600, start_time=None)
    upload(page, "reference-upload", marked)
    score = page.locator("#score")
    expect(score).to_contain_text("1 seizure by marked.tsv")
    expect(score.get_by_role("row").nth(1)).to_contain_text("1 of 1")
    expect(page.locator("#eeg").get_by_text("Marked by an expert (1)")).to_be_visible()
    shortest = field(page, "predict-min-duration-s")
    shortest.fill("500")
    shortest.press("Enter")
    expect(page.locator("#predict-said")).to_contain_text("found no seizure")
    expect(score.get_by_role("row").nth(1)).to_contain_text("0 of 1")
    # What a window is about is shown in the EEG.
    page.locator("#windows").get_by_role("gridcell").nth(2).click()
    expect(page.locator("#eeg .szv-body")).to_have_attribute("data-start", "0")
