"""Rows of values that can be looked at from a later point on without a copy.

Convolution routines copy what does not lie in memory without a gap. All rows of a grid from a
later point on do lie so, if the beginning of each next row is taken to belong to the one before,
and if there is memory behind the last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

# How far the last row may reach behind its end. Who needs more copies, as is usual.
SPARE = 64


def new_rows(like: torch.Tensor, n_rows: int, n_channels: int, n_points: int) -> torch.Tensor:
    """Return memory for values of a grid, with some to spare behind it.

    Returns
    -------
    torch.Tensor, shape (n_rows, n_channels, n_points)
        Of any content; zeros behind.
    """
    size = n_rows * n_channels * n_points
    values = like.new_empty(size + SPARE)
    values[size:] = 0.0
    return values[:size].view(n_rows, n_channels, n_points)


def rows_from(values: torch.Tensor, first: int) -> torch.Tensor | None:
    """Return values from a point on as a view without gaps, None where there is none.

    Parameters
    ----------
    values : torch.Tensor, shape (n_rows, n_channels, n_points)
    first : int
        The point.

    Returns
    -------
    torch.Tensor, shape (n_rows, n_channels, n_points or more)
        Only the first `n_points - first` of each channel mean anything.
    """
    n_channels, n_points = values.shape[1:]
    apart = values.stride(1)
    if values.shape[0] != 1 or values.stride(2) != 1 or apart < n_points:
        return None
    begin = values.storage_offset() + first
    size = n_channels * apart
    if (begin + size) * values.element_size() > values.untyped_storage().nbytes():
        return None
    return values.as_strided((1, n_channels, apart), (size, apart, 1), begin)
