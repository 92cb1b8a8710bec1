"""`seizure-zoo score HYPOTHESIS REFERENCE`: SzCORE's scores of one file of events."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from seizure_core.command_line import DONE, warn, write
from seizure_core.events.score_files import score_files

NAME = "score"
HELP = "Score detected events against an expert's, by SzCORE's rules."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.epilog = (
        "example:\n  seizure-zoo score night_events.tsv night_expert.tsv --duration 3600"
    )
    parser.add_argument("hypothesis", metavar="HYP", type=Path, help="file of detected events")
    parser.add_argument("reference", metavar="REF", type=Path, help="file of an expert's events")
    parser.add_argument(
        "--duration",
        metavar="S",
        type=float,
        help="length of the recording in seconds (default: as the files say)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Score the file."""
    scores = score_files(
        arguments.hypothesis, arguments.reference, recording_duration_s=arguments.duration
    )
    warn(arguments, *(one["message"] for one in scores["findings"]))
    lines = [f"{part}: {_figures(scores[part])}" for part in ("event", "sample")]
    for name in ("always", "never"):
        lines.append(
            f"baseline, {name} alarm: event: {_figures(scores['baselines'][name]['event'])}"
        )
    write(arguments, scores, lines)
    return DONE


def _figures(figures: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{name} {'undefined' if value is None else f'{value:.4g}'}"
        for name, value in figures.items()
    )
