"""A model of the zoo is trained further, on recordings of one's own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journeys import open_tab, toast
from tests.training.material import CHANNELS, NETWORK, RATE_HZ, SETTINGS
from tests.zoo.models import build_from, card_document
from zoo.store.sealing import write_model
from zoo.store.user_models import add_model

pytestmark = pytest.mark.browser

PARENT = "ward-model"


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


def test_a_model_of_the_zoo_is_what_a_training_begins_with(parent: str, page: Page) -> None:
    open_tab(page, "Model Zoo")
    page.locator(f'#zoo-list button[data-model="{PARENT}"]').click()
    page.locator("#zoo-train").click()
    # The network's step comes to the front, with the layers of the model and its weights.
    expect(page.locator("#start-from input")).to_have_value(re.compile(PARENT))
    expect(page.get_by_label("With its weights (fine-tuning)")).to_be_checked()
    expect(page.locator("#dataset input")).to_have_value(f"Yesterday's ({parent})")
    expect(page.locator("#network-facts")).to_contain_text("fits")
    expect(page.locator("#layers")).to_contain_text("kernel 9, stride 2, channels 4")
    page.locator("#layers [data-act=remove]").first.evaluate("(button) => button.click()")
    expect(page.locator("#layers details")).to_have_count(len(NETWORK) - 1)
    page.locator("#next-train").click()
    page.locator("#start-training").click()
    expect(toast(page)).to_contain_text(f"The layers are no longer those of {PARENT}")
