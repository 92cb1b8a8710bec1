"""A fresh app: torch is loaded late, and models travel over a Hub.

They are found, pulled, used, and published after a look at the preview.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.app_server import AppServer, running_app
from tests.browser.journeys import expect_eeg, open_demo, open_tab
from tests.browser.test_zoo_journey import bring_in, bundle_of, choose
from tests.hub_server import HubServer, running_hub
from tests.zoo.hub.test_hub_pulling import model_files
from tests.zoo.hub_fixtures import TOKEN, hub_variables
from zoo.store.registry import list_models

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def hub() -> Iterator[HubServer]:
    with running_hub() as server:
        server.state.tokens[TOKEN] = {"team"}
        yield server


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, hub: HubServer) -> Iterator[AppServer]:
    folder = tmp_path_factory.mktemp("app")
    with running_app(
        folder,
        **hub_variables(hub, folder),
    ) as server:
        yield server
    assert TOKEN not in server.log.read_text(encoding="utf-8")


@pytest.fixture
def page(visit: Callable[..., Page]) -> Page:
    """A visitor of this module's own app: the shared page would outlive it."""
    return visit()


def field(page: Page, name: str) -> Locator:
    return page.locator(f"#{name}").locator("input, textarea").first


def part(page: Page, name: str) -> None:
    page.locator("#hub-parts").get_by_role("tab", name=name, exact=True).click()


def look_at_eeg_and_lists(page: Page) -> None:
    open_demo(page)
    page.locator("#eeg .szv-overlay").press("PageDown")
    expect_eeg(page, "eeg", 10)
    open_tab(page, "Predict")
    expect(page.locator("#model-why")).to_contain_text("Best for this recording: General purpose.")
    open_tab(page, "Model Zoo")
    expect(page.locator("#zoo-list li.zoo-model")).to_have_count(len(list_models()))
    expect(page.locator("#zoo-head")).to_contain_text(list_models()[0].model_id)


def test_torch_is_loaded_late_and_models_are_found_pulled_used_and_published(
    page: Page, app: AppServer, hub: HubServer, tmp_path: Path
) -> None:
    state = hub.state
    commit = state.repository("team/far", model_files(tmp_path, "far")).commits[-1].oid
    look_at_eeg_and_lists(page)
    assert app.heavy_loads() == [], "neither torch nor Gradio's stub files"
    assert state.seen == []
    open_tab(page, "Hub")
    expect(page.locator("#hub-identity")).to_contain_text("Signed in to the Hub as team.")
    assert TOKEN not in page.content()

    # Found and pulled, at its full commit.
    field(page, "hub-query").fill("far")
    page.get_by_role("button", name="Search the Hub").click()
    expect(page.locator("#hub-found")).to_contain_text("1 model found")
    page.locator("#hub-results").get_by_role("gridcell", name="team/far").click()
    expect(field(page, "hub-repo")).to_have_value("team/far")
    page.get_by_role("button", name="Download into the zoo").click()
    expect(page.locator("#hub-pulled")).to_contain_text("far is in the zoo now")
    expect(page.locator("#hub-pulled")).to_contain_text(commit)
    assert app.heavy_loads()[0] == "torch", "what is loaded is seen"

    # Published only after a look, and exactly that.
    open_tab(page, "Model Zoo")
    open_tab(page, "Models")
    bring_in(page, "travel-model", [bundle_of(tmp_path, "travel-model", limitations="<b>None</b>")])
    choose(page, "travel-model")
    page.locator("#zoo-publish").click()
    expect(page.locator("#hub-publish-model")).to_contain_text("travel-model")
    field(page, "hub-publish-repo").fill("team/travel-model")
    page.locator("#hub-private").get_by_label("Public").check()
    field(page, "hub-note").fill("First of all.")
    publish = page.get_by_role("button", name="Publish this")
    expect(publish).to_be_disabled()
    page.get_by_role("button", name="Preview").click()
    shown = page.locator("#hub-publication")
    expect(shown).to_contain_text("What would be sent")
    shown.get_by_text("Changes against what is there").click()
    expect(shown.locator(".added").first).to_be_visible()
    assert "team/travel-model" not in state.repositories
    expect(publish).to_be_enabled()
    field(page, "hub-note").fill("First of all!")
    expect(publish).to_be_disabled()
    page.get_by_role("button", name="Preview").click()
    expect(publish).to_be_enabled()
    publish.click()
    expect(shown).to_contain_text("Published.")
    head = state.head("team/travel-model")
    expect(shown).to_contain_text(head.oid)
    expect(shown.get_by_role("link")).to_have_attribute("href", f"{hub.url}/team/travel-model")
    assert head.message.startswith("First of all!")
    assert not state.repositories["team/travel-model"].private

    assert TOKEN not in page.content()
