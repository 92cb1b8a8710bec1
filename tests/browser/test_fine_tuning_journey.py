"""A model of the zoo is trained further, on recordings of one's own."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from safetensors.numpy import load_file

from tests.browser.journeys import fill, keep, open_tab, toast, write_network
from tests.training.material import CHANNELS, NETWORK, RATE_HZ, SETTINGS
from tests.zoo.models import build_from, card_document
from zoo.store.home import home_folder
from zoo.store.sealing import write_model
from zoo.store.user_models import add_model

pytestmark = pytest.mark.browser

PARENT, CHILD = "ward-model", "ward-model-tuned"
OTHER_LAYERS = [{**NETWORK[0], "out_channels": 5}, *NETWORK[1:]]


@pytest.fixture
def parent(dataset_id: str, tmp_path: Path) -> str:
    """A model in the app's zoo that takes what the dataset holds."""
    document = card_document(PARENT, layers=NETWORK)
    document |= {"title": "The ward's model"}
    document["input"] |= {
        "channels": list(CHANNELS),
        "sampling_rate_hz": RATE_HZ,
        "window_s": SETTINGS["window_s"],
        "preprocessing": SETTINGS["preprocessing"],
    }
    write_model(tmp_path / PARENT, document=document, network=build_from(document))
    add_model(tmp_path / PARENT)
    return dataset_id


def first_kernels(model_id: str) -> np.ndarray:
    """Return the weights of a model's first layer."""
    weights = load_file(home_folder() / "models" / model_id / "model.safetensors")
    return next(one for name, one in sorted(weights.items()) if one.ndim == 3)


def open_card(page: Page, model_id: str) -> None:
    open_tab(page, "Model Zoo")
    page.locator(f'#zoo-list button[data-model="{model_id}"]').click()
    expect(page.locator("#zoo-head")).to_contain_text(model_id)


def test_a_model_of_the_zoo_is_trained_further_and_its_card_says_so(
    parent: str, page: Page
) -> None:
    open_card(page, PARENT)
    page.locator("#zoo-train").click()
    # The network's step comes to the front, with the layers of the model and its weights.
    expect(page.locator("#start-from input")).to_have_value(re.compile(PARENT))
    expect(page.get_by_label("With its weights (fine-tuning)")).to_be_checked()
    expect(page.locator("#dataset input")).to_have_value(f"Yesterday's ({parent})")
    facts = page.locator("#network-facts")
    expect(facts).to_contain_text("fits")

    write_network(page, json.dumps(OTHER_LAYERS))
    expect(page.locator("#layers")).to_contain_text("out_channels 5")
    open_tab(page, "3 Train")
    fill(page, "train-title", "Tuned")
    fill(page, "train-epochs", "1")
    # So small that nothing but the weights it began with can come out.
    fill(page, "train-learning-rate", "1e-9")
    page.locator("#start-training").click()
    expect(toast(page)).to_contain_text(f"The layers are no longer those of {PARENT}")
    open_tab(page, "2 Network")
    write_network(page, json.dumps(NETWORK))
    expect(page.locator("#layers")).to_contain_text("out_channels 4")
    open_tab(page, "3 Train")
    page.locator("#start-training").click()
    status = page.locator("#run-status")
    expect(status).to_contain_text("Tuned")
    expect(status).to_contain_text("done")

    keep(page, "Tuned", CHILD)
    open_card(page, CHILD)
    card = page.locator("#card")
    expect(card).to_contain_text("Fine-tuned from")
    card.get_by_role("button", name=f"{PARENT} 1.0.0").click()
    expect(page.locator("#zoo-head")).to_contain_text("The ward's model")
    expect(card.get_by_role("button", name=CHILD)).to_be_visible()
    np.testing.assert_allclose(first_kernels(CHILD), first_kernels(PARENT), atol=1e-6)
