"""A trial of a study as the task of a batch: an ordinary run, pruned where others are better."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seizure_core import __version__
from seizure_core.batch.task import Batch, Progress, Task, TaskResult
from seizure_core.signals.blocks import Cancelled
from training.errors import TrainingError
from training.fit.settings import TrainSettings
from training.runs.folder import RunFolder, best_epoch, find_run
from training.runs.requests import new_run
from training.runs.worker import train_at_once
from training.search.study import STUDY_FILE, distributions, open_study, settings_with
from training.search.study_folder import STUDY

if TYPE_CHECKING:
    import optuna

_TASK = "task"
_RUN = "run_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialJob:
    """Trainings of one network on one dataset with settings that Optuna chooses.

    Attributes
    ----------
    space : mapping
        Values or ranges by the names of settings; see `distributions`.
    in_turn : bool
        Whether each trial waits in the queue of runs.
    """

    dataset_id: str
    dataset_sha256: str
    network: Any
    settings: TrainSettings
    space: Mapping[str, Any]
    in_turn: bool = False
    kind: str = STUDY

    @property
    def identity(self) -> Mapping[str, Any]:
        """Dataset, network, settings, what is searched, and version."""
        return {
            "dataset_sha256": self.dataset_sha256,
            "network": self.network,
            "settings": self.settings.model_dump(mode="json"),
            "search": dict(self.space),
            "app_version": __version__,
        }

    def run(
        self, task: Task, folder: Path, progress: Progress | None, cancelled: Cancelled | None
    ) -> TaskResult:
        """Train a trial; one that was begun by a process that ended goes on where it was."""
        number = int(task.details["number"])
        study = open_study(task.recording.parent, seed=self.settings.seed + number)
        trial = self._trial(study, task)
        run = self._run_of(trial, number, task.recording.parent)
        state = train_at_once(run, lambda row: _look(study, trial, run, row), in_turn=self.in_turn)
        history = run.history()
        best = best_epoch(history)
        value = None if best is None else best.get("event_f1")
        outcome = self._tell(study, trial, run, state, value)
        return TaskResult(
            duration_s=sum(float(row.get("duration_s") or 0.0) for row in history),
            summary={
                "trial": trial.number,
                "outcome": outcome,
                "event_f1": value,
                "epochs": len(history),
                "run_id": run.run_id,
                "params": trial.params,
            },
        )

    def _trial(self, study: optuna.Study, task: Task) -> optuna.Trial:
        from optuna.trial import Trial, TrialState

        for known in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
            if known.user_attrs.get(_TASK) == task.name:
                return Trial(study, known._trial_id)
        trial = study.ask(fixed_distributions=distributions(self.space))
        trial.set_user_attr(_TASK, task.name)
        return trial

    def _run_of(self, trial: optuna.Trial, number: int, folder: Path) -> RunFolder:
        if _RUN in trial.user_attrs:
            return find_run(trial.user_attrs[_RUN])
        settings = settings_with(self.settings, trial.params)
        title = f"{settings.title or 'Search'}, trial {number}"
        settings = settings.model_copy(update={"title": title})
        search = {
            "folder": str(folder.absolute()),
            "number": number,
            "params": trial.params,
            "space": dict(self.space),
        }
        run = new_run(self.dataset_id, self.network, settings, search=search)
        trial.set_user_attr(_RUN, run.run_id)
        return run

    def _tell(
        self,
        study: optuna.Study,
        trial: optuna.Trial,
        run: RunFolder,
        state: str,
        value: float | None,
    ) -> str:
        """Tell the study how a trial ended, and return it in a word."""
        from optuna.trial import TrialState

        if trial.user_attrs.get("pruned"):
            study.tell(trial, state=TrialState.PRUNED)
            return "pruned"
        if state == "diverged":
            study.tell(trial, state=TrialState.FAIL)
            return "diverged"
        if state != "done" and (value is not None or not run.history()):
            raise TrainingError("{run_id} was stopped; --resume goes on.", run_id=run.run_id)
        if value is None:
            study.tell(trial, state=TrialState.FAIL)
            raise TrainingError(
                "The search needs validation recordings with seizures: without any there is no "
                "event F1. Use split 'recording' or 'patient'."
            )
        study.tell(trial, value)
        return "complete"


def _look(study: optuna.Study, trial: optuna.Trial, run: RunFolder, row: Mapping[str, Any]) -> None:
    """Report an epoch; end a run that does worse than others did by then, or is not scored."""
    value = row.get("event_f1")
    if value is None:
        run.ask_to_stop()
        return
    trial.report(float(value), int(row["epoch"]))
    if trial.should_prune():
        trial.set_user_attr("pruned", True)
        run.ask_to_stop()


def trial_tasks(batch: Batch, n: int) -> list[Task]:
    """Return the tasks of a study in the folder of a batch."""
    names = {number: f"trial-{number:04}" for number in range(1, n + 1)}
    return [
        Task(
            name=name,
            files=(batch.out / STUDY_FILE,),
            stem=name,
            file_name=name,
            details={"number": number},
        )
        for number, name in names.items()
    ]
