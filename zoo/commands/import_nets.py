"""`python -m zoo import FILE...`: take nets in from bundles or folders."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from seizure_core.errors import SeizureZooError
from zoo.plain_text import printable

NAME = "import"
HELP = "take nets in from .zip files, folders of nets, or folders of the Hub's cache"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("files", metavar="FILE", nargs="+", type=Path, help="bundle or folder")


def run(arguments: argparse.Namespace) -> int:
    """Import one after the other; return 1 if one of them could not be."""
    from zoo.services import import_model

    n_failed = 0
    for path in arguments.files:
        try:
            print(f"{import_model(path)['model_id']}: imported")
        except SeizureZooError as error:
            print(printable(str(error)), file=sys.stderr)
            n_failed += 1
    return 1 if n_failed else 0
