"""Tables of a whole night: the browser gets a page of them and never all."""

from __future__ import annotations

from typing import Any

import gradio as gr
import numpy as np
import pytest

from seizure_core.events.event import Event
from tests.ui.values import detection_of
from ui.predict.result import listed_events, listed_windows
from ui.widgets.paged_table import PAGE_ROWS, PagedTable, build_paged_table
from ui.widgets.views import EVENT_COLUMNS, WINDOW_COLUMNS
from zoo.inference.detection import Detection

N_WINDOWS = 86_395


@pytest.fixture(scope="module")
def night() -> Detection:
    """A day with a window a second, of which every 45th reaches the threshold."""
    probabilities = np.where(np.arange(N_WINDOWS) % 45 == 0, 0.9, 0.1).astype(np.float32)
    events = tuple(Event(onset_s=20.0 * n, duration_s=5.0) for n in range(3000))
    return detection_of(
        probabilities=tuple(probabilities.tolist()),
        starts_s=np.arange(N_WINDOWS, dtype=np.float64),
        window_s=4.0,
        events=events,
    )


@pytest.fixture
def table() -> PagedTable:
    with gr.Blocks():
        return build_paged_table("Windows", WINDOW_COLUMNS, "windows")


def rows(shown: tuple[Any, ...]) -> list[list[Any]]:
    return list(shown[0]["data"])


def test_a_page_holds_few_rows_and_tells_which(night: Detection, table: PagedTable) -> None:
    listing = listed_windows(night, only_seizure=False)
    for first, start, stop in (
        (0, 0, PAGE_ROWS),
        (PAGE_ROWS, PAGE_ROWS, 2 * PAGE_ROWS),
        (10**9, 86_300, N_WINDOWS),
        (-5, 0, PAGE_ROWS),
    ):
        shown = table.shown(listing, first)
        assert [row[0] for row in rows(shown)] == [float(n) for n in range(start, stop)]
        assert shown[1] == start
        assert shown[4] == f"{start + 1:,}\N{EN DASH}{stop:,} of 86,395"
    _, _, pager, earlier, _, later = table.shown(listing)
    assert (pager.visible, earlier.interactive, later.interactive) == (True, False, True)
    *_, earlier, _, later = table.shown(listing, 10**9)
    assert (earlier.interactive, later.interactive) == (True, False)


def test_only_windows_at_the_threshold_are_paged_too(night: Detection, table: PagedTable) -> None:
    listing = listed_windows(night, only_seizure=True)
    assert listing.n_rows == 1920
    shown = table.shown(listing, PAGE_ROWS)
    assert [row[0] for row in rows(shown)] == [45.0 * n for n in range(100, 200)]
    assert {row[3] for row in rows(shown)} == {"yes"}


def test_a_second_of_the_recording_leads_to_its_page(night: Detection, table: PagedTable) -> None:
    every, some = (listed_windows(night, only_seizure=only) for only in (False, True))
    for listing, second in ((every, 40_000.0), (some, 45 * 777.0), (listed_events(night), 20_002)):
        place = listing.place(second)
        ((start, *_),) = listing.rows(place, 1)
        assert isinstance(start, str | float)
        assert place // PAGE_ROWS == table.shown(listing, place)[1] // PAGE_ROWS
    ((start, stop, *_),) = every.rows(every.place(40_000.0), 1)
    assert start <= 40_000.0 < stop
    assert some.rows(some.place(45 * 777.0), 1)[0][0] == 45 * 777.0
    assert table.shown(every, every.place(10**7))[1] == 86_300


def test_events_are_paged_as_windows_are(night: Detection) -> None:
    with gr.Blocks():
        events = build_paged_table("Events", EVENT_COLUMNS, "events")
    shown = events.shown(listed_events(night), 2 * PAGE_ROWS)
    assert [row[1] for row in rows(shown)] == [20.0 * n for n in range(200, 300)]
    few = events.shown(listed_events(detection_of()))
    assert few[2].visible is False
