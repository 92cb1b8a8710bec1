"""`python -m zoo search [WORDS]`: find nets on the Hub."""

from __future__ import annotations

import argparse
import json

NAME = "search"
HELP = "search the Hub for nets of Seizure Zoo"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("words", metavar="WORDS", nargs="*", help="of the repository's name")
    parser.add_argument("--limit", metavar="N", type=int, default=50, help="how many at most")
    parser.add_argument("--json", action="store_true", help="write JSON instead of lines")


def run(arguments: argparse.Namespace) -> int:
    """Write what was found."""
    from zoo.services import search_models

    found = search_models(" ".join(arguments.words), arguments.limit)
    if arguments.json:
        print(json.dumps(found, indent=2, ensure_ascii=False))
        return 0
    for one in found:
        kind = "private" if one["private"] else "gated" if one["gated"] else "public"
        print(f"{one['repo_id']}  {kind}, {one['license'] or 'no licence'}, {one['updated']}")
    if not found:
        print("Nothing was found.")
    return 0
