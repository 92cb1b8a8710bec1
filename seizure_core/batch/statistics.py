"""Statistics of whole recordings as the job of a batch, and its command."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from seizure_core import __version__
from seizure_core.batch.commands import batch_of, run_batch
from seizure_core.batch.options import OVERWRITE, RUN_OPTIONS
from seizure_core.batch.planning import tasks_of
from seizure_core.batch.task import Progress, Task, TaskResult, TaskRow
from seizure_core.command_line import argument, command, write, write_findings
from seizure_core.io.opening import open_recording
from seizure_core.plain_text import printable
from seizure_core.signals.blocks import Cancelled
from seizure_core.stats.channel_statistics import recording_statistics
from seizure_core.stats.facts import statistics_json, write_statistics_csv


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsJob:
    """Statistics of every channel, over the whole recording."""

    kind: str = "statistics"

    @property
    def identity(self) -> Mapping[str, Any]:
        """Version of the program; there are no settings."""
        return {"app_version": __version__}

    def run(
        self, task: Task, folder: Path, progress: Progress | None, cancelled: Cancelled | None
    ) -> TaskResult:
        """Measure the recording and write `STEM_statistics.csv`."""
        recording = open_recording(task.recording, file_name=task.file_name)
        found = recording_statistics(recording, progress=progress, cancelled=cancelled)
        path = folder / f"{task.stem}_statistics.csv"
        write_statistics_csv(path, found)
        return TaskResult(
            duration_s=found.duration_s, summary=statistics_json(found), files=(path,)
        )


@command(
    "statistics",
    "Measure every channel of recordings.",
    argument(
        "files", metavar="PATH", nargs="+", type=Path, help="Recordings, or folders with them."
    ),
    argument(
        "--out",
        metavar="DIR",
        type=Path,
        help="Write STEM_statistics.csv to this folder, in the same tree. Default: print only.",
    ),
    OVERWRITE,
    *RUN_OPTIONS,
    examples=("statistics night.edf", "statistics nights --out results --jobs 8 --resume"),
)
def statistics(arguments: argparse.Namespace) -> int:
    """Measure every recording; return 1 if one failed."""
    tasks = tasks_of(arguments.files, out=arguments.out)
    with batch_of(arguments, StatisticsJob(), overwrite=arguments.overwrite) as batch:
        return run_batch(arguments, batch, tasks, partial(_report, arguments))


def _report(arguments: argparse.Namespace, row: TaskRow) -> None:
    found = row.summary
    lines = [f"{printable(row.file_name)}: {found['duration_s']:g} s"]
    lines += [
        f"  {printable(one['label'])}: rms {_number(one['rms'])} {one['unit']}, flat "
        f"{_number(one['flat_fraction'])}, clipped {_number(one['clipped_fraction'])}"
        for one in found["channels"]
    ]
    write(arguments, dict(found), lines)
    write_findings(arguments, found["findings"])


def _number(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.3g}"
