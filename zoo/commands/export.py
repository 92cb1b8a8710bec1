"""`python -m zoo export ID`: write a net as one file."""

from __future__ import annotations

import argparse
from pathlib import Path

from seizure_core.command_line import DONE, FAILED, fail
from zoo.commands.writing import add_overwrite, write_settled

NAME = "export"
HELP = "Write a model as one .zip file."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("model_id", metavar="ID", help="id of the net, as in 'list'")
    parser.add_argument(
        "--out", metavar="DIR", type=Path, default=Path(), help="folder; the current one otherwise"
    )
    add_overwrite(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write the bundle."""
    from zoo.inference.settling import settle
    from zoo.store.bundle import export_bundle

    try:
        settled = settle(
            arguments.out,
            lambda folder: [export_bundle(arguments.model_id, folder)],
            overwrite=arguments.overwrite,
        )
    except OSError as error:
        fail(f"{arguments.out}: {error.strerror}.")
        return FAILED
    write_settled(arguments, settled)
    return DONE
