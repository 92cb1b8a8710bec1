"""`python -m zoo list`: which nets there are."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict

from zoo.plain_text import printable
from zoo.registry import ModelSummary, Registry

NAME = "list"
HELP = "list the nets of the zoo"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("--json", action="store_true", help="write JSON instead of a table")


def run(arguments: argparse.Namespace) -> int:
    """Write the table; return 1 if a net or a registry is damaged, and say which."""
    summaries, findings = Registry.load().summaries()
    if arguments.json:
        print(json.dumps([asdict(one) for one in summaries], indent=2, ensure_ascii=False))
    else:
        print(_table(summaries) if summaries else "The zoo has no nets yet.")
    for finding in findings:
        print(printable(finding.message), file=sys.stderr)
    return 1 if findings else 0


def _table(summaries: Sequence[ModelSummary]) -> str:
    head = (
        "id",
        "version",
        "source",
        "channels",
        "rate",
        "window",
        "stride",
        "parameters",
        "title",
    )
    rows = [head, *(_row(one) for one in summaries)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _row(one: ModelSummary) -> tuple[str, ...]:
    return (
        one.model_id,
        one.version,
        one.source,
        "any" if one.n_channels is None else str(one.n_channels),
        f"{one.sampling_rate_hz:g} Hz",
        f"{one.window_s:g} s",
        f"{one.stride_s:g} s",
        f"{one.n_parameters:,}",
        printable(one.title),
    )
