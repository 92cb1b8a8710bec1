"""`python -m training dataset create|list|show|delete`: datasets from recordings."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from seizure_core.batch.commands import run_batch
from seizure_core.batch.options import OVERWRITE, RUN_OPTIONS, check_run_options
from seizure_core.batch.task import Batch, Task
from seizure_core.command_line import DONE, FAILED, argument, command, group, warn, write
from seizure_core.errors import ParameterError
from seizure_core.plain_text import printable
from training.commands.files import RECORDINGS, paired, read_config

_DATASET = argument("dataset_id", metavar="ID", help="Id of the dataset, as shown by 'list'.")


@command(
    "create",
    "Create a dataset from recordings.",
    *RECORDINGS,
    argument(
        "--settings",
        type=Path,
        metavar="JSON",
        help="File with settings of the dataset. Default: the default settings.",
    ),
    argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="Change one setting, as in window_s=10; VALUE is JSON. May be repeated.",
    ),
    argument(
        "--out",
        metavar="DIR",
        type=Path,
        help="Keep the signals of each recording in this folder, for --resume and other "
        "datasets with the same input. Default: keep them in the dataset only.",
    ),
    OVERWRITE,
    *RUN_OPTIONS,
    description="Create a dataset from recordings. With --shard, the signals of one part are "
    "stored only; --resume without it makes the dataset of all of them.",
    examples=(
        "dataset create recordings --references annotations",
        "dataset create recordings --seizure-free quiet.edf --set window_s=10",
    ),
)
def create(arguments: argparse.Namespace) -> int:
    """Create a dataset; return 1 if a recording was refused."""
    from training.data.builder import create_dataset, store_parts

    settings = {} if arguments.settings is None else read_config(arguments.settings)
    settings |= dict(_setting(text) for text in arguments.set)
    pairing = paired(arguments.files, arguments.references, arguments.seizure_free)
    check_run_options(arguments)
    statuses: list[int] = []

    def store(batch: Batch, tasks: Sequence[Task]) -> None:
        batch = replace(batch, overwrite=arguments.overwrite)
        statuses.append(run_batch(arguments, batch, tasks))

    if arguments.shard:
        store_parts(arguments.out, pairing, settings, store)
        return max(statuses)
    card = create_dataset(pairing, settings, parts=arguments.out, store=store)
    warn(arguments, *card["warnings"])
    write(arguments, card, _line(card))
    # A refused recording is a failure, one without reference is not.
    unknown = set(pairing.unknown)
    refused = any(refused_file["file_name"] not in unknown for refused_file in card["refused"])
    return FAILED if refused else DONE


@command(
    "show",
    "Show the card of a dataset.",
    _DATASET,
    examples=("dataset show dataset-20250131-142501-1f3a9c",),
)
def show(arguments: argparse.Namespace) -> int:
    """Print the card."""
    from training.data.card import public_card
    from training.data.store import open_dataset

    card = public_card(open_dataset(arguments.dataset_id).card)
    # The card is long and meant for programs; there is no text version.
    arguments.json = True
    write(arguments, card, "")
    return DONE


@command("list", "List all datasets.", examples=("dataset list",))
def list_all(arguments: argparse.Namespace) -> int:
    """Print a line per dataset."""
    from training.data.store import list_datasets

    cards = list_datasets()
    write(arguments, cards, [_line(card) for card in cards])
    return DONE


@command(
    "delete",
    "Delete a dataset.",
    _DATASET,
    examples=("dataset delete dataset-20250131-142501-1f3a9c",),
)
def delete(arguments: argparse.Namespace) -> int:
    """Delete the dataset."""
    from training.runs.control import delete_dataset

    delete_dataset(arguments.dataset_id)
    write(arguments, {"dataset_id": arguments.dataset_id, "deleted": True}, "")
    return DONE


dataset = group(
    "dataset", "Create, list, show and delete datasets.", create, show, delete, list_all
)


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
