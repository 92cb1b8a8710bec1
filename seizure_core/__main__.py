"""Entry point of `python -m seizure_core`: commands that need no model."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from seizure_core import __version__
from seizure_core.command_line import Command, run_command_line
from seizure_core.commands import check, score

COMMANDS: tuple[Command, ...] = (score, check)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command of `python -m seizure_core` and return the exit status."""
    return run_command_line(
        arguments,
        COMMANDS,
        program="python -m seizure_core",
        description="Checks and scores of EEG events.",
        version=__version__,
    )


if __name__ == "__main__":
    sys.exit(main())
