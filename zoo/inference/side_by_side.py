"""Parallel torch work on many blocks, one per core, in order and with bounded memory.

Small layers gain little from several cores, and reading leaves them idle. Working on several blocks
at once uses all cores for both.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain, islice
from threading import Barrier, Lock
from typing import TypeVar

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
