"""Sliding-window inference: blocks of input in, one row of probabilities per window out.

Memory is bounded by a few blocks and a window, whatever the recording's length. How many layers are
shared between windows is planned from the network and the stride.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, islice
from math import prod
from threading import Barrier, Lock
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from zoo.inference.sharing.activations import SharedActivations
from zoo.inference.sharing.grids import Layout

if TYPE_CHECKING:
    import torch

    from zoo.inference.sharing.stages import SharedStage

Piece = TypeVar("Piece")
Result = TypeVar("Result")

# Torch keeps the thread count for new threads in one process-wide place.
_THREADS_LOCK = Lock()


def side_by_side(function: Callable[[Piece], Result], pieces: Iterable[Piece]) -> Iterator[Result]:
    """Yield the result of a function for every block, in order.

    Blocks are read in the caller's thread, as many ahead as torch has threads. A single block is
    processed with all threads.

    Parameters
    ----------
    function : callable
        Its torch work runs on one core.
    pieces : iterable
        Read when needed; its exceptions are raised here.
    """
    import torch

    remaining = iter(pieces)
    with _THREADS_LOCK:
        n_workers = torch.get_num_threads()
    first = list(islice(remaining, 2))
    if len(first) < 2 or n_workers == 1:
        yield from map(function, chain(first, remaining))
        return
    # Keeping the threads between recordings gains little (0.96 of the time).
    pool = _single_threaded(n_workers)
    waiting: deque[Future[Result]] = deque()
    try:
        for piece in chain(first, remaining):
            waiting.append(pool.submit(function, piece))
            if len(waiting) > n_workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()
        pool.shutdown()


def _single_threaded(n_workers: int) -> ThreadPoolExecutor:
    """Return threads whose torch work uses one core each."""
    import torch

    started = Barrier(n_workers + 1)

    def start() -> None:
        # Query first: a thread's first query would reset the number afterwards.
        torch.get_num_threads()
        torch.set_num_threads(1)
        started.wait()

    pool = ThreadPoolExecutor(n_workers, thread_name_prefix="stretch")
    with _THREADS_LOCK:
        for _ in range(n_workers):
            # Each waits for all others, so that each gets a thread of its own.
            pool.submit(start)
        started.wait()
        # Restore the number for this thread and new ones.
        torch.set_num_threads(n_workers)
    return pool


# Larger batches of long windows are slower: fresh memory costs more than calls.
BATCH_SIZE = 16

# Values passed to the later layers at once, so that they fit the CPU cache.
TAIL_BATCH_NUMBERS = 1 << 20

SEIZURE_CLASS = 1


def sliding_probabilities(
    network: torch.nn.Module,
    blocks: Iterable[NDArray[np.float32]],
    *,
    window_samples: int,
    stride_samples: int,
) -> Iterator[NDArray[np.float32]]:
    """Yield the seizure probabilities of all complete windows, in order.

    Parameters
    ----------
    network : torch.nn.Module
        In eval mode; maps (n_windows, n_channels, window_samples) to logits of shape (n_windows,
        2), or (n_windows, 2, n_steps) for models with one output per step.
    blocks : iterable of ndarray of float32, shape (n_channels, n)
        Consecutive blocks of the model's input, of any length. A few are read ahead.
    window_samples, stride_samples : int
        Window k holds samples `[k * stride, k * stride + window)`.

    Yields
    ------
    ndarray of float32, shape (n_windows,) or (n_windows, n_steps)
        For consecutive windows. Windows that would reach past the end are left out.
    """
    stretches = _stretches(blocks, window_samples, stride_samples)
    first = next(stretches, None)
    if first is None:
        return
    function = stretch_function(
        network, first.shape[0], window_samples=window_samples, stride_samples=stride_samples
    )
    yield from side_by_side(function, chain([first], stretches))


def _stretches(
    blocks: Iterable[NDArray[np.float32]], window_samples: int, stride_samples: int
) -> Iterator[NDArray[np.float32]]:
    """Yield blocks that start with a window and together hold every complete window once."""
    pending: NDArray[np.float32] | None = None
    skip = 0  # Samples to skip before the next window (stride > window).
    for block in blocks:
        joined = block if pending is None else np.concatenate([pending, block], axis=1)
        dropped = min(skip, joined.shape[1])
        skip -= dropped
        joined = joined[:, dropped:]
        n_windows = max(0, (joined.shape[1] - window_samples) // stride_samples + 1)
        used = min(n_windows * stride_samples, joined.shape[1])
        skip += n_windows * stride_samples - used
        pending = joined[:, used:]
        if n_windows:
            yield joined


@dataclass(frozen=True, kw_only=True)
class _Evaluation:
    """Evaluation of one model, shared by all threads."""

    stages: tuple[SharedStage, ...]
    n_shared: int
    window_samples: int
    stride_samples: int

    def of_stretch(self, signals: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the probabilities of all complete windows of a block that starts with one."""
        import torch

        with torch.inference_mode():
            # A copy, because torch needs writable memory and a block may be a view of a read-only
            # file.
            writable = signals if signals.flags.writeable else signals.copy()
            return self._rows(torch.from_numpy(writable)).numpy()

    def _rows(self, signals: torch.Tensor) -> torch.Tensor:
        import torch

        n_windows = (signals.shape[1] - self.window_samples) // self.stride_samples + 1
        shared = shared_activations(
            self.stages[: self.n_shared],
            signals,
            window=self.window_samples,
            hop=self.stride_samples,
            n_windows=n_windows,
        )
        n_values = prod(shared.grid.values.shape[:2]) * shared.layout.length
        batch_size = max(BATCH_SIZE, TAIL_BATCH_NUMBERS // n_values)
        rows = []
        for first in range(0, n_windows, batch_size):
            x = shared.windows(slice(first, min(first + batch_size, n_windows)))
            for stage in self.stages[self.n_shared :]:
                x = stage.plain(x)
            rows.append(torch.softmax(x, dim=1)[:, SEIZURE_CLASS])
        return torch.cat(rows)


def stretch_function(
    network: torch.nn.Module, n_channels: int, *, window_samples: int, stride_samples: int
) -> Callable[[NDArray[np.float32]], NDArray[np.float32]]:
    """Return a function that evaluates a model on all complete windows of a block.

    Parameters
    ----------
    network, window_samples, stride_samples
        As in `sliding_probabilities`.

    Returns
    -------
    callable
        Takes a block, ndarray of float32, shape (n_channels, n), that starts with a window; returns
        what `sliding_probabilities` yields.
    """
    # Imported here: listing models need not wait for torch.
    from zoo.inference.sharing.stages import stages_of

    stages = stages_of(network, n_channels)
    plan = plan_sharing(stages, n_channels=n_channels, window=window_samples, hop=stride_samples)
    return _Evaluation(
        stages=stages,
        n_shared=plan.n_shared,
        window_samples=window_samples,
        stride_samples=stride_samples,
    ).of_stretch


@dataclass(frozen=True, kw_only=True)
class SharingPlan:
    """Number of stages that are evaluated once for all windows.

    Attributes
    ----------
    n_shared : int
        Number of stages from the first on; 0 for none.
    cost, plain_cost : float
        Estimated work per window with and without sharing, in multiply-adds, without the stages
        that can never be shared.
    """

    n_shared: int
    cost: float
    plain_cost: float


def plan_sharing(
    stages: Sequence[SharedStage], *, n_channels: int, window: int, hop: int
) -> SharingPlan:
    """Choose the number of shared stages with the least estimated work.

    Parameters
    ----------
    stages : sequence of SharedStage
        From `stages_of`.
    n_channels, window, hop : int
        Window and hop in samples.
    """
    from zoo.inference.sharing.stages import MOVE_COST, State

    layout = Layout(hop=hop, step=1, first=0, stop=window, length=window)
    states = [State(layout=layout, n_rows=1, n_channels=n_channels)]
    for stage in stages:
        behind = stage.after(states[-1])
        if behind is None:
            break
        states.append(behind)
    plain = states[-1].plain_cost
    totals = [
        # Build windows from the shared activations for the later stages.
        state.shared_cost + MOVE_COST * state.n_values + plain - state.plain_cost
        for state in states
    ]
    best = min(range(len(totals)), key=totals.__getitem__)
    return SharingPlan(n_shared=best, cost=totals[best], plain_cost=totals[0])


def shared_activations(
    stages: Sequence[SharedStage],
    signals: torch.Tensor,
    *,
    window: int,
    hop: int,
    n_windows: int,
) -> SharedActivations:
    """Evaluate stages once for all windows of a block.

    Parameters
    ----------
    stages : sequence of SharedStage
        Leading stages that can be shared.
    window, hop, n_windows : int
        Window k holds samples `[k * hop, k * hop + window)`.
    """
    x = SharedActivations.of_signal(signals, window=window, hop=hop, n_windows=n_windows)
    for stage in stages:
        x = stage.shared(x)
    return x
