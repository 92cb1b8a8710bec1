from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journeys import open_tab
from tests.training.material import (
    CHANNELS,
    NETWORK,
    RATE_HZ,
    references_in,
    write_patients,
    write_recording,
)

pytestmark = pytest.mark.browser


@pytest.fixture
def files(tmp_path: Path) -> tuple[list[Path], list[Path]]:
    """Six recordings of three patients; the last has no reference."""
    recordings = write_patients(tmp_path)
    (tmp_path / f"{recordings[-1].stem}_events.tsv").unlink()
    return recordings, references_in(tmp_path)


def drop(page: Page, box: str, paths: list[Path]) -> None:
    page.locator(f"#{box} input[type=file]").set_input_files(paths)


def field(page: Page, name: str, value: str) -> None:
    page.locator(f"#{name} :is(input, textarea)").fill(value)


def write_network(page: Page, text: str) -> None:
    editor = page.locator("#network-code .cm-content")
    editor.click()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.insert_text(text)


def test_from_recordings_to_a_net_that_can_be_chosen_in_predict(
    page: Page, files: tuple[list[Path], list[Path]], tmp_path: Path
) -> None:
    recordings, references = files
    open_tab(page, "Train")
    expect(page.locator("#data-notes")).to_contain_text("Drop recordings")
    drop(page, "data-recordings", recordings)
    drop(page, "data-references", references)
    pairs = page.locator("#data-pairs")
    expect(pairs.get_by_role("gridcell", name="chb02_01_events.tsv (by its name)")).to_be_visible()
    question = page.locator("#data-seizure-free")
    expect(question.get_by_role("checkbox")).to_have_count(1)
    expect(pairs.get_by_role("gridcell", name="left out", exact=True)).to_be_visible()
    question.get_by_role("checkbox", name=recordings[-1].name).check()
    expect(pairs.get_by_role("gridcell", name="used: seizure-free")).to_be_visible()

    field(page, "dataset-title", "Three simulated patients")
    field(page, "dataset-window-s", "4")
    field(page, "dataset-guard-s", "5")
    field(page, "dataset-channels", ", ".join(CHANNELS))
    field(page, "dataset-sampling-rate-hz", f"{RATE_HZ:g}")
    field(page, "dataset-preprocessing", '[{"step": "scale", "factor": 0.01}]')
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
    field(page, "train-title", "First try")
    field(page, "train-epochs", "2")
    page.locator("#start-training").click()
    status = page.locator("#run-status")
    expect(status).to_contain_text("First try")
    page.reload()
    open_tab(page, "Train")
    open_tab(page, "3 Train")
    expect(status).to_contain_text("done")
    expect(status).to_contain_text("2 of 2")
    expect(page.locator("#run-curves svg")).not_to_have_count(0)

    open_tab(page, "4 Keep")
    outside = write_recording(tmp_path, "new_01", [(12.0, 14.0)], seed=99)
    drop(page, "test-recordings", [outside])
    drop(page, "test-references", [tmp_path / "new_01_events.tsv"])
    found = page.locator("#test-pairs")
    expect(found.get_by_role("gridcell", name="new_01_events.tsv (by its name)")).to_be_visible()
    page.locator("#test-net input").click()
    page.get_by_role("option", name="Net of the run First try").click()
    page.locator("#test").click()
    expect(page.locator("#test-result")).to_contain_text("Alarm all the time")

    field(page, "save-id", "my-first-net")
    field(page, "save-title", "My first net")
    page.locator("#save-model").click()
    expect(page.locator("#saved")).to_contain_text("My first net (my-first-net) is in the zoo")
    open_tab(page, "Model Zoo")
    zoo = page.locator("#models")
    expect(zoo.get_by_role("gridcell", name="my-first-net", exact=True)).to_be_visible()
    open_tab(page, "Predict")
    page.locator("#model input").click()
    expect(page.get_by_role("option", name="my-first-net")).to_be_visible()
