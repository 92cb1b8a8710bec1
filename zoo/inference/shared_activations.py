"""Activations of overlapping windows, those that are equal held once.

Neighbouring windows overlap, so most activations of the first layers are the same numbers,
computed again for every window. Here they are computed once, on a grid over the recording:
a layer's strides become the spacing of the grid and the dilation of what reads it. Only
positions near a window's ends differ, where zero padding takes part: those few are computed
for each window by itself.

The idea is that of dense evaluation of convolutional nets ("filter rarefaction", Long,
Shelhamer and Darrell, 2015), made exact for padded windows.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from torch import Tensor

TensorFunction = Callable[[Tensor], Tensor]
SweepFunction = Callable[[Tensor, tuple[int, int], int, int], Tensor]
"""Computes a sweeping layer on (batch, channels, time): `(x, padding, stride, dilation)`."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Which positions of a window are shared, and where on the grid they lie.

    Attributes
    ----------
    hop : int
        Input samples from one window to the next.
    step : int
        Input samples from one position of a window to the next.
    first, stop : int
        Positions `[first, stop)` are shared; the others each window has for itself.
    length : int
        Positions of a window.
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


@dataclass(frozen=True, kw_only=True, eq=False)
class SharedActivations:
    """Activations of all windows of a stretch of recording.

    Attributes
    ----------
    layout : Layout
        Which positions are shared.
    grid : Tensor, shape (n_rows, n_channels, n_points)
        The shared ones; rows are treated by themselves, like the windows of a batch.
    left, right : Tensor, shape (n_rows, n_windows, n_channels, n_positions)
        What every window has for itself at its ends.
    origin : int
        Grid point where position 0 of the first window would lie.
    n_windows : int
        Number of windows.
    """

    layout: Layout
    grid: Tensor
    left: Tensor
    right: Tensor
    origin: int
    n_windows: int

    @classmethod
    def of_signal(
        cls, signals: Tensor, *, window: int, hop: int, n_windows: int
    ) -> SharedActivations:
        """Start from the input itself, (n_channels, n_samples): every sample is shared."""
        nothing = signals.new_empty((1, n_windows, signals.shape[0], 0))
        return cls(
            layout=Layout(hop=hop, step=1, first=0, stop=window, length=window),
            grid=signals[None],
            left=nothing,
            right=nothing,
            origin=0,
            n_windows=n_windows,
        )

    def mapped(self, function: TensorFunction) -> SharedActivations:
        """Apply something that treats every position by itself, on (batch, channels, time)."""
        return replace(
            self,
            grid=function(self.grid),
            left=_on_windows(function, self.left),
            right=_on_windows(function, self.right),
        )

    def rearranged(self, function: TensorFunction) -> SharedActivations:
        """Apply something that only touches the first axis and the channel axis."""
        return replace(
            self,
            grid=function(self.grid),
            left=function(self.left.transpose(1, 2)).transpose(1, 2),
            right=function(self.right.transpose(1, 2)).transpose(1, 2),
        )

    def positions(self, start: int, stop: int, windows: slice = slice(None)) -> Tensor:
        """Return positions `[start, stop)` of some windows.

        Returns
        -------
        Tensor, shape (n_rows, n_chosen, n_channels, stop - start)
        """
        first, end = self.layout.first, self.layout.stop
        parts = []
        if start < first:
            parts.append(self.left[:, windows, :, start : min(stop, first)])
        if start < end and stop > first:
            parts.append(self._shared(max(start, first), min(stop, end), windows))
        if stop > end:
            parts.append(self.right[:, windows, :, max(start, end) - end : stop - end])
        return parts[0] if len(parts) == 1 else torch.cat(parts, dim=3)

    def windows(self, windows: slice) -> Tensor:
        """Return whole windows, as a network without sharing would have them."""
        rows = self.positions(0, self.layout.length, windows).transpose(0, 1)
        return rows.reshape(-1, *rows.shape[2:])

    def narrowed(self, first: int, stop: int) -> SharedActivations:
        """Share only positions `[first, stop)`, a part of those shared now."""
        layout = self.layout
        start = self.origin + first * layout.per_step
        end = self.origin + (self.n_windows - 1) * layout.per_hop + (stop - 1) * layout.per_step
        return replace(
            self,
            layout=replace(layout, first=first, stop=stop),
            grid=self.grid[:, :, start : end + 1],
            left=self.positions(0, first) if first else self.left,
            right=self.positions(stop, layout.length) if stop < layout.length else self.right,
            origin=-first * layout.per_step,
        )

    def swept(self, sweep: Sweep, function: SweepFunction) -> SharedActivations:
        """Apply a convolution or a pooling; `sweep.after(layout)` must not be None."""
        before, after = self.layout, sweep.after(self.layout)
        assert after is not None
        per_step = before.per_step
        # Grid indices of the first thing that the first shared output of the first window
        # looks at, and of the last thing that the last one of the last window looks at.
        start = self.origin + (after.first * sweep.stride - sweep.padding) * per_step
        end = (
            self.origin
            + (self.n_windows - 1) * before.per_hop
            + ((after.stop - 1) * sweep.stride - sweep.padding + sweep.reach) * per_step
        )
        stride, dilation = after.spacing // before.spacing, sweep.dilation * per_step
        grid = function(self.grid[:, :, start : end + 1], (0, 0), stride, dilation)

        def end_of(start: int, stop: int, padding: tuple[int, int]) -> Tensor:
            return _on_windows(
                lambda x: function(x, padding, sweep.stride, sweep.dilation),
                self.positions(start, stop),
            )

        left = right = grid.new_empty((grid.shape[0], self.n_windows, grid.shape[1], 0))
        if after.first:
            left_stop = (after.first - 1) * sweep.stride - sweep.padding + sweep.reach + 1
            left = end_of(0, left_stop, (sweep.padding, 0))
        if after.stop < after.length:
            right_start = after.stop * sweep.stride - sweep.padding
            right = end_of(right_start, before.length, (0, sweep.padding))
        return SharedActivations(
            layout=after,
            grid=grid,
            left=left,
            right=right,
            origin=-after.first * after.per_step,
            n_windows=self.n_windows,
        )

    def _shared(self, start: int, stop: int, windows: slice) -> Tensor:
        first_window, last_window, _ = windows.indices(self.n_windows)
        layout, grid = self.layout, self.grid
        row_stride, channel_stride, grid_stride = grid.stride()
        index = self.origin + first_window * layout.per_hop + start * layout.per_step
        return grid.as_strided(
            (grid.shape[0], last_window - first_window, grid.shape[1], stop - start),
            (
                row_stride,
                layout.per_hop * grid_stride,
                channel_stride,
                layout.per_step * grid_stride,
            ),
            grid.storage_offset() + index * grid_stride,
        )


def _on_windows(function: TensorFunction, x: Tensor) -> Tensor:
    """Apply a function of (batch, channels, time) to (n_rows, n_windows, channels, time)."""
    if x.shape[3] == 0:
        return x
    y = function(x.reshape(-1, *x.shape[2:]))
    return y.reshape(*x.shape[:2], *y.shape[1:])
