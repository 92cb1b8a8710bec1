from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.app_server import AppServer
from tests.browser.journeys import expect_eeg, open_demo, open_tab, saved, toast, upload
from tests.edf_files import build_edf
from tests.shared_files import shared_file

pytestmark = pytest.mark.browser

CHB01 = "chbmit/chb01/chb01_03_seizure_s2986-3036.edf"

# How many points of the canvas are not paper.
EEG_INK = """() => {
  const canvas = document.querySelector("#eeg .szv-canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let ink = 0;
  for (let i = 0; i < data.length; i += 4) {
    if (Math.max(data[i], data[i + 1], data[i + 2]) < 120) ink += 1;
  }
  return ink;
}"""


def test_the_start_says_what_this_is_and_what_it_is_not(page: Page) -> None:
    start = page.locator("#introduction")
    expect(start).to_contain_text("Find epileptic seizures in scalp EEG")
    expect(start).to_contain_text("not a medical device")
    expect(start).to_contain_text("what the field calls detection")
    names = page.get_by_role("tab")
    expect(names).to_have_text(["Analysis", "Predict", "Train", "Model Zoo"])
    expect(page.locator("#facts")).to_contain_text("No recording is open")
    expect(page.locator("#eeg")).to_contain_text("its EEG appears here")


def test_the_demo_is_one_click_away_and_can_be_paged_through(page: Page) -> None:
    open_demo(page)
    facts = page.locator("#facts")
    for words in ("EDF+C", "10 min 00 s", "23", "256 Hz", "µV"):
        expect(facts).to_contain_text(words)
    title = page.locator("#eeg .szv-title")
    for words in ("demo_simulated_two_seizures.edf", "23 channels"):
        expect(title).to_contain_text(words)
    page.get_by_role("button", name="Next page").click()
    expect_eeg(page, "eeg", 10, 10)
    page.get_by_role("button", name="Previous page").click()
    expect_eeg(page, "eeg", 0, 10)


def test_one_some_or_all_channels_start_and_length_can_be_chosen(page: Page) -> None:
    open_demo(page)
    viewer = page.locator("#eeg")
    viewer.get_by_role("tab", name="Channels").click()
    boxes = viewer.locator(".szv-channels li input")
    expect(boxes).to_have_count(23)
    viewer.get_by_role("checkbox", name="Left temporal", exact=True).uncheck()
    expect(viewer.get_by_role("checkbox", name="FP1-F7", exact=True)).not_to_be_checked()
    viewer.get_by_role("checkbox", name="FP1-F7", exact=True).check()
    viewer.get_by_label("Page", exact=True).select_option("2 s")
    expect_eeg(page, "eeg", 0, 2)
    viewer.get_by_label("Go to a time").fill("0:02:30")
    viewer.get_by_label("Go to a time").press("Enter")
    expect_eeg(page, "eeg", 150, 2)
    assert page.evaluate(EEG_INK) > 100


def test_numbers_of_the_whole_file_can_be_had(page: Page) -> None:
    open_demo(page)
    page.get_by_role("button", name="Compute statistics").click()
    table = page.locator("#statistics")
    median = table.get_by_role("button", name="Median (µV)", exact=True)
    expect(median).to_be_visible()
    median.hover()
    expect(table.get_by_role("tooltip").filter(visible=True)).to_have_text(
        "Half of the values are below, half above."
    )
    page.mouse.move(0, 0)
    table.get_by_role("button", name="Line length (µV)", exact=True).focus()
    page.keyboard.press("Tab")
    per_second = table.get_by_role("button", name="Line length per second (µV/s)", exact=True)
    expect(per_second).to_be_focused()
    expect(per_second).to_have_accessible_description(re.compile("rises in many seizures"))
    expect(table.get_by_role("tooltip").filter(visible=True)).to_contain_text("many seizures")
    page.keyboard.press("Escape")
    expect(table.get_by_role("tooltip").filter(visible=True)).to_have_count(0)
    first = table.get_by_role("rowheader").first
    expect(first).to_have_text("FP1-F7")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    heading = page.get_by_role("columnheader", name="Line length per second")
    expect(heading).to_have_attribute("aria-sort", "descending")
    strongest = table.locator("tbody tr").first
    lengths = [float(row) for row in strongest.locator("td").all_inner_texts()[17:18]]
    assert lengths == [max(float(cell) for cell in column_of(page, 18))]
    page.keyboard.press("Enter")
    expect(first).to_have_text("FP1-F7")
    expect(page.locator("#statistics-findings")).to_contain_text("T8-P8 appears twice")
    for name in ("CSV", "JSON"):
        assert saved(page, f"Statistics ({name})").endswith(f"_statistics.{name.lower()}")
    expect(
        page.locator("#annotations").get_by_role("gridcell", name="left temporal")
    ).to_be_visible()


def column_of(page: Page, number: int) -> list[str]:
    """Return the cells of a column of the statistics, counted from 0."""
    return page.locator(f"#statistics tbody td:nth-child({number + 1})").all_inner_texts()


def test_a_page_of_a_strong_seizure_is_drawn_smaller_until_a_sensitivity_is_chosen(
    page: Page,
) -> None:
    upload(page, "analysis-upload", shared_file(CHB01))
    expect_eeg(page, "eeg", 0, 10)
    viewer = page.locator("#eeg")
    sensitivity = viewer.get_by_label("Sensitivity", exact=True)
    chosen = sensitivity.locator("option:checked")
    expect(chosen).to_have_text("auto: 15 µV/mm")
    viewer.get_by_role("button", name="To the end").click()
    expect_eeg(page, "eeg", 40, 10)
    expect(chosen).to_have_text("auto: 30 µV/mm")
    sensitivity.select_option("7 µV/mm")
    viewer.get_by_role("button", name="To the start").click()
    expect_eeg(page, "eeg", 0, 10)
    expect(chosen).to_have_text("7 µV/mm")
    sensitivity.select_option("auto")
    expect(chosen).to_have_text("auto: 15 µV/mm")


def test_charts_of_a_channel_are_drawn_and_saved(page: Page) -> None:
    open_demo(page)
    section = page.locator("#chart")
    expect(section).to_contain_text("choose one of its channels")
    page.locator("#chart-channel input").click()
    page.get_by_role("option", name="FP1-F7", exact=True).click()
    chart = section.locator("img.figure")
    expect(chart).to_have_attribute("alt", re.compile("^Values of FP1-F7"))
    page.get_by_role("radio", name="Spectrogram").check()
    expect(chart).to_have_attribute("alt", re.compile("^Spectrogram of FP1-F7"))
    for name in ("png", "svg", "pdf"):
        assert saved(page, f"Chart ({name.upper()})").endswith(f"_spectrogram_channel1.{name}")


def test_a_real_recording_is_opened_from_disk(page: Page) -> None:
    upload(page, "analysis-upload", shared_file(CHB01))
    expect(page.locator("#facts")).to_contain_text("chb01_03_seizure_s2986-3036.edf")
    expect(page.locator("#facts")).to_contain_text("50 s")
    expect_eeg(page, "eeg", 0, 10)
    open_tab(page, "Predict")
    expect(page.locator("#predict-recording")).to_contain_text("chb01_03_seizure_s2986-3036.edf")


def test_a_file_that_is_no_eeg_is_explained_and_the_old_one_stays(
    page: Page, tmp_path: Path
) -> None:
    open_demo(page)
    notes = tmp_path / "notes.edf"
    notes.write_text("These are notes, not EEG.\n" * 40)
    upload(page, "analysis-upload", notes)
    expect(toast(page)).to_contain_text("notes.edf")
    expect(page.locator("#facts")).to_contain_text("demo_simulated_two_seizures.edf")


def test_markup_in_a_file_is_shown_as_text(page: Page, tmp_path: Path) -> None:
    odd = build_edf(
        tmp_path / "a.edf", [[0.0] * 2560], labels=["<img src=x>"], patient="Secret Name"
    )
    upload(page, "analysis-upload", odd)
    expect(page.locator("#facts")).to_contain_text("a.edf")
    expect(page.locator("img[src=x]")).to_have_count(0)
    expect(page.locator("body")).not_to_contain_text("Secret Name")


def test_two_visitors_never_see_each_others_recording(
    visit: Callable[[], Page], app: AppServer, tmp_path: Path
) -> None:
    first, second = visit(), visit()
    private = build_edf(tmp_path / "private.edf", [[0.0] * 2560], labels=["Fp1"])
    with first.expect_response(lambda answer: "/upload?" in answer.url) as uploaded:
        upload(first, "analysis-upload", private)
    expect(first.locator("#facts")).to_contain_text("private.edf")
    expect(second.locator("#facts")).to_contain_text("No recording is open")
    second.get_by_role("button", name="Compute statistics").click()
    expect(toast(second)).to_contain_text("Open a recording first")
    stored = uploaded.value.json()[0]
    for visitor in (first, second):
        answer = visitor.request.get(f"{app.url}/gradio_api/file={stored}")
        assert answer.status == 403
    expect_eeg(first, "eeg", 0)


def test_the_app_reached_for_no_other_machine(page: Page, app: AppServer) -> None:
    open_demo(page)
    assert app.addresses_outside() == []
