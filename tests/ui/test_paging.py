from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seizure_core.errors import ParameterError
from tests.ui.values import recording_of
from ui.paging import checked_page, page_around, turned_page


def test_a_page_past_the_end_is_cut_there() -> None:
    page = checked_page(recording_of(50), 45, 10)
    assert (page.start_s, page.length_s) == (45, 5)


@pytest.mark.parametrize(
    ("start_s", "length_s", "part"),
    [
        (50, 10, "within the recording, from 0 to 50 s"),
        (-1, 10, "within"),
        (0, 0, "0.1 to 604800 s"),
        (0, 1e6, "604800"),
    ],
)
def test_a_page_outside_is_refused(start_s: float, length_s: float, part: str) -> None:
    with pytest.raises(ParameterError, match=part):
        checked_page(recording_of(50), start_s, length_s)


@given(
    duration_s=st.floats(0.5, 1e5),
    start=st.floats(0, 1, exclude_max=True),
    length_s=st.floats(0.1, 3600),
    pages=st.integers(-3, 3),
)
def test_turning_pages_never_leaves_the_recording(
    duration_s: float, start: float, length_s: float, pages: int
) -> None:
    recording = recording_of(duration_s)
    turned = turned_page(recording, start * duration_s, length_s, pages)
    assert 0 <= turned < duration_s
    checked_page(recording, turned, length_s)


def test_an_event_is_shown_with_its_surroundings() -> None:
    page = page_around(recording_of(100), 10, 20)
    assert (page.start_s, page.length_s) == (5, 30)
    page = page_around(recording_of(100), 2, 96)
    assert (page.start_s, page.length_s) == (0, 100)
