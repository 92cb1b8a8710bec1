"""`python -m zoo delete ID...`: delete nets of one's own."""

from __future__ import annotations

import argparse
import sys

from seizure_core.errors import SeizureZooError
from zoo.plain_text import printable

NAME = "delete"
HELP = "delete nets of your own; 'delete --undo CODE' brings one back"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("model_ids", metavar="ID", nargs="*", help="ids of nets, as in 'list'")
    parser.add_argument("--undo", metavar="CODE", help="as a deletion printed it")


def run(arguments: argparse.Namespace) -> int:
    """Delete, or bring back; return 1 if one of the nets could not be deleted."""
    from zoo.services import delete_model, restore_model

    if bool(arguments.undo) == bool(arguments.model_ids):
        print("Name nets to delete, or one deletion to undo.", file=sys.stderr)
        return 2
    if arguments.undo:
        print(f"{restore_model(arguments.undo)['model_id']}: restored")
        return 0
    n_failed = 0
    for model_id in arguments.model_ids:
        try:
            deleted = delete_model(model_id)
        except SeizureZooError as error:
            print(printable(str(error)), file=sys.stderr)
            n_failed += 1
        else:
            print(f"{model_id}: deleted; undo with --undo {deleted['undo']}")
    return 1 if n_failed else 0
