from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from seizure_core.intervals import (
    constant_runs,
    covered,
    joined,
    outside,
    samples_before,
    spans_within,
    union_of_windows,
)

N = 60
pairs = st.lists(st.tuples(st.integers(-10, 70), st.integers(-10, 70)), max_size=6)


def mask_of(spans: np.ndarray) -> np.ndarray:
    mask = np.zeros(N, dtype=bool)
    for start, stop in spans:
        mask[start:stop] = True
    return mask


@given(pairs)
def test_merged_spans_are_sorted_disjoint_and_cover_what_the_pairs_cover(
    given_pairs: list[tuple[int, int]],
) -> None:
    spans = spans_within(given_pairs, N)
    expected = np.zeros(N, dtype=bool)
    for start, stop in given_pairs:
        expected[max(start, 0) : max(stop, 0)] = True
    assert np.array_equal(mask_of(spans), expected)
    assert all(a[1] < b[0] for a, b in itertools.pairwise(spans))


@given(pairs, st.integers(1, 20))
def test_samples_of_windows_in_spans_are_counted_exactly(
    given_pairs: list[tuple[int, int]], length: int
) -> None:
    spans = spans_within(given_pairs, N)
    mask, starts = mask_of(spans), np.arange(N - length)
    expected = [int(mask[start : start + length].sum()) for start in starts]
    assert covered(starts, length, spans).tolist() == expected
    assert samples_before(np.array([N]), spans).tolist() == [int(mask.sum())]


def test_windows_have_a_union() -> None:
    assert union_of_windows(np.array([10, 0, 12]), 5, 16).tolist() == [[0, 5], [10, 16]]


def test_intervals_closer_than_a_gap_are_one_and_those_at_the_gap_are_two() -> None:
    intervals = [(30.0, 40.0), (0.0, 10.0), (19.9, 20.0), (5.0, 6.0)]
    assert joined(intervals, 10.0) == [(0.0, 20.0), (30.0, 40.0)]
    assert joined([(0.0, 1.0), (1.0, 2.0)]) == [(0.0, 2.0)]


@given(pairs, pairs)
def test_what_is_left_outside_is_what_the_masks_say(
    given_pairs: list[tuple[int, int]], others: list[tuple[int, int]]
) -> None:
    ours, theirs = spans_within(given_pairs, N), spans_within(others, N)
    left = outside(map(tuple, ours.tolist()), [tuple(one) for one in theirs.tolist()])
    assert np.array_equal(mask_of(np.array(left)), mask_of(ours) & ~mask_of(theirs))


def test_runs_of_a_table_end_where_any_row_changes() -> None:
    table = np.array([[0, 0, 1, 1, 1], [5, 5, 5, 6, 6]])
    assert constant_runs(table) == [(0, 2), (2, 3), (3, 5)]
