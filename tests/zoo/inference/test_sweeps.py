from __future__ import annotations

import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from tests.properties import examples
from zoo.inference.sharing.sweeps import sweep_function


@examples(4)
@given(
    kernel=st.integers(1, 20),
    stride=st.integers(1, 12),
    dilation=st.integers(1, 12),
    more=st.integers(0, 60),
    seed=st.integers(0, 9),
)
def test_a_pooling_finds_what_torch_finds_and_leaves_its_input_alone(
    kernel: int, stride: int, dilation: int, more: int, seed: int
) -> None:
    n_samples = (kernel - 1) * dilation + 1 + more
    x = torch.randn(2, 3, n_samples, generator=torch.Generator().manual_seed(seed))
    before = x.clone()
    # What a layer's own stride is does not matter: on a grid it becomes another.
    found = sweep_function(nn.MaxPool1d(kernel))(x, (0, 0), stride, dilation)
    assert torch.equal(found, nn.functional.max_pool1d(x, kernel, stride, 0, dilation))
    assert torch.equal(x, before)
