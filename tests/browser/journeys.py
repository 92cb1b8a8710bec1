"""Steps that several journeys share."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page, expect


def open_tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()


def open_demo(page: Page) -> None:
    page.get_by_role("button", name="Open the demo recording").click()
    expect(page.locator("#facts")).to_contain_text("demo_simulated_two_seizures.edf")
    expect(page.locator("#page img.figure")).to_be_visible()


def upload(page: Page, box: str, path: Path) -> None:
    """Drop a file into an upload box, named by its id."""
    page.locator(f"#{box} input[type=file]").set_input_files(path)


def toast(page: Page) -> Locator:
    return page.get_by_test_id("toast-body")


def source_of(picture: Locator) -> str:
    """Return what a picture shows now, to see later that it has changed."""
    expect(picture).to_be_visible()
    return picture.get_attribute("src") or ""
