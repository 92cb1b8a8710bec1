"""List of the Hub registries that the user has added.

Each is pinned to the commit at which it was last fetched.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from seizure_core.json_document import JsonError, read_json, write_json
from seizure_core.messages import Message
from zoo.errors import HubAccessError, RegistryError
from zoo.hub.addresses import HUB_FOLDER, HubLocation, is_commit, parse_address, registry_file_in
from zoo.store.registry_file import RegistryContent, RegistryEntry, read_registry_file

STORE_FILE = "registries.json"
SCHEMA_VERSION = 1


def registry_content(home: Path, place: HubLocation) -> RegistryContent:
    """Return the stored contents of a registry; a missing or damaged file becomes a fault."""
    path = registry_file_in(home, place.repo_id, place.revision)
    if not path.is_file():
        return RegistryContent(faults=("its file is lost; update it.",), readable=False)
    try:
        return read_registry_file(path)
    except RegistryError as error:
        return RegistryContent(faults=(error.message,), readable=False)


def location_of(place: HubLocation, entry: RegistryEntry) -> HubLocation:
    """Return the Hub location of a registry entry."""
    if entry.repo_id is not None and entry.revision is not None:
        return HubLocation(repo_id=entry.repo_id, revision=entry.revision)
    return HubLocation(repo_id=place.repo_id, revision=place.revision, folder=entry.folder or "")


def read_store(home: Path) -> tuple[tuple[HubLocation, ...], tuple[str, ...]]:
    """Return the added registries, and the faults of the file that lists them."""
    path = home / HUB_FOLDER / STORE_FILE
    try:
        document = read_json(path)
    except FileNotFoundError:
        return (), ()
    except JsonError as error:
        return (), (f"{STORE_FILE}: {error}",)
    rows = document.get("registries") if isinstance(document, dict) else None
    if not isinstance(rows, list):
        return (), (Message("{store_file} must hold a list of registries.", store_file=STORE_FILE),)
    registries, faults = [], []
    for index, row in enumerate(rows):
        registry = _registry(row)
        if registry is None:
            faults.append(
                Message(
                    "{store_file}: registries[{index}] names no repository and commit.",
                    store_file=STORE_FILE,
                    index=index,
                )
            )
        else:
            registries.append(registry)
    return tuple(registries), tuple(faults)


def write_store(home: Path, registries: Sequence[HubLocation]) -> None:
    """Write the list of added registries, atomically."""
    path = home / HUB_FOLDER / STORE_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [{"repo_id": registry.repo_id, "revision": registry.revision} for registry in registries]
    write_json(path, {"schema_version": SCHEMA_VERSION, "registries": rows}, durable=True)


def _registry(row: Any) -> HubLocation | None:
    repo_id, revision = (
        (row.get("repo_id"), row.get("revision")) if isinstance(row, dict) else (None, None)
    )
    if not isinstance(repo_id, str) or not isinstance(revision, str) or not is_commit(revision):
        return None
    try:
        return HubLocation(repo_id=parse_address(repo_id).repo_id, revision=revision)
    except HubAccessError:
        return None
