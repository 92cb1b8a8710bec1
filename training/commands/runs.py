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
_RUN = argument("run_id", metavar="RUN")


@command("list", "list all runs")
def list_all(arguments: argparse.Namespace) -> int:
    """Print a line per run."""
    from training.runs.status import list_runs

    rows = list_runs()
    write(arguments, rows, [printable(_row(row)) for row in rows])
    return DONE


def _as_json(name: str, text: str, act: Callable[[str], dict[str, Any]]) -> Command:
    @command(name, text, _RUN)
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


@command("folds", "show the scores of each patient left out", _RUN)
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
    "save a run's best model to the zoo",
    _RUN,
    argument("model_id", metavar="ID"),
    argument("--title", default="", help="title of the model"),
    argument("--author", action="append", default=[], help="who made it; may be repeated"),
    argument("--license", default="unspecified", help="an SPDX identifier, such as apache-2.0"),
    argument("--notes", default="", help="what else the card should say"),
    argument("--threshold", type=float, metavar="X", help="0 to 1 (default: chosen on validation)"),
    argument(
        "--no-calibration", action="store_true", help="keep probabilities as the network gives them"
    ),
    argument("--replace", action="store_true", help="replace your model of this id"),
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
    "List, watch, stop, resume and delete runs; save a run's model to the zoo.",
    list_all,
    _as_json("status", "show where a run stands, as JSON", _status),
    _as_json("stop", "stop a run and keep its best model", _stop),
    _as_json("resume", "let a run go on from where it was last saved", _resume),
    _as_json("delete", "delete a run that is not under way", _delete),
    folds,
    save,
)


# Hidden: started by `train` and by the app.
@command("worker", "", argument("run_id", metavar="RUN", help="id of the run"))
def worker(arguments: argparse.Namespace) -> int:
    """Train until the run is done or stopped."""
    from training.runs.worker import work

    return work(arguments.run_id)


def _row(row: Mapping[str, Any]) -> str:
    where = f"{row['state']}, epoch {row['epoch']} of {row['epochs']}"
    return f"{row['run_id']}: {where}. {row['message']}"
