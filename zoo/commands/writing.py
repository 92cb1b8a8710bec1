"""What commands that write results share."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from seizure_core.command_line import write

if TYPE_CHECKING:
    from zoo.inference.settling import Settled


def add_overwrite(parser: argparse.ArgumentParser) -> None:
    """Describe the option that lets results of before be replaced."""
    parser.add_argument(
        "--overwrite",
        action="store_true",
        help="replace other results of the same name; without it they are refused, and the same "
        "ones skipped",
    )


def settled_line(path: object, *, is_new: bool) -> str:
    """Say whether a file was written or lay there already."""
    return f"wrote {path}" if is_new else f"skipped {path}: the same lies there"


def write_settled(arguments: argparse.Namespace, settled: Settled) -> None:
    """Print which files were written and which lay there already."""
    write(
        arguments,
        {"files": [str(path) for path in settled.files], "is_new": settled.is_new},
        [settled_line(path, is_new=settled.is_new) for path in settled.files],
    )
