"""The page behind a real nginx, below a path, with a login."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.app_server import running_app
from tests.browser.journeys import open_file, open_tab, search
from tests.browser.shared_page import SIZE, new_page
from tests.browser.watching import Watch
from tests.eeg_files import SEIZURE, eeg_file
from tests.nginx import public_address, running_nginx

pytestmark = pytest.mark.browser


@pytest.fixture
def public_page(browser: Browser, watch: Watch, tmp_path: Path) -> Iterator[Page]:
    """The page at its public address, which asks for the login."""
    address = public_address()
    with (
        running_app(
            tmp_path / "app", SEIZURE_ZOO_LOGIN="eva:secret", SEIZURE_ZOO_PUBLIC_URL=address
        ) as server,
        running_nginx(tmp_path / "nginx", server.url, address),
        browser.new_context(viewport=SIZE, locale="en-US") as context,
    ):
        page = new_page(context, Watch())  # Gradio's own page of the login asks and is refused
        page.goto(f"{address}/")
        page.get_by_label("username").fill("eva")
        page.get_by_label("password").fill("secret")
        page.get_by_role("button", name="Login").click()
        page.locator(".gradio-container[data-tab]").wait_for()
        watch.follow(page)
        yield page
    assert (tmp_path / "nginx" / "error.log").read_text(encoding="utf-8") == ""


def test_a_recording_is_opened_searched_and_shown_behind_nginx(public_page: Page) -> None:
    open_file(public_page, eeg_file(SEIZURE))
    search(public_page, "n1spool-cnn")
    expect(public_page.locator("#eeg .szv-body")).to_have_attribute("data-state", "ready")
    open_tab(public_page, "Train")
    expect(public_page.get_by_role("tab", name="1 Data")).to_be_visible()
    open_tab(public_page, "Model Zoo")
    expect(public_page.locator("#zoo-list")).to_contain_text("n1spool")
