"""Commands of the core: ``python -m seizure_core check FOLDER``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from seizure_core.references.check import check_folder


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Parameters
    ----------
    arguments : sequence of str, optional
        Those of the process where omitted.

    Returns
    -------
    int
        Exit status: 0 when no contradiction was found, 1 when there is one or nothing to
        check. Wrong usage ends the process with 2.
    """
    parser = argparse.ArgumentParser(prog="python -m seizure_core", description="Checks EEG data.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    check = commands.add_parser(
        "check",
        help="compare the references of a folder with each other and with the recordings",
        description="Compares summaries, .seizures, tables of events, RECORDS and "
        "RECORDS-WITH-SEIZURES of a folder and its subfolders with each other and with the "
        "EDF files, and names every contradiction.",
    )
    check.add_argument("folder", type=Path, help="folder of recordings, references or both")
    chosen = parser.parse_args(arguments)
    if not chosen.folder.is_dir():
        parser.error(f"there is no folder {chosen.folder.name!r}")
    try:
        status = _check(chosen.folder)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader (`| head`) has seen enough. What is still buffered must not be written
        # when the interpreter ends, or it would complain then.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return status


def _check(folder: Path) -> int:
    report = check_folder(folder)
    if not report.n_recordings and not report.n_described and not report.issues:
        sys.stderr.write("There is neither a recording nor a reference in this folder.\n")
        return 1
    sys.stdout.write(
        f"{report.n_recordings} recordings, references of {report.n_described}, "
        f"{report.n_seizures} seizures, {len(report.issues)} contradictions\n"
    )
    for issue in report.issues:
        sys.stdout.write(f"- {issue.message}\n")
    return 1 if report.issues else 0


if __name__ == "__main__":
    sys.exit(main())
