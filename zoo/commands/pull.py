"""`python -m zoo pull REPO`: take a net of the Hub into the zoo."""

from __future__ import annotations

import argparse

from seizure_core.command_line import DONE, write

NAME = "pull"
HELP = "Fetch a model from the Hub, check it and register it."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("repo", metavar="REPO", help="ORG/NAME, or hf://ORG/NAME@REVISION")
    parser.add_argument("--revision", metavar="REV", help="branch, tag or commit")


def run(arguments: argparse.Namespace) -> int:
    """Pull the net."""
    from zoo.hub.pulling import pull_model

    pulled = pull_model(arguments.repo, arguments.revision)
    write(
        arguments,
        pulled,
        f"{pulled['model_id']}: pulled from {pulled['repo_id']} at {pulled['revision']}",
    )
    return DONE
