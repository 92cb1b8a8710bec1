from __future__ import annotations

import contextlib
import csv
import json
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, Route, expect

from seizure_core.events import Event
from seizure_core.references import write_szcore_tsv
from tests.browser.journeys import expect_eeg, open_demo, open_tab, saved, source_of, toast, upload
from tests.edf_files import build_edf
from tests.shared_files import shared_file

pytestmark = pytest.mark.browser

CHB01 = "chbmit/chb01/chb01_03_seizure_s2986-3036.edf"


def choose_net(page: Page, name: str = "n1spool-cnn") -> None:
    page.get_by_label("Net", exact=True).click()
    page.get_by_role("option", name=name).click()


def run(page: Page) -> None:
    page.get_by_role("button", name="Find seizures").click()
    expect(page.locator("#trace img.figure")).to_be_visible()
    expect(page.locator("#summary")).to_contain_text("Highest probability")


def test_without_a_recording_the_tab_says_what_to_do(page: Page) -> None:
    open_tab(page, "Predict")
    expect(page.locator("#trace")).to_contain_text("Open a recording, choose a net")
    expect(page.locator("#model-summary")).to_contain_text("Sampling rate")
    page.get_by_role("button", name="Find seizures").click()
    expect(toast(page)).to_contain_text("Open a recording first")


def test_the_demo_is_searched_and_its_results_taken_away(page: Page, downloads: Path) -> None:
    open_demo(page)
    open_tab(page, "Predict")
    expect(page.locator("#predict-recording")).to_contain_text("demo_simulated")
    choose_net(page)
    run(page)
    expect(page.locator("#summary")).to_contain_text("n1spool-cnn")
    page.locator("#windows").get_by_role("gridcell").nth(2).click()
    expect_eeg(page, "result-eeg", 0, 30)
    files = {}
    for name in ("Events (TSV)", "Windows (CSV)", "Everything (JSON)"):
        with page.expect_download() as download:
            page.get_by_role("button", name=name).or_(
                page.get_by_role("link", name=name)
            ).first.click()
        files[name] = downloads / download.value.suggested_filename
        download.value.save_as(files[name])
    stem = "demo_simulated_two_seizures"
    assert [path.name for path in files.values()] == [
        f"{stem}_events.tsv",
        f"{stem}_windows.csv",
        f"{stem}_result.json",
    ]
    with files["Windows (CSV)"].open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    everything = json.loads(files["Everything (JSON)"].read_text(encoding="utf-8"))
    assert len(rows) == everything["statistics"]["n_windows"] == 571


def test_events_that_were_uploaded_again_can_still_be_downloaded(
    page: Page, downloads: Path
) -> None:
    open_demo(page)
    open_tab(page, "Predict")
    run(page)
    events = downloads / "demo_simulated_two_seizures_events.tsv"
    for time in ("first", "second"):
        with page.expect_download() as download:
            page.get_by_role("button", name="Events (TSV)").or_(
                page.get_by_role("link", name="Events (TSV)")
            ).first.click()
        download.value.save_as(events)
        assert events.read_text(encoding="utf-8").startswith("onset\t"), time
        if time == "first":
            upload(page, "reference-upload", events)
            expect(page.locator("#score")).to_contain_text("2 seizures by")
            run(page)
            # A new run begins a new comparison.
            expect(page.locator("#score")).not_to_contain_text("2 seizures by")


def test_choosing_an_event_shows_its_eeg(page: Page) -> None:
    open_demo(page)
    open_tab(page, "Predict")
    page.get_by_text("Other threshold or stride").click()
    page.get_by_label("Threshold, 0 to 1").fill("0.01")
    page.get_by_label("Stride in seconds").fill("5")
    run(page)
    expect(page.locator("#summary")).to_contain_text("Windows at 0.01 or more")
    page.locator("#events").get_by_role("gridcell").first.click()
    expect(page.locator("#result-eeg .szv-body")).to_have_attribute("data-length", "30")
    expect(page.locator("#result-eeg .szv-title")).to_contain_text("n1spool-cnn")


def test_no_number_can_be_typed_that_a_net_still_to_come_would_overwrite(page: Page) -> None:
    held: list[Route] = []
    page.route("**/queue/join*", lambda route: held.append(route))
    page.reload()
    open_tab(page, "Predict")
    page.get_by_text("Other threshold or stride").click()
    threshold = page.get_by_label("Threshold, 0 to 1")
    expect(threshold).to_be_disabled()
    page.unroute("**/queue/join*")
    for one in held:
        with contextlib.suppress(Error):  # those of the page before the reload are gone
            one.continue_()
    expect(threshold).to_be_enabled()
    expect(threshold).not_to_have_value("")


def test_marks_and_what_the_net_found_are_seen_in_both_tabs(page: Page) -> None:
    open_demo(page)
    analysis = page.locator("#eeg")
    analysis.locator(".szv-overlay").press("a")
    page.keyboard.type("\t")
    page.keyboard.press("Enter")
    expect(analysis.get_by_text("Your marks (1)")).to_be_visible()
    open_tab(page, "Predict")
    page.get_by_text("Other threshold or stride").click()
    page.get_by_label("Stride in seconds").fill("10")
    run(page)
    result = page.locator("#result-eeg")
    expect(result.get_by_text("Your marks (1)")).to_be_visible()
    result.get_by_role("button", name="Accept").first.click()
    expect(result.get_by_text("Your marks (2)")).to_be_visible()
    open_tab(page, "Analysis")
    expect(analysis.get_by_text("Your marks (2)")).to_be_visible()
    expect(analysis.get_by_text("Found by the net")).to_be_visible()


def test_a_report_is_made_to_print(page: Page) -> None:
    upload(page, "analysis-upload", shared_file(CHB01))
    expect_eeg(page, "eeg", 0)
    open_tab(page, "Predict")
    run(page)
    assert saved(page, "Report (PDF)") == "chb01_03_seizure_s2986-3036_report.pdf"


def test_what_an_expert_marked_is_drawn_and_scored(page: Page, tmp_path: Path) -> None:
    upload(page, "analysis-upload", shared_file(CHB01))
    expect_eeg(page, "eeg", 0)
    open_tab(page, "Predict")
    run(page)
    page.get_by_role("button", name="Score against your own marks").click()
    expect(toast(page)).to_contain_text("no marked seizures yet")
    marked = tmp_path / "marked.tsv"
    write_szcore_tsv(marked, [Event(onset_s=10, duration_s=40)], duration_s=50.0, start_time=None)
    upload(page, "reference-upload", marked)
    score = page.locator("#score")
    expect(score).to_contain_text("1 seizure by marked.tsv")
    expect(score.get_by_role("row").nth(1)).to_contain_text("1 of 1")
    result = page.locator("#result-eeg")
    expect(result.get_by_text("Marked by an expert (1)")).to_be_visible()
    result.get_by_role("button", name="Accept").first.click()
    expect(result.get_by_text("Your marks (1)")).to_be_visible()
    page.get_by_role("button", name="Score against your own marks").click()
    expect(score).to_contain_text("1 seizure by your marks")


def test_a_real_recording_uploaded_here_is_searched(page: Page) -> None:
    open_tab(page, "Predict")
    upload(page, "predict-upload", shared_file(CHB01))
    expect(page.locator("#predict-recording")).to_contain_text("chb01_03_seizure")
    run(page)
    before = source_of(page.locator("#trace img.figure"))
    assert before.startswith("data:image/png;base64,")
    open_tab(page, "Analysis")
    expect(page.locator("#facts")).to_contain_text("chb01_03_seizure")


def test_a_recording_that_does_not_fit_the_net_is_explained(page: Page, tmp_path: Path) -> None:
    open_tab(page, "Predict")
    few = build_edf(tmp_path / "few.edf", [[0.0] * 256 * 40] * 2, labels=["FP1-F7", "F7-T7"])
    upload(page, "predict-upload", few)
    expect(page.locator("#predict-recording")).to_contain_text("few.edf")
    choose_net(page)
    page.get_by_role("button", name="Find seizures").click()
    expect(toast(page)).to_contain_text("FZ-CZ")


def test_a_threshold_out_of_bounds_is_told_its_bounds(page: Page) -> None:
    open_demo(page)
    open_tab(page, "Predict")
    page.get_by_text("Other threshold or stride").click()
    page.get_by_label("Threshold, 0 to 1").fill("7")
    page.get_by_role("button", name="Find seizures").click()
    expect(toast(page)).to_contain_text("between 0 and 1")
