"""`python -m zoo repair`: rebuild the registry of one's own nets from their folders."""

from __future__ import annotations

import argparse

from seizure_core.command_line import DONE, write
from seizure_core.plain_text import printable

NAME = "repair"
HELP = "Check every model of your own and rebuild their registry."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options: there are none."""


def run(arguments: argparse.Namespace) -> int:
    """Repair and say what was wrong."""
    from zoo.store.repair import repair_models

    report = repair_models()
    n_models = len(report["model_ids"])
    lines = [printable(one["message"]) for one in report["findings"]]
    lines.append(f"{n_models} model{'' if n_models == 1 else 's'} of your own, all whole.")
    write(arguments, report, lines)
    return DONE
