"""The learning rate as a function of how far a training is; nothing to remember."""

from __future__ import annotations

import math

from training.fit.settings import TrainSettings


def learning_rate(settings: TrainSettings, step: int, steps_per_epoch: int, epochs: int) -> float:
    """Return the learning rate of a step.

    Parameters
    ----------
    settings : TrainSettings
        Rate, schedule and warm-up.
    step : int
        From 0, over all epochs.
    steps_per_epoch, epochs : int
        How long the training is planned.
    """
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
