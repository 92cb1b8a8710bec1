"""Rebuilding of the user's registry from the model folders."""

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
    """Check all user models and rewrite the registry.

    Models that cannot be loaded stay on disk but are removed from the registry.

    Parameters
    ----------
    home : Path, optional
        None means the home folder of this machine's user.

    Returns
    -------
    dict
        The registered `model_ids`, and `findings` on problems.

    Raises
    ------
    RegistryError
        The registry has a newer schema, or the home folder is not writable.
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
                    "The folder {models_folder}/{folder_name} does not contain a complete model "
                    "and was not changed: {error}",
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
    """Return the valid entries, in the order of the old registry."""
    entries = []
    for entry in content.entries:
        if entry.folder is None:
            entries.append(entry)  # A model that is only on the Hub.
            continue
        found = models.pop(entry.model_id, None)
        if found is None:
            told.append(
                Message(
                    "The model {model_id} was removed from the registry: it is damaged.",
                    model_id=entry.model_id,
                )
            )
        elif found.identity == entry.identity:
            entries.append(entry)
        else:
            told.append(
                Message(
                    "The model {model_id} is intact, but was not the registered one. It is "
                    "registered now.",
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
