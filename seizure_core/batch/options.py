"""Options of the commands over many recordings, apart from the work to be fast to import."""

from __future__ import annotations

import argparse

from seizure_core.command_line import argument
from seizure_core.errors import ParameterError

OVERWRITE = argument(
    "--overwrite",
    action="store_true",
    help="Replace existing files with other contents. Default: refuse to, and skip equal files.",
)
JOBS = argument(
    "--jobs",
    metavar="N",
    type=int,
    default=1,
    help="So many at a time, each in a process of its own. Default: 1.",
)
SCHEDULER = argument(
    "--scheduler",
    metavar="ADDRESS",
    help="Work on the workers of this Dask scheduler, or on N processes with 'local'. "
    "Default: none.",
)
RUN_OPTIONS = (
    JOBS,
    argument(
        "--resume",
        action="store_true",
        help="Leave out what is done in DIR by the same model, settings and version.",
    ),
    argument(
        "--shard",
        metavar="I/N",
        help="Only one of N parts of the recordings, as for the tasks of a Slurm array. "
        "Default: all of them.",
    ),
    SCHEDULER,
)
"""Options of every command over many recordings."""


def check_run_options(arguments: argparse.Namespace) -> None:
    """Raise a ParameterError if `RUN_OPTIONS` contradict each other."""
    if arguments.jobs < 1:
        raise ParameterError("--jobs must be 1 or more; {n} was given.", n=arguments.jobs)
    if arguments.out is None and (arguments.resume or arguments.shard):
        raise ParameterError("--resume and --shard need --out: what is done is known there.")
