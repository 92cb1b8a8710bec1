"""How far the first layers of a net can be shared between windows, and whether it pays.

The plan is made from the built net and the step between windows; nothing here knows any
particular architecture.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zoo.shared_front import SharedActivations, Sweep, can_sweep, swept

if TYPE_CHECKING:
    import torch

# What moving one number from memory costs, in multiply-adds. Only a rough ratio: it decides
# between plans that differ by factors.
MOVE_COST = 4.0


@dataclass(frozen=True, kw_only=True)
class SharingPlan:
    """Which layers are evaluated once for all windows.

    Attributes
    ----------
    n_shared : int
        How many of the net's layers, from the first on; 0 means none.
    cost, plain_cost : float
        Estimated work a window, with and without sharing, in multiply-adds.
    """

    n_shared: int
    cost: float
    plain_cost: float


@dataclass(frozen=True, kw_only=True)
class _State:
    """What the cost model needs to know about activations, without having them."""

    n_channels: int
    first: int
    stop: int
    length: int
    step: int
    spacing: int


def layers_of(network: torch.nn.Module) -> list[torch.nn.Module]:
    """Return the net's layers in order, nested plain sequences unrolled."""
    import torch

    if not isinstance(network, torch.nn.Sequential):
        return [network]
    return [layer for child in network for layer in layers_of(child)]


def plan_sharing(
    layers: list[torch.nn.Module], *, n_channels: int, window: int, hop: int
) -> SharingPlan:
    """Choose how many layers to share so that the estimated work is least.

    Parameters
    ----------
    layers : list of torch.nn.Module
        As `layers_of` gives them.
    n_channels, window, hop : int
        Input channels; window and step between windows in samples.
    """
    state: _State | None = _State(
        n_channels=n_channels, first=0, stop=window, length=window, step=1, spacing=1
    )
    shared_costs, plain_costs, gathers = [0.0], [0.0], [float(n_channels * window)]
    for layer in layers:
        if state is None:
            break
        after = _advance(state, layer, hop)
        if after is None:
            break
        state, shared_cost, plain_cost = after
        shared_costs.append(shared_costs[-1] + shared_cost)
        plain_costs.append(plain_costs[-1] + plain_cost)
        gathers.append(float(state.n_channels * state.length))
    # Layers after the last shareable one cost the same under every plan and are left out.
    total_plain = plain_costs[-1]
    totals = [
        shared + MOVE_COST * gather + total_plain - plain
        for shared, plain, gather in zip(shared_costs, plain_costs, gathers, strict=True)
    ]
    best = min(range(len(totals)), key=totals.__getitem__)
    return SharingPlan(n_shared=best, cost=totals[best], plain_cost=totals[0])


def shared_activations(
    layers: list[torch.nn.Module],
    signals: torch.Tensor,
    *,
    window: int,
    hop: int,
    n_windows: int,
) -> SharedActivations:
    """Evaluate layers once for all windows of a stretch of recording.

    Parameters
    ----------
    layers : list of torch.nn.Module
        The first layers of a net, all of which `plan_sharing` found shareable.
    signals : torch.Tensor, shape (n_channels, n_samples)
    window, hop, n_windows : int
        Window k holds samples `[k * hop, k * hop + window)`.
    """
    state = SharedActivations.of_signal(signals, window=window, hop=hop, n_windows=n_windows)
    for layer in layers:
        sweep = sweep_of(layer)
        state = state.mapped(layer) if sweep is None else swept(state, sweep, _function(layer))
    return state


def _advance(state: _State, layer: torch.nn.Module, hop: int) -> tuple[_State, float, float] | None:
    """Return the state after a layer and its cost shared and plain, or None if not shareable."""
    sweep = sweep_of(layer)
    if sweep is None:
        if not is_pointwise(layer):
            return None
        plain = MOVE_COST * state.n_channels * state.length
        return state, plain * _shared_fraction(state, hop), plain
    if not can_sweep((state.first, state.stop, state.length), sweep):
        return None
    first, stop = sweep.shared(state.first, state.stop)
    n_channels, work = _work(layer, state.n_channels, sweep)
    step = state.step * sweep.stride
    after = _State(
        n_channels=n_channels,
        first=first,
        stop=stop,
        length=sweep.length(state.length),
        step=step,
        spacing=math.gcd(hop, step),
    )
    plain = work * after.length
    return after, plain * _shared_fraction(after, hop), plain


def _shared_fraction(state: _State, hop: int) -> float:
    """Positions computed a window when shared, as a fraction of all its positions."""
    own = state.first + state.length - state.stop
    return (hop / state.spacing + own) / state.length


def _work(layer: torch.nn.Module, n_channels: int, sweep: Sweep) -> tuple[int, float]:
    """Return output channels and multiply-adds for one output position."""
    import torch

    if isinstance(layer, torch.nn.Conv1d):
        work = layer.out_channels * layer.in_channels // layer.groups * sweep.kernel
        return layer.out_channels, float(work) + MOVE_COST * layer.out_channels
    return n_channels, float(n_channels * sweep.kernel) + MOVE_COST * n_channels


def is_pointwise(layer: torch.nn.Module) -> bool:
    """Whether a layer treats every position in time by itself, the same way everywhere."""
    from torch import nn

    kinds = (
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
    )
    return isinstance(layer, kinds) and not layer.training


def sweep_of(layer: torch.nn.Module) -> Sweep | None:
    """Return the geometry of a layer that slides over time, None for any other."""
    from torch import nn

    if isinstance(layer, nn.Conv1d):
        return _conv_sweep(layer)
    if isinstance(layer, nn.MaxPool1d):
        if layer.ceil_mode or layer.return_indices:
            return None
        return Sweep(
            kernel=_one(layer.kernel_size),
            stride=_one(layer.stride),
            padding=_one(layer.padding),
            dilation=_one(layer.dilation),
        )
    if isinstance(layer, nn.AvgPool1d):
        # Without counting the padding, ends are averaged over fewer values: not shared.
        if layer.ceil_mode or (_one(layer.padding) and not layer.count_include_pad):
            return None
        return Sweep(
            kernel=_one(layer.kernel_size), stride=_one(layer.stride), padding=_one(layer.padding)
        )
    return None


def _conv_sweep(layer: torch.nn.Conv1d) -> Sweep | None:
    kernel, dilation = layer.kernel_size[0], layer.dilation[0]
    padding = layer.padding
    if padding == "same":
        # Torch pads the odd one on the right; only the symmetric case is a plain padding.
        if (kernel - 1) * dilation % 2:
            return None
        padding = ((kernel - 1) * dilation // 2,)
    if layer.padding_mode != "zeros" or isinstance(padding, str):
        return None
    return Sweep(kernel=kernel, stride=layer.stride[0], padding=padding[0], dilation=dilation)


def _one(value: int | tuple[int, ...]) -> int:
    return value if isinstance(value, int) else value[0]


def _function(
    layer: torch.nn.Module,
) -> Callable[[torch.Tensor, tuple[int, int], int, int], torch.Tensor]:
    from torch import nn
    from torch.nn import functional

    if isinstance(layer, nn.Conv1d):

        def convolve(
            x: torch.Tensor, padding: tuple[int, int], stride: int, dilation: int
        ) -> torch.Tensor:
            return functional.conv1d(
                functional.pad(x, padding), layer.weight, layer.bias, stride, 0, dilation,
                layer.groups,
            )  # fmt: skip

        return convolve
    if isinstance(layer, nn.MaxPool1d):
        kernel = _one(layer.kernel_size)

        def largest(
            x: torch.Tensor, padding: tuple[int, int], stride: int, dilation: int
        ) -> torch.Tensor:
            return _running_max(functional.pad(x, padding, value=-math.inf), kernel, dilation)[
                ..., ::stride
            ]

        return largest
    assert isinstance(layer, nn.AvgPool1d)
    return _average(_one(layer.kernel_size))


def _average(kernel: int) -> Callable[[torch.Tensor, tuple[int, int], int, int], torch.Tensor]:
    from torch.nn import functional

    def average(
        x: torch.Tensor, padding: tuple[int, int], stride: int, dilation: int
    ) -> torch.Tensor:
        n_channels = x.shape[1]
        weight = x.new_full((n_channels, 1, kernel), 1.0 / kernel)
        return functional.conv1d(
            functional.pad(x, padding), weight, None, stride, 0, dilation, n_channels
        )

    return average


def _running_max(x: torch.Tensor, kernel: int, dilation: int) -> torch.Tensor:
    """Largest of every `kernel` values `dilation` apart, in log2(kernel) passes."""
    import torch

    n_out = x.shape[-1] - (kernel - 1) * dilation
    span = 1
    while span * 2 <= kernel:
        shift = span * dilation
        x = torch.maximum(x[..., : x.shape[-1] - shift], x[..., shift:])
        span *= 2
    if span < kernel:
        shift = (kernel - span) * dilation
        x = torch.maximum(x[..., : x.shape[-1] - shift], x[..., shift:])
    return x[..., :n_out]
