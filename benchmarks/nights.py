"""Folders of recordings: pace and memory of a pool, and cost of planning and status.

Run from the project's root, on a quiet machine:

    python -m benchmarks.nights pace --hours 1000 --jobs 2     # 43 MB of disk an hour without links
    python -m benchmarks.nights plan --recordings 100000

`pace` searches files of an hour from closed EDF to merged events. They are hard links to a few
files, so that the disk need not hold them all; the bytes are still read and checked for each.
`plan` measures planning, status and the overhead of a recording on entries of the real size.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.viewer import make_recording
from seizure_core.batch.engines import in_process
from seizure_core.batch.planning import plan_batch, tasks_of
from seizure_core.batch.status import merge, status_of
from seizure_core.batch.task import Batch, Progress, Task, TaskResult
from seizure_core.signals.blocks import Cancelled

N_DIFFERENT = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingJob:
    """Write a result of an ordinary size without looking at the recording."""

    kind: str = "nothing"

    @property
    def identity(self) -> Mapping[str, Any]:
        """Nothing."""
        return {}

    def run(
        self, task: Task, folder: Path, progress: Progress | None, cancelled: Cancelled | None
    ) -> TaskResult:
        """Write two small files."""
        files = tuple(folder / f"{task.stem}_{name}" for name in ("events.tsv", "windows.csv"))
        for path in files:
            path.write_text("onset\tduration\n")
        events = [{"onset_s": float(n), "duration_s": 30.0, "confidence": 0.9} for n in range(3)]
        return TaskResult(duration_s=3600.0, summary={"events": events}, files=files)


def pace(folder: Path, arguments: argparse.Namespace) -> None:
    """Search recordings of an hour with the program itself, and print the figures."""
    made = [folder / f"{number}.edf" for number in range(N_DIFFERENT)]
    for path in made:
        make_recording(path, 1.0)
    nights, out = folder / "nights", folder / "out"
    for number in range(arguments.hours):
        patient = nights / f"patient-{number // 10:04}"
        patient.mkdir(parents=True, exist_ok=True)
        os.link(made[number % N_DIFFERENT], patient / f"{number:06}.edf")
    program = [sys.executable, "-m", "seizure_zoo"]
    work = [*program, "predict", str(nights), "--out", str(out), "--model", arguments.model]
    began = time.monotonic()
    subprocess.run(
        [*work, "--jobs", str(arguments.jobs), "--resume", "--quiet"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    subprocess.run([*program, "merge", str(out)], check=True, stdout=subprocess.DEVNULL)
    wall_s = time.monotonic() - began
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = used.ru_utime + used.ru_stime
    print(f"{arguments.hours} h with {arguments.jobs} processes: {wall_s:.1f} s of wall time")
    print(f"{cpu_s:.1f} CPU seconds, {arguments.hours / cpu_s:.2f} h of EEG a CPU second")
    print(f"{used.ru_maxrss * 1024 / 1e6:.0f} MB at most in one process")


def plan(folder: Path, arguments: argparse.Namespace) -> None:
    """Plan, do nothing, and look at the status of many recordings."""
    nights = folder / "nights"
    for number in range(arguments.recordings):
        patient = nights / f"patient-{number // 100:05}"
        if number % 100 == 0:
            patient.mkdir(parents=True)
        (patient / f"{number:06}.edf").write_bytes(b"0       ")
    batch = Batch(job=NothingJob(), out=folder / "out")

    def planned() -> tuple[Task, ...]:
        return plan_batch(batch, tasks_of([nights]), resume=True).tasks

    tasks = timed("planning, nothing done yet", planned)
    n = len(tasks)
    timed(f"doing nothing with {n} recordings", lambda: deque(in_process(batch, tasks), maxlen=0))
    timed("planning, all done", planned)
    timed("status", lambda: status_of(batch.ledger))
    timed("merging", lambda: merge(batch.ledger, folder / "tables"))


def timed(name: str, do: Callable[[], Any]) -> Any:
    """Print how long something takes, and return its result."""
    began, cpu = time.monotonic(), time.process_time()
    result = do()
    wall_s, cpu_s = time.monotonic() - began, time.process_time() - cpu
    print(f"{name}: {wall_s:.2f} s, of which {cpu_s:.2f} s at work", flush=True)
    return result


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.nights")
    parts = parser.add_subparsers(required=True)
    of_pace = parts.add_parser("pace")
    of_pace.add_argument("--hours", type=int, default=1000)
    of_pace.add_argument("--jobs", type=int, default=2)
    of_pace.add_argument("--model", default="n1spool-cnn")
    of_pace.set_defaults(measure=pace)
    of_plan = parts.add_parser("plan")
    of_plan.add_argument("--recordings", type=int, default=100_000)
    of_plan.set_defaults(measure=plan)
    for part in (of_pace, of_plan):
        part.add_argument("--folder", type=Path, help="Work below this folder.")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        arguments.measure(Path(folder), arguments)


if __name__ == "__main__":
    main()
