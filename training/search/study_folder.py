"""The folder of a search: its process, its trials, and the note on the card of what it found."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from seizure_core.batch.ledger import Ledger
from seizure_core.batch.planning import PLAN_FILE
from seizure_core.batch.process_folder import PROGRAM, ProcessFolder
from seizure_core.errors import ParameterError, SeizureZooError
from seizure_core.json_document import JsonError, read_json
from training.documents import new_id, read_document, write_document, write_error
from training.errors import TrainingError
from training.fit.settings import TrainSettings
from training.runs.experiment import experiment_of
from training.runs.folder import RunFolder, all_runs, best_epoch
from training.runs.requests import checked_request
from training.search.study import JOURNAL_FILE, NEEDS_OPTUNA, check_space
from zoo.store.home import HOME_VARIABLE, home_folder, make_private

STUDY = "study"
"""Kind of its ledger, and how its id begins."""

LATER = "Going on needs the command: this search was begun by it."
MAX_TRIALS = 10_000
CONFIG_FILE = "search.json"
_REQUEST_FILE = "request.json"
_REACTION_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRow:
    """One trial of a search.

    Attributes
    ----------
    state : str
        "complete", "pruned", "diverged" or "failed"; a trial that has not ended has the state of
        its run.
    event_f1 : float or None
        The objective: best event F1 on the validation recordings so far.
    params : mapping
        Its settings, of those that are searched.
    message : str
        Why it failed, else empty.
    """

    number: int
    state: str
    event_f1: float | None
    epochs: int
    params: Mapping[str, Any]
    run_id: str
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyFolder(ProcessFolder):
    """The folder of one search, begun by the app or by the command `study`."""

    @property
    def study_id(self) -> str:
        """Id of the search."""
        return self.folder.name

    @property
    def name(self) -> str:
        """Title with the id."""
        title = ""
        with suppress(SeizureZooError):
            title = str(read_document(self.folder / _REQUEST_FILE)["title"])
        return f"{title} ({self.study_id})" if title else self.study_id

    @property
    def can_resume(self) -> bool:
        """Whether the app has begun it, and can go on with it."""
        return (self.folder / _REQUEST_FILE).exists()

    @property
    def n_trials(self) -> int:
        """Number of trials it makes."""
        plan = Ledger.of(self.folder, STUDY).folder / PLAN_FILE
        with suppress(OSError, JsonError, KeyError):
            return len(read_json(plan)["recordings"])
        return int(read_document(self.folder / _REQUEST_FILE)["trials"])

    def trials(self) -> list[TrialRow]:
        """Return the trials that have begun, by number."""
        rows = {row.number: row for row in self._in_runs()}
        for entry, found in Ledger.of(self.folder, STUDY).results():
            if entry.state == "done":
                rows[int(entry.details["number"])] = TrialRow(
                    number=int(entry.details["number"]),
                    state=found["outcome"],
                    event_f1=found["event_f1"],
                    epochs=found["epochs"],
                    params=found["params"],
                    run_id=found["run_id"],
                )
        return [rows[number] for number in sorted(rows)]

    def _in_runs(self) -> list[TrialRow]:
        """Return the trials whose runs are still there."""
        rows = []
        for run in all_runs():
            with suppress(SeizureZooError):
                search = run.request().get("search") or {}
                if search.get("folder") == str(self.folder.absolute()):
                    rows.append(_row(run, search))
        return rows

    def state(self, trials: list[TrialRow]) -> str:
        """Return the state of the search, as runs have it."""
        if self.is_locked() or self.is_starting():
            under_way = {row.state for row in trials} & {"queued", "running"}
            return "queued" if under_way == {"queued"} else "running"
        ended = [row for row in trials if row.state in ("complete", "pruned", "diverged")]
        if len(ended) >= self.n_trials:
            return "done"
        if any(row.state == "failed" for row in trials):
            return "failed"
        return "stopped" if self.stop_is_asked() else "interrupted"


def _row(run: RunFolder, search: Mapping[str, Any]) -> TrialRow:
    state, history = run.state(), run.history()
    return TrialRow(
        number=int(search["number"]),
        state=state["state"],
        event_f1=(best_epoch(history) or {}).get("event_f1"),
        epochs=len(history),
        params=search["params"],
        run_id=run.run_id,
        message=state["message"] if state["state"] == "failed" else "",
    )


def best_of(trials: list[TrialRow]) -> TrialRow | None:
    """Return the best trial that was trained to its end; None if there is none."""
    ended = [row for row in trials if row.state == "complete" and row.event_f1 is not None]
    return max(ended, key=lambda row: row.event_f1 or 0.0, default=None)


def has_optuna() -> bool:
    """Return whether searches can be made here, without importing what makes them."""
    return find_spec("optuna") is not None


def all_studies() -> dict[str, StudyFolder]:
    """Return the searches in the home folder by id, the latest first."""
    found = [
        StudyFolder(folder=path)
        for path in (home_folder() / "studies").glob("*")
        if (path / _REQUEST_FILE).exists() or (path / JOURNAL_FILE).exists()
    ]
    found.sort(key=lambda study: study.folder.stat().st_ctime_ns, reverse=True)
    return {study.study_id: study for study in found}


def find_study(study_id: str) -> StudyFolder:
    """Return a search by its id.

    Raises
    ------
    ParameterError
        There is no such search.
    """
    study = all_studies().get(study_id)
    if study is None:
        raise ParameterError("There is no search {study_id}.", study_id=study_id)
    return study


def start_study(
    dataset_id: str,
    network: Any,
    settings: TrainSettings,
    space: Mapping[str, Any],
    *,
    n_trials: int,
) -> StudyFolder:
    """Check a search, start its process, and return at once.

    Parameters
    ----------
    network : sequence of mapping, or str
        As `start_run` takes it.
    space : mapping
        Values or ranges by the names of settings; see `training.search.study.distributions`.

    Raises
    ------
    SeizureZooError
        Optuna is not installed, or the training or the space is not valid.
    """
    if not has_optuna():
        raise TrainingError(NEEDS_OPTUNA)
    if not 1 <= n_trials <= MAX_TRIALS:
        raise ParameterError(
            "The number of trials must be 1 to {most:,}; {n} was given.",
            most=MAX_TRIALS,
            n=n_trials,
        )
    _, start = checked_request(dataset_id, network, settings)
    document = {
        "dataset": dataset_id,
        "network": start.layers if start.card is None else start.card.model_id,
        "settings": settings.model_dump(mode="json"),
        "search": dict(space),
    }
    check_space(experiment_of(document))
    make_private(home_folder())
    study = StudyFolder(folder=home_folder() / "studies" / new_id(STUDY))
    try:
        study.folder.mkdir(parents=True)
        write_document(study.folder / CONFIG_FILE, document)
        write_document(study.folder / _REQUEST_FILE, {"title": settings.title, "trials": n_trials})
    except OSError as error:
        raise write_error(study.study_id, error) from error
    _launch(study)
    return study


def resume_study(study_id: str) -> StudyFolder:
    """Go on with a search whose process has ended.

    Raises
    ------
    ParameterError
        There is no such search.
    TrainingError
        It is under way, or was begun by the command.
    """
    study = find_study(study_id)
    if study.is_locked() or study.is_starting():
        raise TrainingError("{study_id} is under way already.", study_id=study_id)
    if not study.can_resume:
        raise TrainingError(LATER)
    if not has_optuna():
        raise TrainingError(NEEDS_OPTUNA)
    study.forget_stop()
    _launch(study)
    return study


def stop_study(study_id: str) -> StudyFolder:
    """Ask a search to stop, and its trial with it; what it has learnt is kept.

    Raises
    ------
    ParameterError
        There is no such search.
    """
    study = find_study(study_id)
    study.ask_to_stop()
    deadline = time.monotonic() + _REACTION_S
    while study.is_locked() and time.monotonic() < deadline:
        time.sleep(0.1)
    return study


def _launch(study: StudyFolder) -> None:
    trials = read_document(study.folder / _REQUEST_FILE)["trials"]
    config, out = str(study.folder / CONFIG_FILE), str(study.folder)
    command = [STUDY, config, "--out", out, "--trials", str(trials), "--resume", "--in-turn"]
    try:
        study.launch([PROGRAM, out, *command], environment={HOME_VARIABLE: str(home_folder())})
    except OSError as error:
        raise write_error("the process of the search", error) from error


def search_note(run: RunFolder) -> str:
    """Return how a run's settings were found, for the card; empty if it is no trial."""
    search = run.request().get("search")
    if not search:
        return ""
    outcomes: Counter[str] = Counter()
    best = 0.0
    with suppress(OSError, JsonError):
        for entry, found in Ledger.of(Path(search["folder"]), STUDY).results():
            if entry.state == "done":
                outcomes[found["outcome"]] += 1
                best = max(best, found["event_f1"] or 0.0)
    f1 = (best_epoch(run.history()) or {}).get("event_f1")
    searched = "; ".join(f"{name} {_words(values)}" for name, values in search["space"].items())
    chosen = ", ".join(f"{name} {value}" for name, value in search["params"].items())
    rank = "Best" if f1 is not None and f1 >= best else "One"
    return (
        f"{rank} of {outcomes['complete'] + outcomes['pruned']} trials of a search with Optuna "
        f"({outcomes['pruned']} of them pruned) by event F1 on the validation recordings, which is "
        f"therefore too good: {'none' if f1 is None else f'{f1:.3f}'} with {chosen}. "
        f"Searched: {searched}."
    )


def _words(values: Any) -> str:
    if isinstance(values, list):
        return "of " + ", ".join(str(value) for value in values)
    scale = " (log)" if values.get("log") else ""
    return f"{values['low']} to {values['high']}{scale}"
