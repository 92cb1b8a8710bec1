"""Dask distributed as an engine: workers on this or other machines that see the same files.

Needs the extra `cluster`. Results and ledger lie on disk, so that nothing is lost with a worker or
with the scheduler: what is not in the ledger is given out again.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any

from seizure_core.batch.task import MAX_DEATHS, Batch, Task, TaskRow, ended_row, run_task
from seizure_core.errors import ParameterError, SeizureZooError

LOCAL = "local"
"""Instead of an address: a cluster of processes on this machine."""

_GIVEN_OUT_A_WORKER = 4
_ANSWER_WITHIN_S = 10.0
_COME_BACK_WITHIN_S = 120.0
_BETWEEN_TRIES_S = 1.0
_LOOK_AFTER_S = 10.0


def on_cluster(
    batch: Batch, tasks: Sequence[Task], *, address: str, n_processes: int = 1
) -> Iterator[TaskRow]:
    """Do tasks on the workers of a Dask scheduler; yield rows as they come.

    Parameters
    ----------
    address : str
        Of the scheduler, or "local" for a cluster of processes on this machine.
    n_processes : int
        Of a local cluster.

    Raises
    ------
    ParameterError
        Dask is not installed.
    SeizureZooError
        No scheduler answers, or it went away and did not come back.
    """
    try:
        import dask
        import distributed
    except ImportError:
        raise ParameterError(
            "--scheduler needs Dask: pip install 'seizure-zoo[cluster]'."
        ) from None
    left = {task.name: task for task in tasks}
    answered: float | None = None
    with ExitStack() as stack:
        if address == LOCAL:
            scratch = stack.enter_context(tempfile.TemporaryDirectory())
            stack.enter_context(dask.config.set({"temporary-directory": scratch}))
            cluster = distributed.LocalCluster(
                n_workers=n_processes, threads_per_worker=1, dashboard_address="127.0.0.1:0"
            )
            address = stack.enter_context(cluster).scheduler_address
        while left:
            try:
                with distributed.Client(address, timeout=_ANSWER_WITHIN_S) as client:
                    answered = time.monotonic()
                    for row in _rows(distributed, client, batch, list(left.values())):
                        del left[row.name]
                        answered = time.monotonic()
                        yield row
            # RuntimeError: a client that lost its scheduler while it was connecting.
            except (OSError, TimeoutError, RuntimeError) as error:
                if answered is None or time.monotonic() - answered > _COME_BACK_WITHIN_S:
                    raise SeizureZooError(
                        "No Dask scheduler answers at {address}.", address=address
                    ) from error
                time.sleep(_BETWEEN_TRIES_S)


def _rows(distributed: Any, client: Any, batch: Batch, tasks: list[Task]) -> Iterator[TaskRow]:
    """Yield the rows of tasks until all are done; raise OSError once the scheduler is gone.

    Only a few tasks a worker are given out at a time: Dask blames all that a worker held when it
    ends, and its scheduler slows down with many.
    """
    waiting = list(reversed(tasks))
    given: dict[Any, Task] = {}
    blamed: Counter[str] = Counter()
    while waiting or given:
        n_workers = _n_workers(client)
        while waiting and len(given) < _GIVEN_OUT_A_WORKER * max(n_workers, 1):
            task = waiting.pop()
            given[client.submit(_run, batch, task, pure=False)] = task
        for future in _ended(distributed, client, list(given)):
            # From the disk: what a worker holds is lost with it.
            row = ended_row(batch, given[future])
            if row is not None:
                del given[future]
                yield row
            elif future.status == "cancelled":
                raise ConnectionError
            elif future.done():
                # Its worker ended, perhaps over another task; `run_task` tells them apart.
                task = given.pop(future)
                blamed[task.name] += 1
                if blamed[task.name] > MAX_DEATHS:
                    raise SeizureZooError(
                        "The workers end, or do not see the same files: {reason}",
                        reason=str(future.exception(timeout=_ANSWER_WITHIN_S))[:300],
                    )
                waiting.append(task)


def _n_workers(client: Any) -> int:
    if client.status != "running":
        raise ConnectionError
    return len(client.nthreads())


def _ended(distributed: Any, client: Any, futures: list[Any]) -> list[Any]:
    """Wait for futures that have ended; return all after a while without any."""
    try:
        distributed.wait(futures, timeout=_LOOK_AFTER_S, return_when="FIRST_COMPLETED")
    except TimeoutError:
        if _n_workers(client) and not any(client.processing().values()):
            raise ConnectionError from None  # The scheduler forgot them.
        return futures
    except distributed.client.CancelledError:
        raise ConnectionError from None
    return [future for future in futures if future.done()]


def _run(batch: Batch, task: Task) -> None:
    run_task(batch, task)
