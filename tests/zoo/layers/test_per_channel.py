"""Models for any montage: the order of channels cannot matter, not even in the last bit."""

from __future__ import annotations

import pytest
import torch

from tests.zoo.models import ANY_MONTAGE_LAYERS
from zoo.layers.modules import in_canonical_order
from zoo.layers.network import build_network
from zoo.presets import preset


def shuffled(x: torch.Tensor, seed: int) -> torch.Tensor:
    order = torch.randperm(x.shape[1], generator=torch.Generator().manual_seed(seed))
    return x[:, order]


@pytest.mark.parametrize("n_channels", [4, 7, 19, 23])
def test_shuffled_channels_give_bit_identical_logits(n_channels: int) -> None:
    torch.manual_seed(0)
    one = preset("any-montage")
    network = build_network(one.layers, 4, one.n_samples).eval()
    x = 50 * torch.randn(3, n_channels, one.n_samples)
    x[:, 2] = x[:, 1]
    x[0, 0] = 0.0
    with torch.no_grad():
        expected = network(x)
        for seed in range(5):
            assert torch.equal(network(shuffled(x, seed)), expected)


def test_without_the_canonical_order_rounding_would_differ() -> None:
    # The reason for the work: a plain mean over channels changes in its last bits.
    x = torch.randn(1, 23, 4000, generator=torch.Generator().manual_seed(3))
    means = [shuffled(x, seed).mean(dim=1) for seed in range(5)]
    assert not all(torch.equal(one, means[0]) for one in means)


def test_the_canonical_order_only_reorders() -> None:
    x = torch.randn(2, 6, 50, generator=torch.Generator().manual_seed(4))
    ordered = in_canonical_order(x)
    for window, original in zip(ordered, x, strict=True):
        rows = {tuple(row) for row in window.tolist()}
        assert rows == {tuple(row) for row in original.tolist()}
    assert torch.equal(in_canonical_order(shuffled(x, 1)), ordered)


def test_channels_that_differ_in_one_sample_are_told_apart() -> None:
    x = torch.zeros(1, 40, 40)
    x[0, torch.arange(40), torch.arange(40)] = 1.0
    assert torch.equal(in_canonical_order(shuffled(x, 5)), in_canonical_order(x))


def test_one_build_serves_any_number_of_channels() -> None:
    network = build_network(ANY_MONTAGE_LAYERS, 2, 128).eval()
    with torch.no_grad():
        assert {network(torch.randn(2, n, 128)).shape for n in (1, 2, 40)} == {torch.Size([2, 2])}


def test_the_mean_and_the_maximum_over_channels_are_what_they_say() -> None:
    layers = [
        {"type": "per_channel", "pool": "mean_max", "layers": [{"type": "flatten"}]},
        {"type": "linear", "out_features": 2},
    ]
    pooled = build_network(layers, 3, 5).eval()[0]
    x = torch.tensor([[[1.0, 2, 3, 4, 5], [5, 4, 3, 2, 1], [0, 0, 9, 0, 0]]])
    assert pooled(x).tolist() == [[2, 2, 5, 2, 2, 5, 4, 9, 4, 5]]
