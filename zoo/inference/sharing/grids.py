"""Values of layers on a grid over the recording, computed lazily and tile by tile.

Computed layer by layer over a long block, every layer would read its input from main memory. So
layers only record their operation; when values are requested, all pending layers process one tile
after another, and intermediate values stay in the CPU cache. Each layer continues where it stopped
in the previous tile, so nothing is computed twice.

A grid can be viewed from a later start without a copy. Convolution routines copy non-contiguous
input, but the rows from a later start are contiguous if the beginning of each next row is taken as
the end of the previous one, and there is spare memory after the last row.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import torch

# Values per tile, and fewest values worth a call of a layer, found with benchmarks/inference.py.
# Smaller tiles would suit a single core, but each call into torch delays the other threads.
TILE_VALUES = 1 << 21
MIN_TILE_VALUES = 1 << 15

# Spare values after the last row. Beyond that, the rows are copied as usual.
SPARE = 64

PointFunction = Callable[["torch.Tensor"], "torch.Tensor"]
Compute = Callable[["torch.Tensor", "torch.Tensor | None"], "torch.Tensor"]
"""Computes outputs of a part of a grid, both (n_rows, n_channels, n_points):

`(part, out) -> outputs`. They may be written to `out`, which is then returned. They must not be a
view of the part, because later layers may overwrite them.
"""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Shared positions of a window, and their places on the grid.

    Position i of window k is at grid index `origin + (k * hop + i * step) / spacing` if `first <= i
    < stop`.

    Attributes
    ----------
    hop, step : int
        Input samples between windows, and between positions of a window. The grid is as coarse as
        both allow.
    first, stop, length : int
        Range of shared positions, and number of all positions.
    """

    hop: int
    step: int
    first: int
    stop: int
    length: int

    @property
    def spacing(self) -> int:
        """Input samples between neighbouring grid points."""
        return math.gcd(self.hop, self.step)

    @property
    def per_hop(self) -> int:
        """Grid points from one window to the next."""
        return self.hop // self.spacing

    @property
    def per_step(self) -> int:
        """Grid points from one position of a window to the next."""
        return self.step // self.spacing

    @property
    def shared_fraction(self) -> float:
        """Positions to compute per window with sharing, as a fraction of all its positions."""
        own = self.first + self.length - self.stop
        return (self.per_hop + own) / self.length


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """Geometry of a convolution or pooling along time."""

    kernel: int
    stride: int
    padding: int
    dilation: int = 1

    @property
    def extent(self) -> int:
        """Distance of the first and the last position that an output reads."""
        return (self.kernel - 1) * self.dilation

    def after(self, before: Layout) -> Layout | None:
        """Return the layout of the outputs, or None if nothing can be shared.

        Outputs that read both edges of a window, or only padding, are not supported.
        """
        first = -(-(before.first + self.padding) // self.stride)
        stop = (before.stop - 1 - self.extent + self.padding) // self.stride + 1
        length = (before.length + 2 * self.padding - self.extent - 1) // self.stride + 1
        left_end = (first - 1) * self.stride - self.padding + self.extent
        right_start = stop * self.stride - self.padding
        if not 0 <= first < stop <= length:
            return None
        if first and not 0 <= left_end < before.length:
            return None
        if stop < length and not 0 <= right_start < before.length:
            return None
        return replace(
            before, step=before.step * self.stride, first=first, stop=stop, length=length
        )


class SweepFunction(Protocol):
    """Function of a convolution or pooling on (batch, channels, time)."""

    def __call__(
        self,
        x: torch.Tensor,
        padding: tuple[int, int],
        stride: int,
        dilation: int,
        out: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Return the outputs; they may be written to `out`, which is then returned."""
        ...


@dataclass(frozen=True, kw_only=True)
class GridStep:
    """Computation of a layer's grid from the previous one.

    Attributes
    ----------
    start : int
        First point of the previous grid that is read.
    stride : int
        Points of the previous grid from one output to the next.
    extent : int
        Distance of the first and the last point of the previous grid that an output reads.
    n_outputs : int
        Points of the new grid.
    n_channels : int, optional
        Of the new grid; None keeps the number.
    """

    start: int
    stride: int
    extent: int
    n_outputs: int
    compute: Compute
    n_channels: int | None = None

    def n_ready(self, n_before: int) -> int:
        """Return how many outputs can be computed from the first points of the previous grid."""
        n_ready = (n_before - self.start - self.extent - 1) // self.stride + 1
        return min(max(n_ready, 0), self.n_outputs)

    def extend(
        self, outputs: torch.Tensor | None, before: torch.Tensor, first: int, stop: int
    ) -> torch.Tensor:
        """Compute outputs `[first, stop)` from the previous grid.

        Parameters
        ----------
        outputs : torch.Tensor, shape (n_rows, n_channels, n_outputs), optional
            Array to fill; None if there is none yet.
        """
        begin = self.start + first * self.stride
        end = self.start + (stop - 1) * self.stride + self.extent + 1
        if outputs is None and stop - first == self.n_outputs:
            # In one piece: some layers would copy a partial view.
            skipped, shift = divmod(begin, self.stride)
            in_one_piece = before if not shift and before.is_contiguous() else None
            if in_one_piece is None:
                in_one_piece = rows_from(before, shift)
            if in_one_piece is not None:
                return self.compute(in_one_piece, None)[:, :, skipped : skipped + self.n_outputs]
            return self.compute(before[:, :, begin:end], None)
        if outputs is None:
            n_rows, n_channels = before.shape[0], self.n_channels or before.shape[1]
            outputs = before.new_empty((n_rows, n_channels, self.n_outputs))
        wanted = outputs[:, :, first:stop]
        found = self.compute(before[:, :, begin:end], wanted)
        if found is not wanted:
            wanted.copy_(found)
        return outputs


class Grid:
    """Values on a grid, computed when needed.

    Parameters
    ----------
    values : torch.Tensor, shape (n_rows, n_channels, n_points), optional
        If already computed.
    before, step : Grid and GridStep, optional
        Previous grid, and how to compute the values from it.
    """

    def __init__(
        self,
        values: torch.Tensor | None = None,
        *,
        before: Grid | None = None,
        step: GridStep | None = None,
    ) -> None:
        self._values = values
        self._before = before
        self._step = step

    @property
    def values(self) -> torch.Tensor:
        """The values, shape (n_rows, n_channels, n_points)."""
        if self._values is None:
            waiting, first = self._waiting()
            steps = [grid._step for grid in waiting if grid._step is not None]
            for grid, values in zip(waiting, _tile_by_tile(first, steps), strict=True):
                grid._values = values
                grid._before = grid._step = None
        assert self._values is not None
        return self._values

    def stepped(self, step: GridStep) -> Grid:
        """Return the grid after a layer."""
        return Grid(before=self, step=step)

    def mapped(self, function: PointFunction, in_place: PointFunction | None = None) -> Grid:
        """Return the grid after a pointwise layer.

        If these values are not computed yet, the function is fused with the layer before, in place
        if possible.
        """
        step = self._step
        if self._values is not None or step is None:
            return Grid(function(self.values))
        compute = step.compute

        def follow(x: torch.Tensor, _: torch.Tensor | None) -> torch.Tensor:
            return (in_place or function)(compute(x, None))

        return Grid(before=self._before, step=replace(step, compute=follow))

    def _waiting(self) -> tuple[list[Grid], torch.Tensor]:
        """Return the grids to compute, this one last, and the values to start from."""
        waiting: list[Grid] = []
        grid: Grid | None = self
        while grid is not None and grid._values is None:
            waiting.append(grid)
            grid = grid._before
        assert grid is not None
        assert grid._values is not None
        return waiting[::-1], grid._values


def _tile_by_tile(first: torch.Tensor, steps: Sequence[GridStep]) -> list[torch.Tensor]:
    """Return the values of the grid after each step."""
    grids: list[torch.Tensor | None] = [None] * len(steps)
    done = [0] * len(steps)
    n_rows, n_channels, n_points = first.shape
    stop, tile = 0, max(TILE_VALUES // (n_rows * n_channels), 1)
    while stop < n_points:
        stop = min(stop + tile, n_points)
        before, n_before = first, stop
        for number, step in enumerate(steps):
            least = MIN_TILE_VALUES // (before.shape[0] * before.shape[1]) if stop < n_points else 0
            n_ready = step.n_ready(n_before)
            if n_ready - done[number] > least:
                grids[number] = step.extend(grids[number], before, done[number], n_ready)
                done[number] = n_ready
            values = grids[number]
            if values is None:
                break
            before, n_before = values, done[number]
    return [grid for grid in grids if grid is not None]


def new_rows(like: torch.Tensor, n_rows: int, n_channels: int, n_points: int) -> torch.Tensor:
    """Return uninitialised memory for a grid, with spare zeros after it."""
    size = n_rows * n_channels * n_points
    values = like.new_empty(size + SPARE)
    values[size:] = 0.0
    return values[:size].view(n_rows, n_channels, n_points)


def rows_from(values: torch.Tensor, first: int) -> torch.Tensor | None:
    """Return the values from a point on as a contiguous view, None if impossible.

    Returns
    -------
    torch.Tensor, shape (n_rows, n_channels, n_points or more)
        Only the first `n_points - first` of each channel are meaningful.
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
