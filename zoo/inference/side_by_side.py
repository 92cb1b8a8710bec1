"""The same torch work on many pieces, one piece a core, in order and in bounded memory.

Small layers gain little from two cores that share one of them, and nothing is gained while the
next piece is read. Pieces side by side keep all cores busy with both.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from itertools import chain, islice
from threading import Barrier, Lock
from typing import TypeVar

Piece = TypeVar("Piece")
Result = TypeVar("Result")

# Torch keeps the number of threads that later threads start with in one place of the process.
_THREADS_LOCK = Lock()


class Workers:
    """Threads whose torch work stays on one core each, kept from one recording to the next.

    They are started when they are first needed and end with this object. Who works at the same
    time with the same workers shares them.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._pool: ThreadPoolExecutor | None = None
        self._n_workers = 0

    def pool(self, n_workers: int) -> ThreadPoolExecutor:
        """Return so many threads; if there were more or fewer, those end with their work."""
        with self._lock:
            if self._pool is None or self._n_workers != n_workers:
                self._pool, self._n_workers = _single_threaded(n_workers), n_workers
            return self._pool

    def end(self) -> None:
        """End the threads when they have done what they were given."""
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None


def side_by_side(
    function: Callable[[Piece], Result],
    pieces: Iterable[Piece],
    workers: Workers | None = None,
) -> Iterator[Result]:
    """Yield what a function makes of every piece, in order.

    Pieces are drawn in the caller's thread, as many ahead as torch has threads; a piece that
    comes alone is worked on with all of them.

    Parameters
    ----------
    function : callable
        Its torch work runs on one core.
    pieces : iterable
        Drawn when needed; what it raises is raised here.
    workers : Workers, optional
        Who works; None for threads that end with the work.

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
    at_work = workers or Workers()
    pool = at_work.pool(n_workers)
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
        wait(waiting)
        if workers is None:
            at_work.end()


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
