"""LSTM and GRU that take and give (batch, n_channels, n_samples)."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn


class SequenceLstm(nn.LSTM):
    """`nn.LSTM` with channels before time, and all steps or the last state as its output."""

    def __init__(self, n_inputs: int, *, output: str, **settings: Any) -> None:
        super().__init__(n_inputs, batch_first=True, **settings)
        self.gives_last = output == "last"

    def forward(self, x: Tensor) -> Tensor:  # type: ignore[override]
        """Return (batch, n_outputs, n_samples), or (batch, n_outputs) for the last state."""
        steps, (hidden, _) = super().forward(x.transpose(1, 2).contiguous())
        return _last_state(self, hidden) if self.gives_last else steps.transpose(1, 2)


class SequenceGru(nn.GRU):
    """`nn.GRU` with channels before time, and all steps or the last state as its output."""

    def __init__(self, n_inputs: int, *, output: str, **settings: Any) -> None:
        super().__init__(n_inputs, batch_first=True, **settings)
        self.gives_last = output == "last"

    def forward(self, x: Tensor) -> Tensor:  # type: ignore[override]
        """Return (batch, n_outputs, n_samples), or (batch, n_outputs) for the last state."""
        steps, hidden = super().forward(x.transpose(1, 2).contiguous())
        return _last_state(self, hidden) if self.gives_last else steps.transpose(1, 2)


def _last_state(module: nn.RNNBase, hidden: Tensor) -> Tensor:
    """Join the final states of the top layer's directions: (batch, n_directions * hidden)."""
    n_directions = 2 if module.bidirectional else 1
    return hidden[-n_directions:].transpose(0, 1).flatten(1)
