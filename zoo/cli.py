"""The command line `python -m zoo`.

Exit status: 0 when all was done, 1 when something failed (it is named on standard error),
2 for wrong usage.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Protocol

from seizure_core.errors import ParameterError, SeizureZooError
from zoo.commands import (
    compare,
    delete,
    export,
    import_nets,
    list_nets,
    predict,
    publish,
    pull,
    registry,
    repair,
    revise,
    search,
    show,
)
from zoo.plain_text import printable


class Command(Protocol):
    """What a module of `zoo.commands` has."""

    NAME: str
    HELP: str

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Describe the command's options."""

    def run(self, arguments: argparse.Namespace) -> int:
        """Do it and return the exit status."""
        ...


COMMANDS: tuple[Command, ...] = (
    list_nets,
    show,
    predict,
    compare,
    pull,
    publish,
    search,
    registry,
    export,
    import_nets,
    delete,
    revise,
    repair,
)


WRONG_USAGE = 2
# What a shell says of programs that these signals end.
STOPPED, NOBODY_READS = 130, 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command of `python -m zoo` and return the exit status.

    Parameters
    ----------
    arguments : sequence of str, optional
        Without the program's name; None means those of the process.
    """
    return run_command_line(
        arguments,
        COMMANDS,
        program="python -m zoo",
        description="Nets that detect epileptic seizures in scalp EEG.",
    )


def run_command_line(
    arguments: Sequence[str] | None,
    commands: Sequence[Command],
    *,
    program: str,
    description: str,
) -> int:
    """Parse a command line, run its command and return the exit status.

    Parameters
    ----------
    arguments : sequence of str or None
        Without the program's name; None means those of the process.
    commands : sequence of Command
        What there is to choose from.
    program, description : str
        What the help says.
    """
    parser = argparse.ArgumentParser(prog=program, description=description)
    choices = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in commands:
        one = choices.add_parser(command.NAME, help=command.HELP, description=command.HELP)
        command.add_arguments(one)
        one.set_defaults(command=command)
    parsed = parser.parse_args(arguments)
    chosen: Command = parsed.command
    try:
        status = chosen.run(parsed)
        sys.stdout.flush()
        return status
    except ParameterError as error:
        print(printable(str(error)), file=sys.stderr)
        return WRONG_USAGE
    except SeizureZooError as error:
        print(printable(str(error)), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return STOPPED
    except BrokenPipeError:
        # Who reads along has seen enough, as with `| head`: what is left goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOBODY_READS
