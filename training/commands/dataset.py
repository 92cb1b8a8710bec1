"""`python -m training dataset create|list|show|delete`: datasets from recordings."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from seizure_core.command_line import DONE, FAILED, warn, write
from seizure_core.errors import ParameterError
from seizure_core.plain_text import printable
from training.commands.files import add_recording_arguments, paired, read_config

NAME = "dataset"
HELP = "Make, list, show and delete datasets."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    create = actions.add_parser("create", help="make a dataset")
    add_recording_arguments(create)
    create.add_argument(
        "--settings", type=Path, metavar="JSON", help="file with settings of the dataset"
    )
    create.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="one setting, such as window_s=10 (VALUE is JSON); may be repeated",
    )
    create.set_defaults(action=_create)
    for name, action, text in (
        ("show", _show, "show a dataset's card"),
        ("delete", _delete, "delete a dataset"),
    ):
        one = actions.add_parser(name, help=text)
        one.add_argument("dataset_id", metavar="ID")
        one.set_defaults(action=action)
    actions.add_parser("list", help="list all datasets").set_defaults(action=_list)


def run(arguments: argparse.Namespace) -> int:
    """Carry the action out."""
    action: Callable[[argparse.Namespace], int] = arguments.action
    return action(arguments)


def _create(arguments: argparse.Namespace) -> int:
    from training import services

    settings: dict[str, Any] = {}
    if arguments.settings is not None:
        settings |= read_config(arguments.settings)
    settings |= dict(_setting(text) for text in arguments.set)
    pairing = paired(arguments.files, arguments.references, arguments.seizure_free)
    card = services.create_dataset(pairing, settings=settings)
    warn(arguments, *card["warnings"])
    write(arguments, card, _line(card))
    # A recording that was refused is a failure; one nobody vouches for is only left out.
    unknown = set(pairing.unknown)
    refused = any(one["file_name"] not in unknown for one in card["refused"])
    return FAILED if refused else DONE


def _show(arguments: argparse.Namespace) -> int:
    from training.data.card import public_card
    from training.data.store import open_dataset

    card = public_card(open_dataset(arguments.dataset_id).card)
    # A card is long and for programs; there is no shorter text of it.
    arguments.json = True
    write(arguments, card, "")
    return DONE


def _list(arguments: argparse.Namespace) -> int:
    from training import services

    cards = services.list_datasets()
    write(arguments, cards, [_line(card) for card in cards])
    return DONE


def _delete(arguments: argparse.Namespace) -> int:
    from training import services

    write(arguments, services.delete_dataset(arguments.dataset_id), "")
    return DONE


def _line(card: Mapping[str, Any]) -> str:
    if "message" in card:
        return f"{card['dataset_id']}: {printable(card['message'])}"
    return (
        f"{card['dataset_id']}: {card['n_seizure_windows']} seizure and "
        f"{card['n_background_windows']} background windows of {len(card['recordings'])} "
        f"recordings, {card['hours']:.2f} h, {card['n_seizures']} seizures"
    )


def _setting(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise ParameterError("--set {text}: write it as NAME=VALUE.", text=text)
    try:
        return name.strip(), json.loads(value)
    except (ValueError, RecursionError):
        return name.strip(), value
