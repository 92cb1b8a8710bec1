"""What commands that write results share."""

from __future__ import annotations

import argparse


def add_overwrite(parser: argparse.ArgumentParser) -> None:
    """Describe the option that lets results of before be replaced."""
    parser.add_argument(
        "--overwrite",
        action="store_true",
        help="replace other results of the same name; without it they are refused, and the same "
        "ones skipped",
    )
