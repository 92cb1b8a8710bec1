"""The task of a batch: one recording, done by whichever engine calls it."""

from __future__ import annotations

import secrets
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from seizure_core.batch.ledger import (
    Begun,
    Entry,
    Ledger,
    content_of,
    file_size,
    missing_file,
    sha256_of_job,
)
from seizure_core.errors import SeizureZooError
from seizure_core.messages import Message
from seizure_core.signals.blocks import Cancelled, WorkCancelledError
from seizure_core.written_files import WrittenFiles, put_unless_equal

MAX_DEATHS = 2
"""A recording whose process ended this often in one run is failed, so that the others go on."""

MAX_DEATHS_IN_ALL = 5
"""The same over all runs, in which the user may have ended the process, too."""

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One recording of a batch.

    Attributes
    ----------
    name : str
        Unique in the batch: the path in its tree, with `/`, or the file's name.
    files : tuple of Path
        Files the result depends on, the recording first.
    stem : str
        How the names of its results begin.
    file_name : str
        Name of the recording to show.
    details : mapping
        Further facts the result depends on, as plain data.
    material : object
        Further input of the job; it travels to the process that does the task.
    reason : str
        Why it is done again; empty for the first time.
    """

    name: str
    files: tuple[Path, ...]
    stem: str
    file_name: str
    details: Mapping[str, Any] = field(default_factory=dict)
    material: Any = None
    reason: str = ""

    @property
    def recording(self) -> Path:
        """The recording's path."""
        return self.files[0]

    @property
    def folder(self) -> str:
        """Folder of its results in that of the batch; empty for the batch's own."""
        return self.name.rpartition("/")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskResult:
    """The result of a job for one recording.

    Attributes
    ----------
    files : tuple of Path
        Result files, in the folder that the job was given.
    summary : mapping
        The result in brief, as plain data: kept in the ledger and merged from there.
    document : callable
        Returns the whole result as plain data, for callers that ask for it; it is not kept.
    """

    duration_s: float
    summary: Mapping[str, Any]
    files: tuple[Path, ...] = ()
    document: Callable[[], Any] | None = None


class Job(Protocol):
    """The work on every recording; a frozen value that travels to other processes."""

    @property
    def kind(self) -> str:
        """Name of the job and of its ledger, such as "predict"."""

    @property
    def identity(self) -> Mapping[str, Any]:
        """Everything the results depend on except the recording, as plain data."""

    def run(
        self, task: Task, folder: Path, progress: Progress | None, cancelled: Cancelled | None
    ) -> TaskResult:
        """Do the task and write its results into an empty folder.

        Raises
        ------
        WorkCancelledError
            `cancelled` returned True.
        SeizureZooError, OSError
            The task fails; the others are still done.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A job and the folder of its results.

    Attributes
    ----------
    overwrite : bool
        Whether to replace files with other contents that the ledger does not know.
    with_documents : bool
        Whether rows carry the documents of their outcomes.
    run_id : str
        Of this run: the deaths of its processes are counted.
    """

    job: Job
    out: Path
    overwrite: bool = False
    with_documents: bool = False
    run_id: str = field(default_factory=lambda: secrets.token_hex(8))

    @property
    def ledger(self) -> Ledger:
        """The ledger of the job in the folder of the results."""
        return Ledger.of(self.out, self.job.kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """The end of one task, as engines return it.

    Attributes
    ----------
    message : str
        Reason of a failure, else empty.
    is_new : bool
        False if the same files existed already.
    """

    name: str
    file_name: str
    message: str = ""
    summary: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[Path, ...] = ()
    is_new: bool = True
    document: Any = None

    @property
    def ok(self) -> bool:
        """Whether the task succeeded."""
        return not self.message


def run_task(
    batch: Batch,
    task: Task,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> TaskRow:
    """Do one task: write its results by renaming, then its entry in the ledger.

    An engine calls this in any process of any machine that sees the same files. Whatever happens
    to that process, the results and the entry on disk are whole or not there.

    Returns
    -------
    TaskRow
        Failures included.

    Raises
    ------
    WorkCancelledError
        `cancelled` returned True; the task is as if it was never begun, as after an interrupt.
    """
    ledger = batch.ledger
    ended = ended_row(batch, task)
    if ended is not None:
        # An engine gave it out twice.
        return ended
    before, _ = ledger.result(task.name)
    begun = ledger.begin(task.name, batch.run_id)
    began = time.monotonic()
    entry = Entry(
        name=task.name,
        job=sha256_of_job(batch.job.identity),
        run_id=batch.run_id,
        details=dict(task.details),
        reason=task.reason,
        bytes=max(file_size(task.recording), 0),
        place=str(task.recording.absolute()),
    )
    outcome = TaskResult(duration_s=0.0, summary={})
    written = WrittenFiles(files=(), is_new=True)
    message = ""
    try:
        _check_deaths(begun, task)
        entry = replace(entry, content=tuple(content_of(file) for file in task.files))
        outcome = batch.job.run(task, begun.work, progress, cancelled)
        # A file that a user edited or put there is not replaced.
        is_ours = before is not None and not missing_file(batch.out, before)
        ours = begun.in_all > 1 or (task.reason and is_ours)
        folder = batch.out / task.folder
        written = put_unless_equal(
            begun.work, outcome.files, folder, overwrite=batch.overwrite or bool(ours)
        )
    except WorkCancelledError:
        ledger.end(begun, None, {})
        raise
    except SeizureZooError as error:
        message = _named(task.file_name, error.message)
        outcome = replace(outcome, summary={"error": type(error).__name__})
    except OSError as error:
        outcome = replace(outcome, summary={"error": type(error).__name__})
        reason = error.strerror or "cannot be read"
        message = Message("{name}: {reason}.", name=task.file_name, reason=reason)
    except Exception as error:
        # A fault of ours on one recording; what it was stands in the ledger.
        message = Message(
            "{name}: an unexpected fault ({fault}).",
            name=task.file_name,
            fault=type(error).__name__,
        )
        told = {"error": type(error).__name__, "traceback": traceback.format_exc()}
        outcome = replace(outcome, summary=told)
    except BaseException:
        ledger.end(begun, None, {})
        raise
    entry = replace(
        entry,
        state="failed" if message else "done",
        message=str(message),
        files=tuple((_below(batch.out, path), file_size(path)) for path in written.files),
        duration_s=outcome.duration_s,
        work_s=time.monotonic() - began,
        ended=time.time(),
    )
    ledger.end(begun, entry, outcome.summary)
    row = _row(batch, task, replace(entry, message=message), outcome.summary)
    document = outcome.document if batch.with_documents else None
    return replace(row, is_new=written.is_new, document=None if document is None else document())


def ended_row(batch: Batch, task: Task) -> TaskRow | None:
    """Return how a task ended in this run, from the ledger."""
    entry, summary = batch.ledger.result(task.name)
    if entry is None or entry.run_id != batch.run_id:
        return None
    return _row(batch, task, entry, summary)


def _row(batch: Batch, task: Task, entry: Entry, summary: Mapping[str, Any]) -> TaskRow:
    return TaskRow(
        name=task.name,
        file_name=task.file_name,
        message=entry.message,
        summary=summary,
        files=tuple(batch.out / name for name, _ in entry.files),
    )


def _check_deaths(begun: Begun, task: Task) -> None:
    if begun.in_run > MAX_DEATHS or begun.in_all > MAX_DEATHS_IN_ALL:
        raise SeizureZooError(
            "{name}: the process that worked on it ended {n} times. Is there enough memory?",
            name=task.file_name,
            n=begun.in_all - 1,
        )


def _below(out: Path, path: Path) -> str:
    return path.relative_to(out).as_posix()


def _named(name: str, message: str) -> str:
    """Prefix a message with the recording's name unless it starts with it."""
    return (
        message
        if message.startswith(name)
        else Message("{name}: {message}", name=name, message=message)
    )
