"""The optimizer and the device that settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.fit.settings import TrainSettings

if TYPE_CHECKING:
    import torch


def chosen_device(wanted: str) -> str:
    """Return "cuda" or "cpu"; "auto" takes a GPU if there is one."""
    import torch

    if wanted == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    return wanted


def make_optimizer(network: torch.nn.Module, settings: TrainSettings) -> torch.optim.Optimizer:
    """Return the optimizer that the settings name."""
    import torch

    kind = torch.optim.AdamW if settings.optimizer == "adamw" else torch.optim.Adam
    return kind(network.parameters(), lr=settings.learning_rate, weight_decay=settings.weight_decay)
