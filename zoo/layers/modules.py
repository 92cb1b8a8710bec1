"""Torch modules for layers that torch lacks; imported only to build a network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional


class AttentionPooling(nn.Module):
    """Mean over time with learned weights."""

    def __init__(self, n_channels: int, hidden_features: int) -> None:
        super().__init__()
        self.hidden = nn.Linear(n_channels, hidden_features)
        # A bias would shift all scores alike, which the softmax cancels.
        self.score = nn.Linear(hidden_features, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Return (batch, n_channels)."""
        scores = self.score(torch.tanh(self.hidden(x.transpose(1, 2))))
        weights = torch.softmax(scores, dim=1)
        return torch.matmul(x, weights).squeeze(2)


class TimeSelfAttention(nn.Module):
    """Self-attention over time; the channels are the embedding."""

    def __init__(self, n_channels: int, num_heads: int, dropout: float) -> None:
        super().__init__()
        self.num_heads = num_heads
        self.dropout = dropout
        self.query_key_value = nn.Linear(n_channels, 3 * n_channels)
        self.output = nn.Linear(n_channels, n_channels)

    def forward(self, x: Tensor) -> Tensor:
        """Return (batch, n_channels, n_samples)."""
        n_batch, n_channels, n_samples = x.shape
        joined = self.query_key_value(x.transpose(1, 2))
        heads = joined.view(n_batch, n_samples, 3, self.num_heads, n_channels // self.num_heads)
        query, key, value = heads.permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(
            query, key, value, dropout_p=self.dropout if self.training else 0.0
        )
        mixed = mixed.transpose(1, 2).reshape(n_batch, n_samples, n_channels)
        output: Tensor = self.output(mixed)
        return output.transpose(1, 2)


class SinePositions(nn.Module):
    """Add sines (even channels) and cosines (odd channels) of the sample number."""

    def forward(self, x: Tensor) -> Tensor:
        """Return (batch, n_channels, n_samples)."""
        n_channels, n_samples = x.shape[1], x.shape[2]
        channel = torch.arange(n_channels, device=x.device)
        pair = torch.div(channel, 2, rounding_mode="floor") * 2
        rate = torch.pow(10000.0, -pair.to(torch.float64) / n_channels)
        samples = torch.arange(n_samples, device=x.device, dtype=torch.float64)
        angle = rate[:, None] * samples + (channel % 2)[:, None] * (torch.pi / 2)
        return x + torch.sin(angle).to(x.dtype)


class ChannelLayerNorm(nn.LayerNorm):
    """Normalises the channels of each sample of (batch, n_channels[, n_samples])."""

    def forward(self, x: Tensor) -> Tensor:
        """Return a tensor of the same shape."""
        if x.dim() == 2:
            return super().forward(x)
        return super().forward(x.transpose(1, 2)).transpose(1, 2)


class _ChannelsFirst(nn.RNNBase):
    """Base of recurrent layers: channels before time, all steps or the last state."""

    def __init__(self, input_size: int, *, output: str, **settings: Any) -> None:
        super().__init__(input_size, batch_first=True, **settings)  # type: ignore[arg-type]
        self.gives_last = output == "last"

    def forward(self, x: Tensor) -> Tensor:
        """Return (batch, n_outputs, n_samples), or (batch, n_outputs) for the last state."""
        steps: Tensor
        steps, state = super().forward(x.transpose(1, 2).contiguous())
        if not self.gives_last:
            return steps.transpose(1, 2)
        hidden: Tensor = state[0] if isinstance(state, tuple) else state
        # Final states of the top layer, in both directions.
        return hidden[-2 if self.bidirectional else -1 :].transpose(0, 1).flatten(1)


class SequenceLstm(_ChannelsFirst, nn.LSTM):  # type: ignore[misc]
    """`nn.LSTM` with channels before time."""


class SequenceGru(_ChannelsFirst, nn.GRU):  # type: ignore[misc]
    """`nn.GRU` with channels before time."""


class ResidualSum(nn.Module):
    """The sum of `layers` and `shortcut`, both fed with the input."""

    def __init__(self, layers: nn.Sequential, shortcut: nn.Sequential) -> None:
        super().__init__()
        self.layers = layers
        self.shortcut = shortcut

    def forward(self, x: Tensor) -> Tensor:
        """Return the sum of both branches."""
        changed: Tensor = self.layers(x)
        kept: Tensor = self.shortcut(x)
        return changed + kept


class ParallelJoin(nn.Module):
    """All `branches` fed with the input, joined along the channels."""

    def __init__(self, branches: Sequence[nn.Sequential]) -> None:
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, x: Tensor) -> Tensor:
        """Return the branches' outputs, joined along axis 1."""
        return torch.cat([branch(x) for branch in self.branches], dim=1)


class ChannelwiseLayers(nn.Module):
    """Apply `layers` to each channel alone and pool over the channels.

    Floating-point sums depend on the order of their terms, and kernels may treat the last rows of a
    block differently. So in eval mode the channels are sorted by their samples: the result does not
    depend on their order, down to the last bit.
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
        return pooled(features.reshape(n_batch, n_channels, *features.shape[1:]), self.pool)


def pooled(x: Tensor, pool: str) -> Tensor:
    """Pool (batch, n_channels, n_features[, n_steps]) over the channels."""
    if pool == "mean":
        return x.mean(dim=1)
    if pool == "max":
        return x.amax(dim=1)
    return torch.cat([x.mean(dim=1), x.amax(dim=1)], dim=1)


def in_canonical_order(x: Tensor) -> Tensor:
    """Return (batch, n_channels, n_samples) with channels sorted by a hash of their bits.

    The hash is an integer sum, exact in any order. Equal channels get equal hashes, and their order
    makes no difference.
    """
    bits = x.detach().to(torch.float32).contiguous().view(torch.int32)
    position = torch.arange(1, x.shape[2] + 1, device=x.device, dtype=torch.int64)
    # Knuth's multiplicative hash of the positions; odd, so that no bit of a sample is lost.
    factors = ((position * 2654435761) | 1).to(torch.int32)
    keys = (bits * factors).sum(dim=2, dtype=torch.int64)
    order = torch.sort(keys, dim=1, stable=True).indices
    return torch.gather(x, 1, order[:, :, None].expand_as(x))
