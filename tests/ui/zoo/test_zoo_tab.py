from __future__ import annotations

from pathlib import Path

import gradio as gr

from tests.zoo.models import build_from, card_document, write_small_model
from ui.resources import Services
from ui.server.settings import Settings
from ui.viewer.handles import HandleStore
from ui.zoo.catalogue import read_catalogue
from ui.zoo.compare import OPEN
from ui.zoo.tab import ZooTab
from zoo.store.recommendation import default_model
from zoo.store.registry import list_models
from zoo.store.sealing import write_model
from zoo.store.user_models import add_model


def test_no_listing_under_way_decides_which_card_a_change_opens(tmp_path: Path) -> None:
    """A list asked for before a model came ends after it, and writes which card is open."""
    with gr.Blocks(analytics_enabled=False) as demo:
        ZooTab(Services.create(Settings(), tmp_path), HandleStore(), gr.State(None), demo)
    events = demo.fns.values()
    listings = [one for one in events if one.name == "refresh"]
    # One waits for the other.
    assert {one.concurrency_id for one in listings} == {"zoo-list"}
    written = {component for one in listings for component in one.outputs}
    # Of the changes, those made in this tab say which card is to be opened.
    own = {
        change._id: set(change.outputs) & set(listing.inputs)
        for change in events
        for listing in listings
        if listing.trigger_after == change._id and set(change.outputs) & set(listing.inputs)
    }
    assert len(own) == 4
    assert all(said and not said & written for said in own.values())


def test_all_models_are_compared_on_the_open_recording_the_best_first(tmp_path: Path) -> None:
    with gr.Blocks(analytics_enabled=False) as demo:
        zoo = ZooTab(Services.create(Settings(), tmp_path), HandleStore(), gr.State(None), demo)
    begun = zoo.compare.compare_all(3)
    ids = begun[zoo.compare.models]
    assert ids[0] == default_model()
    assert set(ids) == {one.model_id for one in list_models()}
    assert begun[zoo.compare.turns] == 4
    assert OPEN in begun.values()


def test_a_click_in_a_childs_card_opens_its_parents_and_back(tmp_path: Path) -> None:
    add_family(tmp_path)
    with gr.Blocks(analytics_enabled=False) as demo:
        zoo = ZooTab(Services.create(Settings(), tmp_path), HandleStore(), gr.State(None), demo)
    browse, catalogue = zoo.browse, read_catalogue()
    child = browse.detailed(catalogue, "child-model")
    for asked, other in (("parent-model", "child-model"), ("child-model", "parent-model")):
        # What links.js sends for a press on the words in the card.
        assert f'data-model="{asked}"' in child[browse._page]
        child = browse.choose(catalogue, gr.EventData(None, {"model": asked}))
        assert child[browse.chosen] == asked
        assert f'data-model="{other}"' in child[browse._page]
    gone = browse.choose(catalogue, gr.EventData(None, {"model": "deleted-since"}))
    assert gone[browse.chosen] is None


def add_family(folder: Path) -> None:
    """Add a model and one that was trained from it."""
    parent = write_small_model(folder / "parent", "parent-model")
    document = card_document("child-model")
    weights = parent.weights.sha256
    document["parent"] = {
        "model_id": "parent-model",
        "version": "1.0.0",
        "weights_sha256": weights,
    }
    write_model(folder / "child", document=document, network=build_from(document))
    for name in ("parent", "child"):
        add_model(folder / name)
