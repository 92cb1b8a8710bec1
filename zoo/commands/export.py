"""`python -m zoo export ID`: write a net as one file."""

from __future__ import annotations

import argparse
from pathlib import Path

NAME = "export"
HELP = "write a net as one .zip file"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("model_id", metavar="ID", help="id of the net, as in 'list'")
    parser.add_argument(
        "--out", metavar="DIR", type=Path, default=Path(), help="folder; the current one otherwise"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the bundle."""
    from zoo.services import export_model

    print(f"wrote {export_model(arguments.model_id, arguments.out)}")
    return 0
