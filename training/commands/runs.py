"""`python -m training runs list|status|folds|stop|resume|delete|save`: trainings and nets."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import Any

from seizure_core.command_line import DONE, FAILED, fail, write
from seizure_core.plain_text import printable

NAME = "runs"
HELP = "List, watch, stop, resume and delete runs; save a run's model to the zoo."

_FOLD_FIGURES = (
    "epoch",
    "validation_loss",
    "event_f1",
    "event_sensitivity",
    "false_alarms_per_24h",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    actions.add_parser("list", help="list all runs").set_defaults(action=_list)
    for name, text in (
        ("status", "show where a run stands, as JSON"),
        ("stop", "stop a run and keep its best net"),
        ("resume", "let a run go on from where it was last saved"),
        ("delete", "delete a run that is not under way"),
    ):
        one = actions.add_parser(name, help=text)
        one.add_argument("run_id", metavar="RUN")
        one.set_defaults(action=_change, name=name)
    folds = actions.add_parser("folds", help="show the scores of each patient left out")
    folds.add_argument("run_id", metavar="RUN")
    folds.set_defaults(action=_folds)
    save = actions.add_parser("save", help="save a run's best net to the zoo")
    save.add_argument("run_id", metavar="RUN")
    save.add_argument("model_id", metavar="ID")
    save.add_argument("--title", default="", help="title of the model")
    save.add_argument("--author", action="append", default=[], help="who made it; may be repeated")
    save.add_argument(
        "--license", default="unspecified", help="an SPDX identifier, such as apache-2.0"
    )
    save.add_argument("--notes", default="", help="what else the card should say")
    save.add_argument(
        "--threshold", type=float, metavar="X", help="0 to 1 (default: chosen on validation)"
    )
    save.add_argument(
        "--no-calibration", action="store_true", help="keep probabilities as the network gives them"
    )
    save.add_argument("--replace", action="store_true", help="replace your net of this id")
    save.set_defaults(action=_save)


def run(arguments: argparse.Namespace) -> int:
    """Carry the action out."""
    action: Callable[[argparse.Namespace], int] = arguments.action
    return action(arguments)


def _list(arguments: argparse.Namespace) -> int:
    from training import services

    rows = services.list_runs()
    write(arguments, rows, [printable(_row(row)) for row in rows])
    return DONE


def _row(row: Mapping[str, Any]) -> str:
    where = f"{row['state']}, epoch {row['epoch']} of {row['epochs']}"
    return f"{row['run_id']}: {where}. {row['message']}"


def _change(arguments: argparse.Namespace) -> int:
    from training import services

    functions: dict[str, Callable[[str], dict[str, Any]]] = {
        "status": services.training_status,
        "stop": services.stop_training,
        "resume": services.resume_training,
        "delete": services.delete_run,
    }
    # JSON with or without the option: scripts have always read it so.
    arguments.json = True
    write(arguments, functions[arguments.name](arguments.run_id), "")
    return DONE


def _folds(arguments: argparse.Namespace) -> int:
    from training import services

    status = services.training_status(arguments.run_id)
    names = (status["split"] or {}).get("folds") or []
    if len(names) < 2:
        fail(f"{arguments.run_id} has no folds: it was not split by 'leave-one-patient-out'.")
        return FAILED
    folds = status["folds"][: len(names)]
    lines = ["\t".join(("patient", *_FOLD_FIGURES))]
    for fold in folds:
        figures = [fold.get(name) for name in _FOLD_FIGURES]
        shown = ("" if one is None else f"{one:.4g}" for one in figures)
        lines.append("\t".join((printable(str(fold["fold_name"])), *shown)))
    write(arguments, folds, lines)
    return DONE


def _save(arguments: argparse.Namespace) -> int:
    from training.keep import KeepChoices, save_model

    card = save_model(
        arguments.run_id,
        arguments.model_id,
        KeepChoices(
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
