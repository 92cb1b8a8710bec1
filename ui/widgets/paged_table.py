"""A table of any length of which the page holds some rows only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from ui.arguments import optional_number
from ui.errors import for_browser
from ui.i18n import text
from ui.i18n.translation import filled_table, grouped, tr
from ui.widgets.views import Rows

PAGE_ROWS = 100
"""Rows that a page of a table holds: a table of a whole night would freeze the browser."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a table can show.

    Attributes
    ----------
    n_rows : int
        How many rows there are.
    rows : callable
        Returns rows from a first one on, up to so many.
    place : callable
        Returns which row is the first at or after a second of the recording.
    """

    n_rows: int
    rows: Callable[[int, int], Rows]
    place: Callable[[float], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PagedTable:
    """The components: the table, and below it what turns its pages, where there are several.

    Attributes
    ----------
    table : gr.Dataframe
        Rows of one page.
    columns : sequence of str
        Its headings.
    first : gr.State
        The first row shown.
    pager : gr.Row
        Shown where one page does not hold all.
    """

    table: gr.Dataframe
    columns: Sequence[str]
    first: gr.State
    pager: gr.Row
    earlier: gr.Button
    where: gr.HTML
    later: gr.Button
    second: gr.Textbox

    @property
    def outputs(self) -> list[Any]:
        """What `shown` gives values for."""
        return [self.table, self.first, self.pager, self.earlier, self.where, self.later]

    def shown(self, listing: Listing, first: int = 0) -> tuple[Any, ...]:
        """Return the values of `outputs` with the page of a row."""
        last_page = max(listing.n_rows - 1, 0) // PAGE_ROWS
        page = min(max(first // PAGE_ROWS, 0), last_page)
        start = page * PAGE_ROWS
        stop = min(start + PAGE_ROWS, listing.n_rows)
        where = tr(
            text.ROWS_SHOWN,
            first=grouped(start + 1),
            last=grouped(stop),
            all=grouped(listing.n_rows),
        )
        return (
            filled_table(self.columns, listing.rows(start, PAGE_ROWS)),
            start,
            gr.Row(visible=last_page > 0),
            gr.Button(interactive=page > 0),
            where,
            gr.Button(interactive=page < last_page),
        )

    def wire(self, inputs: Sequence[Any], listing: Callable[..., Listing]) -> None:
        """Let pages be turned; `listing` makes of the values of `inputs` what can be shown."""

        def turned(by: int) -> Callable[..., tuple[Any, ...]]:
            @for_browser
            def turn(first: int, *values: Any) -> tuple[Any, ...]:
                return self.shown(listing(*values), first + by)

            return turn

        @for_browser
        def go_to(typed: str, *values: Any) -> tuple[Any, ...]:
            second = optional_number("Second", typed)
            if second is None:
                raise ParameterError(text.NO_SECOND)
            now = listing(*values)
            return self.shown(now, now.place(second))

        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        for button, by in ((self.earlier, -PAGE_ROWS), (self.later, PAGE_ROWS)):
            button.click(turned(by), inputs=[self.first, *inputs], outputs=self.outputs, **quiet)
        self.second.submit(go_to, inputs=[self.second, *inputs], outputs=self.outputs, **quiet)


def build_paged_table(label: str, columns: Sequence[str], elem_id: str) -> PagedTable:
    """Build a table inside the current Blocks context; its parts have ids that begin alike."""
    table = gr.Dataframe(
        headers=list(columns), interactive=False, label=label, elem_id=elem_id, max_height=320
    )
    with gr.Row(visible=False, elem_id=f"{elem_id}-pager", elem_classes="pager") as pager:
        earlier = gr.Button(
            text.EARLIER_ROWS, size="md", min_width=90, elem_id=f"{elem_id}-earlier"
        )
        where = gr.HTML("", elem_id=f"{elem_id}-where", elem_classes="remark", min_height=0)
        later = gr.Button(text.LATER_ROWS, size="md", min_width=90, elem_id=f"{elem_id}-later")
        second = gr.Textbox(
            label=text.ROWS_FROM,
            placeholder=text.PRESS_ENTER,
            elem_id=f"{elem_id}-second",
            min_width=110,
        )
    return PagedTable(
        table=table,
        columns=columns,
        first=gr.State(0),
        pager=pager,
        earlier=earlier,
        where=where,
        later=later,
        second=second,
    )
