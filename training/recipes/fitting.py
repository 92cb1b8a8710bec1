"""The training loop of a recipe: cross-entropy, Adam, a cosine of the learning rate."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from training.recipes.augmentation import Windows
from training.recipes.window_mix import WindowMixer

if TYPE_CHECKING:
    from torch import nn

Labelled = tuple[Windows, NDArray[np.int64]]
History = list[dict[str, float | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FitSettings:
    """Numbers of the loop.

    Attributes
    ----------
    epochs, batches_per_epoch, batch_size : int
        Windows are drawn anew all the time: an epoch is only the step between validations.
    learning_rate : float
        At the start; it falls to nothing along a cosine.
    """

    epochs: int
    batches_per_epoch: int
    batch_size: int
    learning_rate: float


def fit(
    network: nn.Module,
    windows: WindowMixer,
    validation: Labelled,
    settings: FitSettings,
    report: Callable[[str], None],
) -> History:
    """Train a network in place and leave it in eval mode with its best weights.

    The best are those of the epoch with the least validation loss.

    Returns
    -------
    list of dict
        One a epoch: "epoch", "train_loss", "validation_loss", "validation_accuracy".
    """
    import torch

    optimiser = torch.optim.Adam(network.parameters(), lr=settings.learning_rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(
        optimiser, settings.epochs * settings.batches_per_epoch
    )
    history: History = []
    best_loss, best_weights = math.inf, network.state_dict()
    for epoch in range(1, settings.epochs + 1):
        network.train()
        losses = []
        for _ in range(settings.batches_per_epoch):
            signals, labels = windows.batch(settings.batch_size)
            loss = torch.nn.functional.cross_entropy(
                network(torch.from_numpy(signals)), torch.from_numpy(labels)
            )
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        loss_now, accuracy = _validate(network, validation)
        history.append(
            {
                "epoch": float(epoch),
                "train_loss": round(float(np.mean(losses)), 4),
                "validation_loss": round(loss_now, 4),
                "validation_accuracy": round(accuracy, 4),
            }
        )
        report(
            f"epoch {epoch} of {settings.epochs}: loss {np.mean(losses):.3f}, "
            f"validation loss {loss_now:.3f}, accuracy {accuracy:.1%}"
        )
        if loss_now < best_loss:
            best_loss = loss_now
            best_weights = {name: one.clone() for name, one in network.state_dict().items()}
    network.load_state_dict(best_weights)
    network.eval()
    return history


def seizure_probabilities(
    network: nn.Module, signals: Windows, *, batch_size: int = 64
) -> NDArray[np.float32]:
    """Return the probability of each window of an array (n_windows, n_channels, n_samples)."""
    import torch

    parts = []
    with torch.inference_mode():
        for first in range(0, len(signals), batch_size):
            logits = network(torch.from_numpy(signals[first : first + batch_size]))
            parts.append(torch.softmax(logits, dim=1)[:, 1].numpy())
    return np.concatenate(parts)


def _validate(network: nn.Module, validation: Labelled) -> tuple[float, float]:
    signals, labels = validation
    network.eval()
    probabilities = seizure_probabilities(network, signals).astype(np.float64)
    of_truth = np.where(labels == 1, probabilities, 1.0 - probabilities)
    return float(-np.log(np.maximum(of_truth, 1e-7)).mean()), float((of_truth > 0.5).mean())
