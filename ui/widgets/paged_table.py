"""A table of any length of which the page holds some rows only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from ui.arguments import optional_number
from ui.events import Updates, listen
from ui.i18n.translation import filled_table, grouped, tr
from ui.widgets.views import Rows

_ROWS_SHOWN = "{first}\N{EN DASH}{last} of {all}"

PAGE_ROWS = 100
"""Rows that a page of a table holds: a table of a whole night would freeze the browser."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The rows that a table can show.

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
    place: Callable[[float], int] = lambda _: 0


class PagedTable:
    """A table, and below it what turns its pages, where there are several.

    Parameters
    ----------
    label : str
        What it is called.
    columns : sequence of str
        Its headings.
    elem_id : str
        Of the table; the ids of its other parts begin with it.
    by_time : bool
        Whether its rows are moments of a recording, and a second leads to one.

    Attributes
    ----------
    table : gr.Dataframe
        Rows of one page.
    first : gr.State
        The number of its first row.
    outputs : list
        What `shown` gives values for.
    """

    def __init__(
        self, label: str, columns: Sequence[str], elem_id: str, *, by_time: bool = True
    ) -> None:
        self._columns = columns
        self.first = gr.State(0)
        self.table = gr.Dataframe(
            headers=list(columns), interactive=False, label=label, elem_id=elem_id, max_height=320
        )
        pager = gr.Row(visible=False, elem_id=f"{elem_id}-pager", elem_classes="pager")
        with pager as self.pager:
            self.earlier = gr.Button(
                "Earlier", size="md", min_width=90, elem_id=f"{elem_id}-earlier"
            )
            self.where = gr.HTML(
                "", elem_id=f"{elem_id}-where", elem_classes="remark", min_height=0
            )
            self.later = gr.Button("Later", size="md", min_width=90, elem_id=f"{elem_id}-later")
            self._second = gr.Textbox(
                label="Go to second",
                placeholder="then Enter",
                elem_id=f"{elem_id}-second",
                min_width=110,
                visible=by_time,
            )
        self.outputs = [
            self.table,
            self.first,
            self.pager,
            self.earlier,
            self.where,
            self.later,
        ]

    def shown(self, listing: Listing, first: int = 0) -> Updates:
        """Show the page of a row."""
        last_page = max(listing.n_rows - 1, 0) // PAGE_ROWS
        page = min(max(first // PAGE_ROWS, 0), last_page)
        start = page * PAGE_ROWS
        stop = min(start + PAGE_ROWS, listing.n_rows)
        where = tr(
            _ROWS_SHOWN,
            first=grouped(start + 1),
            last=grouped(stop),
            all=grouped(listing.n_rows),
        )
        return {
            self.table: filled_table(self._columns, listing.rows(start, PAGE_ROWS)),
            self.first: start,
            self.pager: gr.Row(visible=last_page > 0),
            self.earlier: gr.Button(interactive=page > 0),
            self.where: where,
            self.later: gr.Button(interactive=page < last_page),
        }

    def wire(self, inputs: Sequence[Any], listing: Callable[..., Listing], **options: Any) -> None:
        """Let pages be turned; `listing` makes of the values of `inputs` what can be shown.

        Further options are those of `listen`.
        """

        def turn_back(first: int, *values: Any) -> Updates:
            return self.shown(listing(*values), first - PAGE_ROWS)

        def turn(first: int, *values: Any) -> Updates:
            return self.shown(listing(*values), first + PAGE_ROWS)

        def go_to(typed: str, *values: Any) -> Updates:
            second = optional_number("Second", typed)
            if second is None:
                raise ParameterError("Write a second of the recording, such as 75.5.")
            now = listing(*values)
            return self.shown(now, now.place(second))

        for trigger, handler, asked in (
            (self.earlier.click, turn_back, self.first),
            (self.later.click, turn, self.first),
            (self._second.submit, go_to, self._second),
        ):
            listen(
                trigger,
                handler,
                inputs=[asked, *inputs],
                outputs=self.outputs,
                quiet=True,
                **options,
            )
