"""Tables of a whole night: the browser gets a page of them and never all."""

from __future__ import annotations

from typing import Any

import gradio as gr
import numpy as np
import pytest

from tests.ui.values import detection_of
from ui.events import Updates
from ui.predict.result import listed_windows
from ui.widgets.paged_table import PAGE_ROWS, PagedTable
from ui.widgets.views import WINDOW_COLUMNS
from zoo.inference.detection import Detection

N_WINDOWS = 86_395


@pytest.fixture(scope="module")
def night() -> Detection:
    """A day with a window a second, of which every 45th reaches the threshold."""
    probabilities = np.where(np.arange(N_WINDOWS) % 45 == 0, 0.9, 0.1).astype(np.float32)
    return detection_of(
        probabilities=tuple(probabilities.tolist()),
        starts_s=np.arange(N_WINDOWS, dtype=np.float64),
        window_s=4.0,
    )


@pytest.fixture
def table() -> PagedTable:
    with gr.Blocks():
        return PagedTable("Windows", WINDOW_COLUMNS, "windows")


def rows(table: PagedTable, shown: Updates) -> list[list[Any]]:
    return list(shown[table.table]["data"])


def test_a_page_holds_few_rows_and_tells_which(night: Detection, table: PagedTable) -> None:
    listing = listed_windows(night, only_seizure=False)
    for first, start, stop in (
        (0, 0, PAGE_ROWS),
        (PAGE_ROWS, PAGE_ROWS, 2 * PAGE_ROWS),
        (10**9, 86_300, N_WINDOWS),
        (-5, 0, PAGE_ROWS),
    ):
        shown = table.shown(listing, first)
        assert [row[0] for row in rows(table, shown)] == [float(n) for n in range(start, stop)]
        assert shown[table.where] == f"{start + 1:,}\N{EN DASH}{stop:,} of 86,395"
    shown = table.shown(listing)
    assert shown[table.pager].visible
    assert not shown[table.earlier].interactive
    assert shown[table.later].interactive
    shown = table.shown(listing, 10**9)
    assert shown[table.earlier].interactive
    assert not shown[table.later].interactive


def test_only_windows_at_the_threshold_are_paged_too(night: Detection, table: PagedTable) -> None:
    listing = listed_windows(night, only_seizure=True)
    assert listing.n_rows == 1920
    shown = table.shown(listing, PAGE_ROWS)
    assert [row[0] for row in rows(table, shown)] == [45.0 * n for n in range(100, 200)]
    assert {row[3] for row in rows(table, shown)} == {"yes"}


def test_a_second_of_the_recording_leads_to_its_page(night: Detection, table: PagedTable) -> None:
    every, some = (listed_windows(night, only_seizure=only) for only in (False, True))
    for listing, second in ((every, 40_000.0), (some, 45 * 777.0)):
        place = listing.place(second)
        ((start, *_),) = listing.rows(place, 1)
        assert isinstance(start, str | float)
        first_of_page, *_ = rows(table, table.shown(listing, place))
        assert first_of_page == listing.rows(place // PAGE_ROWS * PAGE_ROWS, 1)[0]
    ((start, stop, *_),) = every.rows(every.place(40_000.0), 1)
    assert start <= 40_000.0 < stop
    assert some.rows(some.place(45 * 777.0), 1)[0][0] == 45 * 777.0
    assert rows(table, table.shown(every, every.place(10**7)))[0][0] == 86_300
