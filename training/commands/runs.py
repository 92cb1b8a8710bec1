"""`python -m training train CONFIG` and `runs list|status|folds|stop|resume|delete|save`."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seizure_core.batch.commands import batch_of, run_batch
from seizure_core.batch.options import JOBS, SCHEDULER
from seizure_core.command_line import (
    DONE,
    FAILED,
    Command,
    argument,
    command,
    fail,
    group,
    say,
    warn,
    write,
)
from seizure_core.plain_text import printable
from training.commands.files import paired
from training.errors import TrainingError

if TYPE_CHECKING:
    from training.runs.experiment import Experiment
    from training.runs.folder import RunFolder
    from zoo.card.schema import ArchitectureCard

_FOLD_FIGURES = (
    "epoch",
    "validation_loss",
    "event_f1",
    "event_sensitivity",
    "false_alarms_per_24h",
)
_RUN = argument("run_id", metavar="RUN", help="Id of the run, as shown by 'list'.")


@command("list", "List all runs.", examples=("runs list",))
def list_all(arguments: argparse.Namespace) -> int:
    """Print a line per run."""
    from training.runs.folder import list_runs

    rows = list_runs()
    write(arguments, rows, [printable(_row(row)) for row in rows])
    return DONE


def _as_json(name: str, text: str, act: Callable[[str], dict[str, Any]]) -> Command:
    @command(name, text, _RUN, examples=(f"runs {name} run-20250131-142501-1f3a9c",))
    def run(arguments: argparse.Namespace) -> int:
        # Always JSON, with or without the option, for compatibility with scripts.
        arguments.json = True
        write(arguments, act(arguments.run_id), "")
        return DONE

    return run


def _status(run_id: str) -> dict[str, Any]:
    from training.runs.folder import training_status

    return training_status(run_id)


def _stop(run_id: str) -> dict[str, Any]:
    from training.runs.control import stop_run

    stop_run(run_id)
    return _status(run_id)


def _resume(run_id: str) -> dict[str, Any]:
    from training.runs.control import resume_run

    resume_run(run_id)
    return _status(run_id)


def _delete(run_id: str) -> dict[str, Any]:
    from training.runs.control import delete_run

    delete_run(run_id)
    return {"run_id": run_id, "deleted": True}


@command(
    "folds",
    "Show the scores of each left-out patient.",
    _RUN,
    examples=("runs folds run-20250131-142501-1f3a9c",),
)
def folds(arguments: argparse.Namespace) -> int:
    """Print a line per fold; return 1 if there are none."""
    status = _status(arguments.run_id)
    names = (status["split"] or {}).get("folds") or []
    if len(names) < 2:
        fail(f"{arguments.run_id} has no folds: it was not split by 'leave-one-patient-out'.")
        return FAILED
    rows = status["folds"][: len(names)]
    lines = ["\t".join(("patient", *_FOLD_FIGURES))]
    for fold in rows:
        figures = [fold.get(name) for name in _FOLD_FIGURES]
        shown = ("" if figure is None else f"{figure:.4g}" for figure in figures)
        lines.append("\t".join((printable(str(fold["fold_name"])), *shown)))
    write(arguments, rows, lines)
    return DONE


@command(
    "train",
    "Train a run here, its folds side by side.",
    _RUN,
    JOBS,
    SCHEDULER,
    description="Train a run in this process, after its folds in several (--jobs, --scheduler); "
    "folds that are done are not trained again.",
    examples=("runs train run-20250131-142501-1f3a9c --jobs 4",),
)
def train_here(arguments: argparse.Namespace) -> int:
    """Train the folds that are left, then the rest of the run."""
    from training.runs.folder import find_run
    from training.runs.worker import train_at_once

    run = find_run(arguments.run_id)
    if not run.checkpoints.has_checkpoint:
        status = _train_folds(arguments, run)
        if status != DONE:
            return status
    state = train_at_once(run)
    message = str(run.written_state()["message"])
    write(arguments, {"run_id": run.run_id, "state": state}, message)
    return DONE if state == "done" else FAILED


def _train_folds(arguments: argparse.Namespace, run: RunFolder) -> int:
    """Train the folds of a run, if it has some, and let it go on from them."""
    from training.runs.folds import FOLDS_FOLDER, FoldJob, fold_tasks, gather_folds

    tasks = fold_tasks(run)
    if not tasks:
        return DONE
    arguments.out, arguments.resume, arguments.shard = run.folder / FOLDS_FOLDER, True, None
    with run.locked(), batch_of(arguments, FoldJob(run_id=run.run_id)) as batch:
        run.forget_stop()
        run.write_state(state="running", message="Training its folds.", started_at=time.time())
        status = run_batch(arguments, batch, tasks, unit="folds")
        if status == DONE:
            gather_folds(run, batch.ledger)
        else:
            run.write_state(state="stopped", message="Stopped. It can be resumed.", eta_s=None)
    return status


@command(
    "save",
    "Save the best model of a run.",
    _RUN,
    argument("model_id", metavar="ID", help="Id of the new model."),
    argument("--title", default="", help="Title of the model. Default: that of the run."),
    argument(
        "--author",
        action="append",
        default=[],
        help="Author of the model. May be repeated. Default: none.",
    ),
    argument(
        "--license",
        default="unspecified",
        help="SPDX identifier of the license, such as apache-2.0. Default: unspecified.",
    ),
    argument("--notes", default="", help="Remarks for the card. Default: none."),
    argument(
        "--threshold",
        type=float,
        metavar="X",
        help="Probability that starts an event, 0 to 1. Default: chosen on validation recordings.",
    ),
    argument("--no-calibration", action="store_true", help="Do not calibrate the probabilities."),
    argument("--replace", action="store_true", help="Replace your own model of this id."),
    examples=("runs save run-20250131-142501-1f3a9c my-model --title 'My model'",),
)
def save(arguments: argparse.Namespace) -> int:
    """Save the best model of the run."""
    from training.saving import save_model
    from training.trained_model import SaveOptions

    card = save_model(
        arguments.run_id,
        arguments.model_id,
        SaveOptions(
            title=arguments.title,
            authors=tuple(arguments.author) or ("unknown",),
            license=arguments.license,
            notes=arguments.notes,
            threshold=arguments.threshold,
            calibrate=not arguments.no_calibration,
            replace=arguments.replace,
        ),
    )
    document = {"model_id": card.model_id, "threshold": card.output.threshold}
    write(arguments, document, f"saved as {card.model_id}, threshold {card.output.threshold:g}")
    return DONE


runs = group(
    "runs",
    "List, stop, resume and delete runs; save their models.",
    list_all,
    _as_json("status", "Show the status of a run, as JSON.", _status),
    _as_json("stop", "Stop a run; its best model is kept.", _stop),
    _as_json("resume", "Resume a run from its last checkpoint.", _resume),
    _as_json("delete", "Delete a run that is not running.", _delete),
    folds,
    train_here,
    save,
)


# Hidden: started by `train` and by the app.
@command("worker", "", argument("run_id", metavar="RUN", help="Id of the run."))
def worker(arguments: argparse.Namespace) -> int:
    """Train until the run is done or stopped."""
    from training.runs.worker import work

    return work(arguments.run_id)


def _row(row: Mapping[str, Any]) -> str:
    where = f"{row['state']}, epoch {row['epoch']} of {row['epochs']}"
    return f"{row['run_id']}: {where}. {row['message']}"


_POLL_S = 0.5


@command(
    "train",
    "Train a model as described in a file.",
    argument(
        "config",
        metavar="CONFIG",
        help="JSON file, or the name of a shipped experiment: n1spool-experiment.",
    ),
    argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="Folder that the paths of recordings are relative to. Default: that of CONFIG.",
    ),
    argument(
        "--leave-one-patient-out",
        action="store_true",
        help="Leave each patient out in turn, then train on all; `runs folds` shows the scores.",
    ),
    argument("--detach", action="store_true", help="Start the run, print its id and do not wait."),
    argument(
        "--no-start",
        action="store_true",
        help="Print the id of the run and leave it to torchrun -m seizure_zoo worker RUN.",
    ),
    examples=("train config.json", "train n1spool-experiment --data recordings --detach"),
)
def train(arguments: argparse.Namespace) -> int:
    """Create the dataset, train, and save the model if the file says so."""
    from training.runs.control import start_run
    from training.runs.experiment import find_experiment, read_experiment
    from training.runs.requests import new_run

    path = find_experiment(arguments.config)
    experiment = read_experiment(path)
    if experiment.search:
        raise TrainingError("{name} describes a search: use the command study.", name=path.name)
    dataset_id = dataset_of(arguments, experiment, arguments.data or path.parent)
    settings = experiment.settings
    if arguments.leave_one_patient_out:
        settings = settings.model_copy(update={"split": "leave-one-patient-out"})
    begin = new_run if arguments.no_start else start_run
    started = begin(dataset_id, experiment.network, settings)
    document = {"dataset_id": dataset_id, "run_id": started.run_id, "state": "queued"}
    if arguments.detach or arguments.no_start:
        write(arguments, document, started.run_id)
        return DONE
    say(arguments, started.run_id)
    return _follow(arguments, started, experiment, document)


def dataset_of(arguments: argparse.Namespace, experiment: Experiment, folder: Path) -> str:
    """Return the id of an experiment's dataset, which is created unless it has one."""
    from training.data.builder import create_dataset

    if experiment.dataset_id is not None:
        return experiment.dataset_id
    pairing = paired(
        (folder / recording for recording in experiment.recordings),
        (folder / reference for reference in experiment.references),
        experiment.seizure_free,
    )
    for name, patient in experiment.patients.items():
        pairing = pairing.with_patient(name, patient)
    card = create_dataset(pairing, experiment.dataset)
    warn(arguments, *card["warnings"])
    say(
        arguments,
        f"{card['dataset_id']}: {card['n_seizure_windows']} seizure and "
        f"{card['n_background_windows']} background windows",
    )
    return str(card["dataset_id"])


def _follow(
    arguments: argparse.Namespace,
    started: RunFolder,
    experiment: Experiment,
    document: dict[str, Any],
) -> int:
    """Print a run's log until it ends; Ctrl+C does not stop the run."""
    shown = 0
    try:
        while True:
            state = started.state()
            text = started.log_text()
            for line in text[shown:].splitlines():
                say(arguments, line)
            shown = len(text)
            if state["state"] not in ("queued", "running"):
                break
            time.sleep(_POLL_S)
    except KeyboardInterrupt:
        fail(f"The run goes on. `seizure-zoo runs stop {started.run_id}` stops it.")
        return DONE
    document["state"] = state["state"]
    if state["state"] != "done":
        fail(str(state["message"]))
        write(arguments, document, "")
        return FAILED
    text = ""
    if experiment.save:
        card = save_best(started.run_id, experiment)
        document["model_id"] = card.model_id
        text = f"saved as {card.model_id}, threshold {card.output.threshold:g}"
    write(arguments, document, text)
    return DONE


def save_best(run_id: str, experiment: Experiment) -> ArchitectureCard:
    """Save the best model of a run as an experiment says."""
    from training.saving import save_model
    from training.trained_model import SaveOptions

    said = dict(experiment.save)
    model_id = str(said.pop("model_id", ""))
    if "authors" in said:
        said["authors"] = tuple(str(author) for author in said["authors"])
    return save_model(run_id, model_id, SaveOptions(**said))
