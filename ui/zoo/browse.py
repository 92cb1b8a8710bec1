"""The list of nets with its search, beside the card of the chosen one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from ui.errors import for_browser
from ui.i18n import zoo_text as words
from ui.i18n.translation import tr
from ui.opening.recordings import OpenRecording
from ui.resources import Services
from ui.widgets import markup
from ui.widgets.model_picker import refilled_many
from ui.zoo.actions import ActionParts, build_actions, offered_actions
from ui.zoo.card.page import card_page_html, head_of_page_html
from ui.zoo.catalogue import Catalogue, read_catalogue
from ui.zoo.filters import FilterParts, build_filters, cleared, offered_by, wanted_of
from ui.zoo.import_export import MovingParts, build_moving, deleted_nets
from ui.zoo.model_list import count_html, list_html
from ui.zoo.search import matching
from zoo.store.registry import model_card

# So many nets are shown at first, and with every press on "more".
PAGE_NETS = 24

_LIST_SCRIPT = Path(__file__).with_name("list.js")
# Ticks and the picker follow each other in the browser: an answer of the server would come later
# than the next click, which must find the tick.
_TICKED = """(picked) => {
  const boxes = [...document.querySelectorAll("#zoo-list [data-pick]")];
  const shown = new Set(boxes.map((box) => box.dataset.pick));
  const ticked = new Set(boxes.filter((box) => box.checked).map((box) => box.dataset.pick));
  const before = (picked ?? []).filter((net) => ticked.has(net) || !shown.has(net));
  return [[...new Set([...before, ...ticked])]];
}"""
_TICK = """(picked) => {
  for (const box of document.querySelectorAll("#zoo-list [data-pick]")) {
    box.checked = (picked ?? []).includes(box.dataset.pick);
  }
}"""
LINK_SCRIPT = Path(__file__).with_name("links.js")
"""What lets words that name a net open its card."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowseParts:
    """The components.

    Attributes
    ----------
    catalogue : gr.State
        The session's `Catalogue`.
    chosen : gr.State
        Id of the net whose card is open, or None.
    wanted : gr.State
        Id of the net that came last, whose card is to be opened; None after one has gone. Only
        what changes the zoo writes it: a listing that was under way meanwhile opens another
        card, and `chosen` is that one then.
    limit : gr.State
        How many nets of the list are shown.
    """

    catalogue: gr.State
    chosen: gr.State
    wanted: gr.State
    limit: gr.State
    filters: FilterParts
    count: gr.HTML
    faults: gr.HTML
    nets: gr.HTML
    more: gr.Button
    moving: MovingParts
    head: gr.HTML
    actions: ActionParts
    page: gr.HTML

    @property
    def listing(self) -> list[Any]:
        """What `_listed` gives values for."""
        return [self.nets, self.count, self.more]

    @property
    def detail(self) -> list[Any]:
        """What `detailed` gives values for."""
        return [self.chosen, self.head, self.page, *self.actions.showing]

    def asked(self, picked: gr.Dropdown, *, open_card: gr.State | None = None) -> list[Any]:
        """Return what handlers that list nets take, behind what is their own.

        Parameters
        ----------
        picked : gr.Dropdown
            The nets to compare.
        open_card : gr.State, optional
            Whose card is to be open; `chosen` if not given.
        """
        return [open_card or self.chosen, picked, self.limit, *self.filters.inputs]


def build_browse() -> BrowseParts:
    """Build list and card inside the current Blocks context."""
    with gr.Row(equal_height=False, elem_id="zoo-browse"):
        with gr.Column(scale=2, min_width=330):
            filters = build_filters()
            count = gr.HTML("", elem_id="zoo-count")
            faults = gr.HTML("", visible=False, elem_id="zoo-faults")
            nets = gr.HTML(
                markup.empty(words.NO_NETS),
                js_on_load=_LIST_SCRIPT.read_text(encoding="utf-8"),
                apply_default_css=False,
                label=words.LIST_LABEL,
                elem_id="zoo-list",
            )
            more = gr.Button(visible=False, size="md", elem_id="zoo-more")
            moving = build_moving()
        with gr.Column(scale=3, min_width=330, elem_id="zoo-detail"):
            head = gr.HTML("", elem_id="zoo-head")
            actions = build_actions()
            page = gr.HTML(
                markup.empty(words.NO_CARD),
                js_on_load=LINK_SCRIPT.read_text(encoding="utf-8"),
                label=words.CARD,
                elem_id="card",
            )
    return BrowseParts(
        catalogue=gr.State(Catalogue()),
        chosen=gr.State(None),
        wanted=gr.State(None),
        limit=gr.State(PAGE_NETS),
        filters=filters,
        count=count,
        faults=faults,
        nets=nets,
        more=more,
        moving=moving,
        head=head,
        actions=actions,
        page=page,
    )


def wire_browse(
    services: Services, parts: BrowseParts, picked: gr.Dropdown, current: gr.State
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Let nets be searched and looked at.

    Parameters
    ----------
    services : Services
        Settings.
    parts : BrowseParts
        From `build_browse`.
    picked : gr.Dropdown
        The nets to compare: ticks in the list and it follow each other.
    current : gr.State
        The session's `OpenRecording`, or None.

    Returns
    -------
    tuple of dict
        Arguments of an event that lists the nets and leaves the open card open, and of one that
        opens the card of the net that is `wanted`.
    """
    _wire_search(parts, picked, current)
    _wire_choice(parts, picked)

    @for_browser
    def refresh(
        opened: OpenRecording | None,
        chosen: str | None,
        picked: Sequence[str] | None,
        limit: int,
        *values: Any,
    ) -> tuple[Any, ...]:
        catalogue = read_catalogue()
        ids = [net.model_id for net in catalogue.nets]
        if chosen not in ids:
            chosen = ids[0] if ids else None
        still = [one for one in picked or () if one in ids]
        return (
            catalogue,
            refilled_many(catalogue.choices(), picked),
            gr.HTML(markup.findings(catalogue.findings), visible=bool(catalogue.findings)),
            *offered_by(catalogue, values),
            *_listed(catalogue, opened, chosen, still, limit, values),
            *detailed(catalogue, chosen),
            *deleted_nets(may_write=services.settings.may_write),
        )

    listing = {
        "fn": refresh,
        "inputs": [current, *parts.asked(picked)],
        "outputs": [
            parts.catalogue,
            picked,
            parts.faults,
            *parts.filters.offering,
            *parts.listing,
            *parts.detail,
            *parts.moving.deleted,
        ],
        "show_progress": "hidden",
        "api_visibility": "private",
    }
    # One function for both: Gradio lets the calls of one function wait for each other.
    return listing, {**listing, "inputs": [current, *parts.asked(picked, open_card=parts.wanted)]}


def _wire_search(parts: BrowseParts, picked: gr.Dropdown, current: gr.State) -> None:
    inputs = [parts.catalogue, current, *parts.asked(picked)]

    def search(*, fresh: bool) -> Any:
        @for_browser
        def find(
            catalogue: Catalogue,
            opened: OpenRecording | None,
            chosen: str | None,
            picked: Sequence[str] | None,
            limit: int,
            *values: Any,
        ) -> tuple[Any, ...]:
            shown = PAGE_NETS if fresh else limit + PAGE_NETS
            return shown, *_listed(catalogue, opened, chosen, picked or (), shown, values)

        return find

    @for_browser
    def clear(
        catalogue: Catalogue, chosen: str | None, picked: Sequence[str] | None
    ) -> tuple[Any, ...]:
        values = cleared()
        return *values, *_listed(catalogue, None, chosen, picked or (), PAGE_NETS, values)

    outputs = [parts.limit, *parts.listing]
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    gr.on(
        [
            # What is pasted into a text box is a change, and no input, to Gradio.
            parts.filters.words.change,
            *(one.input for one in parts.filters.inputs if hasattr(one, "input")),
        ],
        search(fresh=True),
        inputs=inputs,
        outputs=outputs,
        trigger_mode="always_last",
        **quiet,
    )
    parts.more.click(search(fresh=False), inputs=inputs, outputs=outputs, **quiet)
    parts.filters.clear.click(
        clear,
        inputs=[parts.catalogue, parts.chosen, picked],
        outputs=[*parts.filters.inputs, *parts.listing],
        **quiet,
    )


def _wire_choice(parts: BrowseParts, picked: gr.Dropdown) -> None:
    def choose(catalogue: Catalogue, asked: gr.EventData) -> tuple[Any, ...]:
        return for_browser(lambda: detailed(catalogue, str(asked.net)))()

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    for component in (parts.nets, parts.page):
        component.net_chosen(
            choose,
            inputs=parts.catalogue,
            outputs=parts.detail,
            trigger_mode="always_last",
            **quiet,
        )
    parts.nets.net_picked(None, inputs=picked, outputs=picked, js=_TICKED, **quiet)
    # A list drawn anew shows what was ticked when it was asked for.
    for drawn in (parts.nets.change, picked.change):
        drawn(None, inputs=picked, js=_TICK, **quiet)


def _listed(
    catalogue: Catalogue,
    opened: OpenRecording | None,
    chosen: str | None,
    picked: Sequence[str],
    limit: int,
    values: Sequence[Any],
) -> tuple[Any, ...]:
    """Return the values of `BrowseParts.listing`."""
    wanted, order = wanted_of(opened, values)
    found = matching(catalogue.nets, wanted, order)
    left = max(len(found) - limit, 0)
    return (
        list_html(
            found[:limit],
            n_all=len(catalogue.nets),
            dataset=wanted.dataset,
            chosen=chosen,
            picked=picked,
        ),
        count_html(len(found), len(catalogue.nets)),
        gr.Button(tr(words.SHOW_MORE, n=min(left, PAGE_NETS)), visible=left > 0),
    )


def detailed(catalogue: Catalogue, model_id: str | None) -> tuple[Any, ...]:
    """Return the values of `BrowseParts.detail`."""
    net = catalogue.find(model_id)
    if net is None:
        return None, "", markup.empty(tr(words.NO_CARD)), *offered_actions(None)
    card = model_card(net.model_id)
    return (
        net.model_id,
        head_of_page_html(card, net),
        card_page_html(card, catalogue),
        *offered_actions(net),
    )
