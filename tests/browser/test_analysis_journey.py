from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.app_server import AppServer
from tests.browser.journeys import expect_eeg, open_demo, open_file, upload
from tests.edf_files import build_edf
from tests.eeg_files import SEIZURE, eeg_file

pytestmark = pytest.mark.browser

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


def test_the_demo_is_one_click_away_and_can_be_paged_through(kept_page: Page) -> None:
    page = kept_page
    open_demo(page)
    facts = page.locator("#facts")
    for words in ("EDF+C", "10 min 00 s", "23", "256 Hz", "µV"):
        expect(facts).to_contain_text(words)
    viewer = page.locator("#eeg")
    for words in ("demo_simulated_two_seizures.edf", "23 channels"):
        expect(viewer.locator(".szv-title")).to_contain_text(words)
    viewer.get_by_role("button", name="Next page").click()
    expect_eeg(page, "eeg", 10, 10)
    viewer.get_by_role("button", name="Previous page").click()
    expect_eeg(page, "eeg", 0, 10)

    viewer.get_by_role("tab", name="Channels").click()
    expect(viewer.locator(".szv-channels li input")).to_have_count(23)
    viewer.get_by_role("checkbox", name="Left temporal", exact=True).uncheck()
    expect(viewer.get_by_role("checkbox", name="FP1-F7", exact=True)).not_to_be_checked()
    viewer.get_by_role("checkbox", name="FP1-F7", exact=True).check()
    viewer.get_by_label("Page", exact=True).select_option("2 s")
    expect_eeg(page, "eeg", 0, 2)
    viewer.get_by_label("Go to a time").fill("0:02:30")
    viewer.get_by_label("Go to a time").press("Enter")
    expect_eeg(page, "eeg", 150, 2)
    assert page.evaluate(EEG_INK) > 100


def test_a_recording_from_disk_is_shown_and_a_strong_page_smaller(
    kept_page: Page,
) -> None:
    page = kept_page
    open_file(page, eeg_file(SEIZURE))
    expect(page.locator("#facts")).to_contain_text("chb01_03_seizure_s2986-3036.edf")
    expect(page.locator("#facts")).to_contain_text("50 s")
    viewer = page.locator("#eeg")
    sensitivity = viewer.get_by_label("Sensitivity", exact=True)
    chosen = sensitivity.locator("option:checked")
    expect(chosen).to_have_text(re.compile(r"^auto: \d+ µV/mm$"))
    quiet = chosen.inner_text()
    viewer.get_by_role("button", name="To the end").click()
    expect_eeg(page, "eeg", 40, 10)
    expect(chosen).not_to_have_text(quiet)
    strong = chosen.inner_text()
    assert _uv_per_mm(strong) > _uv_per_mm(quiet)
    sensitivity.select_option("7 µV/mm")
    viewer.get_by_role("button", name="To the start").click()
    expect_eeg(page, "eeg", 0, 10)
    expect(chosen).to_have_text("7 µV/mm")
    sensitivity.select_option("auto")
    expect(chosen).to_have_text(quiet)


def _uv_per_mm(option: str) -> int:
    return int(re.findall(r"\d+", option)[0])


def test_markup_in_a_file_is_shown_as_text(kept_page: Page, tmp_path: Path) -> None:
    page = kept_page
    odd = build_edf(
        tmp_path / "a.edf", [[0.0] * 2560], labels=["<img src=x>"], patient="Secret Name"
    )
    open_file(page, odd)
    expect(page.locator("#facts")).to_contain_text("a.edf")
    page.locator("#eeg").get_by_role("tab", name="Channels").click()
    expect(page.locator("#eeg .szv-channels")).to_contain_text("<img src=x>")
    expect(page.locator("img[src=x]")).to_have_count(0)
    expect(page.locator("body")).not_to_contain_text("Secret Name")


def test_two_visitors_never_see_each_others_recording(
    kept_page: Page, visit: Callable[[], Page], app: AppServer, tmp_path: Path
) -> None:
    first, second = kept_page, visit()
    private = build_edf(tmp_path / "private.edf", [[0.0] * 2560], labels=["Fp1"])
    with first.expect_response(lambda answer: "/upload?" in answer.url) as uploaded:
        upload(first, "upload", private)
    expect(first.locator("#facts")).to_contain_text("private.edf")
    expect(second.locator(".recording-open")).to_have_count(0)
    stored = uploaded.value.json()[0]
    for visitor in (first, second):
        answer = visitor.request.get(f"{app.url}/gradio_api/file={stored}")
        assert answer.status == 403
    expect_eeg(first, "eeg", 0)
