"""Sliding a net over a recording: blocks of input in, one row of probabilities a window out.

Memory is bounded by the block and one window, whatever the recording's length.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import torch

# Larger batches of long windows are slower, not faster: fresh memory costs more than
# the call overhead saved.
BATCH_SIZE = 16

SEIZURE_CLASS = 1


def sliding_probabilities(
    network: torch.nn.Module,
    blocks: Iterable[NDArray[np.float32]],
    *,
    window_samples: int,
    stride_samples: int,
) -> Iterator[NDArray[np.float32]]:
    """Yield the seizure probability of every full window, in order, a few at a time.

    Parameters
    ----------
    network : torch.nn.Module
        In eval mode; maps (n_windows, n_channels, window_samples) to logits of shape
        (n_windows, 2), or (n_windows, 2, n_steps) for nets with one output a step.
    blocks : iterable of ndarray of float32, shape (n_channels, n)
        Consecutive pieces of the net's input, of any lengths.
    window_samples, stride_samples : int
        Window k holds samples `[k * stride, k * stride + window)`.

    Yields
    ------
    ndarray of float32, shape (n_windows,) or (n_windows, n_steps)
        For consecutive windows. Windows that would reach past the end are left out.
    """
    pending: NDArray[np.float32] | None = None
    skip = 0  # samples still to drop before the next window starts (stride > window)
    for block in blocks:
        joined = block if pending is None else np.concatenate([pending, block], axis=1)
        dropped = min(skip, joined.shape[1])
        skip -= dropped
        joined = joined[:, dropped:]
        n_windows = max(0, (joined.shape[1] - window_samples) // stride_samples + 1)
        for first in range(0, n_windows, BATCH_SIZE):
            count = min(BATCH_SIZE, n_windows - first)
            yield _evaluate(network, joined, first, count, window_samples, stride_samples)
        used = min(n_windows * stride_samples, joined.shape[1])
        skip += n_windows * stride_samples - used
        pending = joined[:, used:]


def _evaluate(
    network: torch.nn.Module,
    signals: NDArray[np.float32],
    first: int,
    count: int,
    window_samples: int,
    stride_samples: int,
) -> NDArray[np.float32]:
    import torch

    start = first * stride_samples
    stop = start + (count - 1) * stride_samples + window_samples
    windows = np.lib.stride_tricks.sliding_window_view(
        signals[:, start:stop], window_samples, axis=1
    )[:, ::stride_samples]
    # A copy of its own: windows overlap in memory and torch wants contiguous, writable data.
    batch = torch.from_numpy(windows.transpose(1, 0, 2).copy(order="C"))
    with torch.inference_mode():
        probabilities = torch.softmax(network(batch), dim=1)[:, SEIZURE_CLASS]
    result: NDArray[np.float32] = probabilities.numpy()
    return result
