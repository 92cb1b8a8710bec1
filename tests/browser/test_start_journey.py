"""What the app does without torch, whose loading takes as long as half a start."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.app_server import AppServer, running_app
from tests.browser.journeys import open_demo, open_tab
from tests.browser.slowness import slowed
from zoo.store.registry import list_models

pytestmark = pytest.mark.browser


@pytest.fixture
def fresh_app(tmp_path: Path) -> Iterator[AppServer]:
    with running_app(tmp_path / "app") as server:
        yield server


def test_lists_cards_and_eeg_are_shown_before_torch_is_loaded(
    browser: Browser, fresh_app: AppServer
) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = slowed(context.new_page())
    page.goto(fresh_app.url)
    open_demo(page)
    page.locator("#eeg .szv-overlay").press("PageDown")
    expect(page.locator("#eeg .szv-body")).not_to_have_attribute("data-start", "0")
    expect(page.locator("#eeg .szv-body")).to_have_attribute("data-state", "ready")
    open_tab(page, "Predict")
    expect(page.locator("#model-why")).to_contain_text("Best for this recording: General purpose.")
    open_tab(page, "Model Zoo")
    expect(page.locator("#zoo-list li.zoo-model")).to_have_count(len(list_models()))
    expect(page.locator("#zoo-head")).to_contain_text(list_models()[0].model_id)
    assert fresh_app.heavy_loads() == [], "neither torch nor Gradio's stub files"
    open_tab(page, "Predict")
    page.get_by_role("button", name="Find seizures").click()
    expect(page.locator("#summary")).to_contain_text("Highest probability")
    assert fresh_app.heavy_loads()[0] == "torch", "what is loaded is seen"
    context.close()
