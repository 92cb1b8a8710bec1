"""Takes a finished net into the shipped registry; used by those who make nets, not by users."""

from __future__ import annotations

from pathlib import Path

from seizure_core.atomic import atomic_path
from zoo.card.readme import model_readme
from zoo.errors import RegistryError
from zoo.store.home import SHIPPED_FOLDER
from zoo.store.model_folder import README_FILE, load_net
from zoo.store.registry_file import (
    REGISTRY_FILE,
    RegistryEntry,
    read_registry_file,
    write_registry_file,
)

SHIPPED_MODELS = "zoo/models"


def ship_net(model_id: str, *, root: Path = SHIPPED_FOLDER) -> RegistryEntry:
    """Check the folder `zoo/models/MODEL_ID` and write its entry into `registry.json`.

    An entry of the same id is replaced where it stands; a new one goes to the end. The net's
    README is written anew from its card.

    Raises
    ------
    CardError, WeightsError
        The net fails a check.
    RegistryError
        The card bears another id, or the registry is damaged.
    """
    folder = f"{SHIPPED_MODELS}/{model_id}"
    card = load_net(root / folder).card
    if card.model_id != model_id:
        raise RegistryError(
            "The card in {folder} bears the id {model_id}.", folder=folder, model_id=card.model_id
        )
    content = read_registry_file(root / REGISTRY_FILE)
    if content.faults:
        raise RegistryError(
            "{registry_file}: {faults}", registry_file=REGISTRY_FILE, faults=content.faults[0]
        )
    with atomic_path(root / folder / README_FILE) as temporary:
        temporary.write_text(model_readme(card), encoding="utf-8")
    entries = {entry.model_id: entry for entry in content.entries}
    entries[model_id] = RegistryEntry.of(card, folder=folder)
    write_registry_file(root / REGISTRY_FILE, list(entries.values()))
    return entries[model_id]
