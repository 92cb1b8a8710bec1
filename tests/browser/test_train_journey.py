from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.journeys import fill, open_tab, toast, unfold, upload, write_network
from tests.training.material import (
    CHANNELS,
    NETWORK,
    RATE_HZ,
    references_in,
    write_patients,
    write_recording,
    write_reference,
)

pytestmark = pytest.mark.browser


@pytest.fixture
def files(tmp_path: Path) -> tuple[list[Path], list[Path]]:
    """Six recordings of three patients; the last has no reference."""
    recordings = write_patients(tmp_path)
    (tmp_path / f"{recordings[-1].stem}_events.tsv").unlink()
    return recordings, references_in(tmp_path)


def test_from_recordings_to_a_model_that_can_be_chosen_in_predict(
    page: Page, files: tuple[list[Path], list[Path]], tmp_path: Path
) -> None:
    recordings, references = files
    open_tab(page, "Train")
    expect(page.locator("#data-notes")).to_contain_text("Drop recordings")
    drop_references_while_recordings_are_paired(page, recordings, references)
    # Gradio's own English lacks this name, and would show its key.
    box = page.locator("#data-recordings")
    expect(box.get_by_role("button", name="Upload", exact=True)).to_be_visible()
    pairs = page.locator("#data-pairs")
    expect(pairs.get_by_role("gridcell", name="chb02_01_events.tsv (by its name)")).to_be_visible()
    question = page.locator("#data-seizure-free")
    expect(question.get_by_role("checkbox")).to_have_count(1)
    expect(pairs.get_by_role("gridcell", name="left out", exact=True)).to_be_visible()
    question.get_by_role("checkbox", name=recordings[-1].name).check()
    expect(pairs.get_by_role("gridcell", name="used: seizure-free")).to_be_visible()

    fill(page, "dataset-title", "Three simulated patients")
    fill(page, "dataset-window-s", "4")
    fill(page, "dataset-guard-s", "5")
    fill(page, "dataset-channels", ", ".join(CHANNELS))
    fill(page, "dataset-sampling-rate-hz", f"{RATE_HZ:g}")
    page.get_by_label("Multiplied by (empty: off)").fill("0.01")
    page.locator("#create-dataset").click()
    card = page.locator("#dataset-card")
    for words in ("Three simulated patients", "6 used, 0 left out", "What became of every second"):
        expect(card).to_contain_text(words)

    open_tab(page, "2 Network")
    facts = page.locator("#network-facts")
    expect(facts).to_contain_text("does not fit")
    write_network(page, json.dumps([*NETWORK[:-1], {"type": "linear", "out_features": 3}]))
    expect(facts).to_contain_text("End with a linear layer of out_features 2")
    write_network(page, json.dumps(NETWORK))
    expect(facts).to_contain_text("fits")
    expect(facts).to_contain_text("4 channels")

    open_tab(page, "3 Train")
    fill(page, "train-title", "First try")
    fill(page, "train-epochs", "2")
    page.locator("#start-training").click()
    status = page.locator("#run-status")
    expect(status).to_contain_text("First try")
    page.reload()
    open_tab(page, "Train")
    open_tab(page, "3 Train")
    expect(status).to_contain_text("done")
    expect(status).to_contain_text("2 of 2")
    expect(page.locator("#run-curves svg")).not_to_have_count(0)

    outside = write_recording(tmp_path, "new_01", [(12.0, 14.0)], seed=99)
    # Not a new recording at all: the first one of the training under another name.
    disguised = tmp_path / "innocent.edf"
    shutil.copyfile(recordings[0], disguised)
    references = [tmp_path / "new_01_events.tsv"]
    references.append(write_reference(tmp_path, "innocent", [(12.0, 14.0)], duration_s=40.0))
    open_tab(page, "4 Test")
    score_on(page, [outside, disguised], references)
    move_the_threshold_and_look_at_a_miss(page)
    page.locator("#use-point").click()

    open_tab(page, "5 Keep")
    expect(page.locator("#save-threshold textarea, #save-threshold input")).to_have_value("0.99")
    page.locator("#work-out-points").click()
    worked_out = page.locator("#worked-out")
    for words in ("Sensitive", "Balanced", "Specific", "Calibration"):
        expect(worked_out).to_contain_text(words)
    fill(page, "save-id", "my-first-model")
    fill(page, "save-title", "My first model")
    page.locator("#save-model").click()
    expect(page.locator("#saved")).to_contain_text("My first model (my-first-model) is in the zoo")
    expect(page.locator("#saved")).to_contain_text("threshold 0.99")
    expect(page.locator("#saved")).to_contain_text("The result of your test is on its card.")
    put_another_test_on_its_card(page, tmp_path)
    open_tab(page, "Model Zoo")
    kept = page.locator("#zoo-list li.zoo-model").filter(has_text="my-first-model")
    expect(kept).to_be_visible()
    open_tab(page, "Predict")
    page.locator("#model input").click()
    page.get_by_role("option", name="my-first-model").click()
    search_at_a_point_of_the_card(page, outside)


def put_another_test_on_its_card(page: Page, folder: Path) -> None:
    """Test the model that is in the zoo now: its card gets another row and a new version."""
    open_tab(page, "4 Test")
    page.locator("#test-model input").click()
    page.get_by_role("option", name="My first model").click()
    page.locator("#test").click()
    to_card, result = page.locator("#test-to-card"), page.locator("#test-on-card")
    expect(to_card).to_be_visible()
    to_card.click()
    expect(toast(page).filter(has_text="on the card of my-first-model already")).to_be_visible()
    another = write_recording(folder, "new_02", [], seed=98)
    upload(page, "test-recordings", [another])
    upload(page, "test-references", [folder / "new_02_events.tsv"])
    expect(
        page.locator("#test-pairs").get_by_text("new_02_events.tsv (by its name)")
    ).to_be_visible()
    page.locator("#test").click()
    expect(page.locator("#test-scores")).to_contain_text("new_02.edf")
    to_card.click()
    expect(result).to_contain_text("on the card of my-first-model now, version 1.0.1")
    expect(to_card).to_be_hidden()


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


def score_on(page: Page, recordings: list[Path], references: list[Path]) -> None:
    """Test the model of the run; a file of its training is refused until that is insisted on."""
    upload(page, "test-recordings", recordings)
    upload(page, "test-references", references)
    found = page.locator("#test-pairs")
    expect(found.get_by_role("gridcell", name="new_01_events.tsv (by its name)")).to_be_visible()
    expect(found.get_by_role("gridcell", name="innocent_events.tsv (by its name)")).to_be_visible()
    page.locator("#test-model input").click()
    page.get_by_role("option", name="Model of the run First try").click()
    page.locator("#test").click()
    result, scores = page.locator("#test-result"), page.locator("#test-scores")
    expect(result).to_contain_text("in the training of this model")
    expect(result).to_contain_text("innocent.edf")
    expect(scores).to_contain_text("Line length twice the usual")
    expect(scores).to_contain_text("of 1")
    page.locator("#test-insist").click()
    expect(scores).to_contain_text("of 2")
    expect(result).to_contain_text("says nothing about new recordings")


def move_the_threshold_and_look_at_a_miss(page: Page) -> None:
    expect(page.locator("#operating-curve svg circle.now")).to_have_count(1)
    threshold = page.locator("#explore-threshold input[type=number]")
    threshold.fill("0.99")
    threshold.press("Tab")
    expect(page.locator("#operating-curve svg")).to_have_attribute(
        "aria-label", re.compile("threshold 0.99: 0% of the seizures found")
    )
    expect(page.locator("#test-trace")).to_contain_text(
        "0 events found, 1 seizure marked by the expert"
    )
    missed = page.locator("#missed")
    missed.get_by_role("gridcell", name="new_01.edf").click()
    viewer = page.locator("#test-eeg")
    expect(viewer.locator(".szv-body")).to_have_attribute("data-state", "ready")
    expect(viewer.locator(".szv-title")).to_contain_text("new_01.edf")
    expect(viewer.get_by_text("Marked by an expert (1)")).to_be_visible()
    threshold.fill("0.01")
    threshold.press("Tab")
    expect(missed).to_be_hidden()
    # What the model finds now is drawn in the viewer that is open already.
    expect(viewer.get_by_text("Found by the model (1)")).to_be_visible()
    threshold.fill("0.99")
    threshold.press("Tab")
    expect(missed).to_be_visible()


def search_at_a_point_of_the_card(page: Page, recording: Path) -> None:
    upload(page, "upload", [recording])
    expect(page.locator("#facts")).to_contain_text("new_01.edf")
    unfold(page)
    threshold = page.locator("#predict-threshold :is(input, textarea)")
    expect(threshold).to_have_value("0.99")
    page.locator("#run").click()
    expect(page.locator("#summary")).to_contain_text("Highest probability")
    # Another point of the card is used at once.
    page.locator("#operating-point input").click()
    page.get_by_role("option", name="Sensitive").click()
    expect(threshold).not_to_have_value("0.99")
    line = page.get_by_role("slider", name="Threshold of the model")
    expect(line).to_have_attribute("aria-valuenow", threshold.input_value())
