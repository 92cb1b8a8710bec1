"""`python -m seizure_zoo.folder_command FOLDER COMMAND ...`: a command as a process of the app.

It holds the lock of the folder while it works, and is interrupted, as by Ctrl+C, when the folder
asks it to stop.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from seizure_core.batch.process_folder import ProcessFolder
from seizure_zoo.cli import main


def work(arguments: Sequence[str]) -> int:
    """Run a command for a folder and return its exit status."""
    folder, *words = arguments
    with ProcessFolder(folder=Path(folder)).interrupted_on_request():
        return main(words)


if __name__ == "__main__":
    sys.exit(work(sys.argv[1:]))
