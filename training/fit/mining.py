"""Exchanges easy background windows for the ones the network mistakes for seizures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from seizure_core.intervals import covered, union_of_windows
from training.data.dataset import Dataset
from training.data.labelling import SEIZURE_LABEL
from training.data.splits import Split
from training.fit.randomness import Purpose, generator
from training.fit.settings import MiningSettings
from training.fit.validation import window_logits

if TYPE_CHECKING:
    import torch


def mining_pool(dataset: Dataset, split: Split) -> NDArray[np.int64]:
    """Return the background windows that are not used and share no sample with validation."""
    windows = dataset.windows
    unused = np.flatnonzero(~windows["used"] & (windows["label"] != SEIZURE_LABEL))
    trained = np.unique(windows["recording"][split.train])
    pool = unused[np.isin(windows["recording"][unused], trained)]
    length = dataset.settings.window_samples
    kept = np.ones(len(pool), dtype=np.bool_)
    validation = windows[split.validation]
    for recording in np.unique(validation["recording"]):
        theirs = union_of_windows(
            validation["start"][validation["recording"] == recording],
            length,
            dataset.recordings[int(recording)].n_samples,
        )
        mine = windows["recording"][pool] == recording
        kept[mine] = covered(windows["start"][pool[mine]], length, theirs) == 0
    free: NDArray[np.int64] = pool[kept]
    return free


def mine(
    network: torch.nn.Module,
    dataset: Dataset,
    split: Split,
    settings: MiningSettings,
    n_steps: int | None,
    *place: int,
) -> NDArray[np.int64]:
    """Return the background windows to train on from now on, as many as before.

    Parameters
    ----------
    network : torch.nn.Module
        As it stands; put into eval mode.
    dataset, split
        What is trained on.
    settings : MiningSettings
        How many, from how many.
    n_steps : int or None
        Outputs for each window.
    *place : int
        Seed, stage and epoch, on which the drawing depends.

    Returns
    -------
    ndarray of int64
        Positions in the index: drawn ones kept by chance, and the hardest of the pool.
    """
    original: NDArray[np.int64] = split.train[
        dataset.windows["label"][split.train] != SEIZURE_LABEL
    ]
    pool = mining_pool(dataset, split)
    n_hard = min(round(settings.fraction * len(original)), len(pool))
    if not n_hard:
        return original
    rng = generator(Purpose.MINING, *place)
    looked_at = np.sort(rng.permutation(pool)[: max(round(settings.pool * len(original)), n_hard)])
    network.eval()
    logits, _ = window_logits(network, dataset, looked_at, n_steps)
    difference = (logits[:, 1] - logits[:, 0]).numpy()
    if difference.ndim == 2:
        difference = difference.max(axis=1)
    hardest = looked_at[np.argsort(-difference, kind="stable")[:n_hard]]
    kept = rng.permutation(original)[: len(original) - len(hardest)]
    chosen: NDArray[np.int64] = np.sort(np.concatenate([kept, hardest]))
    return chosen
