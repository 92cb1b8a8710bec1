"""The command line `python -m seizure_core`: commands that need no model."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from seizure_core import __version__
from seizure_core.batch import commands as batch_commands
from seizure_core.batch.statistics import statistics
from seizure_core.command_line import (
    DONE,
    FAILED,
    Command,
    argument,
    command,
    fail,
    run_command_line,
    warn,
    write,
)
from seizure_core.errors import ParameterError
from seizure_core.events.score_files import score_files
from seizure_core.references.check import check_folder
from seizure_core.review.command import review


@command(
    "score",
    "Score detected events against an expert's by SzCORE's rules.",
    argument("hypothesis", metavar="HYP", type=Path, help="File of detected events."),
    argument("reference", metavar="REF", type=Path, help="File of an expert's events."),
    argument(
        "--duration",
        metavar="S",
        type=float,
        help="Duration of the recording in seconds. Default: as stated in the files.",
    ),
    examples=("score night_events.tsv night_expert.tsv --duration 3600",),
)
def score(arguments: argparse.Namespace) -> int:
    """Score a file of detected events."""
    scores = score_files(
        arguments.hypothesis, arguments.reference, recording_duration_s=arguments.duration
    )
    warn(arguments, *(finding["message"] for finding in scores["findings"]))
    lines = [f"{part}: {_figures(scores[part])}" for part in ("event", "sample")]
    for name in ("always", "never"):
        lines.append(
            f"baseline, {name} alarm: event: {_figures(scores['baselines'][name]['event'])}"
        )
    write(arguments, scores, lines)
    return DONE


@command(
    "check",
    "Check the references in a folder for contradictions.",
    argument("folder", type=Path, help="Folder of recordings, references or both."),
    description="Compare summaries, .seizures, event tables, RECORDS and "
    "RECORDS-WITH-SEIZURES of a folder and its subfolders with each other and with the "
    "recordings, and list all contradictions.",
    examples=("check databases/chbmit",),
)
def check(arguments: argparse.Namespace) -> int:
    """Check a folder; return 1 on contradictions, or if there is nothing to check."""
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
            "issues": [asdict(issue) for issue in report.issues],
        },
        [head, *(f"- {issue.message}" for issue in report.issues)],
    )
    return FAILED if report.issues else DONE


def _figures(figures: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{name} {'undefined' if value is None else f'{value:.4g}'}"
        for name, value in figures.items()
    )


COMMANDS: tuple[Command, ...] = (
    score,
    check,
    statistics,
    batch_commands.status,
    batch_commands.merge_results,
    review,
)


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
