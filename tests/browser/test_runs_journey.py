"""A training is stopped, resumed, found again after a reload, copied, compared and deleted."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journeys import fill, open_tab
from tests.training.material import NETWORK
from training.runs.status import list_runs

pytestmark = pytest.mark.browser


def open_training(page: Page) -> None:
    open_tab(page, "Train")
    open_tab(page, "3 Train")


def test_a_run_is_stopped_resumed_found_again_copied_compared_and_deleted(
    dataset_id: str, page: Page
) -> None:
    open_tab(page, "Train")
    expect(page.locator("#dataset input")).to_have_value(f"Yesterday's ({dataset_id})")
    open_tab(page, "2 Network")
    expect(page.locator("#network-drawing .bad")).to_contain_text("Does not fit")
    with page.expect_file_chooser() as chooser:
        page.locator("#load-network").click()
    chooser.value.set_files(
        {
            "name": "network.json",
            "mimeType": "application/json",
            "buffer": json.dumps(NETWORK).encode(),
        }
    )
    expect(page.locator("#network-drawing .bad")).to_have_count(0)
    expect(page.locator("#network-drawing g.layer")).to_have_count(len(NETWORK))

    open_tab(page, "3 Train")
    status, run = page.locator("#run-status"), page.locator("#run-choice input")
    fill(page, "train-title", "Long")
    fill(page, "train-epochs", "9000")
    page.get_by_role("button", name="Optimizer and loss").click()
    fill(page, "train-patience", "")
    page.locator("#start-training").click()
    expect(status).to_contain_text("training")
    expect(page.locator("#run-curves polyline")).not_to_have_count(0)
    page.locator("#stop-run").click()
    expect(status).to_contain_text("The best model so far is kept.")
    page.locator("#resume-run").click()
    expect(page.locator("#stop-run")).to_be_visible()
    page.reload()
    open_training(page)
    expect(status).to_contain_text("Long")
    expect(status).to_contain_text("training")
    page.locator("#stop-run").click()
    expect(status).to_contain_text("The best model so far is kept.")
    long_run = run.input_value()

    page.locator("#clone-run").click()
    expect(page.locator("#train-title input, #train-title textarea")).to_have_value("Long (again)")
    fill(page, "train-epochs", "2")
    page.locator("#start-training").click()
    expect(status).to_contain_text("2 of 2")
    expect(status).to_contain_text("done")

    page.get_by_role("button", name="Compare runs side by side").click()
    for name in (long_run, run.input_value()):
        page.locator("#runs-to-compare input").click()
        page.get_by_role("option", name=name).click()
    compared = page.locator("#runs-compared")
    expect(compared.locator("polyline.second")).not_to_have_count(0)
    expect(compared.get_by_role("cell", name="9,000", exact=True)).to_be_visible()

    copy_id = list_runs()[0]["run_id"]
    page.locator("#delete-run").click()
    panel = page.locator("#delete-run-panel")
    expect(panel).to_contain_text("Delete Long (again)")
    page.locator("#delete-run-no").click()
    expect(panel).not_to_be_visible()
    page.locator("#delete-run").click()
    page.locator("#delete-run-yes").click()
    expect(run).to_have_value(long_run)
    assert copy_id not in [one["run_id"] for one in list_runs()]
    expect(compared).to_contain_text("Choose two runs")
