"""The same layers on every channel, pooled so that the order of channels cannot matter."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class ChannelwiseLayers(nn.Module):
    """Runs `layers` on each channel alone and pools over the channels.

    Sums in floating point depend on the order of their terms, and fast kernels may treat
    the rows at a block's end differently. So in use the channels are first put into an
    order that follows from their samples alone: whatever order they came in, the same
    numbers meet the same instructions, and the result is equal to the last bit.
    """

    def __init__(self, layers: nn.Sequential, pool: str) -> None:
        super().__init__()
        self.layers = layers
        self.pool = pool

    def forward(self, x: Tensor) -> Tensor:
        """Map (batch, n_channels, n_samples) to (batch, n_features[, n_steps])."""
        n_batch, n_channels, n_samples = x.shape
        if not self.training:
            x = in_canonical_order(x)
        features: Tensor = self.layers(x.reshape(n_batch * n_channels, 1, n_samples))
        features = features.reshape(n_batch, n_channels, *features.shape[1:])
        if self.pool == "mean":
            return features.mean(dim=1)
        if self.pool == "max":
            return features.amax(dim=1)
        return torch.cat([features.mean(dim=1), features.amax(dim=1)], dim=1)


def in_canonical_order(x: Tensor) -> Tensor:
    """Return (batch, n_channels, n_samples) with channels sorted by a hash of their bits.

    The hash is an integer sum, exact in any order of summation. Channels with equal
    samples get equal hashes, and their order makes no difference.
    """
    bits = x.detach().to(torch.float32).contiguous().view(torch.int32)
    position = torch.arange(1, x.shape[2] + 1, device=x.device, dtype=torch.int64)
    # Knuth's multiplicative spreading of the positions; odd, so that no bit of a sample is lost.
    factors = ((position * 2654435761) | 1).to(torch.int32)
    keys = (bits * factors).sum(dim=2, dtype=torch.int64)
    order = torch.sort(keys, dim=1, stable=True).indices
    return torch.gather(x, 1, order[:, :, None].expand_as(x))
