"""`python -m zoo import FILE...`: take nets in from bundles or folders."""

from __future__ import annotations

import argparse
from pathlib import Path

from seizure_core.command_line import DONE, FAILED, fail, write
from seizure_core.errors import SeizureZooError

NAME = "import"
HELP = "Import models from .zip files, model folders, or folders of the Hub's cache."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("files", metavar="FILE", nargs="+", type=Path, help="bundle or folder")


def run(arguments: argparse.Namespace) -> int:
    """Import one after the other; return 1 if one of them could not be."""
    from zoo.store.bundle import import_model

    done = []
    for path in arguments.files:
        try:
            done.append(import_model(path))
        except SeizureZooError as error:
            fail(str(error))
    write(arguments, done, [f"{one['model_id']}: imported" for one in done])
    return DONE if len(done) == len(arguments.files) else FAILED
