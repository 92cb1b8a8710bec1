"""Search for background that deceives a network, among windows that a mixture can draw."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from training.fit.mixture import WindowMixer
from training.fit.settings import MiningSettings
from training.fit.sources import Batch, Place
from training.fit.validation import network_logits

if TYPE_CHECKING:
    import torch

_BATCH = 64
# More windows than are ever looked at in one search; those of different epochs are others.
_NUMBERS_PER_EPOCH = 10_000_000


def hardest_background(
    mixer: WindowMixer,
    network: torch.nn.Module,
    place: Place,
    settings: MiningSettings,
    *,
    n_background: int,
) -> list[int] | None:
    """Return the numbers of background windows that look most like seizures to a network.

    Parameters
    ----------
    n_background : int
        Background windows of an epoch.

    Returns
    -------
    list of int or None
        For `WindowMixer.batch`; None in epochs without a search.
    """
    epoch = place[-1]
    if not settings.fraction or not epoch or epoch % settings.every_epochs:
        return None
    n_hard = max(round(settings.fraction * n_background), 1)
    n_looked_at = max(round(settings.pool * n_background), n_hard)
    numbers = np.arange(n_looked_at) + epoch * _NUMBERS_PER_EPOCH
    network.eval()
    logits, _ = network_logits(network, _batches(mixer, numbers.tolist()))
    lead = (logits[:, 1] - logits[:, 0]).numpy().reshape(n_looked_at, -1).max(axis=1)
    return [int(one) for one in numbers[np.argsort(-lead, kind="stable")[:n_hard]]]


def _batches(mixer: WindowMixer, numbers: list[int]) -> Iterator[Batch]:
    import torch

    for first in range(0, len(numbers), _BATCH):
        signals, labels = mixer.numbered(numbers[first : first + _BATCH])
        yield torch.from_numpy(signals), torch.from_numpy(labels)
