from __future__ import annotations

import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional

from tests.properties import examples
from zoo.inference.sharing.sweeps import (
    convolve_by_taps,
    convolve_ends,
    placed_kernel,
    sweep_function,
    taps_pay,
)


@given(
    n_in=st.integers(1, 24),
    n_out=st.integers(1, 12),
    kernel=st.integers(1, 12),
    dilation=st.integers(1, 9),
    n_outputs=st.integers(1, 9000),
    has_bias=st.booleans(),
    is_view=st.booleans(),
)
def test_products_of_taps_are_the_convolution(
    n_in: int,
    n_out: int,
    kernel: int,
    dilation: int,
    n_outputs: int,
    has_bias: bool,
    is_view: bool,
) -> None:
    torch.manual_seed(n_outputs)
    n_positions = n_outputs + (kernel - 1) * dilation
    x = torch.randn(1, n_in, n_positions + 5)
    x = x[:, :, 2 : n_positions + 2] if is_view else x[:, :, :n_positions].contiguous()
    weight = torch.randn(n_out, n_in, kernel) / (n_in * kernel) ** 0.5
    bias = torch.randn(n_out) if has_bias else None
    with torch.inference_mode():
        found = convolve_by_taps(x, weight, bias, dilation)
        expected = functional.conv1d(x, weight, bias, dilation=dilation)
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-5)


def test_layers_of_a_model_take_this_way_where_it_pays(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def counted(*arguments: object) -> torch.Tensor:
        calls.append(arguments)
        return convolve_by_taps(*arguments)

    monkeypatch.setattr("zoo.inference.sharing.sweeps.convolve_by_taps", counted)
    layer = nn.Conv1d(23, 10, 10, 5, 9).eval()
    function = sweep_function(layer)
    x = torch.randn(1, 23, 5000)
    with torch.inference_mode():
        dense = function(x, (0, 0), 1, 1)
        assert len(calls) == 1
        torch.testing.assert_close(
            dense, functional.conv1d(x, layer.weight, layer.bias), atol=1e-5, rtol=1e-5
        )
        function(x, (9, 0), 5, 1)
    assert len(calls) == 1, "strides would compute positions nobody needs"


@pytest.mark.parametrize(
    ("shape", "weight", "pays"),
    [
        ((1, 23, 65536), (10, 23, 10), True),
        ((1, 16, 65536), (16, 16, 7), False),  # fills blocks of 16
        ((1, 1, 65536), (8, 1, 64), False),  # products of one channel are no products
        ((256, 23, 65536), (10, 23, 10), False),
        ((1, 23, 500), (10, 23, 10), False),
    ],
)
def test_it_is_taken_only_where_channels_leave_blocks_empty(
    shape: tuple[int, ...], weight: tuple[int, ...], pays: bool
) -> None:
    assert taps_pay(torch.empty(shape, device="meta"), torch.empty(weight, device="meta")) is pays


@examples(4)
@given(
    channels=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    kernel=st.integers(1, 8),
    n_positions=st.integers(1, 12),
    padding=st.tuples(st.integers(0, 9), st.integers(0, 9)),
    stride=st.integers(1, 5),
    dilation=st.integers(1, 4),
    has_bias=st.booleans(),
)
def test_short_rows_times_a_placed_kernel_are_the_convolution_with_zeros_around(
    channels: tuple[int, int],
    kernel: int,
    n_positions: int,
    padding: tuple[int, int],
    stride: int,
    dilation: int,
    has_bias: bool,
) -> None:
    n_in, n_out = channels
    assume(n_positions + sum(padding) > (kernel - 1) * dilation)
    generator = torch.Generator().manual_seed(kernel)
    x = torch.randn(7, n_in, n_positions, generator=generator)
    weight = torch.randn(n_out, n_in, kernel, generator=generator)
    bias = torch.randn(n_out, generator=generator) if has_bias else None
    placed = placed_kernel(weight, n_positions, padding, stride, dilation)
    expected = functional.conv1d(functional.pad(x, padding), weight, bias, stride, 0, dilation)
    torch.testing.assert_close(convolve_ends(x, placed, bias, n_out), expected)
