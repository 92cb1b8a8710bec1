"""`python -m zoo repair`: rebuild the registry of one's own nets from their folders."""

from __future__ import annotations

import argparse

from zoo.plain_text import printable

NAME = "repair"
HELP = "check every net of your own and rebuild their registry"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options: there are none."""


def run(arguments: argparse.Namespace) -> int:
    """Repair and say what was wrong."""
    from zoo.services import repair_models

    report = repair_models()
    for finding in report["findings"]:
        print(printable(finding["message"]))
    n_nets = len(report["model_ids"])
    print(f"{n_nets} net{'' if n_nets == 1 else 's'} of your own, all whole.")
    return 0
