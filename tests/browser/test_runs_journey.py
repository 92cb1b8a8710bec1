"""Runs are compared, deleted, and their settings used again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journeys import field, open_tab
from training.runs.folder import list_runs

pytestmark = pytest.mark.browser


def test_runs_are_compared_used_again_and_deleted(run_id: str, apps_home: Path, page: Page) -> None:
    other = f"{run_id[:-6]}000000"
    shutil.copytree(apps_home / "runs" / run_id, apps_home / "runs" / other)
    open_tab(page, "Train")
    open_tab(page, "3 Train")
    page.get_by_role("button", name="Compare runs side by side").click()
    for name in (run_id, other):
        page.locator("#runs-to-compare input").click()
        page.get_by_role("option", name=f"({name})").click()
    compared = page.locator("#runs-compared")
    expect(compared.locator("polyline.second")).not_to_have_count(0)

    page.locator("#runs").get_by_role("gridcell", name=other, exact=True).click()
    page.locator("#clone-run").click()
    expect(field(page, "train-title")).to_have_value("Ready (again)")
    page.locator("#delete-run").click()
    panel = page.locator("#delete-run-panel")
    expect(panel).to_contain_text("Delete Ready")
    page.locator("#delete-run-no").click()
    expect(panel).not_to_be_visible()
    page.locator("#delete-run").click()
    page.locator("#delete-run-yes").click()
    expect(compared).to_contain_text("Choose two runs")
    assert [one["run_id"] for one in list_runs()] == [run_id]
