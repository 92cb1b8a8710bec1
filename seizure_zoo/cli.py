"""The installed program `seizure-zoo`: one command line over all packages."""

from __future__ import annotations

from collections.abc import Sequence

from seizure_core import __version__
from seizure_core.__main__ import COMMANDS as CORE_COMMANDS
from seizure_core.command_line import PROGRAM, Command, run_command_line
from seizure_zoo.commands import completion, serve, version
from training.cli import COMMANDS as TRAINING_COMMANDS
from zoo.__main__ import COMMANDS as ZOO_COMMANDS

COMMANDS: tuple[Command, ...] = (
    serve,
    *ZOO_COMMANDS,
    *CORE_COMMANDS,
    *TRAINING_COMMANDS,
    completion,
    version,
)

_DESCRIPTION = (
    "Epileptic-seizure detection in scalp EEG: viewer, models, training. For research use only; "
    "not a medical device."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command of `seizure-zoo` and return the exit status.

    Parameters
    ----------
    arguments : sequence of str, optional
        Command line without the program's name; None reads `sys.argv`.
    """
    return run_command_line(
        arguments, COMMANDS, program=PROGRAM, description=_DESCRIPTION, version=__version__
    )
