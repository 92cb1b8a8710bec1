"""Batches of windows, gathered from the memory map when they are needed."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from training.data.dataset import Dataset

if TYPE_CHECKING:
    import torch


def batch_plan(
    dataset: Dataset,
    indices: NDArray[np.int64],
    batch_size: int,
    rng: np.random.Generator | None = None,
) -> list[NDArray[np.int64]]:
    """Cut windows into batches of one number of channels each.

    A last batch of a single window joins the one before: statistics over a batch need two.

    Parameters
    ----------
    dataset : Dataset
        Where the windows lie.
    indices : ndarray of int64
        Positions in its index.
    batch_size : int
        Windows a batch.
    rng : Generator, optional
        Shuffles windows, and batches where there are several numbers of channels.
    """
    order = indices if rng is None else rng.permutation(indices)
    counts = np.array([one.n_channels for one in dataset.recordings])
    n_channels = counts[dataset.windows["recording"][order]]
    kinds = np.unique(n_channels)
    batches: list[NDArray[np.int64]] = []
    for kind in kinds:
        mine = order[n_channels == kind]
        cuts = list(range(batch_size, len(mine), batch_size))
        if len(cuts) and len(mine) - cuts[-1] == 1:
            cuts.pop()
        batches += np.split(mine, cuts)
    if rng is not None and len(kinds) > 1:
        batches = [batches[i] for i in rng.permutation(len(batches))]
    return batches


def gather(
    dataset: Dataset,
    batch: NDArray[np.int64],
    out: NDArray[np.float32] | None = None,
) -> NDArray[np.float32]:
    """Return windows, a copy, shape (n_windows, n_channels, window_samples).

    Parameters
    ----------
    dataset : Dataset
        Where the windows lie.
    batch : ndarray of int64
        Positions in its index.
    out : ndarray of float32, optional
        Flat memory to copy them into, at least as large as they are.
    """
    import torch

    rows = dataset.windows[batch]
    length = dataset.settings.window_samples
    n_channels = dataset.signals(int(rows["recording"][0])).shape[0]
    size = len(batch) * n_channels * length
    memory = np.empty(size, dtype=np.float32) if out is None else out[:size]
    signals = memory.reshape(len(batch), n_channels, length)
    recordings = rows["recording"].tolist()
    sources = {number: _readable(dataset.signals(number)) for number in set(recordings)}
    # torch copies with the threads that have just trained; threads of our own would share
    # the processor with those, which go on waiting for work for a while.
    for window, number, start in zip(
        torch.from_numpy(signals), recordings, rows["start"].tolist(), strict=True
    ):
        window.copy_(sources[number][:, start : start + length])
    return signals


def _readable(signals: NDArray[np.float32]) -> torch.Tensor:
    """Return a view of signals that are only mapped for reading."""
    import torch

    with warnings.catch_warnings():
        # The view could be written to; here it is only read.
        warnings.simplefilter("ignore", UserWarning)
        return torch.from_numpy(signals)


def labels_of(dataset: Dataset, batch: NDArray[np.int64], n_steps: int | None) -> NDArray[np.int64]:
    """Return classes, shape (n_windows,), or (n_windows, n_steps) for nets with steps."""
    if n_steps is not None:
        return dataset.step_labels(batch, n_steps)
    return dataset.windows["label"][batch].astype(np.int64)


def batches(
    dataset: Dataset, plan: list[NDArray[np.int64]], n_steps: int | None
) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Yield signals and labels of each batch.

    Signals hold until the next batch is asked for: one piece of memory serves all, because
    fresh memory for every batch costs as much time as filling it. A thread that reads ahead
    was slower: it takes a core from the net.
    """
    import torch

    if not plan:
        return
    memory = _memory_for(dataset, plan)
    for batch in plan:
        yield (
            torch.from_numpy(gather(dataset, batch, memory)),
            torch.from_numpy(labels_of(dataset, batch, n_steps)),
        )


def _memory_for(dataset: Dataset, plan: list[NDArray[np.int64]]) -> NDArray[np.float32]:
    """Return flat memory that holds any batch of a plan."""
    counts = np.array([one.n_channels for one in dataset.recordings])
    rows = max(len(batch) * int(counts[dataset.windows["recording"][batch[0]]]) for batch in plan)
    return np.empty(rows * dataset.settings.window_samples, dtype=np.float32)
