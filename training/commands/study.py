"""`python -m training study CONFIG`: a search for settings, in many runs on one dataset."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seizure_core.batch.commands import batch_of, run_batch
from seizure_core.batch.options import RUN_OPTIONS
from seizure_core.batch.task import TaskRow
from seizure_core.command_line import FAILED, argument, command, fail, say, write
from seizure_core.errors import ParameterError
from training.commands.runs import dataset_of, save_best
from training.documents import read_document, write_document
from training.errors import TrainingError

if TYPE_CHECKING:
    from training.runs.experiment import Experiment
    from training.search.study import BestTrial
    from training.search.trials import TrialJob


@command(
    "study",
    "Search for the settings of a training.",
    argument(
        "config",
        metavar="CONFIG",
        type=Path,
        help="JSON file as for 'train', with a key 'search' that names settings and their values.",
    ),
    argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="Folder that the paths of recordings are relative to. Default: that of CONFIG.",
    ),
    argument("--trials", type=int, default=20, metavar="N", help="Number of runs. Default: 20."),
    argument(
        "--out",
        metavar="DIR",
        type=Path,
        help="Folder of the study's journal and ledger. Default: studies/CONFIG in the home "
        "folder.",
    ),
    argument(
        "--in-turn",
        action="store_true",
        help="Let each trial wait in the queue of runs, as the app does.",
    ),
    *RUN_OPTIONS,
    description="Search for the settings of a training with Optuna: every trial is a run of its "
    "own, given up early where others do better; the best by event F1 on the validation "
    "recordings is saved if CONFIG says so. Lists of values are tried in all combinations.",
    examples=("study search.json --trials 50 --jobs 4", "study search.json --trials 80 --resume"),
)
def study(arguments: argparse.Namespace) -> int:
    """Run the trials that are left, and print the best."""
    from training.runs.experiment import find_experiment, read_experiment
    from training.search.study import best_trial, grid, open_study
    from training.search.trials import trial_tasks
    from zoo.store.home import home_folder

    path = find_experiment(str(arguments.config))
    experiment = read_experiment(path)
    if not experiment.search:
        raise TrainingError("{name} has no key 'search'.", name=path.name)
    if arguments.trials < 1:
        raise ParameterError("--trials must be 1 or more; {n} was given.", n=arguments.trials)
    arguments.out = arguments.out or home_folder() / "studies" / path.stem
    job = _job(arguments, experiment, arguments.data or path.parent)
    found = open_study(arguments.out, seed=experiment.settings.seed)
    combinations = grid(experiment.search)
    for one in combinations:
        found.enqueue_trial(one, skip_if_exists=True)
    n = min(arguments.trials, len(combinations) or arguments.trials)
    with batch_of(arguments, job) as batch:
        status = run_batch(
            arguments, batch, trial_tasks(batch, n), _reporter(arguments), unit="trials"
        )
    best = best_trial(found)
    if best is None:
        fail("No trial was trained to its end.")
        return FAILED
    _finish(arguments, experiment, best)
    return status


def _job(arguments: argparse.Namespace, experiment: Experiment, data: Path) -> TrialJob:
    """Return the job of a study, whose dataset stays the same when it goes on."""
    from training.data.store import open_dataset
    from training.search.study import STUDY_FILE, check_space, distributions
    from training.search.trials import TrialJob

    distributions(experiment.search)
    check_space(experiment)
    begun = arguments.out / STUDY_FILE
    if begun.exists() and not arguments.resume:
        raise ParameterError(
            "{folder} holds a study already. Go on with --resume, or choose another --out.",
            folder=str(arguments.out),
        )
    if begun.exists():
        dataset_id = str(read_document(begun)["dataset_id"])
    else:
        dataset_id = dataset_of(arguments, experiment, data)
        arguments.out.mkdir(parents=True, exist_ok=True)
        write_document(begun, {"dataset_id": dataset_id})
    return TrialJob(
        dataset_id=dataset_id,
        dataset_sha256=open_dataset(dataset_id).sha256,
        network=experiment.network,
        settings=experiment.settings,
        space=experiment.search,
        in_turn=arguments.in_turn,
    )


def _reporter(arguments: argparse.Namespace) -> Any:
    def report(row: TaskRow) -> None:
        found = row.summary
        f1 = "none" if found["event_f1"] is None else f"{found['event_f1']:.3f}"
        params = ", ".join(f"{name} {value}" for name, value in found["params"].items())
        say(
            arguments,
            f"{row.name}: {found['outcome']} after {found['epochs']} epochs, event F1 {f1} "
            f"({params}; {found['run_id']})",
        )

    return report


def _finish(arguments: argparse.Namespace, experiment: Experiment, best: BestTrial) -> None:
    """Save the best trial if the experiment says so, and print it."""
    from training.runs.folder import find_run
    from training.search.study_folder import search_note

    document = asdict(best)
    lines = [search_note(find_run(best.run_id)), f"best run: {best.run_id}"]
    if experiment.save:
        card = save_best(best.run_id, experiment)
        document["model_id"] = card.model_id
        lines.append(f"saved as {card.model_id}, threshold {card.output.threshold:g}")
    write(arguments, document, lines)
