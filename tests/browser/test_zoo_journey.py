from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.accessibility import expect_accessible
from tests.browser.journeys import open_demo, open_tab, saved
from tests.zoo.models import build_from, card_document
from zoo.card.evidence import verdict
from zoo.store.bundle import export_bundle
from zoo.store.registry import Registry, list_models
from zoo.store.sealing import write_model
from zoo.store.user_models import add_model

pytestmark = pytest.mark.browser


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


def open_models(page: Page) -> None:
    open_tab(page, "Model Zoo")
    open_tab(page, "Models")


def test_models_are_found_read_and_chosen_by_key(kept_page: Page) -> None:
    page = kept_page
    open_tab(page, "Model Zoo")
    open_tab(page, "Scoreboard")
    page.locator(".zoo-scoreboard").get_by_role("button", name="High sensitivity").first.click()
    expect(page.locator("#zoo-head")).to_contain_text("dilated-tcn")
    for one in list_models():
        expect(model(page, one.model_id)).to_be_visible()
    page.get_by_label("Search the models").fill("n1spool")
    expect(page.locator("#zoo-count")).to_contain_text("1 of ")
    choose(page, "n1spool-cnn")
    said = verdict(Registry.load().cards(sources=("shipped",))["n1spool-cnn"])
    expect(page.locator("#zoo-head")).to_contain_text(said)
    card = page.locator("#card")
    card.get_by_text("Network", exact=True).click()
    expect(card.locator(".network-drawing svg")).to_be_visible()
    card.get_by_text("Every layer with its settings").click()
    expect(card.get_by_role("cell", name="max_pool1d").first).to_be_visible()
    # What is shipped can be neither deleted nor published as one's own.
    expect(page.locator("#zoo-delete")).to_be_hidden()
    expect(page.locator("#zoo-publish")).to_be_hidden()
    page.get_by_label("Search the models").fill("")
    items = page.locator("#zoo-list li.zoo-model")
    expect(items).to_have_count(len(list_models()))
    items.first.locator(".zoo-open").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    chosen = items.nth(1).locator(".zoo-open")
    expect(chosen).to_be_focused()
    expect(page.locator("#zoo-head h2")).to_have_text(chosen.inner_text())


def test_a_model_is_used_elsewhere_taken_away_deleted_and_brought_back(
    kept_page: Page, tmp_path: Path, downloads: Path
) -> None:
    page = kept_page
    open_demo(page)
    open_models(page)
    bundle = bundle_of(tmp_path, "going-model")
    bring_in(page, "going-model", [bundle])
    page.get_by_role("button", name="Use in Predict").click()
    expect(page.get_by_role("tab", name="Predict")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#model input")).to_have_value("Small going-model (going-model)")
    expect(page.locator("#model-why")).to_contain_text("Small going-model")
    open_models(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    taken = downloads / download.value.suggested_filename
    download.value.save_as(taken)
    assert taken.read_bytes() == bundle.read_bytes()
    delete(page, "going-model")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#zoo-head")).to_contain_text("going-model")
    delete(page, "going-model")


def test_predict_has_all_models_compared_and_a_click_leads_to_the_eeg(kept_page: Page) -> None:
    page = kept_page
    open_demo(page)
    open_tab(page, "Predict")
    page.locator("#all-models").click()
    strips = page.locator("#zoo-comparison .zoo-strip svg")
    expect(strips).to_have_count(len(list_models()) + 2)
    expect_accessible(page)
    result = page.locator("#zoo-comparison")
    expect(result).to_contain_text("Scored against 2 seizures by the simulation")
    expect(result.get_by_role("row", name="General purpose 18")).to_contain_text("2 of 2")
    assert saved(page, "Comparison (JSON)") == "comparison.json"
    body = page.locator("#eeg .szv-body")

    def shows(time_s: float) -> None:
        expect(body).to_be_visible()
        page.wait_for_function(
            """(time_s) => { const { start, length } =
              document.querySelector("#eeg .szv-body").dataset;
              return +start <= time_s && time_s <= +start + +length; }""",
            arg=time_s,
        )

    agreement = strips.nth(len(list_models()))
    box = agreement.bounding_box()
    assert box is not None
    agreement.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    shows(300.0)
    open_tab(page, "Model Zoo")
    row = page.locator("#zoo-votes").get_by_role("gridcell").first
    onset_s = float(row.inner_text())
    row.click()
    shows(onset_s)


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
