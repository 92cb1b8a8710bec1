"""The datasets in the home folder."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from training.data.card import public_card
from training.data.dataset import DATASET_FILE, Dataset, read_dataset
from training.documents import existing_folder, known_ids, read_document
from training.errors import DatasetError
from zoo.store.home import home_folder

KIND = "dataset"


def datasets_folder() -> Path:
    """Return the folder of all datasets, which need not exist."""
    return home_folder() / "datasets"


def open_dataset(dataset_id: str) -> Dataset:
    """Open a dataset.

    Raises
    ------
    UnknownIdError
        There is no such dataset.
    DatasetError
        It is damaged.
    """
    return read_dataset(existing_folder(datasets_folder(), KIND, dataset_id))


def list_datasets() -> list[dict[str, Any]]:
    """Return the cards of all datasets without ledgers, newest first.

    The entry of a damaged dataset has a message.
    """
    cards = []
    for dataset_id in reversed(known_ids(datasets_folder(), KIND)):
        try:
            card = read_document(datasets_folder() / dataset_id / DATASET_FILE, DatasetError)
        except DatasetError as error:
            card = {"dataset_id": dataset_id, "message": error.message}
        cards.append({key: value for key, value in public_card(card).items() if key != "ledger"})
    return cards


def remove_dataset(dataset_id: str) -> None:
    """Delete a dataset.

    Raises
    ------
    UnknownIdError
        There is no such dataset.
    DatasetError
        Its folder cannot be removed.
    """
    folder = existing_folder(datasets_folder(), KIND, dataset_id)
    doomed = folder.with_name(f".{folder.name}.deleted")
    try:
        # Rename first, so that a half-deleted dataset is not found.
        folder.rename(doomed)
    except OSError as error:
        raise DatasetError(
            "{dataset_id} cannot be deleted ({strerror}).",
            dataset_id=dataset_id,
            strerror=error.strerror,
        ) from error
    shutil.rmtree(doomed, ignore_errors=True)
