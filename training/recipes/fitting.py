"""The training loop of a recipe: cross-entropy, Adam, a cosine of the learning rate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from training.recipes.augmentation import Windows
from training.recipes.material.window_mix import WindowMixer
from training.recipes.progress import History, ProgressFile, Standing

if TYPE_CHECKING:
    from torch import nn

Labelled = tuple[Windows, NDArray[np.int64]]


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
    progress: ProgressFile | None = None,
) -> History:
    """Train a network in place and leave it in eval mode with its best weights.

    The best are those of the epoch with the least validation loss.

    Parameters
    ----------
    network : torch.nn.Module
    windows : WindowMixer
        Gives the training windows.
    validation : tuple
        Windows and labels that choose the epoch.
    settings : FitSettings
    report : callable
        Takes one line of progress at a time.
    progress : ProgressFile, optional
        Written after every epoch; where it exists already, training goes on from there with
        the very numbers it would have had.

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
    standing = Standing.begin(network)
    if progress is not None and progress.exists:
        standing = progress.load(network, optimiser, schedule, windows)
    for epoch in range(len(standing.history) + 1, settings.epochs + 1):
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
        standing.add_epoch(
            network,
            train_loss=float(np.mean(losses)),
            validation_loss=loss_now,
            validation_accuracy=accuracy,
        )
        report(
            f"epoch {epoch} of {settings.epochs}: loss {np.mean(losses):.3f}, "
            f"validation loss {loss_now:.3f}, accuracy {accuracy:.1%}"
        )
        if progress is not None:
            progress.save(standing, network, optimiser, schedule, windows)
    network.load_state_dict(standing.best_weights)
    network.eval()
    return standing.history


def seizure_probabilities(
    network: nn.Module, signals: Windows, *, batch_size: int = 64
) -> NDArray[np.float32]:
    """Return the probability of each window of an array (n_windows, n_channels, n_samples).

    The shape is (n_windows,), or (n_windows, n_steps) for nets with one output a step.
    """
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
