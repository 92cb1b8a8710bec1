"""A study of Optuna: what is searched, its journal on disk, and its best trial."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.errors import TrainingError
from training.fit.settings import TrainSettings, train_settings

if TYPE_CHECKING:
    import optuna

    from training.runs.experiment import Experiment

JOURNAL_FILE = "journal.log"
STUDY_FILE = "study.json"
NEEDS_OPTUNA = "A search needs Optuna: pip install 'seizure-zoo[search]'."
_NAME = "study"
_RANGE_KEYS = {"low", "high", "log", "step"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BestTrial:
    """The trial with the largest event F1.

    Attributes
    ----------
    params : mapping
        Its settings, of those that were searched.
    n_complete, n_pruned : int
        Trials that were trained to their ends, and those that were given up.
    """

    run_id: str
    event_f1: float
    params: Mapping[str, Any]
    n_complete: int
    n_pruned: int


def open_study(folder: Path, *, seed: int) -> optuna.Study:
    """Return the study in a folder, created if it is new; any number of processes may use it.

    Parameters
    ----------
    seed : int
        Of the sampler in this process.

    Raises
    ------
    TrainingError
        Optuna is not installed.
    """
    try:
        import optuna
    except ImportError:
        raise TrainingError(NEEDS_OPTUNA) from None
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    backend = optuna.storages.journal.JournalFileBackend(str(folder / JOURNAL_FILE))
    return optuna.create_study(
        storage=optuna.storages.JournalStorage(backend),
        study_name=_NAME,
        direction="maximize",
        sampler=optuna.samplers.TPESampler(seed=seed),
        pruner=optuna.pruners.MedianPruner(n_startup_trials=4, n_warmup_steps=2),
        load_if_exists=True,
    )


def distributions(space: Mapping[str, Any]) -> dict[str, optuna.distributions.BaseDistribution]:
    """Return what Optuna draws from: choices of a list, or numbers of a range.

    Raises
    ------
    TrainingError
        A setting has neither.
    """
    return {name: _distribution(name, values) for name, values in space.items()}


def _distribution(name: str, values: Any) -> optuna.distributions.BaseDistribution:
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    try:
        if isinstance(values, list) and values:
            return CategoricalDistribution(tuple(values))
        if isinstance(values, dict) and {"low", "high"} <= set(values) <= _RANGE_KEYS:
            whole = isinstance(values["low"], int) and isinstance(values["high"], int)
            return IntDistribution(**values) if whole else FloatDistribution(**values)
    except (ValueError, TypeError) as error:
        raise TrainingError("search, {name}: {error}", name=name, error=error) from None
    raise TrainingError(
        'search, {name}: give a list of values, or {{"low": 0.0001, "high": 0.01, "log": true}}.',
        name=name,
    )


def grid(space: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return all combinations of a space that has lists only, else nothing."""
    if not all(isinstance(values, list) for values in space.values()):
        return []
    return [dict(zip(space, values, strict=True)) for values in itertools.product(*space.values())]


def settings_with(settings: TrainSettings, params: Mapping[str, Any]) -> TrainSettings:
    """Return settings with some changed, inner ones by dotted names.

    Raises
    ------
    TrainSettingsError
        There is no such setting, or its value is out of bounds.
    """
    document = settings.model_dump(mode="json")
    for name, value in params.items():
        section, _, key = name.rpartition(".")
        inner = document.get(section) if section else document
        if not isinstance(inner, dict):
            inner, key = document, name  # There is no such section, as the check then says.
        inner[key] = value
    return train_settings(document)


def check_space(experiment: Experiment) -> None:
    """Try the ends of a space, before the first of many trainings.

    Raises
    ------
    TrainingError
        Nothing is searched, a setting is unknown, or a value is out of bounds.
    """
    if not experiment.search:
        raise TrainingError("Name settings to search, with their values.")
    for name, values in experiment.search.items():
        ends = values if isinstance(values, list) else (values["low"], values["high"])
        for value in ends:
            settings_with(experiment.settings, {name: value})


def best_trial(study: optuna.Study) -> BestTrial | None:
    """Return the best trial; None if none was trained to its end."""
    from optuna.trial import TrialState

    states = [trial.state for trial in study.get_trials(deepcopy=False)]
    if TrialState.COMPLETE not in states:
        return None
    best = study.best_trial
    return BestTrial(
        run_id=best.user_attrs["run_id"],
        event_f1=float(study.best_value),
        params=best.params,
        n_complete=states.count(TrialState.COMPLETE),
        n_pruned=states.count(TrialState.PRUNED),
    )
