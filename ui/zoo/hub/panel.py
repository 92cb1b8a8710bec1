"""The Hub panel: who is signed in, and its three parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from ui.errors import for_browser
from ui.resources import Services
from ui.server.queues import HUB_QUEUE, PLACES
from ui.widgets import markup
from ui.zoo.hub import words
from ui.zoo.hub.find import build_find
from ui.zoo.hub.identity import build_sign_in, can_sign_in, identity_html
from ui.zoo.hub.publish import Chosen, build_publish
from ui.zoo.hub.registries import build_registries

_PUBLISH = "hub-publish-tab"


@dataclass(frozen=True, slots=True, kw_only=True)
class HubPanel:
    """What the tab around the panel needs of it.

    Attributes
    ----------
    changes : tuple of gr.events.Dependency
        The events after which lists of nets are to be filled anew.
    show_publish : dict
        Arguments of an event that turns to the part where the chosen net is published.
    """

    changes: tuple[gr.events.Dependency, ...]
    show_publish: dict[str, Any]


def build_hub(services: Services, demo: gr.Blocks, *, chosen: Chosen, tab: gr.Tab) -> HubPanel:
    """Build the panel inside the current Blocks context; the Hub is not asked before it is seen.

    Parameters
    ----------
    services : Services
        Settings.
    demo : gr.Blocks
        The app, whose loading fills lists.
    chosen : Dropdown, Textbox or State
        Its value is the id of the net that is chosen in the zoo, which Publish publishes.
    tab : gr.Tab
        The tab around the panel: the Hub is asked whose login this is when it is opened.
    """
    settings = services.settings
    who = gr.HTML(markup.paragraph(words.NOT_ASKED_YET), elem_id="hub-identity")
    if can_sign_in(settings):
        build_sign_in(demo)
    with gr.Tabs(elem_id="hub-parts") as parts:
        with gr.Tab(words.TAB_FIND):
            pulled = build_find(services)
        with gr.Tab(words.TAB_PUBLISH, id=_PUBLISH):
            build_publish(services, demo, chosen)
        with gr.Tab(words.TAB_REGISTRIES):
            listed = build_registries(services, demo)

    @for_browser
    def ask_who(visitor: gr.OAuthToken | None) -> str:
        return identity_html(settings, visitor)

    tab.select(
        ask_who,
        outputs=who,
        concurrency_id=HUB_QUEUE,
        concurrency_limit=PLACES[HUB_QUEUE],
        show_progress="hidden",
        api_visibility="private",
    )
    return HubPanel(
        changes=(pulled, *listed),
        show_publish={
            "fn": for_browser(_publish_tab),
            "outputs": parts,
            "show_progress": "hidden",
            "api_visibility": "private",
        },
    )


def _publish_tab() -> gr.Tabs:
    return gr.Tabs(selected=_PUBLISH)
