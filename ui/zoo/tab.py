"""The Model Zoo tab: find a model, read its card, compare it, move it, see how all of them do."""

from __future__ import annotations

import gradio as gr

from ui.events import Trigger, Updates, listen
from ui.i18n import words
from ui.resources import Services
from ui.viewer.handles import HandleStore
from ui.widgets import markup
from ui.zoo.browse import LINK_SCRIPT, ModelBrowser
from ui.zoo.catalogue import read_catalogue
from ui.zoo.compare import ModelComparison
from ui.zoo.hub.panel import PUBLISH, HubPanel
from ui.zoo.scoreboard import read_scoreboard, scoreboard_html

COMPARE = "zoo-compare"
_MODELS, _HUB = "zoo-models", "zoo-hub"


class ZooTab:
    """The tab.

    Parameters
    ----------
    services : Services
        Settings and files.
    store : HandleStore
        What is known of the open recordings.
    current : gr.State
        The session's `OpenRecording`, or None.
    demo : gr.Blocks
        The app, whose loading lists the models.

    Attributes
    ----------
    parts : gr.Tabs
        Its parts, `COMPARE` among them.
    browse : ModelBrowser
        The list, the card and what can be done with its model.
    compare : ModelComparison
        Its strips and its table lead to the EEG of the Analysis tab.
    """

    def __init__(
        self, services: Services, store: HandleStore, current: gr.State, demo: gr.Blocks
    ) -> None:
        with gr.Tabs(elem_id="zoo-parts", overflow_behavior="wrap") as self.parts:
            with gr.Tab("Models", id=_MODELS):
                self.browse = ModelBrowser(services)
            with gr.Tab("Compare", id=COMPARE):
                self.compare = ModelComparison(services, store, current, demo)
            with gr.Tab("Hub", id=_HUB) as hub_tab:
                hub = HubPanel(services, demo, chosen=self.browse.chosen, tab=hub_tab)
            with gr.Tab(words.PART_SCOREBOARD, id="zoo-scoreboard") as board_tab:
                self._board = gr.HTML(
                    markup.empty(words.NO_SCOREBOARD), js_on_load=LINK_SCRIPT, elem_id="zoo-board"
                )
        chosen, picked, actions = self.browse.chosen, self.compare.models, self.browse.actions
        self.browse.wire(picked, current)
        self.relist(demo.load)
        for change in hub.changes:
            self.relist(change.success)
        listen(
            actions.compare.click,
            self.compare_chosen,
            inputs=[chosen, picked],
            outputs=[self.parts, picked],
            quiet=True,
        )
        turned = listen(
            actions.publish.click, lambda: gr.Tabs(selected=_HUB), outputs=self.parts, quiet=True
        )
        listen(turned.success, lambda: gr.Tabs(selected=PUBLISH), outputs=hub.parts, quiet=True)
        # The page may not have listed the models yet when the tab is opened: they are read again.
        listen(board_tab.select, self.show_board, outputs=self._board)
        listen(self._board.model_chosen, self.open_card, outputs=[self.parts, *self.browse.detail])

    def relist(self, trigger: Trigger) -> gr.events.Dependency:
        """Let an event list the models as they are then."""
        return self.browse.relist(trigger)

    def compare_chosen(self, chosen: str | None, before: list[str] | None) -> Updates:
        """Put the open model among those to compare."""
        others = [model_id for model_id in before or [] if model_id != chosen]
        return {
            self.parts: gr.Tabs(selected=COMPARE),
            self.compare.models: [*others, *([chosen] if chosen else [])],
        }

    def show_board(self) -> Updates:
        """Show the figures of all models."""
        return {self._board: scoreboard_html(read_scoreboard(), read_catalogue())}

    def open_card(self, asked: gr.EventData) -> Updates:
        """Open the card of a model that was clicked in the scoreboard."""
        detail = self.browse.detailed(read_catalogue(), str(asked.model))
        return {self.parts: gr.Tabs(selected=_MODELS), **detail}
