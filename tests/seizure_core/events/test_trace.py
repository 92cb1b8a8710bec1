"""The probability trace: each second has the value of the window with the nearest centre."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seizure_core.errors import ParameterError
from seizure_core.events.trace import (
    ProbabilityTrace,
    n_seconds,
    probability_words,
    trace_from_windows,
)
from tests.properties import examples


def test_first_and_last_windows_reach_the_edges() -> None:
    trace = trace_from_windows([15.0, 16.0, 17.0], [0.1, 0.5, 0.9], 32.0)
    assert len(trace.probabilities) == 32
    np.testing.assert_array_equal(trace.probabilities[:16], np.full(16, 0.1, np.float32))
    assert trace.probabilities[16] == np.float32(0.5)
    np.testing.assert_array_equal(trace.probabilities[17:], np.full(15, 0.9, np.float32))


def test_of_two_equally_near_windows_the_earlier_counts() -> None:
    # 15.5 lies half way between the centres 15 and 16.
    trace = trace_from_windows([15.0, 16.0], [0.2, 0.8], 31.0)
    assert trace.probabilities[15] == np.float32(0.2)
    assert trace.probabilities[16] == np.float32(0.8)


def test_a_tie_survives_rounding_of_the_centres() -> None:
    rate_hz = 173.61
    centres_s = (np.array([0.0, rate_hz]) + 0.0) / rate_hz + 1e-13
    assert trace_from_windows(centres_s, [0.2, 0.8], 1.0).probabilities[0] == np.float32(0.2)


def test_an_undefined_window_makes_its_seconds_undefined() -> None:
    trace = trace_from_windows([0.5, 1.5, 2.5], [0.2, np.nan, 0.4], 3.0)
    assert np.isnan(trace.probabilities[1])
    assert np.isfinite(trace.probabilities[[0, 2]]).all()


def test_without_windows_all_is_undefined() -> None:
    trace = trace_from_windows([], [], 10.0)
    assert np.isnan(trace.probabilities).all()
    assert len(trace.probabilities) == 10


@pytest.mark.parametrize(
    ("duration_s", "count"), [(0.0, 0), (0.3, 1), (41.0, 41), (41.2, 42), (41.0 + 1e-9, 41)]
)
def test_an_incomplete_last_second_counts_and_rounding_does_not(
    duration_s: float, count: int
) -> None:
    assert n_seconds(duration_s) == count
    assert len(trace_from_windows([1.0], [0.5], duration_s).times_s) == count


@examples(2)
@given(
    st.lists(st.integers(0, 400), min_size=1, max_size=12, unique=True),
    st.integers(1, 60),
)
def test_the_nearest_window_is_taken(quarters: list[int], duration_s: int) -> None:
    centres = np.sort(np.array(quarters)) / 4.0
    values = np.linspace(0.0, 1.0, len(centres)).astype(np.float32)
    trace = trace_from_windows(centres, values, float(duration_s))
    for second, value in enumerate(trace.probabilities):
        # numpy's argmin returns the first of equals: the earlier window.
        assert value == values[np.argmin(np.abs(centres - (second + 0.5)))]


def test_wrong_shapes_and_orders_are_refused() -> None:
    with pytest.raises(ParameterError, match="one centre and one probability"):
        trace_from_windows([1.0, 2.0], [0.5], 10.0)
    with pytest.raises(ParameterError, match="order of time"):
        trace_from_windows([2.0, 1.0], [0.5, 0.5], 10.0)
    with pytest.raises(ParameterError, match="10 values"):
        ProbabilityTrace(probabilities=np.zeros(9, np.float32), duration_s=10.0)


@pytest.mark.parametrize(
    ("value", "digits", "words"),
    [
        (0.997, 2, "0.997"),
        (0.75, 2, "0.75"),
        (0.9997, 3, "0.9997"),
        (0.999999, 2, "0.999"),
        (1.0, 2, "1.00"),
        (0.0, 3, "0.000"),
    ],
)
def test_nothing_but_certainty_reads_as_certain(value: float, digits: int, words: str) -> None:
    assert probability_words(value, digits) == words
