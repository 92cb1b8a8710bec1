"""The Model Zoo tab: find a net, read its card, compare it, move it, see how all of them do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from ui.errors import for_browser
from ui.i18n import zoo_text as words
from ui.resources import Services
from ui.viewer.handles import HandleStore
from ui.widgets import markup
from ui.zoo.actions import ActionParts, wire_asking, wire_export
from ui.zoo.browse import LINK_SCRIPT, BrowseParts, build_browse, detailed, wire_browse
from ui.zoo.catalogue import read_catalogue
from ui.zoo.changes import wire_changes
from ui.zoo.compare.panel import CompareParts, build_compare, wire_compare
from ui.zoo.hub import HubPanel, build_hub
from ui.zoo.scoreboard import read_scoreboard, scoreboard_html

_NETS, _COMPARE, _HUB, _SCOREBOARD = "zoo-nets", "zoo-compare", "zoo-hub", "zoo-scoreboard"


@dataclass(frozen=True, slots=True, kw_only=True)
class ZooTab:
    """What the layout needs of the tab.

    Attributes
    ----------
    listing : dict
        Arguments of an event that lists the nets as they are now.
    changes : tuple of Dependency
        After each of these events there are other nets than before.
    chosen : gr.State
        Id of the net whose card is open, or None.
    actions : ActionParts
        What can be done with it; using it elsewhere is wired by the layout.
    compare : CompareParts
        Its table of disagreements leads to the EEG of the Analysis tab.
    """

    listing: dict[str, Any]
    changes: tuple[gr.events.Dependency, ...]
    chosen: gr.State
    actions: ActionParts
    compare: CompareParts


def build_zoo(services: Services, store: HandleStore, current: gr.State, demo: gr.Blocks) -> ZooTab:
    """Build the tab inside the current Blocks context.

    Parameters
    ----------
    services : Services
        Settings and files.
    store : HandleStore
        What is known of the open recordings.
    current : gr.State
        The session's `OpenRecording`, or None.
    demo : gr.Blocks
        The app, whose loading lists the nets.
    """
    with gr.Tabs(elem_id="zoo-parts", overflow_behavior="wrap") as parts:
        with gr.Tab(words.PART_NETS, id=_NETS):
            browse = build_browse()
        with gr.Tab(words.PART_COMPARE, id=_COMPARE):
            compare = build_compare(services, demo)
        with gr.Tab(words.PART_HUB, id=_HUB) as hub_tab:
            hub = build_hub(services, demo, chosen=browse.chosen, tab=hub_tab)
        with gr.Tab(words.PART_SCOREBOARD, id=_SCOREBOARD) as board_tab:
            board = gr.HTML(
                markup.empty(words.NO_SCOREBOARD),
                js_on_load=LINK_SCRIPT.read_text(encoding="utf-8"),
                elem_id="zoo-board",
            )
    listing, opening = wire_browse(services, browse, compare.nets, current)
    demo.load(**listing)
    own = wire_changes(services, browse.chosen, browse.wanted, browse.actions, browse.moving)
    for change in own:
        change.success(**opening)
    for change in hub.changes:
        change.success(**listing)
    wire_export(services, browse.actions, browse.chosen)
    wire_asking(browse.actions, browse.chosen)
    wire_compare(services, store, current, compare)
    _wire_parts(parts, browse, compare.nets)
    _wire_publish(parts, browse, hub)
    _wire_board(parts, browse, board_tab, board)
    return ZooTab(
        listing=listing,
        changes=(*own, *hub.changes),
        chosen=browse.chosen,
        actions=browse.actions,
        compare=compare,
    )


def _wire_parts(parts: gr.Tabs, browse: BrowseParts, picked: gr.Dropdown) -> None:
    @for_browser
    def compare(chosen: str | None, before: list[str] | None) -> tuple[Any, ...]:
        others = [one for one in before or [] if one != chosen]
        return gr.Tabs(selected=_COMPARE), [*others, *([chosen] if chosen else [])]

    browse.actions.compare.click(
        compare,
        inputs=[browse.chosen, picked],
        outputs=[parts, picked],
        show_progress="hidden",
        api_visibility="private",
    )


def _wire_publish(parts: gr.Tabs, browse: BrowseParts, hub: HubPanel) -> None:
    browse.actions.publish.click(
        lambda: gr.Tabs(selected=_HUB),
        outputs=parts,
        show_progress="hidden",
        api_visibility="private",
    ).success(**hub.show_publish)


def _wire_board(parts: gr.Tabs, browse: BrowseParts, tab: gr.Tab, board: gr.HTML) -> None:
    # The page may not have listed the nets yet when somebody comes here: they are read anew.
    @for_browser
    def show() -> str:
        return scoreboard_html(read_scoreboard(), read_catalogue())

    def open_card(asked: gr.EventData) -> tuple[Any, ...]:
        return for_browser(
            lambda: (gr.Tabs(selected=_NETS), *detailed(read_catalogue(), str(asked.net)))
        )()

    tab.select(show, outputs=board, api_visibility="private")
    board.net_chosen(
        open_card,
        outputs=[parts, *browse.detail],
        api_visibility="private",
    )
