"""The same torch work on many pieces, one piece a core, in order and in bounded memory.

Small layers gain little from two cores that share one of them, and nothing is gained while the
next piece is read. Pieces side by side keep all cores busy with both.
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

# Torch keeps the number of threads that later threads start with in one place of the process.
_THREADS_LOCK = Lock()


def side_by_side(function: Callable[[Piece], Result], pieces: Iterable[Piece]) -> Iterator[Result]:
    """Yield what a function makes of every piece, in order.

    Pieces are drawn in the caller's thread, as many ahead as torch has threads; a piece that
    comes alone is worked on with all of them.

    Parameters
    ----------
    function : callable
        Its torch work runs on one core.
    pieces : iterable
        Drawn when needed; what it raises is raised here.

    Yields
    ------
    Result
    """
    import torch

    remaining = iter(pieces)
    with _THREADS_LOCK:
        n_workers = torch.get_num_threads()
    first = list(islice(remaining, 2))
    if len(first) < 2 or n_workers == 1:
        yield from map(function, chain(first, remaining))
        return
    # Threads kept from one recording to the next save nothing (0.96 of the time without them).
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
    """Return threads whose torch work stays on one core each."""
    import torch

    started = Barrier(n_workers + 1)

    def start() -> None:
        # Asked first: a thread's first question would set the number anew afterwards.
        torch.get_num_threads()
        torch.set_num_threads(1)
        started.wait()

    pool = ThreadPoolExecutor(n_workers, thread_name_prefix="stretch")
    with _THREADS_LOCK:
        for _ in range(n_workers):
            # Each waits for all others, so that every one gets a thread of its own.
            pool.submit(start)
        started.wait()
        # For this thread and those to come, as it was.
        torch.set_num_threads(n_workers)
    return pool
