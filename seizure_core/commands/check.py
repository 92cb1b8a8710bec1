"""`seizure-zoo check FOLDER`: find references that contradict each other."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from seizure_core.command_line import DONE, FAILED, fail, write
from seizure_core.errors import ParameterError
from seizure_core.references.check import check_folder

NAME = "check"
HELP = "Compare the references of a folder with each other and with the recordings."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.description = (
        "Compares summaries, .seizures, tables of events, RECORDS and RECORDS-WITH-SEIZURES of a "
        "folder and its subfolders with each other and with the recordings, and names every "
        "contradiction."
    )
    parser.add_argument("folder", type=Path, help="folder of recordings, references or both")


def run(arguments: argparse.Namespace) -> int:
    """Check the folder; return 1 if there is a contradiction, or nothing to check."""
    if not arguments.folder.is_dir():
        raise ParameterError("There is no folder {name!r}.", name=arguments.folder.name)
    report = check_folder(arguments.folder)
    if not report.n_recordings and not report.n_described and not report.issues:
        fail("There is neither a recording nor a reference in this folder.")
        return FAILED
    head = (
        f"{report.n_recordings} recordings, references of {report.n_described}, "
        f"{report.n_seizures} seizures, {len(report.issues)} contradictions"
    )
    write(
        arguments,
        {
            "n_recordings": report.n_recordings,
            "n_described": report.n_described,
            "n_seizures": report.n_seizures,
            "issues": [asdict(one) for one in report.issues],
        },
        [head, *(f"- {one.message}" for one in report.issues)],
    )
    return FAILED if report.issues else DONE
