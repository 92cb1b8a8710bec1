"""The command line `python -m training`; `seizure-zoo` has the same commands and more."""

from __future__ import annotations

from collections.abc import Sequence

from seizure_core import __version__
from seizure_core.command_line import Command, run_command_line
from training.commands.dataset import dataset
from training.commands.evaluate import evaluate
from training.commands.fetch import fetch
from training.commands.recipe import recipe
from training.commands.runs import runs, train, worker
from training.commands.study import study

COMMANDS: tuple[Command, ...] = (
    fetch,
    dataset,
    train,
    study,
    runs,
    evaluate,
    recipe,
    worker,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command of `python -m training` and return the exit status.

    Parameters
    ----------
    arguments : sequence of str, optional
        Command line without the program's name; None reads `sys.argv`.
    """
    return run_command_line(
        arguments,
        COMMANDS,
        program="python -m training",
        description="Datasets, trainings and recipes of seizure detectors.",
        version=__version__,
    )
