"""Windows: how many there are and where they lie."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seizure_core.errors import ParameterError
from seizure_core.signals.windows import WindowGrid
from tests.properties import examples

grids = st.builds(
    WindowGrid,
    n_samples=st.integers(0, 500),
    window_samples=st.integers(1, 90),
    stride_samples=st.integers(1, 120),
)


def test_the_seeds_grid_has_one_window_a_second() -> None:
    grid = WindowGrid(n_samples=3600 * 256, window_samples=30 * 256, stride_samples=256)
    assert grid.n_windows == 3571
    assert grid.centres_s(256.0)[0] == 15.0
    assert grid.centres_s(256.0)[-1] == 3585.0
    assert grid.starts_s(256.0)[-1] == 3570.0
    assert grid.n_rest_samples == 0


def test_a_recording_shorter_than_a_window_has_none() -> None:
    grid = WindowGrid(n_samples=99, window_samples=100, stride_samples=1)
    assert grid.n_windows == 0
    assert grid.n_rest_samples == 99
    assert len(grid.starts) == len(grid.centres) == 0


@examples(4)
@given(grids)
def test_windows_are_all_that_fit(grid: WindowGrid) -> None:
    expected = [
        start
        for start in range(0, grid.n_samples, grid.stride_samples)
        if start + grid.window_samples <= grid.n_samples
    ]
    assert grid.starts.tolist() == expected
    assert grid.n_windows == len(expected)
    assert [grid.bounds(i)[0] for i in range(grid.n_windows)] == expected
    np.testing.assert_array_equal(grid.centres, np.array(expected) + grid.window_samples / 2)
    end = expected[-1] + grid.window_samples if expected else 0
    assert grid.n_rest_samples == grid.n_samples - end


@examples(4)
@given(grids, st.integers(-20, 600), st.integers(-20, 600))
def test_inside_lists_the_windows_of_a_stretch(grid: WindowGrid, start: int, stop: int) -> None:
    expected = [
        index
        for index in range(grid.n_windows)
        if start <= grid.bounds(index)[0] and grid.bounds(index)[1] <= stop
    ]
    assert list(grid.inside(start, stop)) == expected


@pytest.mark.parametrize(
    ("numbers", "word"),
    [((-1, 1, 1), "-1 samples"), ((10, 0, 1), "window"), ((10, 5, 0), "stride")],
)
def test_impossible_lengths_are_refused(numbers: tuple[int, int, int], word: str) -> None:
    n_samples, window, stride = numbers
    with pytest.raises(ParameterError, match=word):
        WindowGrid(n_samples=n_samples, window_samples=window, stride_samples=stride)


def test_a_window_that_is_not_there_is_refused() -> None:
    grid = WindowGrid(n_samples=10, window_samples=5, stride_samples=5)
    with pytest.raises(ParameterError, match="2 windows; 2 does not exist"):
        grid.bounds(2)
