"""Leave-one-patient-out: a row of scores for each patient, and a model of all of them."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.journeys import fill, keep, open_tab, write_network
from tests.training.material import NETWORK

pytestmark = pytest.mark.browser

PATIENTS = ("chb02", "chb03", "chb05")
MODEL_ID = "each-in-turn"
SHARE = re.compile(r"^[01](\.\d+)?$")


def row_of(page: Page, name: str) -> Locator:
    return page.locator("#run-folds tr").filter(has=page.get_by_text(name, exact=True))


def test_every_patient_is_left_out_in_turn_and_the_kept_model_quotes_their_scores(
    dataset_id: str, page: Page
) -> None:
    open_tab(page, "Train")
    expect(page.locator("#dataset input")).to_have_value(f"Yesterday's ({dataset_id})")
    open_tab(page, "2 Network")
    write_network(page, json.dumps(NETWORK))
    expect(page.locator("#network-facts")).to_contain_text("fits")

    open_tab(page, "3 Train")
    fill(page, "train-title", "Too long")
    fill(page, "train-epochs", "9000")
    page.get_by_role("button", name="Optimizer and loss").click()
    fill(page, "train-patience", "")
    page.locator("#start-each-patient").click()
    expect(row_of(page, PATIENTS[0])).to_contain_text("training")
    expect(row_of(page, PATIENTS[1])).to_contain_text("waiting")
    expect(page.locator("#run-curves polyline")).not_to_have_count(0)
    page.locator("#stop-run").click()
    expect(row_of(page, PATIENTS[0])).to_contain_text("not finished")

    fill(page, "train-title", "In turn")
    fill(page, "train-epochs", "2")
    page.locator("#start-each-patient").click()
    status = page.locator("#run-status")
    expect(status).to_contain_text("In turn")
    expect(status).to_contain_text("done")
    expect(status).to_contain_text("3 of 3")
    for patient in (*PATIENTS, "none: all patients"):
        expect(row_of(page, patient)).to_contain_text("done")
    for patient in (*PATIENTS, "Mean of the folds", "Worst of the folds"):
        # Sensitivity and false alarms are known of each: all have a seizure and a background.
        expect(row_of(page, patient).locator("td").nth(6)).to_have_text(SHARE)
    runs = page.locator("#runs")
    expect(
        runs.get_by_role("gridcell", name="leave one patient out, in turn").first
    ).to_be_visible()

    keep(page, "In turn", MODEL_ID)
    open_tab(page, "Model Zoo")
    page.locator(f'#zoo-list button[data-model="{MODEL_ID}"]').click()
    expect(page.locator("#card")).to_contain_text("training dataset, leave one patient out")
