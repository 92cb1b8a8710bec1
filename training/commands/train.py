"""`python -m training train CONFIG`: a complete training, described in a file."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seizure_core.command_line import DONE, FAILED, argument, command, fail, say, warn, write
from training.commands.files import paired

if TYPE_CHECKING:
    from training.runs.experiment import Experiment
    from training.runs.folder import RunFolder
    from zoo.card.schema import ArchitectureCard

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
    examples=("train config.json", "train n1spool-experiment --data recordings --detach"),
)
def train(arguments: argparse.Namespace) -> int:
    """Create the dataset, train, and save the model if the file says so."""
    from training.runs.control import start_run
    from training.runs.experiment import find_experiment, read_experiment

    path = find_experiment(arguments.config)
    experiment = read_experiment(path)
    dataset_id = experiment.dataset_id
    if dataset_id is None:
        dataset_id = _make_dataset(arguments, experiment, arguments.data or path.parent)
    settings = experiment.settings
    if arguments.leave_one_patient_out:
        settings = settings.model_copy(update={"split": "leave-one-patient-out"})
    started = start_run(dataset_id, experiment.network, settings)
    document = {"dataset_id": dataset_id, "run_id": started.run_id, "state": "queued"}
    if arguments.detach:
        write(arguments, document, started.run_id)
        return DONE
    say(arguments, started.run_id)
    return _follow(arguments, started, experiment, document)


def _make_dataset(arguments: argparse.Namespace, experiment: Experiment, folder: Path) -> str:
    from training.data.builder import create_dataset

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
        card = _save(started.run_id, experiment)
        document["model_id"] = card.model_id
        text = f"saved as {card.model_id}, threshold {card.output.threshold:g}"
    write(arguments, document, text)
    return DONE


def _save(run_id: str, experiment: Experiment) -> ArchitectureCard:
    from training.saving import save_model
    from training.trained_model import SaveOptions

    said = dict(experiment.save)
    model_id = str(said.pop("model_id", ""))
    if "authors" in said:
        said["authors"] = tuple(str(author) for author in said["authors"])
    return save_model(run_id, model_id, SaveOptions(**said))
