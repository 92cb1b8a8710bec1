"""Engines on one machine: this process, or a pool of others. They only call `run_task`."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing.connection import wait
from queue import SimpleQueue

from seizure_core.batch.task import MAX_DEATHS, Batch, Task, TaskRow, run_task
from seizure_core.errors import SeizureZooError
from seizure_core.signals.blocks import Cancelled

Engine = Callable[[Batch, Sequence[Task]], Iterator[TaskRow]]

_THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_FOR_AN_END_S = 10


def in_process(
    batch: Batch,
    tasks: Sequence[Task],
    progress: Callable[[float], None] | None = None,
    cancelled: Cancelled | None = None,
) -> Iterator[TaskRow]:
    """Do one task after the other in this process; yield each row at once.

    Parameters
    ----------
    progress : callable, optional
        Called with the number of tasks done, a fraction for the current one included.
    cancelled : callable, optional
        Asked now and then whether to give up.

    Raises
    ------
    WorkCancelledError
        `cancelled` returned True.
    """
    for number, task in enumerate(tasks):
        part = None if progress is None else partial(_part, progress, number)
        if part is not None:
            part(0.0)
        yield run_task(batch, task, part, cancelled)


def in_pool(batch: Batch, tasks: Sequence[Task], *, n_processes: int) -> Iterator[TaskRow]:
    """Do tasks in processes of this machine; yield rows as they come.

    Each process is a pool of its own, so that its end concerns no other.
    """
    waiting = iter(tasks)
    lock, done, stop = threading.Lock(), SimpleQueue[TaskRow | BaseException](), threading.Event()

    def next_task() -> Task | None:
        with lock:
            return None if stop.is_set() else next(waiting, None)

    def feed() -> None:
        try:
            with _Worker() as worker:
                while (task := next_task()) is not None:
                    done.put(worker.run(batch, task))
        except BaseException as error:
            done.put(error)

    feeders = [
        threading.Thread(target=feed, name=f"batch-{number}")
        for number in range(min(n_processes, len(tasks)))
    ]
    for feeder in feeders:
        feeder.start()
    try:
        for _ in tasks:
            row = done.get()
            if isinstance(row, BaseException):
                raise row
            yield row
    finally:
        stop.set()
        for feeder in feeders:
            feeder.join()


def _part(progress: Callable[[float], None], n_done: int, fraction: float) -> None:
    progress(n_done + fraction)


class _Worker:
    """A process, and a new one after its end."""

    def __init__(self) -> None:
        self._pool = _one_process()

    def run(self, batch: Batch, task: Task) -> TaskRow:
        """Do a task, again if the process ended over it, until `run_task` gives it up."""
        for _ in range(MAX_DEATHS + 1):
            try:
                return self._pool.submit(run_task, batch, task).result()
            except BrokenProcessPool:
                self._pool.shutdown()
                self._pool = _one_process()
        raise SeizureZooError("The processes of the pool end before they have begun.")

    def __enter__(self) -> _Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()


def _one_process() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(
        1, mp_context=multiprocessing.get_context("spawn"), initializer=prepare_process
    )


def prepare_process() -> None:
    """Prepare a process of a pool: one thread, polite to an end, and it ends with its parent."""
    for name in _THREAD_VARIABLES:
        os.environ[name] = "1"
    # As an interrupt, so that the ledger learns that the recording is not to blame.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    wait([parent.sentinel])
    for _ in range(_FOR_AN_END_S):
        # An interrupt is ignored by all that a shell script has put in the background.
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(1)
    os._exit(1)
