"""Sharing work between overlapping windows, exactly.

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
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import torch


@dataclass(frozen=True, kw_only=True, eq=False)
class SharedActivations:
    """Activations of all windows of a stretch of recording, equal ones held once.

    Position i of window k lies on the grid at index `origin + (k * hop + i * step) / spacing`
    if `first <= i < stop`; other positions are held for each window in `left` and `right`.

    Attributes
    ----------
    grid : torch.Tensor, shape (n_channels, n_grid)
        Shared values, `spacing` input samples apart.
    left : torch.Tensor, shape (n_windows, n_channels, first)
    right : torch.Tensor, shape (n_windows, n_channels, length - stop)
    origin : int
        Grid index of position 0 of window 0; may be negative.
    spacing, step, hop : int
        Input samples between grid points, positions of one window, windows.
    first, stop, length : int
        Which positions are shared, and how many there are.
    n_windows : int
        Number of windows.
    """

    grid: torch.Tensor
    left: torch.Tensor
    right: torch.Tensor
    origin: int
    spacing: int
    step: int
    hop: int
    first: int
    stop: int
    length: int
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
        nothing = signals.new_empty((n_windows, signals.shape[0], 0))
        return cls(
            grid=signals,
            left=nothing,
            right=nothing,
            origin=0,
            spacing=1,
            step=1,
            hop=hop,
            first=0,
            stop=window,
            length=window,
            n_windows=n_windows,
        )

    def mapped(self, function: Callable[[torch.Tensor], torch.Tensor]) -> SharedActivations:
        """Apply something that treats every position by itself, on (batch, channels, time)."""
        return replace(
            self,
            grid=function(self.grid[None])[0],
            left=function(self.left) if self.left.shape[2] else self.left,
            right=function(self.right) if self.right.shape[2] else self.right,
        )

    def positions(self, start: int, stop: int, windows: slice = slice(None)) -> torch.Tensor:
        """Return positions `[start, stop)` of some windows.

        Returns
        -------
        torch.Tensor, shape (n_windows, n_channels, stop - start)
        """
        import torch

        parts = []
        if start < self.first:
            parts.append(self.left[windows, :, start : min(stop, self.first)])
        if start < self.stop and stop > self.first:
            parts.append(self._shared(max(start, self.first), min(stop, self.stop), windows))
        if stop > self.stop:
            parts.append(
                self.right[windows, :, max(start, self.stop) - self.stop : stop - self.stop]
            )
        return parts[0] if len(parts) == 1 else torch.cat(parts, dim=2)

    def _shared(self, start: int, stop: int, windows: slice) -> torch.Tensor:
        first_window, last_window, _ = windows.indices(self.n_windows)
        per_hop, per_step = self.hop // self.spacing, self.step // self.spacing
        channel_stride, grid_stride = self.grid.stride()
        return self.grid.as_strided(
            (last_window - first_window, self.grid.shape[0], stop - start),
            (per_hop * grid_stride, channel_stride, per_step * grid_stride),
            self.grid.storage_offset()
            + (self.origin + first_window * per_hop + start * per_step) * grid_stride,
        )


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

    def length(self, n: int) -> int:
        """Return the number of outputs of n positions."""
        return (n + 2 * self.padding - self.reach - 1) // self.stride + 1

    def shared(self, first: int, stop: int) -> tuple[int, int]:
        """Return which outputs look only at positions `[first, stop)` and at no padding."""
        return (
            -(-(first + self.padding) // self.stride),
            (stop - 1 - self.reach + self.padding) // self.stride + 1,
        )


def can_sweep(shared: tuple[int, int, int], sweep: Sweep) -> bool:
    """Whether a layer leaves anything to share, given `(first, stop, length)` before it.

    Outputs that touch both ends of a window, or nothing but padding, are not worth a special
    case.
    """
    first, stop, length = shared
    new_first, new_stop = sweep.shared(first, stop)
    new_length = sweep.length(length)
    left_end = (new_first - 1) * sweep.stride - sweep.padding + sweep.reach
    right_start = new_stop * sweep.stride - sweep.padding
    return (
        new_length >= 1
        and 0 <= new_first < new_stop <= new_length
        and (new_first == 0 or 0 <= left_end < length)
        and (new_stop == new_length or 0 <= right_start < length)
    )


def swept(
    before: SharedActivations,
    sweep: Sweep,
    function: Callable[[torch.Tensor, tuple[int, int], int, int], torch.Tensor],
) -> SharedActivations:
    """Apply a convolution or a pooling to shared activations.

    Parameters
    ----------
    before : SharedActivations
        Its input; `can_sweep` must hold.
    sweep : Sweep
        The layer's geometry.
    function : callable
        `(input, (padding_left, padding_right), stride, dilation) -> output`, all on
        (batch, channels, time).
    """
    first, stop = sweep.shared(before.first, before.stop)
    length = sweep.length(before.length)
    step = before.step * sweep.stride
    spacing = math.gcd(before.hop, step)
    per_position = before.step // before.spacing
    # Grid index of the first thing that output `first` of window 0 looks at, and of the last
    # thing that output `stop - 1` of the last window looks at.
    start = before.origin + (first * sweep.stride - sweep.padding) * per_position
    end = (
        before.origin
        + (before.n_windows - 1) * (before.hop // before.spacing)
        + ((stop - 1) * sweep.stride - sweep.padding + sweep.reach) * per_position
    )
    grid = function(
        before.grid[None, :, start : end + 1],
        (0, 0),
        spacing // before.spacing,
        sweep.dilation * per_position,
    )[0]
    return replace(
        before,
        grid=grid,
        left=_left_end(before, sweep, function, first, grid),
        right=_right_end(before, sweep, function, stop, length, grid),
        origin=-first * (step // spacing),
        spacing=spacing,
        step=step,
        first=first,
        stop=stop,
        length=length,
    )


def _left_end(
    before: SharedActivations,
    sweep: Sweep,
    function: Callable[[torch.Tensor, tuple[int, int], int, int], torch.Tensor],
    first: int,
    like: torch.Tensor,
) -> torch.Tensor:
    if first == 0:
        return like.new_empty((before.n_windows, like.shape[0], 0))
    end = (first - 1) * sweep.stride - sweep.padding + sweep.reach
    return function(before.positions(0, end + 1), (sweep.padding, 0), sweep.stride, sweep.dilation)


def _right_end(
    before: SharedActivations,
    sweep: Sweep,
    function: Callable[[torch.Tensor, tuple[int, int], int, int], torch.Tensor],
    stop: int,
    length: int,
    like: torch.Tensor,
) -> torch.Tensor:
    if stop == length:
        return like.new_empty((before.n_windows, like.shape[0], 0))
    start = stop * sweep.stride - sweep.padding
    return function(
        before.positions(start, before.length), (0, sweep.padding), sweep.stride, sweep.dilation
    )
