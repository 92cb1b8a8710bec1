"""A convolution along a long grid as one matrix product a tap.

General convolution routines bring channels into blocks of 16 before they multiply. Where a
net's channels leave much of such blocks empty, adding up `kernel` plain products of shifted
views needs no copy and half the time, because no multiply-add is spent on padding.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from zoo.inference.sharing.grids import new_rows

# Positions worked on at a time: what they read and write stays in a core's cache while all
# taps pass over it. Found with benchmarks/inference.py, as were the bounds below.
_TILE = 8192
_LEAST_POSITIONS = 2048
_LEAST_CHANNELS = 9
_CHANNEL_BLOCK = 16
_LEAST_WASTE = 1.3
_FEW_POSITIONS = 16


def taps_pay(x: Tensor, weight: Tensor) -> bool:
    """Tell whether one product a tap is faster than a general convolution of stride 1.

    Parameters
    ----------
    x : torch.Tensor, shape (n_rows, in_channels, n_positions)
    weight : torch.Tensor, shape (out_channels, in_channels, kernel)
        Of a convolution without groups.
    """
    n_rows, n_in, n_positions = x.shape
    if n_rows != 1 or n_positions < _LEAST_POSITIONS or n_in < _LEAST_CHANNELS:
        return False
    n_out = weight.shape[0]
    return _blocked(n_in) * _blocked(n_out) >= _LEAST_WASTE * n_in * n_out


def convolve_by_taps(
    x: Tensor, weight: Tensor, bias: Tensor | None, dilation: int, out: Tensor | None = None
) -> Tensor:
    """Return the convolution of stride 1 without padding.

    Parameters
    ----------
    x : torch.Tensor, shape (1, in_channels, n_positions)
    weight : torch.Tensor, shape (out_channels, in_channels, kernel)
    bias : torch.Tensor, shape (out_channels,), optional
    dilation : int
        Positions between neighbouring taps.
    out : torch.Tensor, optional
        Where to write the result.

    Returns
    -------
    torch.Tensor, shape (1, out_channels, n_positions - (kernel - 1) * dilation)
    """
    n_out, n_in, kernel = weight.shape
    taps = weight.permute(2, 0, 1).contiguous()
    n_outputs = x.shape[2] - (kernel - 1) * dilation
    result = new_rows(x, 1, n_out, n_outputs) if out is None else out
    start = x.new_zeros((1, 1)) if bias is None else bias[:, None]
    _, channel_stride, time_stride = x.stride()
    # The input as every tap sees it, without a copy.
    shifted = x.as_strided(
        (kernel, n_in, n_outputs), (dilation * time_stride, channel_stride, time_stride)
    )
    # Few calls, one a tile for all taps: each holds up the threads that work beside this one.
    tiles = zip(torch.split(shifted, _TILE, 2), torch.split(result[0], _TILE, 1), strict=True)
    for seen, tile in tiles:
        torch.addbmm(start, taps, seen, out=tile)
    return result


def few_positions(x: Tensor, weight: Tensor, padding: tuple[int, int], dilation: int) -> bool:
    """Tell whether there are so few outputs a row that one product of copies is faster."""
    return x.shape[2] + sum(padding) - (weight.shape[2] - 1) * dilation <= _FEW_POSITIONS


def placing_pays(x: Tensor, weight: Tensor) -> bool:
    """Tell whether a `placed_kernel` for these rows is no more than twice as long as the kernel.

    Its zeros are multiplied too: far apart, as in dilated convolutions, they would cost more
    than they save.
    """
    return x.shape[2] <= 2 * weight.shape[2]


def placed_kernel(
    weight: Tensor, n_positions: int, padding: tuple[int, int], stride: int, dilation: int
) -> Tensor:
    """Write the kernel to where each of a few outputs sees it.

    With it a convolution of many short rows is one product, and zeros around each of them need
    not be written. The arguments are those of `torch.nn.functional.conv1d`, without groups, but
    for `padding` on either side.

    Returns
    -------
    torch.Tensor, shape (out_channels * n_outputs, in_channels * n_positions)
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
    """Return the convolution of short rows with a `placed_kernel`.

    Parameters
    ----------
    x : torch.Tensor, shape (n_rows, in_channels, n_positions)
    placed : torch.Tensor
        For so many positions.
    bias : torch.Tensor, shape (out_channels,), optional
    n_out : int
        Output channels.

    Returns
    -------
    torch.Tensor, shape (n_rows, out_channels, n_outputs)
    """
    flat = functional.linear(x.reshape(len(x), -1), placed)
    result = flat.reshape(len(x), n_out, -1)
    return result if bias is None else result.add_(bias[:, None])


def convolve_few(
    x: Tensor, weight: Tensor, bias: Tensor | None, stride: int, dilation: int
) -> Tensor:
    """Return the convolution without padding and groups, all that outputs look at copied.

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
