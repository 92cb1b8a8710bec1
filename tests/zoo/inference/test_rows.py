from __future__ import annotations

import torch
from hypothesis import given
from hypothesis import strategies as st

from zoo.inference.sharing.grids import SPARE, new_rows, rows_from


@given(
    n_channels=st.integers(1, 5),
    n_points=st.integers(1, 50),
    cut=st.tuples(st.integers(0, 20), st.integers(0, 20)),
    first=st.integers(0, SPARE),
)
def test_rows_from_a_point_on_hold_what_a_slice_holds(
    n_channels: int, n_points: int, cut: tuple[int, int], first: int
) -> None:
    whole = new_rows(torch.empty(0), 1, n_channels, sum(cut) + n_points)
    whole.copy_(torch.arange(whole.numel()).view(whole.shape))
    values = whole[:, :, cut[0] : cut[0] + n_points]
    rows = rows_from(values, first)
    if cut[0] + first <= SPARE:
        assert rows is not None
    if rows is not None:
        assert rows.is_contiguous()
        wanted = values[:, :, first:]
        assert torch.equal(rows[:, :, : wanted.shape[2]], wanted)


def test_there_is_no_such_view_of_memory_without_room_or_of_several_rows() -> None:
    assert rows_from(torch.ones(1, 3, 10), 1) is None
    assert rows_from(torch.ones(1, 3, 10), 0) is not None
    assert rows_from(new_rows(torch.empty(0), 2, 3, 10), 1) is None
    assert rows_from(torch.ones(1, 10, 3).transpose(1, 2), 0) is None
