"""Detection as SzCORE runs an algorithm: `python -m zoo.inference.szcore MODEL INPUT OUTPUT`.

A container is given one EDF file and writes one table of events; see `zoo.store.szcore`.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from seizure_core.errors import SeizureZooError
from seizure_core.io.opening import open_recording
from zoo.inference.results import write_events_tsv
from zoo.loading import load_folder


def detect_file(model: Path, recording: Path, events: Path) -> None:
    """Detect seizures in a recording with the model in a folder, and write the events.

    Raises
    ------
    SeizureZooError, OSError
        The model or the recording cannot be used, or the table cannot be written.
    """
    detection = load_folder(model).detect(open_recording(recording))
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "events.tsv"
        write_events_tsv(made, detection)
        # Not by renaming: SzCORE makes the empty file, in a folder where only that is writable.
        shutil.copyfile(made, events)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    parser = argparse.ArgumentParser(description="Detect seizures in one recording.")
    parser.add_argument("model", type=Path, help="Folder of the model.")
    parser.add_argument("recording", type=Path, help="Recording to read.")
    parser.add_argument("events", type=Path, help="SzCORE table of events to write.")
    try:
        detect_file(**vars(parser.parse_args(arguments)))
    except (SeizureZooError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
