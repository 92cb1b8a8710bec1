"""The command line `python -m zoo`.

Exit status: 0 when all was done, 1 when something failed (it is named on standard error),
2 for wrong usage.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Protocol

from seizure_core.errors import SeizureZooError
from zoo.commands import list_nets, predict, show
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


COMMANDS: tuple[Command, ...] = (list_nets, show, predict)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status.

    Parameters
    ----------
    arguments : sequence of str, optional
        Without the program's name; None means those of the process.
    """
    parsed = _parser().parse_args(arguments)
    command: Command = parsed.command
    try:
        return command.run(parsed)
    except SeizureZooError as error:
        print(printable(str(error)), file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m zoo", description="Nets that detect epileptic seizures in scalp EEG."
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in COMMANDS:
        one = commands.add_parser(command.NAME, help=command.HELP, description=command.HELP)
        command.add_arguments(one)
        one.set_defaults(command=command)
    return parser
