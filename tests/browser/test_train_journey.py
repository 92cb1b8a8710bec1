"""From recordings to a training in the browser; from a finished run to a model of the zoo."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.accessibility import expect_accessible
from tests.browser.journeys import field, fill, open_tab, unfold, upload, write_network
from tests.training.material import (
    CHANNELS,
    NETWORK,
    RATE_HZ,
    references_in,
    write_patients,
    write_recording,
)

pytestmark = pytest.mark.browser


def test_from_recordings_to_a_training_that_outlives_the_page(page: Page, tmp_path: Path) -> None:
    recordings = write_patients(tmp_path)
    (tmp_path / f"{recordings[-1].stem}_events.tsv").unlink()
    open_tab(page, "Train")
    create = page.locator("#create-dataset")
    expect(create).to_be_disabled()
    drop_references_while_recordings_are_paired(page, recordings, references_in(tmp_path))
    # Gradio's own English lacks this name, and would show its key.
    box = page.locator("#data-recordings")
    expect(box.get_by_role("button", name="Upload", exact=True)).to_be_visible()
    pairs = page.locator("#data-pairs")
    expect(pairs.get_by_role("gridcell", name="chb02_01_events.tsv (by its name)")).to_be_visible()
    question = page.locator("#data-seizure-free")
    question.get_by_role("checkbox", name=recordings[-1].name).check()
    expect(pairs.get_by_role("gridcell", name="used: seizure-free")).to_be_visible()
    make_the_dataset(page)

    build_the_network(page)
    page.locator("#next-train").click()
    fill(page, "train-title", "Long")
    fill(page, "train-epochs", "9000")
    unfold(page)
    fill(page, "train-patience", "")
    page.locator("#start-training").click()
    status, each = page.locator("#run-status"), page.locator("#run-folds")
    expect(status).to_contain_text("Long")
    expect(page.locator("#run-curves polyline")).not_to_have_count(0)
    expect_accessible(page)

    page.reload()
    # The training went on; the step, its form and the network are there again, and files are not.
    expect(status).to_contain_text("training")
    expect(field(page, "train-title")).to_have_value("Long")
    page.locator("#stop-run").click()
    expect(status).to_contain_text("The best model so far is kept.")
    expect(page.get_by_role("tab", name="3 Train \u2713")).to_be_visible()
    page.locator("#resume-run").click()
    expect(page.locator("#stop-run")).to_be_visible()
    page.locator("#stop-run").click()
    expect(page.locator("#resume-run")).to_be_visible()
    page.locator("#start-each-patient").click()
    expect(each.get_by_role("row", name="chb02")).to_contain_text("training")
    expect(each.get_by_role("row", name="chb03")).to_contain_text("waiting")
    page.locator("#stop-run").click()
    expect(each.get_by_role("row", name="chb02")).to_contain_text("not finished")
    open_tab(page, "2 Network")
    expect(page.locator("#layers details")).to_have_count(len(NETWORK))
    open_tab(page, "1 Data")
    expect(page.locator("#data-notes")).to_contain_text("Drop them again: chb02_01.edf")


def make_the_dataset(page: Page) -> None:
    page.locator("#dataset-preset input").click()
    page.get_by_role("option", name="Short clips").click()
    expect(field(page, "dataset-window-s")).to_have_value("4")
    fill(page, "dataset-title", "Three simulated patients")
    fill(page, "dataset-guard-s", "5")
    fill(page, "dataset-sampling-rate-hz", f"{RATE_HZ:g}")
    unfold(page)
    fill(page, "dataset-channels", ", ".join(CHANNELS))
    page.get_by_label("Scale factor (empty: off)").fill("0.01")
    page.locator("#create-dataset").click()
    card = page.locator("#dataset-card")
    for words in ("Three simulated patients", "6 used, 0 left out", "What became of every second"):
        expect(card).to_contain_text(words)
    expect_accessible(page)


def build_the_network(page: Page) -> None:
    """Paste a network that does not fit, and mend it in the form of its last layer."""
    page.locator("#next-network").click()
    expect(page.locator("#next-train")).to_be_disabled()
    write_network(page, json.dumps([*NETWORK[:-1], {"type": "linear", "out_features": 3}]))
    last = page.locator(f'#layers [data-place="{len(NETWORK) - 1}"]')
    expect(last).to_contain_text("End with a linear layer of out_features 2")
    page.locator("#network-drawing g.layer").last.click()
    features = last.get_by_label("Output features")
    features.fill("2")
    features.press("Tab")
    expect(page.locator("#network-facts")).to_contain_text("fits")
    expect(page.locator("#network-code .cm-content")).to_contain_text('"out_features": 2')
    expect(last.get_by_label("Bias")).to_be_focused()


def drop_references_while_recordings_are_paired(
    page: Page, recordings: list[Path], references: list[Path]
) -> None:
    """Drop both so that the references come before the answer about the recordings."""
    held: list[Route] = []

    def hold_pairing(route: Route) -> None:
        is_pairing = recordings[0].name in (route.request.post_data or "")
        held.append(route) if is_pairing else route.continue_()

    page.route("**/queue/join*", hold_pairing)
    with page.expect_request(lambda one: recordings[0].name in (one.post_data or "")):
        upload(page, "data-recordings", recordings)
    upload(page, "data-references", references)
    expect(page.locator("#data-references")).to_contain_text(references[0].stem)
    for route in held:
        route.continue_()
    page.unroute("**/queue/join*")


def test_from_a_finished_run_to_a_model_with_its_test_on_its_card(
    run_id: str, page: Page, tmp_path: Path
) -> None:
    open_tab(page, "Train")
    open_tab(page, "4 Test")
    # The run just trained is what is tested and kept.
    expect(page.locator("#test-model input")).to_have_value(re.compile(run_id))
    upload(page, "test-recordings", [write_recording(tmp_path, "new_01", [(12.0, 14.0)], seed=99)])
    upload(page, "test-references", [tmp_path / "new_01_events.tsv"])
    page.locator("#test").click()
    expect(page.locator("#test-scores")).to_contain_text("1 seizure in 40 s")
    expect_accessible(page)
    move_the_threshold_and_look_at_a_miss(page)
    page.locator("#use-point").click()
    page.locator("#next-keep").click()
    expect(field(page, "save-threshold")).to_have_value("0.99")
    page.locator("#work-out-points").click()
    expect(page.locator("#worked-out")).to_contain_text("Calibration")
    fill(page, "save-id", "my-first-model")
    fill(page, "save-title", "My first model")
    page.locator("#save-model").click()
    said = page.locator("#saved")
    expect(said).to_contain_text("My first model (my-first-model) is in the zoo")
    expect(said).to_contain_text("threshold 0.99")
    expect(said).to_contain_text("The result of your test is on its card.")
    open_tab(page, "Model Zoo")
    page.locator('#zoo-list button[data-model="my-first-model"]').click()
    expect(page.locator("#card")).to_contain_text("own test recordings")


def move_the_threshold_and_look_at_a_miss(page: Page) -> None:
    threshold = page.locator("#explore-threshold input[type=number]")
    threshold.fill("0.99")
    threshold.press("Tab")
    expect(page.locator("#operating-curve svg")).to_have_attribute(
        "aria-label", re.compile("threshold 0.99: 0% of the seizures found")
    )
    missed = page.locator("#missed")
    missed.get_by_role("gridcell", name="new_01.edf").click()
    viewer = page.locator("#test-eeg")
    expect(viewer.locator(".szv-body")).to_have_attribute("data-state", "ready")
    expect(viewer.get_by_text("Marked by an expert (1)")).to_be_visible()
    threshold.fill("0.01")
    threshold.press("Tab")
    expect(missed).to_be_hidden()
    # What the model finds now is drawn in the viewer that is open already.
    expect(viewer.get_by_text("Found by the model (1)")).to_be_visible()
    threshold.fill("0.99")
    threshold.press("Tab")
    expect(missed).to_be_visible()
