"""Modules made of lists of modules."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn


class ResidualSum(nn.Module):
    """The sum of `layers` and `shortcut`, both fed with the input."""

    def __init__(self, layers: nn.Sequential, shortcut: nn.Sequential) -> None:
        super().__init__()
        self.layers = layers
        self.shortcut = shortcut

    def forward(self, x: Tensor) -> Tensor:
        """Return what both ways give, added."""
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
