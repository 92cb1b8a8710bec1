"""Convolutions and poolings: their geometry, and their computation with free padding."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from zoo.inference.sharing.activations import Sweep, SweepFunction
from zoo.inference.sharing.grids import new_rows
from zoo.inference.sharing.tap_products import (
    convolve_by_taps,
    convolve_ends,
    convolve_few,
    few_positions,
    placed_kernel,
    placing_pays,
    taps_pay,
)

Values = NDArray[np.float32]


def sweep_of(layer: nn.Module) -> Sweep | None:
    """Return the geometry of a layer that slides over time, None for any other."""
    if isinstance(layer, nn.Conv1d):
        return _convolution(layer)
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


def sweep_function(layer: nn.Module) -> SweepFunction:
    """Return the computation of a layer that has a `sweep_of`."""
    if isinstance(layer, nn.Conv1d):
        return _convolve(layer.weight, layer.bias, layer.groups)
    if isinstance(layer, nn.MaxPool1d):
        return _largest(_one(layer.kernel_size))
    assert isinstance(layer, nn.AvgPool1d)
    return _average(_one(layer.kernel_size))


def _convolution(layer: nn.Conv1d) -> Sweep | None:
    kernel, dilation, padding = layer.kernel_size[0], layer.dilation[0], layer.padding
    if padding == "same":
        # Torch pads the odd one on the right; only the symmetric case is a plain padding.
        if (kernel - 1) * dilation % 2:
            return None
        padding = ((kernel - 1) * dilation // 2,)
    if layer.padding_mode != "zeros" or isinstance(padding, str):
        return None
    return Sweep(kernel=kernel, stride=layer.stride[0], padding=padding[0], dilation=dilation)


def _convolve(weight: Tensor, bias: Tensor | None, groups: int) -> SweepFunction:
    placed: dict[tuple[int, ...], Tensor] = {}

    def kernel_for(
        n_positions: int, padding: tuple[int, int], stride: int, dilation: int
    ) -> Tensor:
        key = (n_positions, *padding, stride, dilation)
        if key not in placed:
            placed[key] = placed_kernel(weight, n_positions, padding, stride, dilation)
        return placed[key]

    def convolve(
        x: Tensor,
        padding: tuple[int, int],
        stride: int,
        dilation: int,
        out: Tensor | None = None,
    ) -> Tensor:
        is_few = groups == 1 and few_positions(x, weight, padding, dilation)
        if is_few and any(padding) and placing_pays(x, weight):
            kernel = kernel_for(x.shape[2], padding, stride, dilation)
            return convolve_ends(x, kernel, bias, weight.shape[0])
        padded = functional.pad(x, padding) if any(padding) else x
        if is_few:
            return convolve_few(padded, weight, bias, stride, dilation)
        if stride == 1 and groups == 1 and taps_pay(padded, weight):
            return convolve_by_taps(padded, weight, bias, dilation, out)
        return functional.conv1d(padded, weight, bias, stride, 0, dilation, groups)

    return convolve


def _average(kernel: int) -> SweepFunction:
    def average(
        x: Tensor,
        padding: tuple[int, int],
        stride: int,
        dilation: int,
        out: Tensor | None = None,
    ) -> Tensor:
        n_channels = x.shape[1]
        weight = x.new_full((n_channels, 1, kernel), 1.0 / kernel)
        padded = functional.pad(x, padding) if any(padding) else x
        return functional.conv1d(padded, weight, None, stride, 0, dilation, n_channels)

    return average


def _largest(kernel: int) -> SweepFunction:
    def largest(
        x: Tensor,
        padding: tuple[int, int],
        stride: int,
        dilation: int,
        out: Tensor | None = None,
    ) -> Tensor:
        padded = functional.pad(x, padding, value=-math.inf) if any(padding) else x
        if padded.shape[2] == kernel and dilation == 1:
            return padded.amax(2, keepdim=True)
        if out is None:
            n_outputs = (padded.shape[2] - (kernel - 1) * dilation - 1) // stride + 1
            out = new_rows(padded, padded.shape[0], padded.shape[1], n_outputs)
        _strided_max(padded.numpy(), kernel, stride, dilation, out.numpy())
        return out

    return largest


def _strided_max(x: Values, kernel: int, stride: int, dilation: int, out: Values) -> None:
    """Write the largest of `kernel` values `dilation` apart to `out`, from every `stride`-th one.

    Values that lie a multiple of the stride apart are found again in the window of a later
    output, so that only every `stride`-th has to be looked at once the `apart` values of a
    window that are no such multiples are taken together. By numpy, which is twice as fast as
    torch where values do not lie side by side.
    """
    apart = stride // math.gcd(stride, dilation)
    n_outputs = (x.shape[-1] - (kernel - 1) * dilation - 1) // stride + 1
    n_turns, n_left = divmod(kernel, apart)
    if not n_turns:
        out[...] = _running_max(x, kernel, dilation)[..., ::stride]
        return
    turn = apart * dilation // stride  # outputs from one turn to the next
    length = n_outputs + (n_turns - 1) * turn

    def every(tap: int, n: int) -> Values:
        first = tap * dilation
        return x[..., first : first + (n - 1) * stride + 1 : stride]

    together, into = every(0, length), out if n_turns == 1 else None
    for tap in range(1, apart):
        together = into = np.maximum(together, every(tap, length), out=into)
    largest = _running_max(together, n_turns, turn, None if n_left else out)
    for tap in range(kernel - n_left, kernel):
        largest = np.maximum(largest, every(tap, n_outputs), out=out)
    if largest is not out:
        out[...] = largest


def _running_max(x: Values, kernel: int, dilation: int, last: Values | None = None) -> Values:
    """Return the largest of every `kernel` values `dilation` apart, in log2(kernel) passes.

    The last pass writes to `last`, where that is given.
    """
    span = 1
    results: list[Values] = []
    while span < kernel:
        shift = min(span, kernel - span) * dilation
        n = x.shape[-1] - shift
        # The one before the last is no longer needed: fresh memory would cost more than the work.
        out = results.pop(0)[..., :n] if len(results) > 1 else None
        if last is not None and 2 * span >= kernel:
            out = last
        x = np.maximum(x[..., :n], x[..., shift:], out=out)
        results.append(x)
        span = min(2 * span, kernel)
    return x


def _one(value: int | tuple[int, ...]) -> int:
    return value if isinstance(value, int) else value[0]
