"""`python -m zoo registry`: registries of nets that live on the Hub."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from seizure_core.errors import SeizureZooError
from zoo.plain_text import printable

NAME = "registry"
HELP = "add, update, list or remove registries of nets on the Hub"

ACTIONS = ("add", "update", "list", "remove")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("action", choices=ACTIONS)
    parser.add_argument("repos", metavar="REPO", nargs="*", help="ORG/NAME with a registry.json")


def run(arguments: argparse.Namespace) -> int:
    """Do it for every repository; return 1 if one failed or has nets that cannot be had."""
    from zoo.services import list_hub_registries

    known = [one["repo_id"] for one in list_hub_registries()]
    if arguments.action == "list":
        for one in list_hub_registries():
            print(f"{one['repo_id']}  {one['revision']}")
        return 0
    repos = arguments.repos or (known if arguments.action == "update" else [])
    if not repos and arguments.action != "update":
        print(f"Name a repository to {arguments.action}.", file=sys.stderr)
        return 2
    n_failed = 0
    for repo in repos:
        try:
            n_failed += not _done(arguments.action, repo)
        except SeizureZooError as error:
            print(printable(str(error)), file=sys.stderr)
            n_failed += 1
    return 1 if n_failed else 0


def _done(action: str, repo: str) -> bool:
    from zoo.services import add_hub_registry, remove_hub_registry

    if action == "remove":
        print(f"{remove_hub_registry(repo)['repo_id']}: removed")
        return True
    return _told(add_hub_registry(repo))


def _told(added: dict[str, Any]) -> bool:
    names = ", ".join(added["model_ids"]) or "no nets"
    print(f"{added['repo_id']} at {added['revision']}: {names}")
    for fault in added["faults"]:
        print(printable(fault), file=sys.stderr)
    return not added["faults"]
