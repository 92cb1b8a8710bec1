"""Values of layers on a grid over the recording, computed tile by tile when they are needed.

Layer after layer over a long stretch, every layer reads from memory what the one before wrote
there. Here a layer only takes note of what is to do. When values are asked for, all layers
that wait work on one tile after the other, and what they hand on is still in a core's cache.
Nothing is computed twice: each layer goes on where it stopped at the tile before.

Rows of a grid can be looked at from a later point on without a copy. Convolution routines copy what
does not lie in memory without a gap. All rows of a grid from a later point on do lie so, if the
beginning of each next row is taken to belong to the one before, and if there is memory behind the
last.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import torch

# Numbers that a tile has, and that a layer needs to find to be worth its call; found with
# benchmarks/inference.py. Smaller tiles would suit one core better, but every call into torch
# holds up the threads that work on other stretches.
TILE_VALUES = 1 << 21
MIN_TILE_VALUES = 1 << 15

# How far the last row may reach behind its end. Who needs more copies, as is usual.
SPARE = 64

PointFunction = Callable[["torch.Tensor"], "torch.Tensor"]
Compute = Callable[["torch.Tensor", "torch.Tensor | None"], "torch.Tensor"]
"""Makes outputs of a stretch of grid, both (n_rows, n_channels, n_points):
`(stretch, out) -> outputs`. They may be written to `out`, which is then returned; never are they
a view of the stretch: what follows may write over them."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Which positions of a window are shared, and where on the grid they lie.

    Position i of window k lies on the grid at index `origin + (k * hop + i * step) / spacing`
    if `first <= i < stop`.

    Attributes
    ----------
    hop, step : int
        Input samples between windows, and between positions of one window. Grid points lie
        as far apart as both allow.
    first, stop, length : int
        Which positions are shared, and how many there are.
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
        """Positions computed for each window when shared, as a fraction of all its positions."""
        own = self.first + self.length - self.stop
        return (self.per_hop + own) / self.length


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """The geometry of a layer that slides over time: convolution or pooling."""

    kernel: int
    stride: int
    padding: int
    dilation: int = 1

    @property
    def reach(self) -> int:
        """Positions from the first to the last one that an output looks at."""
        return (self.kernel - 1) * self.dilation

    def after(self, before: Layout) -> Layout | None:
        """Return the layout of the outputs, or None if nothing would be left to share.

        Outputs that touch both ends of a window, or nothing but padding, are not worth a
        special case.
        """
        first = -(-(before.first + self.padding) // self.stride)
        stop = (before.stop - 1 - self.reach + self.padding) // self.stride + 1
        length = (before.length + 2 * self.padding - self.reach - 1) // self.stride + 1
        left_end = (first - 1) * self.stride - self.padding + self.reach
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
    """Computes a sweeping layer on (batch, channels, time)."""

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
    """How a layer makes its grid of the one before.

    Attributes
    ----------
    start : int
        First point of the grid before that is read.
    stride : int
        Points of the grid before from one output to the next.
    reach : int
        Points of the grid before from the first to the last one that an output looks at.
    n_outputs : int
        Points of the new grid.
    compute : Compute
        The layer.
    n_channels : int, optional
        Of the new grid; None for as many as the one before has.
    """

    start: int
    stride: int
    reach: int
    n_outputs: int
    compute: Compute
    n_channels: int | None = None

    def n_ready(self, n_before: int) -> int:
        """Return how many outputs need no more than the first points of the grid before."""
        n_ready = (n_before - self.start - self.reach - 1) // self.stride + 1
        return min(max(n_ready, 0), self.n_outputs)

    def extend(
        self, outputs: torch.Tensor | None, before: torch.Tensor, first: int, stop: int
    ) -> torch.Tensor:
        """Compute outputs `[first, stop)` of the grid before.

        Parameters
        ----------
        outputs : torch.Tensor, shape (n_rows, n_channels, n_outputs), optional
            Where they belong; None if there are none yet.
        """
        begin = self.start + first * self.stride
        end = self.start + (stop - 1) * self.stride + self.reach + 1
        if outputs is None and stop - first == self.n_outputs:
            # In one piece: some layers would copy what begins or ends elsewhere.
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
    """Values that are there, or will be when they are asked for.

    Parameters
    ----------
    values : torch.Tensor, shape (n_rows, n_channels, n_points), optional
        They are there.
    before, step : Grid and GridStep, optional
        What they will be made of, and how.
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
        """Return the grid behind a layer."""
        return Grid(before=self, step=step)

    def mapped(self, function: PointFunction, in_place: PointFunction | None = None) -> Grid:
        """Return the grid behind a layer that treats every point by itself.

        Where these values wait, they are not kept: the function follows at once, in their own
        memory if it can.
        """
        step = self._step
        if self._values is not None or step is None:
            return Grid(function(self.values))
        compute = step.compute

        def follow(x: torch.Tensor, _: torch.Tensor | None) -> torch.Tensor:
            return (in_place or function)(compute(x, None))

        return Grid(before=self._before, step=replace(step, compute=follow))

    def _waiting(self) -> tuple[list[Grid], torch.Tensor]:
        """Return the grids that wait, this one last, and the values that the first is made of."""
        waiting: list[Grid] = []
        grid: Grid | None = self
        while grid is not None and grid._values is None:
            waiting.append(grid)
            grid = grid._before
        assert grid is not None
        assert grid._values is not None
        return waiting[::-1], grid._values


def _tile_by_tile(first: torch.Tensor, steps: Sequence[GridStep]) -> list[torch.Tensor]:
    """Return the grid behind each step."""
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
