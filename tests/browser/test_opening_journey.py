"""Ways to open a recording: the server's folder, texts, files that do not open."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journeys import expect_eeg, toast, upload
from tests.edf_files import build_edf
from tests.shared_files import shared_file

pytestmark = pytest.mark.browser


def test_a_recording_of_the_servers_folder_is_opened_where_it_lies(page: Page) -> None:
    page.get_by_label("Or one from the server's folder").click()
    options = page.get_by_role("option")
    expect(options).to_have_count(1)
    expect(options).to_contain_text("ward/night.edf")
    options.first.click()
    expect(page.locator("#facts")).to_contain_text("night.edf")
    expect_eeg(page, "eeg", 0)


def test_a_text_is_shown_as_it_is_read_and_can_be_corrected(page: Page, tmp_path: Path) -> None:
    made = tmp_path / "made.csv"
    made.write_text("C3;C4\n" + "".join(f"{i % 7};{i % 5 - 2}\n" for i in range(3000)))
    upload(page, "analysis-upload", made)
    expect(toast(page)).to_contain_text("sampling rate")
    layout = page.locator("#text-layout")
    expect(layout.get_by_role("table")).to_contain_text("C4")
    expect(page.locator("#facts")).to_contain_text("No recording is open")
    layout.get_by_label("Sampling rate (Hz)").fill("100")
    layout.get_by_label("Unit of the values").click()
    page.get_by_role("option", name="mV", exact=True).click()
    layout.get_by_role("button", name="Open it as set here").click()
    facts = page.locator("#facts")
    for words in ("made.csv", "CSV", "30 s", "100 Hz"):
        expect(facts).to_contain_text(words)
    expect_eeg(page, "eeg", 0, 10)
    layout.get_by_label("Values are parted by").click()
    page.get_by_role("option", name="bar", exact=True).click()
    expect(toast(page).last).to_contain_text("Choose another delimiter")


def test_a_packed_table_of_real_eeg_opens_as_it_is(page: Page) -> None:
    upload(page, "analysis-upload", shared_file("guinea-bissau/signal-1.csv.gz"))
    expect(page.locator("#facts")).to_contain_text("signal-1.csv.gz")
    expect_eeg(page, "eeg", 0, 10)
    layout = page.locator("#text-layout")
    layout.get_by_text("How this text is read").click()
    expect(layout.get_by_role("table")).to_contain_text("AF3")
    expect(layout.get_by_label("Sampling rate (Hz)")).to_have_value("128")


def test_a_file_that_does_not_open_is_explained_by_its_bytes(page: Page, tmp_path: Path) -> None:
    notes = tmp_path / "notes.edf"
    notes.write_text("These are notes, not EEG.\n" * 40)
    upload(page, "analysis-upload", notes)
    why = page.locator("#why-not")
    expect(why).to_contain_text("Why this file does not open")
    why.get_by_text("What its bytes say").click()
    expect(why.get_by_role("table")).to_contain_text("first bytes")
    expect(page.get_by_role("button", name="Make a repaired copy")).to_be_hidden()


def test_a_cut_off_file_is_repaired_as_a_copy(page: Page, tmp_path: Path) -> None:
    cut = build_edf(tmp_path / "cut.edf", [[0.0] * 256 * 4])
    cut.write_bytes(cut.read_bytes()[:-100])
    upload(page, "analysis-upload", cut)
    why = page.locator("#why-not")
    expect(why).to_contain_text("A repaired copy can be made")
    why.get_by_role("button", name="Make a repaired copy and open it").click()
    expect(page.locator("#facts")).to_contain_text("cut_repaired.edf")
    with page.expect_download() as download:
        why.get_by_role("button", name="Download the repaired copy").or_(
            why.get_by_role("link", name="Download the repaired copy")
        ).first.click()
    assert Path(download.value.path()).stat().st_size < cut.stat().st_size
