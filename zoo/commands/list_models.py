"""`python -m zoo list`: which nets there are."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict

from seizure_core.command_line import DONE, FAILED, fail, write
from seizure_core.plain_text import printable
from zoo.store.registry import ModelSummary, Registry

NAME = "list"
HELP = "List the models of the zoo."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""


def run(arguments: argparse.Namespace) -> int:
    """Write the table; return 1 if a net or a registry is damaged, and say which."""
    summaries, findings = Registry.load().summaries()
    table = _table(summaries) if summaries else "The zoo has no models yet."
    write(arguments, [asdict(one) for one in summaries], table)
    for finding in findings:
        fail(finding.message)
    return FAILED if findings else DONE


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
