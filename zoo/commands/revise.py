"""`python -m zoo revise ID`: give a net of one's own a new version."""

from __future__ import annotations

import argparse

from seizure_core.command_line import DONE, write

NAME = "revise"
HELP = "Give a model of your own a new version and a note on what is new."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("model_id", metavar="ID", help="id of the net, as in 'list'")
    parser.add_argument("--version", metavar="X.Y.Z", required=True, help="higher than before")
    parser.add_argument("--note", metavar="TEXT", required=True, help="what is new")


def run(arguments: argparse.Namespace) -> int:
    """Write the new version."""
    from zoo.store.revision import revise_net

    card = revise_net(
        arguments.model_id, version=arguments.version, note=arguments.note
    ).to_document()
    document = {"model_id": card["model_id"], "version": card["version"]}
    write(arguments, document, f"{card['model_id']}: version {card['version']}")
    return DONE
