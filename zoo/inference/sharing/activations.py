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
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from zoo.inference.sharing.ends import Ends
from zoo.inference.sharing.grids import Grid, GridStep, PointFunction

if TYPE_CHECKING:
    import torch


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


@dataclass(frozen=True, kw_only=True, eq=False)
class SharedActivations:
    """Activations of all windows of a stretch of recording, each computed when asked for.

    Attributes
    ----------
    layout : Layout
        Which positions are shared.
    grid : Grid
        The shared values. There is one row, but for layers that treat each of the net's
        channels alone: then there are as many as channels.
    left, right : Ends
        The first `first` and the last `length - stop` positions of every window.
    origin : int
        Grid index of position 0 of window 0; may be negative.
    n_windows : int
        Number of windows.
    """

    layout: Layout
    grid: Grid
    left: Ends
    right: Ends
    origin: int
    n_windows: int

    @classmethod
    def of_signal(
        cls, signals: torch.Tensor, *, window: int, hop: int, n_windows: int
    ) -> SharedActivations:
        """Start from the input itself: every sample is shared.

        Parameters
        ----------
        signals : torch.Tensor, shape (n_channels, n_samples)
            Window k holds samples `[k * hop, k * hop + window)`.
        window, hop, n_windows : int
            In samples.
        """
        nothing = Ends(lambda: signals.new_empty((1, n_windows, signals.shape[0], 0)))
        return cls(
            layout=Layout(hop=hop, step=1, first=0, stop=window, length=window),
            grid=Grid(signals[None]),
            left=nothing,
            right=nothing,
            origin=0,
            n_windows=n_windows,
        )

    def settled(self) -> SharedActivations:
        """Compute what waits, so that nothing before is held any longer."""
        layout = self.layout
        parts = ((self.grid, True), (self.left, layout.first > 0))
        for part, has_some in (*parts, (self.right, layout.stop < layout.length)):
            if has_some:
                assert part.values is not None
        return self

    def mapped(
        self, function: PointFunction, in_place: PointFunction | None = None
    ) -> SharedActivations:
        """Apply something that treats every position by itself, on (batch, channels, time).

        `in_place` does the same in the memory of what it is given.
        """
        return replace(
            self,
            grid=self.grid.mapped(function, in_place),
            left=self.left.mapped(lambda x: on_windows(function, x)),
            right=self.right.mapped(lambda x: on_windows(function, x)),
        )

    def rearranged(self, function: Callable[[torch.Tensor], torch.Tensor]) -> SharedActivations:
        """Apply something that only touches the first axis and the channel axis.

        The function sees (n_rows, n_channels, ...) with any axes behind.
        """
        return replace(
            self,
            grid=Grid(function(self.grid.values)),
            left=self.left.mapped(lambda x: function(x.transpose(1, 2)).transpose(1, 2)),
            right=self.right.mapped(lambda x: function(x.transpose(1, 2)).transpose(1, 2)),
        )

    def positions(self, start: int, stop: int, windows: slice = slice(None)) -> torch.Tensor:
        """Return positions `[start, stop)` of some windows.

        Returns
        -------
        torch.Tensor, shape (n_rows, n_windows, n_channels, stop - start)
        """
        import torch

        first, end = self.layout.first, self.layout.stop
        parts = []
        if start < first:
            parts.append(self.left.values[:, windows, :, start : min(stop, first)])
        if start < end and stop > first:
            parts.append(self._shared(max(start, first), min(stop, end), windows))
        if stop > end:
            parts.append(self.right.values[:, windows, :, max(start, end) - end : stop - end])
        return parts[0] if len(parts) == 1 else torch.cat(parts, dim=3)

    def windows(self, windows: slice) -> torch.Tensor:
        """Return whole windows, as a net without sharing would have them.

        Returns
        -------
        torch.Tensor, shape (n_windows * n_rows, n_channels, length)
        """
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
            grid=Grid(self.grid.values[:, :, start : end + 1]),
            left=Ends(lambda: self.positions(0, first)) if first else self.left,
            right=Ends(lambda: self.positions(stop, layout.length))
            if stop < layout.length
            else self.right,
            origin=-first * layout.per_step,
        )

    def swept(
        self, sweep: Sweep, function: SweepFunction, n_channels: int | None = None
    ) -> SharedActivations:
        """Apply a convolution or a pooling; `sweep.after(layout)` must not be None.

        `n_channels` are those of the outputs; None for as many as come in.
        """
        before, after = self.layout, sweep.after(self.layout)
        assert after is not None
        per_step = before.per_step
        stride, dilation = after.spacing // before.spacing, sweep.dilation * per_step
        # Grid indices of the first thing that the first shared output of the first window
        # looks at, and of the last thing that the last one of the last window looks at.
        start = self.origin + (after.first * sweep.stride - sweep.padding) * per_step
        end = (
            self.origin
            + (self.n_windows - 1) * before.per_hop
            + ((after.stop - 1) * sweep.stride - sweep.padding + sweep.reach) * per_step
        )
        reach = sweep.reach * per_step
        step = GridStep(
            start=start,
            stride=stride,
            reach=reach,
            n_outputs=(end - start - reach) // stride + 1,
            compute=lambda x, out: function(x, (0, 0), stride, dilation, out),
            n_channels=n_channels,
        )
        return SharedActivations(
            layout=after,
            grid=self.grid.stepped(step),
            left=Ends(lambda: self._left_end(sweep, function, after.first)),
            right=Ends(lambda: self._right_end(sweep, function, after.stop)),
            origin=-after.first * after.per_step,
            n_windows=self.n_windows,
        )

    def _left_end(self, sweep: Sweep, function: SweepFunction, first: int) -> torch.Tensor:
        end = (first - 1) * sweep.stride - sweep.padding + sweep.reach
        return on_windows(
            lambda x: function(x, (sweep.padding, 0), sweep.stride, sweep.dilation),
            self.positions(0, end + 1),
        )

    def _right_end(self, sweep: Sweep, function: SweepFunction, stop: int) -> torch.Tensor:
        start = stop * sweep.stride - sweep.padding
        return on_windows(
            lambda x: function(x, (0, sweep.padding), sweep.stride, sweep.dilation),
            self.positions(start, self.layout.length),
        )

    def _shared(self, start: int, stop: int, windows: slice) -> torch.Tensor:
        first_window, last_window, _ = windows.indices(self.n_windows)
        layout, grid = self.layout, self.grid.values
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


def on_windows(function: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor) -> torch.Tensor:
    """Apply a function of (batch, channels, time) to (n_rows, n_windows, channels, time)."""
    if x.shape[3] == 0:
        return x
    y = function(x.reshape(-1, *x.shape[2:]))
    return y.reshape(*x.shape[:2], *y.shape[1:])


def joined(
    ways: Sequence[SharedActivations],
    function: Callable[[Sequence[torch.Tensor]], torch.Tensor],
) -> SharedActivations:
    """Combine activations of equal length and step that came different ways.

    The function sees tensors with channels in axis 1 and everything behind alike.
    """
    first = max(way.layout.first for way in ways)
    stop = min(way.layout.stop for way in ways)
    ways = [way.narrowed(first, stop) for way in ways]

    def ends(of: Sequence[Ends]) -> Ends:
        return Ends(lambda: function([one.values.transpose(1, 2) for one in of]).transpose(1, 2))

    return replace(
        ways[0],
        grid=Grid(function([way.grid.values for way in ways])),
        left=ends([way.left for way in ways]),
        right=ends([way.right for way in ways]),
    )
