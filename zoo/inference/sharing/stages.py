"""The layers of a network as stages that work on shared activations and on windows.

From the first stage that cannot be shared, windows are evaluated one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

import torch
from torch import Tensor, nn

from zoo.inference.sharing.activations import SharedActivations, joined
from zoo.inference.sharing.grids import Grid, Layout, Sweep, SweepFunction
from zoo.inference.sharing.sweeps import sweep_function, sweep_of
from zoo.layers.modules import (
    ChannelLayerNorm,
    ChannelwiseLayers,
    ParallelJoin,
    ResidualSum,
    in_canonical_order,
)

# Approximate cost of moving one value from memory, in multiply-adds.
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
    """Knowledge of the cost model about activations.

    Attributes
    ----------
    n_rows, n_channels : int
        As in `SharedActivations`.
    shared_cost, plain_cost : float
        Work per window so far with and without sharing, in multiply-adds.
    """

    layout: Layout
    n_rows: int
    n_channels: int
    shared_cost: float = 0.0
    plain_cost: float = 0.0

    @property
    def n_values(self) -> int:
        """Number of values per window."""
        return self.n_rows * self.n_channels * self.layout.length

    def worked(self, per_position: float) -> State:
        """Return the state with the work of a layer added."""
        plain = per_position * self.n_rows * self.layout.length
        return replace(
            self,
            plain_cost=self.plain_cost + plain,
            shared_cost=self.shared_cost + plain * self.layout.shared_fraction,
        )


class SharedStage(Protocol):
    """One step of a model."""

    def plain(self, x: Tensor) -> Tensor:
        """Apply the layer to windows, (batch, ...)."""
        ...

    def after(self, state: State) -> State | None:
        """Return the state after the layer, or None if it cannot be shared."""
        ...

    def shared(self, x: SharedActivations) -> SharedActivations:
        """Apply the layer to shared activations; only if `after` is not None."""
        ...


@dataclass(frozen=True)
class Opaque:
    """A layer that needs the window as a whole and so ends the sharing."""

    module: nn.Module

    def plain(self, x: Tensor) -> Tensor:
        """Apply the module to windows."""
        y: Tensor = self.module(x)
        return y

    def after(self, state: State) -> State | None:
        """Return None: it cannot be shared."""
        return None

    def shared(self, x: SharedActivations) -> SharedActivations:
        """Raise TypeError; the planner never calls this."""
        raise TypeError(f"{type(self.module).__name__} cannot be shared between windows")


@dataclass(frozen=True)
class Pointwise(Opaque):
    """A layer that treats every position alike."""

    @cached_property
    def _in_place(self) -> nn.Module | None:
        """The module with in-place output, None if it has no such option."""
        if not isinstance(self.module, nn.ReLU | nn.LeakyReLU | nn.ELU | nn.SiLU):
            return None
        same = copy(self.module)
        same.inplace = True
        return same

    def after(self, state: State) -> State:
        """Return the same layout with the work added."""
        return state.worked(MOVE_COST * state.n_channels)

    def shared(self, x: SharedActivations) -> SharedActivations:
        """Apply the module to grid and edges."""
        return x.mapped(self.module, self._in_place)


@dataclass(frozen=True)
class Sweeping(Opaque):
    """A convolution or a pooling along time."""

    @cached_property
    def _sweep(self) -> Sweep | None:
        return sweep_of(self.module)

    @cached_property
    def _function(self) -> SweepFunction:
        return sweep_function(self.module)

    def after(self, state: State) -> State | None:
        """Return the layout of the outputs, or None if no output is shared."""
        sweep = self._sweep
        layout = sweep.after(state.layout) if sweep else None
        if sweep is None or layout is None:
            return None
        n_channels, taps = state.n_channels, state.n_channels * sweep.kernel
        if isinstance(self.module, nn.Conv1d):
            n_channels = self.module.out_channels
            taps = self.module.weight.numel()
        output = replace(state, layout=layout, n_channels=n_channels)
        return output.worked(taps + MOVE_COST * n_channels)

    def shared(self, x: SharedActivations) -> SharedActivations:
        """Apply the module to the grid once, and to the edges of each window."""
        assert self._sweep is not None
        if isinstance(self.module, nn.Conv1d):
            # Poolings are fused tile by tile; other layers run one by one to save memory.
            return x.materialised().swept(self._sweep, self._function, self.module.out_channels)
        return x.swept(self._sweep, self._function)


@dataclass(frozen=True)
class Joined(Opaque):
    """Parallel branches, added or concatenated."""

    branches: tuple[tuple[SharedStage, ...], ...]
    adds: bool

    def after(self, state: State) -> State | None:
        """Return the state after joining, or None if a branch cannot be shared."""
        ends = []
        for branch in self.branches:
            end = state_after(branch, replace(state, shared_cost=0.0, plain_cost=0.0))
            if end is None:
                return None
            ends.append(end)
        first = max(end.layout.first for end in ends)
        stop = min(end.layout.stop for end in ends)
        if len({(end.layout.length, end.layout.step) for end in ends}) > 1 or first >= stop:
            return None
        channels = [end.n_channels for end in ends]
        output = replace(
            ends[0],
            layout=replace(ends[0].layout, first=first, stop=stop),
            n_channels=channels[0] if self.adds else sum(channels),
            shared_cost=state.shared_cost + sum(end.shared_cost for end in ends),
            plain_cost=state.plain_cost + sum(end.plain_cost for end in ends),
        )
        return output.worked(MOVE_COST * output.n_channels)

    def shared(self, x: SharedActivations) -> SharedActivations:
        """Apply the branches and combine them."""
        ends = []
        start = x.materialised()
        for branch in self.branches:
            end = start
            for stage in branch:
                end = stage.shared(end)
            ends.append(end)
        return joined(ends, self._combine).materialised()

    def _combine(self, tensors: Sequence[Tensor]) -> Tensor:
        if not self.adds:
            return torch.cat(list(tensors), dim=1)
        total = tensors[0]
        for tensor in tensors[1:]:
            total = total + tensor
        return total


@dataclass(frozen=True)
class EnterChannels:
    """Start of the per-channel layers: every channel becomes a row of one channel."""

    def plain(self, x: Tensor) -> Tensor:
        """Return (batch * n_channels, 1, n_samples)."""
        ordered = in_canonical_order(x)
        return ordered.reshape(-1, 1, x.shape[2])

    def after(self, state: State) -> State:
        """Return as many rows as there were channels."""
        return replace(state, n_rows=state.n_channels, n_channels=1)

    def shared(self, x: SharedActivations) -> SharedActivations:
        """Turn the channels into rows, in an order that depends on their samples only."""
        # This is the first layer of a model, so there are no edges yet.
        ordered = replace(x, grid=Grid(in_canonical_order(x.grid.values)))
        return ordered.rearranged(lambda t: t.transpose(0, 1))


@dataclass(frozen=True)
class PoolChannels:
    """End of the per-channel layers: the rows are pooled."""

    pool: str
    n_rows: int

    def plain(self, x: Tensor) -> Tensor:
        """Return (batch, n_features[, n_steps]) of (batch * n_rows, n_features[, n_steps])."""
        return self._pooled(x.reshape(-1, self.n_rows, *x.shape[1:]), dim=1)

    def after(self, state: State) -> State:
        """Return one row."""
        wide = 2 if self.pool == "mean_max" else 1
        pooled = state.worked(MOVE_COST * state.n_channels)
        return replace(pooled, n_rows=1, n_channels=wide * state.n_channels)

    def shared(self, x: SharedActivations) -> SharedActivations:
        """Pool grid and edges."""
        return x.rearranged(lambda t: self._pooled(t, dim=0)[None])

    def _pooled(self, x: Tensor, dim: int) -> Tensor:
        if self.pool == "mean":
            return x.mean(dim=dim)
        if self.pool == "max":
            return x.amax(dim=dim)
        return torch.cat([x.mean(dim=dim), x.amax(dim=dim)], dim=1 if dim == 1 else 0)


def state_after(stages: Sequence[SharedStage], state: State | None) -> State | None:
    """Return the state after several stages, None if one of them cannot be shared."""
    for stage in stages:
        if state is None:
            return None
        state = stage.after(state)
    return state


def stages_of(network: nn.Module, n_channels: int | None = None) -> tuple[SharedStage, ...]:
    """Return a network in eval mode as a sequence of stages.

    Parameters
    ----------
    network : torch.nn.Module
        Nested sequences are flattened; unknown layers become `Opaque`.
    n_channels : int, optional
        Input channels of the model; None keeps per-channel layers in one piece.
    """
    if isinstance(network, nn.Sequential):
        stages: list[SharedStage] = []
        for child in network:
            # The number of channels is known for the first layer only.
            stages.extend(stages_of(child, None if stages else n_channels))
        return tuple(_pool_before_activations(stages))
    if isinstance(network, ChannelwiseLayers) and n_channels is not None:
        inner = stages_of(network.layers)
        return (EnterChannels(), *inner, PoolChannels(network.pool, n_channels))
    return (_stage_of(network),)


def _pool_before_activations(stages: Sequence[SharedStage]) -> list[SharedStage]:
    """Move max-pooling before monotonic activations: the result is the same, from fewer values."""
    ordered: list[SharedStage] = []
    for stage in stages:
        place = len(ordered)
        if isinstance(stage, Sweeping) and isinstance(stage.module, nn.MaxPool1d):
            while place and _is_monotonic(ordered[place - 1]):
                place -= 1
        ordered.insert(place, stage)
    return ordered


def _is_monotonic(stage: SharedStage) -> bool:
    module = stage.module if isinstance(stage, Pointwise) else None
    if isinstance(module, nn.LeakyReLU):
        return module.negative_slope >= 0
    return isinstance(module, nn.ReLU | nn.Tanh | nn.Sigmoid | nn.Dropout | nn.Identity)


def _stage_of(module: nn.Module) -> SharedStage:
    if isinstance(module, ResidualSum):
        branches = (stages_of(module.layers), stages_of(module.shortcut))
        return Joined(module, branches, adds=True)
    if isinstance(module, ParallelJoin):
        return Joined(module, tuple(stages_of(branch) for branch in module.branches), adds=False)
    if isinstance(module, POINTWISE):
        return Pointwise(module)
    if sweep_of(module) is not None:
        return Sweeping(module)
    return Opaque(module)
