"""Messages of the app: they cover nothing, block nothing and leave by themselves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journeys import expect_eeg, open_demo, open_tab, toast, upload

pytestmark = pytest.mark.browser

COVERED = """() => {
  const box = document.querySelector('[data-testid="toast-body"]').getBoundingClientRect();
  const controls = '#top-bar button, #opening button, #eeg button, #eeg canvas, #tabs input';
  return [...document.querySelectorAll(controls)].filter((control) => {
    const one = control.getBoundingClientRect();
    return control.checkVisibility() && one.width > 0 && one.top < box.bottom
      && box.top < one.bottom && one.left < box.right && box.left < one.right;
  }).map((control) => control.outerHTML.slice(0, 80));
}"""


def refused(page: Page, folder: Path) -> None:
    """Open a file that is none, and wait for what is said of it."""
    broken = folder / "broken.edf"
    broken.write_text("no recording", encoding="ascii")
    upload(page, "upload", broken)
    expect(toast(page)).to_contain_text("broken.edf")


def test_a_message_covers_no_control_and_one_works_on_under_it(page: Page, tmp_path: Path) -> None:
    refused(page, tmp_path)
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("window.scrollTo(0, 0)")
        page.wait_for_function(f"() => ({COVERED})().length === 0")  # once it has come down
    page.get_by_role("button", name="Open the demo").click()
    expect_eeg(page, "eeg", 0)


def test_a_message_stays_where_one_scrolls_and_pushes_what_is_in_sight_down(
    kept_page: Page, tmp_path: Path
) -> None:
    page = kept_page
    open_demo(page)
    page.evaluate("document.querySelector('#eeg .szv-bars').scrollIntoView()")
    refused(page, tmp_path)
    page.wait_for_function(
        """() => {
          const place = (name) => document.querySelector(name).getBoundingClientRect();
          const message = place("[data-testid=toast-body]");
          return message.top >= 0 && message.bottom <= place("#eeg .szv-bars").top;
        }"""
    )  # once it has come down


def test_messages_leave_by_themselves_but_not_while_one_points_at_them(
    visit: Callable[[], Page], tmp_path: Path
) -> None:
    page = visit()
    page.clock.install()
    page.reload()
    refused(page, tmp_path)
    toast(page).hover()
    page.clock.run_for(14_000)  # longer than an error stays
    expect(toast(page)).to_be_visible()
    page.mouse.move(5, 800)
    page.clock.run_for(14_000)
    expect(toast(page)).to_have_count(0)
    open_tab(page, "Train")
    expect(toast(page)).to_have_count(0)
