"""Planning of a batch: recordings on disk, compared with the ledger."""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Any

from seizure_core.atomic import atomic_path
from seizure_core.batch.ledger import (
    Entry,
    Ledger,
    collector_paused,
    file_size,
    is_same,
    missing_file,
)
from seizure_core.batch.task import Batch, Task
from seizure_core.errors import ParameterError
from seizure_core.json_document import canonical_json
from seizure_core.messages import Message, sentences
from seizure_core.references.listing import annotation_files, files_in

PLAN_FILE = "plan.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """One of several parts of a batch, from 1; a recording's part depends on its name only."""

    number: int = 1
    n: int = 1

    @classmethod
    def parse(cls, text: str) -> Shard:
        """Return the part of a text such as "3/20".

        Raises
        ------
        ParameterError
            It is none.
        """
        number, _, n = text.partition("/")
        if number.isdecimal() and n.isdecimal() and 1 <= int(number) <= int(n):
            return cls(number=int(number), n=int(n))
        raise ParameterError(
            "--shard must be I/N with I from 1 to N, as in 3/20; not {text!r}.", text=text
        )

    def has(self, task: Task) -> bool:
        """Return whether a task belongs to this part."""
        return zlib.crc32(task.name.encode()) % self.n == self.number - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Tasks of a batch.

    Attributes
    ----------
    tasks : tuple of Task
        To do now, those that are done again with the reason.
    n_all : int
        Tasks of this part, done ones included.
    """

    tasks: tuple[Task, ...]
    n_all: int

    @property
    def n_done(self) -> int:
        """Number of tasks that are done already."""
        return self.n_all - len(self.tasks)


@collector_paused()
def plan_batch(
    batch: Batch, tasks: Sequence[Task], *, resume: bool = False, shard: Shard | None = None
) -> Plan:
    """Compare the recordings with the ledger, and keep the plan there.

    Parameters
    ----------
    tasks : sequence of Task
        All of the batch, whatever the part.
    resume : bool
        Whether to leave out what is done; else all is done again.

    Raises
    ------
    OSError
        The folder of the results is not writable.
    """
    ledger = batch.ledger
    ledger.create()
    job = ledger.keep_job(batch.job.identity)
    mine = [task for task in tasks if shard is None or shard.has(task)]
    known = ledger.entries() if resume else {}
    _keep_plan(ledger, job, tasks)
    todo = []
    for task in mine:
        reason = _reason(batch, task, known.get(task.name), job)
        if reason is not None:
            todo.append(replace(task, reason=reason) if reason else task)
    return Plan(tasks=tuple(todo), n_all=len(mine))


def _reason(batch: Batch, task: Task, entry: Entry | None, job: str) -> str | None:
    """Return why a task has to be done, empty for the first time; None if it is done."""
    if entry is None:
        return ""
    if entry.state == "failed":
        return Message("it failed before")
    if entry.job != job:
        return _differences(batch.ledger.job(entry.job), batch.job.identity)
    if dict(entry.details) != dict(task.details):
        return _differences(entry.details, task.details)
    if len(entry.content) != len(task.files):
        return Message("it has other references")
    for file, content in zip(task.files, entry.content, strict=True):
        if not is_same(file, content):
            return Message("{name} has changed", name=file.name)
    lost = missing_file(batch.out, entry)
    return Message("its result {name} is gone or was changed", name=lost) if lost else None


def _differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    said = [
        Message("{name} was {before}, is {now}", name=name, before=before.get(name), now=value)
        for name, value in now.items()
        if before.get(name) != value
    ]
    return sentences(*said, between="; ") if said else Message("the settings have changed")


def _keep_plan(ledger: Ledger, job: str, tasks: Sequence[Task]) -> None:
    """Write the names and sizes of all recordings; every part of a batch writes the same."""
    rows = [[task.name, max(file_size(task.recording), 0)] for task in tasks]
    with atomic_path(ledger.folder / PLAN_FILE) as temporary:
        temporary.write_bytes(
            canonical_json({"job": job, "planned": time.time(), "recordings": rows})
        )


@collector_paused()
def tasks_of(places: Iterable[Path], *, out: Path | None = None, mark: str = "") -> list[Task]:
    """Return a task for every recording: files as given, those in folders sorted.

    Parameters
    ----------
    places : iterable of Path
        Files, which are taken for recordings, folders and BIDS trees.
    out : Path, optional
        Folder of the results, which is not searched.
    mark : str
        Put into the names of results from BIDS trees, as in `desc-MARK`.
    """
    found: list[tuple[Path, str]] = []
    for place in places:
        if place.is_dir():
            recordings, _ = files_in(place, skipped=out)
            apart = set(annotation_files(recordings))
            found += [
                (path, path.relative_to(place).as_posix())
                for path in recordings
                if path not in apart
            ]
        else:
            found.append((place, place.name))
    return named_tasks(found, mark=mark)


def named_tasks(recordings: Iterable[tuple[Path, str]], *, mark: str = "") -> list[Task]:
    """Return a task for every recording and the path it is known by; those of one name differ."""
    taken: set[tuple[str, str]] = set()
    tasks = []
    for path, name in recordings:
        folder, slash, file_name = name.rpartition("/")
        stem, suffix = PurePath(file_name).stem, PurePath(file_name).suffix
        stem = _free(taken, folder, stem)
        tasks.append(
            Task(
                name=f"{folder}{slash}{stem}{suffix}",
                files=(path,),
                stem=f"{stem.removesuffix('_eeg')}_desc-{mark}" if mark else stem,
                file_name=file_name,
            )
        )
    return tasks


def _free(taken: set[tuple[str, str]], folder: str, stem: str) -> str:
    """Return a stem that no other result of the folder has: "a", "a_2", "a_3"."""
    candidate, number = stem, 1
    while (folder, candidate.casefold()) in taken:
        number += 1
        candidate = f"{stem}_{number}"
    taken.add((folder, candidate.casefold()))
    return candidate
