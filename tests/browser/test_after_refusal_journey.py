"""What was refused can be tried again at once: every button works without a reload."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.journeys import (
    field,
    fill,
    open_demo,
    open_tab,
    toast,
    unfold,
    upload,
)
from tests.edf_files import build_edf

pytestmark = pytest.mark.browser

# Where they are, and what is refused there as long as nothing is open, chosen or made.
REFUSING = {
    "Analysis": ("open-several",),
    "Train/5 Keep": ("work-out-points",),
    "Model Zoo/Compare": ("zoo-run-comparison",),
    "Model Zoo/Hub/Find and download": ("hub-pull",),
    "Model Zoo/Hub/Publish": ("hub-preview",),
    "Model Zoo/Hub/Team registries": ("hub-add-registry",),
}


def close_toasts(page: Page) -> None:
    page.evaluate(
        """() => document.querySelectorAll('[data-testid="toast-close"]')
          .forEach((button) => button.click())"""
    )
    expect(toast(page)).to_have_count(0)


def refused(page: Page, button: Locator) -> None:
    """Press a button, read why it does nothing, and take the message away."""
    expect(button).to_be_enabled()
    button.click()
    expect(toast(page).first).to_be_visible()
    close_toasts(page)
    expect(button).to_be_enabled()


def test_every_button_that_refuses_can_be_pressed_again(page: Page) -> None:
    for place, names in REFUSING.items():
        for tab in place.split("/"):
            open_tab(page, tab)
        unfold(page)
        for name in names:
            button = page.locator(f"#{name}")
            for _ in range(2):
                refused(page, button)
            cancel = page.locator(f"#cancel-{name}")
            if cancel.count():
                expect(cancel).to_be_hidden()


@pytest.mark.slow
def test_after_a_refusal_the_same_search_and_statistics_are_made(
    page: Page, tmp_path: Path
) -> None:
    open_tab(page, "Predict")
    few = build_edf(tmp_path / "few.edf", [[0.0] * 256 * 40] * 2, labels=["FP1-F7", "F7-T7"])
    upload(page, "upload", few)
    expect(page.locator("#facts")).to_contain_text("few.edf")
    refused(page, page.locator("#run"))
    expect(page.locator("#cancel-run")).to_be_hidden()
    open_tab(page, "Analysis")
    broken = tmp_path / "broken.edf"
    broken.write_text("no recording", encoding="utf-8")
    upload(page, "upload", broken)
    expect(toast(page).first).to_be_visible()
    close_toasts(page)
    open_demo(page)
    page.locator("#compute-statistics").click()
    expect(page.locator("#statistics")).to_contain_text("FP1-F7")
    open_tab(page, "Predict")
    page.locator("#run").click()
    expect(page.locator("#predict-said")).to_contain_text("found 2 candidates")
    everything_about_a_result_can_be_tried_again(page, tmp_path)


def everything_about_a_result_can_be_tried_again(page: Page, tmp_path: Path) -> None:
    unfold(page)
    fill(page, "explained-second", "soon")
    refused(page, page.locator("#explain"))
    fill(page, "explained-second", "")
    page.locator("#explain").click()
    expect(page.locator("#explained .figure-frame svg")).to_be_visible()

    fill(page, "windows-second", "late")
    page.locator("#windows-second :is(input, textarea)").press("Enter")
    expect(toast(page).first).to_be_visible()
    close_toasts(page)
    fill(page, "windows-second", "400")
    page.locator("#windows-second :is(input, textarea)").press("Enter")
    expect(page.locator("#windows-where")).to_contain_text(" of ")

    junk = tmp_path / "junk.tsv"
    junk.write_text("no events", encoding="utf-8")
    upload(page, "reference-upload", junk)
    expect(toast(page).first).to_be_visible()
    close_toasts(page)
    refused(page, page.locator("#score-own-marks"))
    page.locator("#eeg").get_by_role("button", name="Accept").first.click()
    expect(page.locator("#eeg").get_by_text("Your marks (1)")).to_be_visible()
    page.locator("#score-own-marks").click()
    expect(page.locator("#score")).to_contain_text("1 seizure by your marks")

    threshold = field(page, "predict-threshold")
    threshold.fill("7")
    threshold.press("Enter")
    expect(toast(page).first).to_contain_text("between 0 and 1")
    close_toasts(page)
    threshold.fill("0.5")
    threshold.press("Enter")
    line = page.get_by_role("slider", name="Threshold of the model")
    expect(line).to_have_attribute("aria-valuenow", "0.5")
