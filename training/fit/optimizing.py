"""Device, optimizer and learning rate of a training."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from training.fit.settings import TrainSettings

if TYPE_CHECKING:
    import torch


def chosen_device(wanted: str) -> str:
    """Return "cuda" or "cpu"; "auto" uses a GPU if available."""
    import torch

    if wanted == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    return wanted


def make_optimizer(network: torch.nn.Module, settings: TrainSettings) -> torch.optim.Optimizer:
    """Return the optimizer of the settings."""
    import torch

    kind = torch.optim.AdamW if settings.optimizer == "adamw" else torch.optim.Adam
    return kind(network.parameters(), lr=settings.learning_rate, weight_decay=settings.weight_decay)


def learning_rate(settings: TrainSettings, step: int, steps_per_epoch: int, epochs: int) -> float:
    """Return the learning rate at a step, counted from 0 over all epochs."""
    total = max(steps_per_epoch * epochs, 1)
    warmup = settings.warmup_epochs * steps_per_epoch
    if step < warmup:
        return settings.learning_rate * (step + 1) / (warmup + 1)
    done = (step - warmup) / max(total - warmup, 1)
    if settings.schedule == "cosine":
        return settings.learning_rate * 0.5 * (1 + math.cos(math.pi * done))
    if settings.schedule == "linear":
        return settings.learning_rate * (1 - done)
    return settings.learning_rate
