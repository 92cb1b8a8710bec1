"""`python -m zoo registry`: registries of nets that live on the Hub."""

from __future__ import annotations

import argparse
from typing import Any

from seizure_core.command_line import DONE, FAILED, fail, write
from seizure_core.errors import ParameterError, SeizureZooError

NAME = "registry"
HELP = "Add, update, list or remove registries of models on the Hub."

ACTIONS = ("add", "update", "list", "remove")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("action", choices=ACTIONS)
    parser.add_argument("repos", metavar="REPO", nargs="*", help="ORG/NAME with a registry.json")


def run(arguments: argparse.Namespace) -> int:
    """Do it for every repository; return 1 if one failed or has nets that cannot be had."""
    from zoo.hub.registries import list_hub_registries

    known = list_hub_registries()
    if arguments.action == "list":
        write(arguments, known, [f"{one['repo_id']}  {one['revision']}" for one in known])
        return DONE
    repos = arguments.repos
    if not repos and arguments.action == "update":
        repos = [one["repo_id"] for one in known]
    elif not repos:
        raise ParameterError("Name a repository to {action}.", action=arguments.action)
    done, n_failed = [], 0
    for repo in repos:
        try:
            one = _change(arguments.action, repo)
        except SeizureZooError as error:
            fail(str(error))
            n_failed += 1
            continue
        done.append(one)
        for fault in one.get("faults", []):
            fail(fault)
        n_failed += bool(one.get("faults"))
    write(arguments, done, [_line(one) for one in done])
    return FAILED if n_failed else DONE


def _change(action: str, repo: str) -> dict[str, Any]:
    from zoo.hub.registries import add_hub_registry, remove_hub_registry

    return remove_hub_registry(repo) if action == "remove" else add_hub_registry(repo)


def _line(one: dict[str, Any]) -> str:
    if "model_ids" not in one:
        return f"{one['repo_id']}: removed"
    return f"{one['repo_id']} at {one['revision']}: {', '.join(one['model_ids']) or 'no models'}"
