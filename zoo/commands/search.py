"""`python -m zoo search [WORDS]`: find nets on the Hub."""

from __future__ import annotations

import argparse
from typing import Any

from seizure_core.command_line import DONE, write

NAME = "search"
HELP = "Search the Hub for models of Seizure Zoo."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("words", metavar="WORDS", nargs="*", help="of the repository's name")
    parser.add_argument("--limit", metavar="N", type=int, default=50, help="how many at most")


def run(arguments: argparse.Namespace) -> int:
    """Write what was found."""
    from zoo.hub.search import search_models

    found = search_models(" ".join(arguments.words), arguments.limit)
    write(arguments, found, [_line(one) for one in found] or "Nothing was found.")
    return DONE


def _line(one: dict[str, Any]) -> str:
    kind = "private" if one["private"] else "gated" if one["gated"] else "public"
    return f"{one['repo_id']}  {kind}, {one['license'] or 'no licence'}, {one['updated']}"
