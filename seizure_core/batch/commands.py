"""Running of batches from the command line, and the commands on their results."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from seizure_core.batch.engines import in_pool, in_process
from seizure_core.batch.options import check_run_options
from seizure_core.batch.planning import Plan, Shard, plan_batch
from seizure_core.batch.status import BatchStatus, ledgers_in, merge, status_of
from seizure_core.batch.task import Batch, Job, Task, TaskRow
from seizure_core.command_line import (
    DONE,
    FAILED,
    ProgressBar,
    argument,
    command,
    fail,
    say,
    write,
)
from seizure_core.plain_text import printable

_DIR = argument("folder", metavar="DIR", type=Path, help="Folder of the results.")


@contextmanager
def batch_of(arguments: argparse.Namespace, job: Job, **options: Any) -> Iterator[Batch]:
    """Yield the batch of a command line; without `--out` its results are deleted afterwards.

    Raises
    ------
    ParameterError
        The options contradict each other.
    """
    check_run_options(arguments)
    if arguments.out is not None:
        yield Batch(job=job, out=arguments.out, **options)
        return
    with tempfile.TemporaryDirectory(prefix="seizure-zoo-") as folder:
        yield Batch(job=job, out=Path(folder), **options)


def run_batch(
    arguments: argparse.Namespace,
    batch: Batch,
    tasks: Sequence[Task],
    report: Callable[[TaskRow], None] = lambda _: None,
    *,
    unit: str = "recordings",
) -> int:
    """Plan the tasks, do them with the engine asked for, and report each; return the status."""
    shard = Shard.parse(arguments.shard) if arguments.shard else None
    try:
        plan = plan_batch(batch, tasks, resume=arguments.resume, shard=shard)
    except OSError as error:
        fail(f"{arguments.out}: {error.strerror}.")
        return FAILED
    _say_plan(arguments, plan, unit)
    n_failed = 0
    with ProgressBar(arguments, total=len(plan.tasks), unit=unit) as bar:
        for number, row in enumerate(_rows(arguments, batch, plan.tasks, bar.show), start=1):
            bar.clear()
            n_failed += not row.ok
            if row.ok:
                report(row)
            else:
                fail(row.message)
            if arguments.jobs > 1 or arguments.scheduler:
                bar.show(number)
    return FAILED if n_failed else DONE


def _rows(
    arguments: argparse.Namespace,
    batch: Batch,
    tasks: Sequence[Task],
    progress: Callable[[float], None],
) -> Iterator[TaskRow]:
    if arguments.scheduler:
        from seizure_core.batch.cluster import on_cluster

        return on_cluster(batch, tasks, address=arguments.scheduler, n_processes=arguments.jobs)
    if arguments.jobs > 1:
        return in_pool(batch, tasks, n_processes=arguments.jobs)
    return in_process(batch, tasks, progress)


def _say_plan(arguments: argparse.Namespace, plan: Plan, unit: str) -> None:
    if not arguments.resume:
        return
    say(arguments, f"{plan.n_done} of {plan.n_all} {unit} are done, {len(plan.tasks)} left")
    for task in plan.tasks:
        if task.reason:
            say(arguments, f"again: {task.name}: {task.reason}")


@command(
    "status",
    "Show how far the work in a folder of results is.",
    _DIR,
    examples=("status results", "status results --json"),
)
def status(arguments: argparse.Namespace) -> int:
    """Print done, failed and left; return 1 if a recording failed."""
    found = [status_of(ledger) for ledger in ledgers_in(arguments.folder)]
    write(arguments, [asdict(one) for one in found], [_status_line(one) for one in found])
    for one in found:
        for name, message in one.failed:
            fail(message if name in message else f"{name}: {message}")
    return FAILED if any(one.n_failed for one in found) else DONE


def _status_line(found: BatchStatus) -> str:
    line = (
        f"{found.kind}: {found.n_done} done, {found.n_failed} failed, {found.n_left} left; "
        f"{found.hours_done:.1f} h done"
    )
    if found.n_left and found.hours_left is not None:
        line += f", about {found.hours_left:.1f} h left"
    if found.n_left and found.eta_s is not None:
        line += f", ready in about {_length(found.eta_s)} at the last pace"
    return line


def _length(seconds: float) -> str:
    return f"{seconds / 3600:.1f} h" if seconds >= 5400 else f"{seconds / 60:.0f} min"


@command(
    "merge",
    "Merge the results in a folder into tables.",
    _DIR,
    argument("--to", metavar="DIR", type=Path, help="Write the tables here. Default: in DIR."),
    argument(
        "--format",
        choices=("tsv", "parquet"),
        default="tsv",
        help="Format of the tables: tsv or parquet. Default: tsv.",
    ),
    examples=("merge results", "merge results --to tables --format parquet"),
)
def merge_results(arguments: argparse.Namespace) -> int:
    """Write the tables."""
    files = [
        path
        for ledger in ledgers_in(arguments.folder)
        for path in merge(ledger, arguments.to or arguments.folder, form=arguments.format)
    ]
    write(
        arguments,
        {"files": [str(path) for path in files]},
        [f"wrote {printable(str(path))}" for path in files],
    )
    return DONE
