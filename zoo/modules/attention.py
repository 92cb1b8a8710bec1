"""Attention over time for tensors of (batch, n_channels, n_samples)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional


class AttentionPooling(nn.Module):
    """Weighted mean over time with learned weights."""

    def __init__(self, n_channels: int, hidden_features: int) -> None:
        super().__init__()
        self.hidden = nn.Linear(n_channels, hidden_features)
        # A bias here would shift all scores alike, which the softmax takes out again.
        self.score = nn.Linear(hidden_features, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Return (batch, n_channels)."""
        scores = self.score(torch.tanh(self.hidden(x.transpose(1, 2))))
        weights = torch.softmax(scores, dim=1)
        return torch.matmul(x, weights).squeeze(2)


class TimeSelfAttention(nn.Module):
    """Every sample asks all others; channels are the embedding."""

    def __init__(self, n_channels: int, num_heads: int, *, dropout: float) -> None:
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
    """Adds sines (even channels) and cosines (odd channels) of the sample number."""

    def forward(self, x: Tensor) -> Tensor:
        """Return (batch, n_channels, n_samples)."""
        n_channels, n_samples = x.shape[1], x.shape[2]
        channel = torch.arange(n_channels, device=x.device)
        pair = torch.div(channel, 2, rounding_mode="floor") * 2
        rate = torch.pow(10000.0, -pair.to(torch.float64) / n_channels)
        samples = torch.arange(n_samples, device=x.device, dtype=torch.float64)
        angle = rate[:, None] * samples + (channel % 2)[:, None] * (torch.pi / 2)
        return x + torch.sin(angle).to(x.dtype)
