from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from seizure_core.events.event import Event
from seizure_core.references import write_szcore_tsv
from tests.browser.journeys import open_demo, open_file, open_tab, saved, toast, upload
from tests.eeg_files import SEIZURE, eeg_file
from tests.zoo.models import ANY_MONTAGE_LAYERS, build_from, card_document
from zoo.store.bundle import export_bundle
from zoo.store.registry import list_models
from zoo.store.sealing import write_model
from zoo.store.user_models import add_model

pytestmark = pytest.mark.browser


def write_any_montage_model(folder: Path, model_id: str) -> Path:
    document = card_document(model_id, layers=ANY_MONTAGE_LAYERS)
    document["input"] |= {"channels": None, "min_channels": 2}
    document |= {"title": f"Any montage {model_id}", "license": "MIT"}
    write_model(folder, document=document, network=build_from(document))
    return folder


def bundle_of(folder: Path, model_id: str, **changes: Any) -> Path:
    """Return a bundle of a small model with two channels at 64 Hz and windows of 2 s."""
    document = {**card_document(model_id), "title": f"Small {model_id}", **changes}
    write_model(folder / model_id, document=document, network=build_from(document))
    add_model(folder / model_id)
    return export_bundle(model_id, folder)


def drop_model(page: Page, files: list[Path]) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Import a model").click()
    chooser.value.set_files(files)


def bring_in(page: Page, model_id: str, files: list[Path]) -> None:
    drop_model(page, files)
    expect(page.locator("#zoo-head")).to_contain_text(model_id)
    expect(model(page, model_id)).to_be_visible()


def model(page: Page, model_id: str) -> Locator:
    return page.locator("#zoo-list li.zoo-model").filter(
        has=page.locator(f'button[data-model="{model_id}"]')
    )


def choose(page: Page, model_id: str) -> None:
    model(page, model_id).locator(".zoo-open").click()
    expect(page.locator("#zoo-head")).to_contain_text(model_id)
    expect(model(page, model_id)).to_have_class("zoo-model chosen")


def delete(page: Page, model_id: str) -> None:
    page.locator("#zoo-delete").click()
    expect(page.locator("#zoo-question")).to_contain_text(f"Delete {model_id}?")
    page.get_by_role("button", name="Delete it").click()
    expect(page.locator("#zoo-undo-note")).to_contain_text(f"{model_id} was deleted")
    expect(model(page, model_id)).to_have_count(0)


def pick(page: Page, name: str, option: str) -> None:
    page.locator(f"#{name} input").click()
    page.get_by_role("option", name=option).click()


def open_models(page: Page) -> None:
    open_tab(page, "Model Zoo")
    open_tab(page, "Models")


def show(page: Page, fold: str) -> None:
    """Unfold a part, named by its id, if it is not."""
    page.locator(f"#{fold}").evaluate(
        "part => part.querySelector('.label-wrap:not(.open)')?.click()"
    )


def test_the_models_are_listed_and_their_cards_can_be_read(kept_page: Page) -> None:
    page = kept_page
    open_tab(page, "Model Zoo")
    open_tab(page, "Scoreboard")
    page.locator(".zoo-scoreboard").get_by_role("button", name="dilated-tcn").first.click()
    expect(page.locator("#zoo-head")).to_contain_text("dilated-tcn")
    for one in list_models():
        expect(model(page, one.model_id)).to_be_visible()
    choose(page, "n1spool-cnn")
    card = page.locator("#card")
    for words in ("What it is for", "Limits", "Results", "Training", "Loss of each epoch"):
        expect(card).to_contain_text(words)
    expect(page.locator("#zoo-head")).to_contain_text("3,137")
    head = card.locator(".zoo-head svg")
    expect(head).to_have_attribute("aria-label", "Channels between two electrodes, joined by a "
                                   "line: 23. Twice in the list: T8-P8.")  # fmt: skip
    expect(head.locator("line")).to_have_count(23)
    expect(card.locator(".network-drawing svg")).to_be_visible()
    card.get_by_text("Every layer with its settings").click()
    expect(card.get_by_role("cell", name="max_pool1d").first).to_be_visible()
    # What is shipped can be neither deleted nor published as one's own.
    expect(page.locator("#zoo-delete")).to_be_hidden()
    expect(page.locator("#zoo-publish")).to_be_hidden()


def test_models_are_found_filtered_ordered_and_chosen_by_key(
    kept_page: Page, tmp_path: Path
) -> None:
    page = kept_page
    open_demo(page)
    open_models(page)
    folder = write_any_montage_model(tmp_path / "any", "found-any")
    bring_in(page, "found-any", [folder / "card.json", folder / "model.safetensors"])
    bring_in(page, "found-small", [bundle_of(tmp_path, "found-small")])
    items = page.locator("#zoo-list li.zoo-model")

    find = page.get_by_label("Search the models")
    find.fill("found per_channel")
    expect(items).to_have_count(1)
    expect(items.first).to_contain_text("found-any")
    expect(page.locator("#zoo-count")).to_contain_text("1 of ")
    find.fill("no such model anywhere")
    expect(page.locator("#zoo-list")).to_contain_text("No model fits")
    find.fill("")
    pick(page, "zoo-order", "Fewest parameters first")
    expect(items.first).to_contain_text("found-any")

    show(page, "zoo-filters")
    pick(page, "zoo-montage", "Takes any montage")
    expect(model(page, "found-any")).to_be_visible()
    expect(model(page, "n1spool-cnn")).to_have_count(0)
    page.get_by_role("button", name="Clear search and filters").click()
    expect(model(page, "n1spool-cnn")).to_be_visible()

    first = items.first.locator(".zoo-open")
    first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    chosen = items.nth(1).locator(".zoo-open")
    expect(chosen).to_be_focused()
    expect(page.locator("#zoo-head h2")).to_have_text(chosen.inner_text())
    for model_id in ("found-small", "found-any"):
        choose(page, model_id)
        delete(page, model_id)


def test_a_model_is_used_elsewhere_taken_away_deleted_brought_back_and_imported_again(
    kept_page: Page, tmp_path: Path, downloads: Path
) -> None:
    page = kept_page
    open_models(page)
    odd = tmp_path / "odd.zip"
    with zipfile.ZipFile(odd, "w") as archive:
        archive.writestr("model.pkl", b"nothing")
    drop_model(page, [odd])
    expect(toast(page)).to_contain_text("it is no model of Seizure Zoo")
    bundle = bundle_of(tmp_path, "going-model")
    bring_in(page, "going-model", [bundle])

    page.get_by_role("button", name="Use in Predict").click()
    expect(page.get_by_role("tab", name="Predict")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#model input")).to_have_value("Small going-model (going-model)")
    expect(page.locator("#model-why")).to_contain_text("Small going-model")
    open_tab(page, "Model Zoo")
    page.get_by_role("button", name="Train from it").click()
    expect(page.locator("#network-code")).to_be_visible()
    expect(page.locator("#start-from input")).to_have_value(
        "Model of the zoo: Small going-model (going-model)"
    )
    expect(page.locator("#with-weights input")).to_be_checked()
    expect(page.locator("#network-code")).to_contain_text("batch_norm1d")
    open_tab(page, "Model Zoo")
    page.locator("#zoo-publish").click()
    expect(page.get_by_role("tab", name="Publish", exact=True)).to_have_attribute(
        "aria-selected", "true"
    )

    open_tab(page, "Models")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    taken = downloads / download.value.suggested_filename
    download.value.save_as(taken)
    assert taken.name == "going-model-1.0.0.zip"
    assert taken.read_bytes() == bundle.read_bytes()

    page.locator("#zoo-delete").click()
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator("#zoo-question")).to_be_hidden()
    delete(page, "going-model")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#zoo-head")).to_contain_text("going-model")
    delete(page, "going-model")
    show(page, "zoo-trash")
    expect(page.locator("#zoo-deleted-choice input")).to_have_value(re.compile("^going-model"))
    page.get_by_role("button", name="Bring it back").click()
    expect(page.locator("#zoo-head")).to_contain_text("going-model")

    drop_model(page, [taken])
    expect(toast(page).filter(has_text="You have a model called going-model")).to_be_visible()
    delete(page, "going-model")
    bring_in(page, "going-model", [taken])
    delete(page, "going-model")
    open_tab(page, "Predict")
    page.locator("#model input").click()
    expect(page.get_by_role("option", name="n1spool-cnn")).to_be_visible()
    expect(page.get_by_role("option", name="going-model")).to_have_count(0)


def clear_tokens(page: Page) -> None:
    """Take all models out of what is compared."""
    tokens = page.locator("#zoo-compared .token")
    while (n := tokens.count()) > 0:
        tokens.first.get_by_role("button").click()
        expect(tokens).to_have_count(n - 1)


def test_models_are_compared_on_the_demo_and_one_with_itself_on_a_file(
    kept_page: Page, tmp_path: Path
) -> None:
    page = kept_page
    open_demo(page)
    open_models(page)
    bring_in(page, "other-model", [bundle_of(tmp_path, "other-model")])
    model(page, "n1spool-cnn").get_by_role("checkbox").check()
    choose(page, "other-model")
    page.locator("#zoo-compare").click()
    for model_id in ("n1spool-cnn", "other-model"):
        expect(page.locator("#zoo-compared")).to_contain_text(model_id)
    page.get_by_role("button", name="Compare these models").click()
    result = page.locator("#zoo-comparison")
    for model_id in ("n1spool-cnn", "other-model"):
        expect(result.locator("figure.chart title", has_text=model_id)).to_have_count(1)
    expect(result).to_contain_text("Scored against 2 seizures by the simulation")
    expect(result.get_by_role("row", name="n1spool-cnn and other-model")).to_be_visible()
    expect(result.get_by_role("row", name="n1spool-cnn 23")).to_contain_text("2 of 2")
    assert saved(page, "Comparison (JSON)") == "comparison.json"

    stretches = page.locator("#zoo-disagreements")
    onset = float(stretches.get_by_role("gridcell").first.inner_text())
    stretches.get_by_role("gridcell").first.click()
    expect(page.locator("#eeg")).to_be_visible()
    body = page.locator("#eeg .szv-body")
    expect(body).to_have_attribute("data-state", "ready")
    start, length = (
        float(body.get_attribute(f"data-{one}") or "nan") for one in ("start", "length")
    )
    assert start <= onset + 600
    assert start + length >= onset

    # One model at two thresholds, on a file with an expert's events.
    open_file(page, eeg_file(SEIZURE))
    marked = tmp_path / "marked.tsv"
    write_szcore_tsv(marked, [Event(onset_s=10, duration_s=40)], duration_s=50.0, start_time=None)
    open_tab(page, "Model Zoo")
    tokens = page.locator("#zoo-compared .token")
    tokens.filter(has_text="other-model").get_by_role("button").click()
    expect(tokens).to_have_count(1)
    page.get_by_text("Events by an expert, other thresholds").click()
    upload(page, "zoo-expert", marked)
    page.get_by_label("Other thresholds").fill("0.5, 0.95")
    expect(page.locator("#zoo-expert").get_by_role("cell", name="marked.tsv")).to_be_visible()
    page.get_by_role("button", name="Compare these models").click()
    expect(result).to_contain_text("Scored against 1 seizure by marked.tsv")
    expect(result.get_by_role("row", name="n1spool-cnn at 0.5 and n1spool-cnn")).to_be_visible()
    expect(result).to_contain_text("n1spool-cnn at 0.95")
    page.get_by_label("Other thresholds").fill("")
    clear_tokens(page)
    open_tab(page, "Models")
    choose(page, "other-model")
    delete(page, "other-model")


def test_a_tick_waits_for_no_answer_and_outlives_a_list_asked_for_before_it(page: Page) -> None:
    open_tab(page, "Model Zoo")
    before, after = (
        model(page, one).get_by_role("checkbox") for one in ("n1spool-cnn", "aligned-cnn")
    )
    before.check()
    held: list[Route] = []
    page.route("**/queue/join*", lambda route: held.append(route))
    with page.expect_request("**/queue/join*"):
        page.locator("#zoo-search").get_by_role("textbox").fill("cnn")
    before.uncheck()
    after.check()
    page.get_by_role("tab", name="Compare").click()
    compared = page.locator("#zoo-compared")
    expect(compared).to_contain_text("aligned-cnn")
    expect(compared).not_to_contain_text("n1spool-cnn")
    for route in held:
        route.continue_()
    page.unroute("**/queue/join*")
    expect(page.locator("#zoo-count")).to_contain_text("of")
    page.get_by_role("tab", name="Models").click()
    expect(before).not_to_be_checked()
    expect(after).to_be_checked()
    page.get_by_role("tab", name="Compare").click()
    compared.get_by_role("combobox").click()
    page.get_by_role("option", name="n1spool-cnn").click()
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="Models").click()
    expect(before).to_be_checked()
    expect(before).to_have_css("appearance", "auto")  # else it is a white tick on white
    expect(compared).to_contain_text("aligned-cnn")
