"""`python -m training runs list|status|folds|stop|resume|delete|save`: training runs."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import Any

from seizure_core.command_line import (
    DONE,
    FAILED,
    Command,
    argument,
    command,
    fail,
    group,
    write,
)
from seizure_core.plain_text import printable

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
    from training.runs.status import list_runs

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
    from training.runs.status import training_status

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
