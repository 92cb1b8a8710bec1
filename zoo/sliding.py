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

    from zoo.sharing import Stage

# Larger batches of long windows are slower, not faster: fresh memory costs more than
# the call overhead saved.
BATCH_SIZE = 16

# Numbers handed to the layers after the shared ones in one go: they fit the processor's cache.
TAIL_BATCH_NUMBERS = 1 << 20

SEIZURE_CLASS = 1


def sliding_probabilities(
    network: torch.nn.Module,
    blocks: Iterable[NDArray[np.float32]],
    *,
    window_samples: int,
    stride_samples: int,
) -> Iterator[NDArray[np.float32]]:
    """Yield the seizure probability of every full window, in order, many at a time.

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
    # Here and not above: whoever only lists nets must not wait for torch.
    import torch

    from zoo.sharing import plan_sharing, stages_of

    stages: tuple[Stage, ...] = ()
    n_shared = 0
    pending: NDArray[np.float32] | None = None
    skip = 0  # samples still to drop before the next window starts (stride > window)
    for block in blocks:
        joined = block if pending is None else np.concatenate([pending, block], axis=1)
        dropped = min(skip, joined.shape[1])
        skip -= dropped
        joined = joined[:, dropped:]
        n_windows = max(0, (joined.shape[1] - window_samples) // stride_samples + 1)
        used = min(n_windows * stride_samples, joined.shape[1])
        skip += n_windows * stride_samples - used
        pending = joined[:, used:]
        if n_windows == 0:
            continue
        if not stages:
            stages = stages_of(network, joined.shape[0])
            n_shared = plan_sharing(
                stages, n_channels=joined.shape[0], window=window_samples, hop=stride_samples
            ).n_shared
        with torch.inference_mode():
            yield _evaluate(stages, n_shared, joined, n_windows, window_samples, stride_samples)


def _evaluate(
    stages: tuple[Stage, ...],
    n_shared: int,
    signals: NDArray[np.float32],
    n_windows: int,
    window_samples: int,
    stride_samples: int,
) -> NDArray[np.float32]:
    import torch

    from zoo.sharing import shared_activations

    # A copy: torch wants writable memory, and a block may be a view of a read-only file.
    writable = signals if signals.flags.writeable else signals.copy()
    shared = shared_activations(
        stages[:n_shared],
        torch.from_numpy(writable),
        window=window_samples,
        hop=stride_samples,
        n_windows=n_windows,
    )
    n_values = shared.grid.shape[0] * shared.grid.shape[1] * shared.layout.length
    batch_size = max(BATCH_SIZE, TAIL_BATCH_NUMBERS // n_values)
    rows = []
    for first in range(0, n_windows, batch_size):
        x = shared.windows(slice(first, min(first + batch_size, n_windows)))
        for stage in stages[n_shared:]:
            x = stage.plain(x)
        rows.append(torch.softmax(x, dim=1)[:, SEIZURE_CLASS])
    result: NDArray[np.float32] = torch.cat(rows).numpy()
    return result
