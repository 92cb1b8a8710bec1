from __future__ import annotations

from pathlib import Path

import gradio as gr
import pytest

from ui.resources import Services
from ui.server.settings import Settings
from ui.viewer.handles import HandleStore
from ui.zoo.tab import ZooTab, build_zoo


@pytest.fixture
def built(tmp_path: Path) -> tuple[gr.Blocks, ZooTab]:
    with gr.Blocks(analytics_enabled=False) as demo:
        zoo = build_zoo(Services.create(Settings(), tmp_path), HandleStore(), gr.State(None), demo)
    return demo, zoo


def test_no_listing_under_way_decides_which_card_a_change_opens(
    built: tuple[gr.Blocks, ZooTab],
) -> None:
    """A list asked for before a net came ends after it, and writes which card is open."""
    demo, zoo = built
    events = demo.fns.values()
    listings = [one for one in events if one.fn is zoo.listing["fn"]]
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
