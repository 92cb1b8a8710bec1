"""Convolutions and poolings: geometry, and computation with any padding."""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from zoo.inference.sharing.grids import Sweep, SweepFunction, new_rows

Values = NDArray[np.float32]


# Positions per tile, so that its values stay in the CPU cache for all taps. Found with
# benchmarks/inference.py, as were the bounds below.
_TILE = 8192
_MIN_POSITIONS = 2048
_MIN_CHANNELS = 9
_CHANNEL_BLOCK = 16
_MIN_WASTE = 1.3
_FEW_POSITIONS = 16


def sweep_of(layer: nn.Module) -> Sweep | None:
    """Return the geometry of a convolution or pooling, None for any other layer."""
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
        # Without counting the padding, averages at the edges have fewer values and cannot be
        # shared.
        if layer.ceil_mode or (_one(layer.padding) and not layer.count_include_pad):
            return None
        return Sweep(
            kernel=_one(layer.kernel_size), stride=_one(layer.stride), padding=_one(layer.padding)
        )
    return None


def sweep_function(layer: nn.Module) -> SweepFunction:
    """Return the function of a layer that has a `sweep_of`."""
    if isinstance(layer, nn.Conv1d):
        return _convolve(layer.weight, layer.bias, layer.groups)
    if isinstance(layer, nn.MaxPool1d):
        return _largest(_one(layer.kernel_size))
    assert isinstance(layer, nn.AvgPool1d)
    return _average(_one(layer.kernel_size))


def _convolution(layer: nn.Conv1d) -> Sweep | None:
    kernel, dilation, padding = layer.kernel_size[0], layer.dilation[0], layer.padding
    if padding == "same":
        # Torch pads an odd number on the right; only symmetric padding is supported.
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
    """Write the maximum of `kernel` values, `dilation` apart, at every `stride`-th position.

    Values whose distance is a multiple of the stride are shared by several windows; so each group
    of `apart` values between them is reduced first. numpy is twice as fast as torch here, where
    values are not contiguous.
    """
    apart = stride // math.gcd(stride, dilation)
    n_outputs = (x.shape[-1] - (kernel - 1) * dilation - 1) // stride + 1
    n_turns, n_left = divmod(kernel, apart)
    if not n_turns:
        out[...] = _running_max(x, kernel, dilation)[..., ::stride]
        return
    turn = apart * dilation // stride  # Outputs between two passes.
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
    """Return the maximum of `kernel` values `dilation` apart, in log2(kernel) passes.

    The last pass writes to `last` if given.
    """
    span = 1
    results: list[Values] = []
    while span < kernel:
        shift = min(span, kernel - span) * dilation
        n = x.shape[-1] - shift
        # Reuse the array before the last: fresh memory would cost more than the computation.
        out = results.pop(0)[..., :n] if len(results) > 1 else None
        if last is not None and 2 * span >= kernel:
            out = last
        x = np.maximum(x[..., :n], x[..., shift:], out=out)
        results.append(x)
        span = min(2 * span, kernel)
    return x


def _one(value: int | tuple[int, ...]) -> int:
    return value if isinstance(value, int) else value[0]


def taps_pay(x: Tensor, weight: Tensor) -> bool:
    """Return whether one product per tap is faster than a general convolution of stride 1."""
    n_rows, n_in, n_positions = x.shape
    if n_rows != 1 or n_positions < _MIN_POSITIONS or n_in < _MIN_CHANNELS:
        return False
    n_out = weight.shape[0]
    return _blocked(n_in) * _blocked(n_out) >= _MIN_WASTE * n_in * n_out


def convolve_by_taps(
    x: Tensor, weight: Tensor, bias: Tensor | None, dilation: int, out: Tensor | None = None
) -> Tensor:
    """Return the convolution of stride 1 without padding.

    Parameters
    ----------
    out : torch.Tensor, optional
        Array for the result.
    """
    n_out, n_in, kernel = weight.shape
    taps = weight.permute(2, 0, 1).contiguous()
    n_outputs = x.shape[2] - (kernel - 1) * dilation
    result = new_rows(x, 1, n_out, n_outputs) if out is None else out
    start = x.new_zeros((1, 1)) if bias is None else bias[:, None]
    _, channel_stride, time_stride = x.stride()
    # A view of the input as every tap sees it.
    shifted = x.as_strided(
        (kernel, n_in, n_outputs), (dilation * time_stride, channel_stride, time_stride)
    )
    # Few calls into torch: each delays the other threads.
    tiles = zip(torch.split(shifted, _TILE, 2), torch.split(result[0], _TILE, 1), strict=True)
    for seen, tile in tiles:
        torch.addbmm(start, taps, seen, out=tile)
    return result


def few_positions(x: Tensor, weight: Tensor, padding: tuple[int, int], dilation: int) -> bool:
    """Return whether one product of copied inputs is faster, because rows have few outputs."""
    return x.shape[2] + sum(padding) - (weight.shape[2] - 1) * dilation <= _FEW_POSITIONS


def placing_pays(x: Tensor, weight: Tensor) -> bool:
    """Return whether a `placed_kernel` is at most twice as long as the kernel.

    Its zeros are multiplied, too, which would be slow for dilated convolutions.
    """
    return x.shape[2] <= 2 * weight.shape[2]


def placed_kernel(
    weight: Tensor, n_positions: int, padding: tuple[int, int], stride: int, dilation: int
) -> Tensor:
    """Return a matrix with a copy of the kernel at the place of each output.

    This turns the convolution of many short rows into one product, without padding them. Arguments
    as of `torch.nn.functional.conv1d`, without groups; `padding` is that of both sides.
    """
    n_out, n_in, kernel = weight.shape
    n_outputs = (n_positions + sum(padding) - (kernel - 1) * dilation - 1) // stride + 1
    placed = weight.new_zeros((n_out, n_outputs, n_in, n_positions))
    for output in range(n_outputs):
        begin = output * stride - padding[0]
        first = max(-(begin // dilation), 0)
        stop = min((n_positions - 1 - begin) // dilation + 1, kernel)
        if first < stop:
            seen = slice(begin + first * dilation, begin + (stop - 1) * dilation + 1, dilation)
            placed[:, output, :, seen] = weight[:, :, first:stop]
    return placed.reshape(n_out * n_outputs, -1)


def convolve_ends(x: Tensor, placed: Tensor, bias: Tensor | None, n_out: int) -> Tensor:
    """Return the convolution of short rows by a `placed_kernel`."""
    flat = functional.linear(x.reshape(len(x), -1), placed)
    result = flat.reshape(len(x), n_out, -1)
    return result if bias is None else result.add_(bias[:, None])


def convolve_few(
    x: Tensor, weight: Tensor, bias: Tensor | None, stride: int, dilation: int
) -> Tensor:
    """Return a convolution without padding and groups, from a copy of all inputs.

    Parameters and result as of `torch.nn.functional.conv1d`.
    """
    n_out, n_in, kernel = weight.shape
    n_positions = (x.shape[2] - (kernel - 1) * dilation - 1) // stride + 1
    row_stride, channel_stride, time_stride = x.stride()
    seen = x.as_strided(
        (x.shape[0], n_positions, n_in, kernel),
        (row_stride, stride * time_stride, channel_stride, dilation * time_stride),
        x.storage_offset(),
    )
    flat = functional.linear(seen.reshape(-1, n_in * kernel), weight.reshape(n_out, -1), bias)
    return flat.reshape(-1, n_positions, n_out).transpose(1, 2)


def _blocked(n_channels: int) -> int:
    return -(-n_channels // _CHANNEL_BLOCK) * _CHANNEL_BLOCK
