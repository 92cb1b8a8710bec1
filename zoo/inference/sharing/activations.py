"""Activations of overlapping windows, with equal values stored once.

Windows overlap, so most activations of the first layers are equal in neighbouring windows. They are
computed once, on a grid over the recording: strides of layers become the spacing of the grid and
the dilation of later layers. Only positions near the edges of a window differ, because of zero
padding; these are computed per window.

The idea is dense evaluation of convolutional networks ("filter rarefaction", Long, Shelhamer and
Darrell, 2015), made exact for padded windows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from zoo.inference.sharing.grids import (
    Grid,
    GridStep,
    Layout,
    PointFunction,
    Sweep,
    SweepFunction,
)

if TYPE_CHECKING:
    import torch


class Edges:
    """Positions at one edge of every window, computed lazily.

    Some are never needed: a pooling may skip the last positions of a padded convolution.

    Parameters
    ----------
    compute : callable
        Returns the positions.
    """

    def __init__(self, compute: Callable[[], torch.Tensor]) -> None:
        self._compute: Callable[[], torch.Tensor] | None = compute
        self._values: torch.Tensor | None = None

    @property
    def values(self) -> torch.Tensor:
        """The positions, shape (n_rows, n_windows, n_channels, n_positions)."""
        if self._compute is not None:
            self._values = self._compute()
            # Release the inputs: their memory is reused by the next layers.
            self._compute = None
        assert self._values is not None
        return self._values

    def mapped(self, function: Callable[[torch.Tensor], torch.Tensor]) -> Edges:
        """Return the positions with a function applied, lazily."""
        return Edges(lambda: function(self.values))


@dataclass(frozen=True, kw_only=True, eq=False)
class SharedActivations:
    """Activations of all windows of a block of signal, computed lazily.

    Attributes
    ----------
    layout : Layout
        Which positions are shared.
    grid : Grid
        The shared values, in one row; within per-channel layers in one row per channel.
    left, right : Edges
        The first `first` and the last `length - stop` positions of every window.
    origin : int
        Grid index of position 0 of window 0; may be negative.
    """

    layout: Layout
    grid: Grid
    left: Edges
    right: Edges
    origin: int
    n_windows: int

    @classmethod
    def of_signal(
        cls, signals: torch.Tensor, *, window: int, hop: int, n_windows: int
    ) -> SharedActivations:
        """Return the activations of the input, where every sample is shared.

        Parameters
        ----------
        signals : torch.Tensor, shape (n_channels, n_samples)
            Window k holds samples `[k * hop, k * hop + window)`.
        window, hop, n_windows : int
            In samples.
        """
        nothing = Edges(lambda: signals.new_empty((1, n_windows, signals.shape[0], 0)))
        return cls(
            layout=Layout(hop=hop, step=1, first=0, stop=window, length=window),
            grid=Grid(signals[None]),
            left=nothing,
            right=nothing,
            origin=0,
            n_windows=n_windows,
        )

    def materialised(self) -> SharedActivations:
        """Compute all lazy values, so that earlier layers can be freed."""
        layout = self.layout
        parts = ((self.grid, True), (self.left, layout.first > 0))
        for part, has_some in (*parts, (self.right, layout.stop < layout.length)):
            if has_some:
                assert part.values is not None
        return self

    def mapped(
        self, function: PointFunction, in_place: PointFunction | None = None
    ) -> SharedActivations:
        """Apply a pointwise function of (batch, channels, time).

        `in_place` is the same function, writing to its input.
        """
        return replace(
            self,
            grid=self.grid.mapped(function, in_place),
            left=self.left.mapped(lambda x: on_windows(function, x)),
            right=self.right.mapped(lambda x: on_windows(function, x)),
        )

    def rearranged(self, function: Callable[[torch.Tensor], torch.Tensor]) -> SharedActivations:
        """Apply a function of the row and channel axes.

        It receives (n_rows, n_channels, ...), with any further axes.
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
        """Return complete windows, as without sharing.

        Returns
        -------
        torch.Tensor, shape (n_windows * n_rows, n_channels, length)
        """
        rows = self.positions(0, self.layout.length, windows).transpose(0, 1)
        return rows.reshape(-1, *rows.shape[2:])

    def narrowed(self, first: int, stop: int) -> SharedActivations:
        """Restrict sharing to positions `[first, stop)`."""
        layout = self.layout
        start = self.origin + first * layout.per_step
        end = self.origin + (self.n_windows - 1) * layout.per_hop + (stop - 1) * layout.per_step
        return replace(
            self,
            layout=replace(layout, first=first, stop=stop),
            grid=Grid(self.grid.values[:, :, start : end + 1]),
            left=Edges(lambda: self.positions(0, first)) if first else self.left,
            right=Edges(lambda: self.positions(stop, layout.length))
            if stop < layout.length
            else self.right,
            origin=-first * layout.per_step,
        )

    def swept(
        self, sweep: Sweep, function: SweepFunction, n_channels: int | None = None
    ) -> SharedActivations:
        """Apply a convolution or pooling; `sweep.after(layout)` must not be None.

        `n_channels` is the number of output channels; None keeps the number.
        """
        before, after = self.layout, sweep.after(self.layout)
        assert after is not None
        per_step = before.per_step
        stride, dilation = after.spacing // before.spacing, sweep.dilation * per_step
        # First grid index that the first shared output of the first window reads, and last one that
        # the last shared output of the last window reads.
        start = self.origin + (after.first * sweep.stride - sweep.padding) * per_step
        end = (
            self.origin
            + (self.n_windows - 1) * before.per_hop
            + ((after.stop - 1) * sweep.stride - sweep.padding + sweep.extent) * per_step
        )
        extent = sweep.extent * per_step
        step = GridStep(
            start=start,
            stride=stride,
            extent=extent,
            n_outputs=(end - start - extent) // stride + 1,
            compute=lambda x, out: function(x, (0, 0), stride, dilation, out),
            n_channels=n_channels,
        )
        return SharedActivations(
            layout=after,
            grid=self.grid.stepped(step),
            left=Edges(lambda: self._left_edge(sweep, function, after.first)),
            right=Edges(lambda: self._right_edge(sweep, function, after.stop)),
            origin=-after.first * after.per_step,
            n_windows=self.n_windows,
        )

    def _left_edge(self, sweep: Sweep, function: SweepFunction, first: int) -> torch.Tensor:
        end = (first - 1) * sweep.stride - sweep.padding + sweep.extent
        return on_windows(
            lambda x: function(x, (sweep.padding, 0), sweep.stride, sweep.dilation),
            self.positions(0, end + 1),
        )

    def _right_edge(self, sweep: Sweep, function: SweepFunction, stop: int) -> torch.Tensor:
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
    branches: Sequence[SharedActivations],
    function: Callable[[Sequence[torch.Tensor]], torch.Tensor],
) -> SharedActivations:
    """Combine the activations of parallel branches of equal length and step.

    The function receives tensors with channels in axis 1 and equal further axes.
    """
    first = max(branch.layout.first for branch in branches)
    stop = min(branch.layout.stop for branch in branches)
    branches = [branch.narrowed(first, stop) for branch in branches]

    def ends(of: Sequence[Edges]) -> Edges:
        return Edges(lambda: function([part.values.transpose(1, 2) for part in of]).transpose(1, 2))

    return replace(
        branches[0],
        grid=Grid(function([branch.grid.values for branch in branches])),
        left=ends([branch.left for branch in branches]),
        right=ends([branch.right for branch in branches]),
    )
