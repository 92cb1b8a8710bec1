"""The command line `python -m zoo`; `seizure-zoo` has the same commands and more."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from seizure_core import __version__
from seizure_core.command_line import Command, run_command_line
from zoo.commands import hub, models, predict

COMMANDS: tuple[Command, ...] = (
    models.list_models,
    models.show,
    predict.predict,
    predict.compare,
    hub.pull,
    hub.publish,
    hub.search,
    hub.registry,
    models.export,
    models.import_models,
    models.delete,
    models.revise,
    models.repair,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command of `python -m zoo` and return the exit status.

    Parameters
    ----------
    arguments : sequence of str, optional
        Command line without the program's name; None reads `sys.argv`.
    """
    return run_command_line(
        arguments,
        COMMANDS,
        program="python -m zoo",
        description="Models that detect epileptic seizures in scalp EEG.",
        version=__version__,
    )


if __name__ == "__main__":
    sys.exit(main())
