"""`python -m training worker RUN`: the process of a run; started by the program itself."""

from __future__ import annotations

import argparse

NAME = "worker"
HELP = ""  # Started by `train` and by the app, not by hand: not listed.


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("run_id", metavar="RUN", help="id of the run")


def run(arguments: argparse.Namespace) -> int:
    """Train until the run is done or stopped."""
    from training.runs.worker import work

    return work(arguments.run_id)
