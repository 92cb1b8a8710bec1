"""The list of models with its search, next to the card of the chosen one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.blocks import Block
from markupsafe import Markup

from ui.events import Trigger, Updates, listen
from ui.i18n import words
from ui.i18n.translation import tr
from ui.resources import Services
from ui.widgets import markup
from ui.widgets.model_picker import refilled_many
from ui.zoo.actions import CardActions, ModelFiles
from ui.zoo.card.page import card_page_html, head_of_page_html
from ui.zoo.catalogue import Catalogue, read_catalogue
from ui.zoo.model_list import count_html, list_html
from ui.zoo.search import ModelFilters, matching

_NO_CARD = "Choose a model in the list to see its card."

Given = Mapping[Block, Any]
"""Values of components."""

# So many models are shown at first, and with every press on "more".
PAGE_MODELS = 24

LINK_SCRIPT = Path(__file__).with_name("links.js").read_text(encoding="utf-8")
"""What lets words that name a model open its card."""

# Ticks and the picker follow each other in the browser: an answer of the server would come later
# than the next click, which must find the tick.
_TICKED = """(picked) => {
  const boxes = [...document.querySelectorAll("#zoo-list [data-pick]")];
  const shown = new Set(boxes.map((box) => box.dataset.pick));
  const ticked = new Set(boxes.filter((box) => box.checked).map((box) => box.dataset.pick));
  const before = (picked ?? []).filter((model) => ticked.has(model) || !shown.has(model));
  return [[...new Set([...before, ...ticked])]];
}"""
_TICK = """(picked) => {
  for (const box of document.querySelectorAll("#zoo-list [data-pick]")) {
    box.checked = (picked ?? []).includes(box.dataset.pick);
  }
}"""


class ModelBrowser:
    """List and card.

    Attributes
    ----------
    chosen : gr.State
        Id of the model whose card is open, or None.
    changes : list of gr.events.Dependency
        After each of them there are other models than before.
    detail : list
        What `detailed` gives values for.
    """

    def __init__(self, services: Services) -> None:
        self.chosen = gr.State(None)
        # Id of the model that came last, whose card is to be opened; None after one has gone.
        # Only what changes the zoo writes it: a listing that was under way meanwhile opens
        # another card, and `chosen` is that one then.
        self._wanted = gr.State(None)
        self._catalogue = gr.State(Catalogue())
        self._limit = gr.State(PAGE_MODELS)
        with gr.Row(equal_height=False, elem_id="zoo-browse"):
            with gr.Column(scale=2, min_width=330):
                self._filters = ModelFilters()
                self._count = gr.HTML("", elem_id="zoo-count")
                self._faults = gr.HTML("", visible=False, elem_id="zoo-faults")
                self._models = gr.HTML(
                    markup.empty("Loading the models."),
                    js_on_load=Path(__file__).with_name("list.js").read_text(encoding="utf-8"),
                    apply_default_css=False,
                    label=words.LIST_LABEL,
                    elem_id="zoo-list",
                )
                self._more = gr.Button(visible=False, size="md", elem_id="zoo-more")
                self._files = ModelFiles(services, self._wanted)
            with gr.Column(scale=3, min_width=330, elem_id="zoo-detail"):
                self._head = gr.HTML("", elem_id="zoo-head")
                self.actions = CardActions(services, self.chosen, self._files)
                self._page = gr.HTML(
                    markup.empty(_NO_CARD),
                    js_on_load=LINK_SCRIPT,
                    label="Card of the model",
                    elem_id="card",
                )
        self.changes = [*self._files.changes, self.actions.deleted]
        self._listing = [self._models, self._count, self._more, self._limit]
        self.detail = [self.chosen, self._head, self._page, *self.actions.showing]

    def wire(self, picked: gr.Dropdown, current: gr.State) -> None:
        """Let models be searched, looked at and ticked.

        Parameters
        ----------
        picked : gr.Dropdown
            The models to compare: ticks in the list and it follow each other.
        current : gr.State
            The session's `OpenRecording`, or None.
        """
        self._picked, self._current = picked, current
        fields = self._filters.fields
        asking = {self._catalogue, self._limit, self.chosen, picked, current, *fields.values()}
        listed: dict[str, Any] = {"inputs": asking, "outputs": self._listing, "quiet": True}
        # What is pasted into a text box is a change, and no input, to Gradio.
        typed = [fields["words"].change, *(field.input for field in fields.values())]
        listen(typed, self.search, trigger_mode="always_last", **listed)
        listen(self._more.click, self.show_more, **listed)
        listed["outputs"] = [*fields.values(), *self._listing]
        listen(self._filters.clear.click, self.clear, **listed)
        for names in (self._models, self._page):
            listen(
                names.model_chosen,
                self.choose,
                inputs=self._catalogue,
                outputs=self.detail,
                quiet=True,
                trigger_mode="always_last",
            )
        listen(
            self._models.model_picked, None, inputs=picked, outputs=picked, js=_TICKED, quiet=True
        )
        # A list drawn again shows what was ticked when it was asked for.
        listen([self._models.change, picked.change], None, inputs=picked, js=_TICK, quiet=True)
        for change in self.changes:
            self._relist(change.success, self._wanted)

    def relist(self, trigger: Trigger) -> gr.events.Dependency:
        """Let an event list the models as they are then; the open card stays open."""
        return self._relist(trigger, self.chosen)

    def _relist(self, trigger: Trigger, opened: gr.State) -> gr.events.Dependency:
        def refresh(given: Given) -> Updates:
            return self.refresh(given, given[opened])

        fields = self._filters.fields.values()
        return listen(
            trigger,
            refresh,
            inputs={self._current, opened, self._picked, self._limit, *fields},
            outputs=[
                self._catalogue,
                self._picked,
                self._faults,
                *fields,
                *self._listing,
                *self.detail,
                *self._files.deleted,
            ],
            quiet=True,
            # One listing waits for the other, so that the last one stays.
            concurrency_id="zoo-list",
        )

    def refresh(self, given: Given, model_id: str | None) -> Updates:
        """List the models as they are now, and show the card of one, or of the first."""
        catalogue = read_catalogue()
        if catalogue.find(model_id) is None:
            model_id = catalogue.models[0].model_id if catalogue.models else None
        faults = markup.findings(catalogue.findings)
        now = {**given, self._catalogue: catalogue, self.chosen: model_id}
        return {
            self._catalogue: catalogue,
            self._picked: refilled_many(catalogue.choices(), given[self._picked]),
            self._faults: gr.HTML(faults, visible=bool(faults)),
            **self._filters.offered(catalogue, self._filters.wanted(given)),
            **self.search(now, limit=given[self._limit]),
            **self.detailed(catalogue, model_id),
            **self._files.list_deleted(),
        }

    def search(self, given: Given, *, limit: int = PAGE_MODELS) -> Updates:
        """List what was searched for, up to so many models."""
        wanted, opened = self._filters.wanted(given), given[self._current]
        models = given[self._catalogue].models
        found = matching(models, wanted, None if opened is None else opened.recording)
        n_left = max(len(found) - limit, 0)
        return {
            self._models: list_html(
                found[:limit],
                n_all=len(models),
                dataset=wanted.dataset or None,
                chosen=given[self.chosen],
                picked=given[self._picked] or (),
            ),
            self._count: count_html(len(found), len(models)),
            self._more: gr.Button(
                tr("Show {n} more", n=min(n_left, PAGE_MODELS)), visible=n_left > 0
            ),
            self._limit: limit,
        }

    def show_more(self, given: Given) -> Updates:
        """List more of what was searched for."""
        return self.search(given, limit=given[self._limit] + PAGE_MODELS)

    def clear(self, given: Given) -> Updates:
        """Take search and filters away."""
        cleared = self._filters.cleared()
        return {**cleared, **self.search({**given, **cleared})}

    def choose(self, catalogue: Catalogue, asked: gr.EventData) -> Updates:
        """Open the card of a model that was clicked."""
        return self.detailed(catalogue, str(asked.model))

    def detailed(self, catalogue: Catalogue, model_id: str | None) -> Updates:
        """Show the card of a model; an empty state where it is not there."""
        model = catalogue.find(model_id)
        head, page = Markup(), markup.empty(_NO_CARD)
        if model is not None:
            head, page = head_of_page_html(model), card_page_html(model.card, catalogue)
        return {
            self.chosen: None if model is None else model.model_id,
            self._head: head,
            self._page: page,
            **self.actions.offered(model),
        }
