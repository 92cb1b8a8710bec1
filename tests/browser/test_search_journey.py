"""A search for settings is started on the page, seen through, and its best run taken to Keep."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import expect_accessible
from tests.browser.journeys import field, fill, open_tab, unfold, write_network
from tests.training.material import NETWORK
from training.search.study_folder import all_studies
from ui.train.network.layers import network_text
from ui.train.run_views import UNDER_WAY

# Long, as it trains twice; tests/ui/train/test_setting_search.py presses the same buttons.
pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.usefixtures("apps_home")
def test_a_search_is_made_and_its_best_run_kept(dataset_id: str, page: Page) -> None:
    page.reload()
    open_tab(page, "Train")
    page.locator("#dataset input").click()
    page.get_by_role("option", name="Yesterday's").click()
    open_tab(page, "2 Network")
    write_network(page, network_text(NETWORK))
    expect(page.locator("#layers details")).to_have_count(len(NETWORK))
    open_tab(page, "3 Train")
    unfold(page)
    fill(page, "train-epochs", "2")
    fill(page, "train-validation-fraction", "0.4")
    expect(field(page, "search-values-1")).to_have_value("0.0003 .. 0.003")
    page.locator("#search-setting-1 input").click()
    page.get_by_role("option", name="Shortest event (s)").click()
    expect(field(page, "search-values-1")).to_have_value("1 .. 9")
    # No event lasts ten minutes here, so that the second trial is no better than the first.
    fill(page, "search-values-1", "3, 600")
    page.locator("#start-search").click()
    status = page.locator("#search-status")
    expect(status).to_contain_text("study-")
    (study,) = all_studies().values()
    while study.state(study.trials()) in UNDER_WAY:
        page.wait_for_timeout(200)
    expect(status).to_contain_text("2 of 2")
    expect(status).to_contain_text("done")
    expect_accessible(page)
    run = study.trials()[0].run_id
    page.locator("#search-table").get_by_role("gridcell", name=run).click()
    expect(page.locator("#run-status")).to_contain_text(run)
    page.locator("#keep-search").click()
    expect(page.get_by_role("tab", name="5 Keep")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#save-run input")).to_have_value(re.compile(re.escape(run)))
