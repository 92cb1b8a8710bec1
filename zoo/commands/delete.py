"""`python -m zoo delete ID...`: delete nets of one's own."""

from __future__ import annotations

import argparse

from seizure_core.command_line import DONE, FAILED, fail, write
from seizure_core.errors import ParameterError, SeizureZooError

NAME = "delete"
HELP = "Delete models of your own; 'delete --undo CODE' restores one."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("model_ids", metavar="ID", nargs="*", help="ids of nets, as in 'list'")
    parser.add_argument("--undo", metavar="CODE", help="as a deletion printed it")


def run(arguments: argparse.Namespace) -> int:
    """Delete, or bring back; return 1 if one of the nets could not be deleted."""
    from zoo.store.user_models import delete_model, restore_model

    if bool(arguments.undo) == bool(arguments.model_ids):
        raise ParameterError("Name models to delete, or one deletion to undo.")
    if arguments.undo:
        restored = restore_model(arguments.undo)
        write(arguments, restored, f"{restored['model_id']}: restored")
        return DONE
    done = []
    for model_id in arguments.model_ids:
        try:
            done.append(delete_model(model_id))
        except SeizureZooError as error:
            fail(str(error))
    write(
        arguments,
        done,
        [f"{one['model_id']}: deleted; undo with --undo {one['undo']}" for one in done],
    )
    return DONE if len(done) == len(arguments.model_ids) else FAILED
