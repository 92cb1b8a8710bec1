"""Rebuilds the registry of a user's models from the folders that are there."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from seizure_core.errors import SeizureZooError
from seizure_core.messages import Message
from seizure_core.recording import Finding
from zoo.store.home import home_folder
from zoo.store.home_lock import (
    MODELS_FOLDER,
    card_in,
    entry_of,
    keep_aside,
    locked_home,
    model_folders,
)
from zoo.store.model_folder import open_folder
from zoo.store.registry_file import (
    REGISTRY_FILE,
    RegistryContent,
    RegistryEntry,
    read_registry_file,
    write_registry_file,
)


def repair_models(home: Path | None = None) -> dict[str, Any]:
    """Check every model of the user with every check and write the registry anew.

    What does not load is left where it is, but is taken out of the registry.

    Parameters
    ----------
    home : Path, optional
        The home folder; None means that of this machine's user.

    Returns
    -------
    dict
        The `model_ids` that are registered now, and `findings` on what was wrong.

    Raises
    ------
    RegistryError
        The registry is of a later schema, or the home folder cannot be written to.
    """
    home = home_folder() if home is None else home
    with locked_home(home) as recovered:
        told = list(recovered)
        content = read_registry_file(home / REGISTRY_FILE)
        if content.faults:
            kept = keep_aside(home / REGISTRY_FILE)
            told += [
                Message(
                    "The registry of your own models: {one} The damaged file was kept as {kept}.",
                    one=fault,
                    kept=kept,
                )
                for fault in content.faults
            ]
        models = _whole_models(home / MODELS_FOLDER, told)
        entries = _rebuilt(content, models, told)
        if tuple(entries) != content.entries or content.faults:
            write_registry_file(home / REGISTRY_FILE, entries)
    return {
        "model_ids": [entry.model_id for entry in entries],
        "findings": [asdict(Finding.warning(finding)) for finding in told],
    }


def _whole_models(folder_of_models: Path, told: list[str]) -> dict[str, RegistryEntry]:
    models = {}
    for folder in model_folders(folder_of_models):
        try:
            card = card_in(folder)
            open_folder(folder)
        except SeizureZooError as error:
            told.append(
                Message(
                    "The folder {models_folder}/{folder_name} holds no whole model and was left as "
                    "it is: {error}",
                    models_folder=MODELS_FOLDER,
                    folder_name=folder.name,
                    error=error,
                )
            )
            continue
        models[card.model_id] = entry_of(card)
    return models


def _rebuilt(
    content: RegistryContent, models: dict[str, RegistryEntry], told: list[str]
) -> list[RegistryEntry]:
    """Return the entries there should be, in the order of the old ones."""
    entries = []
    for entry in content.entries:
        if entry.folder is None:
            entries.append(entry)  # a model that is only on the Hub
            continue
        found = models.pop(entry.model_id, None)
        if found is None:
            told.append(
                Message(
                    "The model {model_id} was taken out of the registry: it is not whole.",
                    model_id=entry.model_id,
                )
            )
        elif found.identity == entry.identity:
            entries.append(entry)
        else:
            told.append(
                Message(
                    "The model {model_id} is whole, but not the one that was registered. It was "
                    "registered as it is.",
                    model_id=entry.model_id,
                )
            )
            entries.append(found)
    for found in models.values():
        told.append(
            Message("The model {model_id} was not registered; now it is.", model_id=found.model_id)
        )
        entries.append(found)
    return entries
