from __future__ import annotations

import pytest

from ui.i18n.wording import (
    NOTHING,
    clock_words,
    count_words,
    duration_words,
    number_words,
    short_words,
    significant,
)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(50, "50 s"), (0.25, "0.25 s"), (182, "3 min 02 s"), (3723, "1 h 02 min 03 s")],
)
def test_durations_read_as_people_say_them(seconds: float, words: str) -> None:
    assert duration_words(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0:00:00"), (59.96, "0:01:00"), (303.2, "0:05:03.2"), (90000, "25:00:00")],
)
def test_positions_read_as_a_clock(seconds: float, words: str) -> None:
    assert clock_words(seconds) == words


def test_counts_agree_with_their_noun() -> None:
    assert [count_words(n, "event") for n in (0, 1, 2)] == ["0 events", "1 event", "2 events"]
    assert count_words(1204, "window") == "1,204 windows"


@pytest.mark.parametrize("value", [None, float("nan"), float("inf")])
def test_undefined_numbers_are_none(value: float | None) -> None:
    assert significant(value, 3) is None
    assert short_words(value) == NOTHING


def test_numbers_are_cut_to_significant_digits() -> None:
    assert significant(1234.56, 4) == 1235
    assert significant(0.00123456, 4) == 0.001235
    assert [number_words(v) for v in (3137, 0.5, True, "x")] == ["3,137", "0.5", "True", "x"]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        *((0, "0"), (-0.0123456, "-0.0123"), (4.5678, "4.57"), (1234.5, "1,230")),
        *((12345, "12.3 k"), (999_960, "1,000 k"), (-12.34e6, "-12.3 M")),
        (0.000034567, "0.0000346"),
    ],
)
def test_short_numbers_have_three_digits_and_no_power_of_ten(value: float, words: str) -> None:
    assert short_words(value) == words
