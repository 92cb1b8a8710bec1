"""A job that measures the length of a file, and what makes its process end."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seizure_core.batch.planning import named_tasks
from seizure_core.batch.task import Batch, Progress, Task, TaskResult
from seizure_core.errors import SeizureZooError
from seizure_core.signals.blocks import Cancelled, WorkCancelledError

KILLS = b"kills"
KILLS_ONCE = b"kills once"
FAILS = b"fails"


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthJob:
    """Write the length of a file.

    Attributes
    ----------
    log : Path
        Gets a line whenever a file is begun, and one when it is done.
    """

    log: Path
    unit: str = "bytes"
    takes_s: float = 0.0

    @property
    def kind(self) -> str:
        return "length"

    @property
    def identity(self) -> Mapping[str, Any]:
        return {"unit": self.unit}

    def run(
        self, task: Task, folder: Path, progress: Progress | None, cancelled: Cancelled | None
    ) -> TaskResult:
        if cancelled is not None and cancelled():
            raise WorkCancelledError(task.file_name)
        content = task.recording.read_bytes()
        self._note("begun", task)
        if content.startswith(KILLS_ONCE):
            if self.log.read_text().count(f"begun {task.name}\n") == 1:
                os.kill(os.getpid(), signal.SIGKILL)
        elif content.startswith(KILLS):
            os.kill(os.getpid(), signal.SIGKILL)
        if content.startswith(FAILS):
            raise SeizureZooError("{name}: it fails.", name=task.file_name)
        time.sleep(self.takes_s)
        made = folder / f"{task.stem}_length.txt"
        made.write_text(f"{len(content)} {self.unit}\n")
        self._note("done", task)
        return TaskResult(duration_s=len(content), summary={"length": len(content)}, files=(made,))

    def _note(self, what: str, task: Task) -> None:
        with self.log.open("a") as log:
            log.write(f"{what} {task.name}\n")

    def begun(self) -> list[str]:
        """Names of the files that were begun, in order."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [line.removeprefix("begun ") for line in lines if line.startswith("begun ")]


def files(folder: Path, contents: Mapping[str, bytes]) -> list[Task]:
    """Write files and return their tasks."""
    for name, content in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return named_tasks((folder / name, name) for name in contents)


def left_over(batch: Batch) -> list[str]:
    """Return what should not lie there once a batch is done."""
    ledger = batch.ledger.folder
    inside = [*(ledger / "work").iterdir(), *(ledger / "entries").glob("*.started")]
    return [path.name for path in [*inside, *batch.out.rglob(".*.*")]]
