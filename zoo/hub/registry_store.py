"""Which registries on the Hub this machine's user has added, as kept in the home folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seizure_core.atomic import atomic_path
from seizure_core.json_document import JsonError, parse_json, readable_json
from seizure_core.messages import Message
from zoo.errors import HubAccessError, RegistryError
from zoo.hub.addresses import is_commit, parse_address
from zoo.hub.cache import HUB_FOLDER, HubLocation, registry_file_in
from zoo.store.registry_file import RegistryContent, RegistryEntry, read_registry_file

STORE_FILE = "registries.json"
SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class HubRegistry:
    """A registry on the Hub, pinned to the commit it was last fetched at.

    Attributes
    ----------
    repo_id : str
        Its repository.
    revision : str
        The full commit.
    """

    repo_id: str
    revision: str

    def content(self, home: Path) -> RegistryContent:
        """Return what was fetched of it; a lost or damaged file is a fault of the content."""
        path = registry_file_in(home, self.repo_id, self.revision)
        if not path.is_file():
            return RegistryContent(faults=("its file is lost; update it.",), readable=False)
        try:
            return read_registry_file(path)
        except RegistryError as error:
            return RegistryContent(faults=(str(error),), readable=False)

    def location_of(self, entry: RegistryEntry) -> HubLocation:
        """Return where the net of an entry is."""
        if entry.repo_id is not None and entry.revision is not None:
            return HubLocation(repo_id=entry.repo_id, revision=entry.revision)
        return HubLocation(repo_id=self.repo_id, revision=self.revision, folder=entry.folder or "")


def read_store(home: Path) -> tuple[tuple[HubRegistry, ...], tuple[str, ...]]:
    """Return the registries that were added, and what is wrong with the file that says so."""
    path = home / HUB_FOLDER / STORE_FILE
    try:
        document = parse_json(path.read_bytes())
    except FileNotFoundError:
        return (), ()
    except OSError as error:
        return (), (
            Message(
                "{store_file} cannot be read ({strerror}).",
                store_file=STORE_FILE,
                strerror=error.strerror,
            ),
        )
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


def write_store(home: Path, registries: Sequence[HubRegistry]) -> None:
    """Write which registries were added, whole or not at all."""
    path = home / HUB_FOLDER / STORE_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [{"repo_id": one.repo_id, "revision": one.revision} for one in registries]
    with atomic_path(path, durable=True) as temporary:
        temporary.write_bytes(readable_json({"schema_version": SCHEMA_VERSION, "registries": rows}))


def _registry(row: Any) -> HubRegistry | None:
    repo_id, revision = (
        (row.get("repo_id"), row.get("revision")) if isinstance(row, dict) else (None, None)
    )
    if not isinstance(repo_id, str) or not isinstance(revision, str) or not is_commit(revision):
        return None
    try:
        return HubRegistry(repo_id=parse_address(repo_id).repo_id, revision=revision)
    except HubAccessError:
        return None
