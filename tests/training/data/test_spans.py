from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from training.data.spans import covered, merged, samples_before, union_of_windows

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
    spans = merged(given_pairs, N)
    expected = np.zeros(N, dtype=bool)
    for start, stop in given_pairs:
        expected[max(start, 0) : max(stop, 0)] = True
    assert np.array_equal(mask_of(spans), expected)
    assert all(a[1] < b[0] for a, b in itertools.pairwise(spans))


@given(pairs, st.integers(1, 20))
def test_samples_of_windows_in_spans_are_counted_exactly(
    given_pairs: list[tuple[int, int]], length: int
) -> None:
    spans = merged(given_pairs, N)
    mask, starts = mask_of(spans), np.arange(N - length)
    expected = [int(mask[start : start + length].sum()) for start in starts]
    assert covered(starts, length, spans).tolist() == expected
    assert samples_before(np.array([N]), spans).tolist() == [int(mask.sum())]


def test_windows_have_a_union() -> None:
    assert union_of_windows(np.array([10, 0, 12]), 5, 16).tolist() == [[0, 5], [10, 16]]
