"""The layers of a built network as stages: what each does to shared activations and to windows.

A stage that cannot be shared says so; from there on windows are evaluated by themselves.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

import torch
from torch import Tensor, nn
from torch.nn import functional

from zoo.inference.shared_activations import Layout, SharedActivations, Sweep, SweepFunction
from zoo.layers.modules import (
    ChannelLayerNorm,
    ChannelwiseLayers,
    ParallelJoin,
    ResidualSum,
    in_canonical_order,
    pooled,
)

# What moving one number from memory costs, in multiply-adds. Only a rough ratio: it decides
# between plans that differ by factors.
MOVE_COST = 4.0

POINTWISE = (
    nn.ReLU,
    nn.LeakyReLU,
    nn.ELU,
    nn.GELU,
    nn.SiLU,
    nn.Tanh,
    nn.Sigmoid,
    nn.BatchNorm1d,
    nn.Dropout,
    nn.Identity,
    ChannelLayerNorm,
)


@dataclass(frozen=True, kw_only=True)
class State:
    """What the cost model knows of activations without having them.

    Attributes
    ----------
    layout : Layout
        Which positions are shared.
    n_rows, n_channels : int
        Of the activations.
    shared_cost, plain_cost : float
        Work a window up to here, in multiply-adds, with sharing and without.
    """

    layout: Layout
    n_rows: int
    n_channels: int
    shared_cost: float = 0.0
    plain_cost: float = 0.0

    @property
    def n_values(self) -> int:
        """Numbers that make up one window."""
        return self.n_rows * self.n_channels * self.layout.length

    def worked(self, per_position: float) -> State:
        """Add the work of a layer that has just led here."""
        plain = per_position * self.n_rows * self.layout.length
        return replace(
            self,
            plain_cost=self.plain_cost + plain,
            shared_cost=self.shared_cost + plain * self.layout.shared_fraction,
        )


class SharedStage(Protocol):
    """One step of a network."""

    def plain(self, x: Tensor) -> Tensor:
        """Return what the layer makes of windows, (batch, ...)."""
        ...

    def after(self, state: State) -> State | None:
        """Return the state behind the layer, or None if it cannot be shared."""
        ...

    def shared(self, x: SharedActivations) -> SharedActivations:
        """Return what the layer makes of shared activations; only if `after` is not None."""
        ...


@dataclass(frozen=True)
class Opaque:
    """A layer that looks at the window as a whole: it ends the sharing."""

    module: nn.Module

    def plain(self, x: Tensor) -> Tensor:
        """Return what the module makes of windows."""
        y: Tensor = self.module(x)
        return y

    def after(self, state: State) -> State | None:
        """Return None: not shareable."""
        return None

    def shared(self, x: SharedActivations) -> SharedActivations:
        """Refuse; the planner never comes here."""
        raise TypeError(f"{type(self.module).__name__} cannot be shared between windows")


@dataclass(frozen=True)
class Pointwise(Opaque):
    """A layer that treats every position by itself, the same way everywhere."""

    def after(self, state: State) -> State:
        """Return the same layout with the work added."""
        return state.worked(MOVE_COST * state.n_channels)

    def shared(self, x: SharedActivations) -> SharedActivations:
        """Apply the module to grid and ends alike."""
        return x.mapped(self.module)


@dataclass(frozen=True)
class Sweeping(Opaque):
    """A convolution or a pooling along time."""

    sweep: Sweep

    @cached_property
    def function(self) -> SweepFunction:
        """The computation with free padding, stride and dilation."""
        module = self.module
        if isinstance(module, nn.Conv1d):
            weight, bias, groups = module.weight, module.bias, module.groups
            return lambda x, padding, stride, dilation: functional.conv1d(
                _padded(x, padding), weight, bias, stride, 0, dilation, groups
            )
        kernel = self.sweep.kernel
        if isinstance(module, nn.MaxPool1d):
            return lambda x, padding, stride, dilation: functional.max_pool1d(
                _padded(x, padding, -math.inf), kernel, stride, 0, dilation
            )
        return lambda x, padding, stride, dilation: functional.conv1d(
            _padded(x, padding),
            x.new_full((x.shape[1], 1, kernel), 1.0 / kernel),
            None,
            stride,
            0,
            dilation,
            x.shape[1],
        )

    def after(self, state: State) -> State | None:
        """Return the layout of the outputs, or None if no output is the same in two windows."""
        layout = self.sweep.after(state.layout)
        if layout is None:
            return None
        n_channels, taps = state.n_channels, state.n_channels * self.sweep.kernel
        if isinstance(self.module, nn.Conv1d):
            n_channels = self.module.out_channels
            taps = self.module.weight.numel()
        behind = replace(state, layout=layout, n_channels=n_channels)
        return behind.worked(taps + MOVE_COST * n_channels)

    def shared(self, x: SharedActivations) -> SharedActivations:
        """Sweep over the grid once, and over the ends of each window."""
        return x.swept(self.sweep, self.function)


@dataclass(frozen=True)
class Joined(Opaque):
    """Several ways from the same input, added or put side by side."""

    ways: tuple[tuple[SharedStage, ...], ...]
    adds: bool

    def after(self, state: State) -> State | None:
        """Return the layout where all ways meet, or None if one of them cannot be shared."""
        start = replace(state, shared_cost=0.0, plain_cost=0.0)
        ends = [states_of(way, start) for way in self.ways]
        if any(len(end) <= len(way) for end, way in zip(ends, self.ways, strict=True)):
            return None
        last = [end[-1] for end in ends]
        first = max(end.layout.first for end in last)
        stop = min(end.layout.stop for end in last)
        if len({(end.layout.length, end.layout.step) for end in last}) > 1 or first >= stop:
            return None
        channels = [end.n_channels for end in last]
        behind = replace(
            last[0],
            layout=replace(last[0].layout, first=first, stop=stop),
            n_channels=channels[0] if self.adds else sum(channels),
            shared_cost=state.shared_cost + sum(end.shared_cost for end in last),
            plain_cost=state.plain_cost + sum(end.plain_cost for end in last),
        )
        return behind.worked(MOVE_COST * behind.n_channels)

    def shared(self, x: SharedActivations) -> SharedActivations:
        """Go every way and combine what they share."""
        ends = [_shared_through(way, x) for way in self.ways]
        first = max(end.layout.first for end in ends)
        stop = min(end.layout.stop for end in ends)
        ends = [end.narrowed(first, stop) for end in ends]
        return replace(
            ends[0],
            grid=self._combine([end.grid for end in ends], dim=1),
            left=self._combine([end.left for end in ends], dim=2),
            right=self._combine([end.right for end in ends], dim=2),
        )

    def _combine(self, tensors: Sequence[Tensor], dim: int) -> Tensor:
        return sum(tensors[1:], tensors[0]) if self.adds else torch.cat(list(tensors), dim=dim)


@dataclass(frozen=True)
class EnterChannels:
    """From here on every channel is treated alone, as a row of one channel."""

    def plain(self, x: Tensor) -> Tensor:
        """Return (batch * n_channels, 1, n_samples)."""
        return in_canonical_order(x).reshape(-1, 1, x.shape[2])

    def after(self, state: State) -> State:
        """Return as many rows as there were channels."""
        return replace(state, n_rows=state.n_channels, n_channels=1)

    def shared(self, x: SharedActivations) -> SharedActivations:
        """Make rows of the channels, in an order that follows from their samples alone."""
        # As the first layer of a network it finds nothing but the grid: windows have no ends yet.
        ordered = replace(x, grid=in_canonical_order(x.grid))
        return ordered.rearranged(lambda t: t.transpose(0, 1))


@dataclass(frozen=True)
class PoolChannels:
    """The end of what treats every channel alone: rows are pooled."""

    pool: str
    n_rows: int

    def plain(self, x: Tensor) -> Tensor:
        """Return (batch, n_features[, n_steps]) of (batch * n_rows, n_features[, n_steps])."""
        return pooled(x.reshape(-1, self.n_rows, *x.shape[1:]), self.pool)

    def after(self, state: State) -> State:
        """Return one row."""
        wide = 2 if self.pool == "mean_max" else 1
        worked = state.worked(MOVE_COST * state.n_channels)
        return replace(worked, n_rows=1, n_channels=wide * state.n_channels)

    def shared(self, x: SharedActivations) -> SharedActivations:
        """Pool grid and ends alike."""
        return x.rearranged(lambda t: pooled(t[None], self.pool))


def stages_of(network: nn.Module, n_channels: int | None = None) -> tuple[SharedStage, ...]:
    """Return a built network in eval mode as stages, in order.

    Parameters
    ----------
    network : torch.nn.Module
        As `zoo.layers.network.build_network` returns it.
    n_channels : int, optional
        Number of channels that reach it; None leaves what depends on it unshared.
    """
    if isinstance(network, nn.Sequential):
        stages: list[SharedStage] = []
        for child in network:
            # Only the first layer's input is known without looking into the layers.
            stages.extend(stages_of(child, None if stages else n_channels))
        return tuple(stages)
    if isinstance(network, ChannelwiseLayers) and n_channels is not None:
        inner = stages_of(network.layers)
        return (EnterChannels(), *inner, PoolChannels(network.pool, n_channels))
    if isinstance(network, ResidualSum):
        ways = (stages_of(network.layers), stages_of(network.shortcut))
        return (Joined(network, ways, adds=True),)
    if isinstance(network, ParallelJoin):
        return (Joined(network, tuple(stages_of(way) for way in network.branches), adds=False),)
    if isinstance(network, POINTWISE):
        return (Pointwise(network),)
    sweep = _sweep_of(network)
    return (Opaque(network) if sweep is None else Sweeping(network, sweep),)


def states_of(stages: Sequence[SharedStage], start: State) -> list[State]:
    """Return the states before and behind the stages, up to the first that cannot be shared."""
    states = [start]
    for stage in stages:
        behind = stage.after(states[-1])
        if behind is None:
            break
        states.append(behind)
    return states


def shared_activations(
    stages: Sequence[SharedStage], signals: Tensor, *, window: int, hop: int, n_windows: int
) -> SharedActivations:
    """Evaluate stages once for all windows of a stretch, (n_channels, n_samples)."""
    start = SharedActivations.of_signal(signals, window=window, hop=hop, n_windows=n_windows)
    return _shared_through(stages, start)


@dataclass(frozen=True, kw_only=True)
class SharingPlan:
    """How many stages are evaluated once for all windows; a window's work with that and without."""

    n_shared: int
    cost: float
    plain_cost: float


def plan_sharing(
    stages: Sequence[SharedStage], *, n_channels: int, window: int, hop: int
) -> SharingPlan:
    """Choose how many stages to share so that the estimated work is least.

    Parameters
    ----------
    stages : sequence of SharedStage
        As `stages_of` gives them.
    n_channels : int
        Of the recording.
    window, hop : int
        Samples of a window, and from one window to the next.
    """
    layout = Layout(hop=hop, step=1, first=0, stop=window, length=window)
    states = states_of(stages, State(layout=layout, n_rows=1, n_channels=n_channels))
    plain = states[-1].plain_cost
    totals = [
        # What is shared is gathered into windows for the stages behind it.
        state.shared_cost + MOVE_COST * state.n_values + plain - state.plain_cost
        for state in states
    ]
    best = min(range(len(totals)), key=totals.__getitem__)
    return SharingPlan(n_shared=best, cost=totals[best], plain_cost=totals[0])


def _shared_through(stages: Sequence[SharedStage], x: SharedActivations) -> SharedActivations:
    for stage in stages:
        x = stage.shared(x)
    return x


def _sweep_of(layer: nn.Module) -> Sweep | None:
    """Return the geometry of a layer that slides over time, None for any other."""
    if isinstance(layer, nn.Conv1d):
        kernel, dilation, padding = layer.kernel_size[0], layer.dilation[0], layer.padding
        if padding == "same":
            # Torch pads the odd one on the right; only the symmetric case is a plain padding.
            if (kernel - 1) * dilation % 2:
                return None
            padding = ((kernel - 1) * dilation // 2,)
        if layer.padding_mode != "zeros" or isinstance(padding, str):
            return None
        return Sweep(kernel=kernel, stride=layer.stride[0], padding=padding[0], dilation=dilation)
    if not isinstance(layer, nn.MaxPool1d | nn.AvgPool1d) or layer.ceil_mode:
        return None
    padding_one = _one(layer.padding)
    if isinstance(layer, nn.MaxPool1d):
        unlike = layer.return_indices
    else:
        # Without counting the padding, ends are averaged over fewer values.
        unlike = bool(padding_one) and not layer.count_include_pad
    if unlike:
        return None
    return Sweep(
        kernel=_one(layer.kernel_size),
        stride=_one(layer.stride),
        padding=padding_one,
        dilation=_one(layer.dilation) if isinstance(layer, nn.MaxPool1d) else 1,
    )


def _padded(x: Tensor, padding: tuple[int, int], value: float = 0.0) -> Tensor:
    return functional.pad(x, padding, value=value) if any(padding) else x


def _one(value: int | tuple[int, ...]) -> int:
    return value if isinstance(value, int) else value[0]
