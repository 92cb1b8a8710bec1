"""The folds of a run side by side: tasks of a batch, from whose ends the run goes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seizure_core import __version__
from seizure_core.batch.ledger import Ledger
from seizure_core.batch.task import Progress, Task, TaskResult
from seizure_core.signals.blocks import Cancelled
from training.errors import TrainingError
from training.runs.folder import RUN_FILE, RunFolder, find_run
from training.runs.reporting import RunCallback, SilentCallback, StopRequest
from training.runs.worker import make_trainer

FOLDS_FOLDER = "folds"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldJob:
    """Training of one fold of a run, in a folder below that of the run."""

    run_id: str
    kind: str = "folds"

    @property
    def identity(self) -> Mapping[str, Any]:
        """Run and version; what the run was asked for is a file of every task."""
        return {"run_id": self.run_id, "app_version": __version__}

    def run(
        self, task: Task, folder: Path, progress: Progress | None, cancelled: Cancelled | None
    ) -> TaskResult:
        """Train a fold; one that was begun by a process that ended goes on where it was."""
        run, number = find_run(self.run_id), int(task.details["fold"])
        place = RunFolder(folder=run.folder / FOLDS_FOLDER / task.name)
        place.folder.mkdir(parents=True, exist_ok=True)
        callback = RunCallback(place, StopRequest(run), lambda _: None)
        trainer = make_trainer(run, callback, place=place, stage=number)
        callback.begin(run.request()["settings"]["epochs"])
        if trainer.run() != "done":
            raise TrainingError("{run_id} was stopped.", run_id=self.run_id)
        history = place.history()
        return TaskResult(
            duration_s=sum(float(row["duration_s"]) for row in history),
            summary={"history": history, "best": place.checkpoints.state().bests[number]},
        )


def fold_tasks(run: RunFolder) -> list[Task]:
    """Return a task for every fold of a run; none if it has no folds."""
    names = (run.request().get("split") or {}).get("folds") or []
    if len(names) < 2:
        return []
    return [
        Task(
            name=f"fold-{number + 1:03}",
            files=(run.folder / RUN_FILE,),
            stem=f"fold-{number + 1:03}",
            file_name=str(name),
            details={"fold": number},
        )
        for number, name in enumerate(names)
    ]


def gather_folds(run: RunFolder, ledger: Ledger) -> None:
    """Let a run go on as if it had trained its folds one after the other itself."""
    history: list[dict[str, Any]] = []
    bests: list[dict[str, Any]] = []
    for task in fold_tasks(run):
        _, result = ledger.result(task.name)
        n_before, best = len(history), result["best"]
        history += [row | {"epoch": n_before + row["epoch"]} for row in result["history"]]
        bests.append(best | {"of_all_epochs": n_before + best["of_all_epochs"]})
    rows = [{name: row[name] for name in row if name != "duration_s"} for row in history]
    make_trainer(run, SilentCallback()).skip_to(len(bests), history=rows, bests=bests)
    run.write_history(history)
