"""Layer normalisation over channels."""

from __future__ import annotations

from torch import Tensor, nn


class ChannelLayerNorm(nn.LayerNorm):
    """Normalises the channels of each sample of (batch, n_channels[, n_samples])."""

    def forward(self, x: Tensor) -> Tensor:
        """Return a tensor of the same shape."""
        if x.dim() == 2:
            return super().forward(x)
        return super().forward(x.transpose(1, 2)).transpose(1, 2)
