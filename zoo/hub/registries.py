"""Registries that live on the Hub: added by name, known at once, fetched net by net."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from seizure_core.atomic import atomic_path
from seizure_core.errors import SeizureZooError
from seizure_core.json_document import MAX_BYTES
from seizure_core.messages import Message
from zoo.errors import HubContentError, HubError, RegistryError
from zoo.hub.access import HubAccess
from zoo.hub.addresses import parse_address
from zoo.hub.cache import registry_file_in
from zoo.hub.client import hub_api, hub_errors
from zoo.hub.fetching import fetch_card
from zoo.hub.registry_store import HubRegistry, read_store, write_store
from zoo.hub.snapshots import Snapshot, look_up
from zoo.store.home import home_folder
from zoo.store.home_lock import locked_home
from zoo.store.registry_file import REGISTRY_FILE, RegistryEntry, parse_registry


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedRegistry:
    """What adding or updating a registry brought.

    Attributes
    ----------
    registry : HubRegistry
        The repository and its commit.
    entries : tuple of RegistryEntry
        Nets whose cards are here now.
    faults : tuple of str
        What is wrong with the others, as sentences.
    """

    registry: HubRegistry
    entries: tuple[RegistryEntry, ...]
    faults: tuple[str, ...]


def add_registry(repo: str, access: HubAccess) -> AddedRegistry:
    """Add a team's registry, or bring one that was added before up to date.

    Its nets are known from then on. Their cards are fetched now, their weights at first use.

    Parameters
    ----------
    repo : str
        A repository on the Hub that holds `registry.json`.
    access : HubAccess
        Who asks.

    Raises
    ------
    HubError
        It cannot be fetched, or holds no registry.
    RegistryError
        It was written for a newer version of this program, or the home folder cannot be
        written to.
    """
    snapshot = look_up(parse_address(repo), access)
    data = _download(snapshot, access)
    content = parse_registry(data)
    if not content.readable:
        raise HubContentError(
            "{repo_id}: {registry_file}: {faults}",
            repo_id=snapshot.repo_id,
            registry_file=REGISTRY_FILE,
            faults=content.faults[0],
        )
    registry = HubRegistry(repo_id=snapshot.repo_id, revision=snapshot.revision)
    entries, faults = [], list(content.faults)
    for entry in content.entries:
        try:
            _check_card(registry, entry, access)
        except SeizureZooError as error:
            faults.append(
                Message(
                    "The net {model_id} cannot be had. {error}",
                    model_id=entry.model_id,
                    error=error,
                )
            )
        else:
            entries.append(entry)
    home = home_folder()
    with locked_home(home):
        path = registry_file_in(home, registry.repo_id, registry.revision)
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_path(path) as temporary:
            temporary.write_bytes(data)
        _store(home, registry)
    return AddedRegistry(registry=registry, entries=tuple(entries), faults=tuple(faults))


def update_registries(access: HubAccess) -> tuple[AddedRegistry, ...]:
    """Bring every registry that was added up to date.

    Raises
    ------
    HubError, RegistryError
        One of them could not be; those before it are up to date.
    """
    return tuple(add_registry(one.repo_id, access) for one in known_registries())


def remove_registry(repo: str) -> None:
    """Forget a registry; nets that were pulled from it stay.

    Raises
    ------
    RegistryError
        It was not added, or the home folder cannot be written to.
    """
    repo_id, home = parse_address(repo).repo_id, home_folder()
    with locked_home(home):
        known, _ = read_store(home)
        rest = [one for one in known if one.repo_id.casefold() != repo_id.casefold()]
        if len(rest) == len(known):
            names = ", ".join(one.repo_id for one in known) or "none"
            raise RegistryError(
                "No registry of {repo_id} was added. There are: {names}.",
                repo_id=repo_id,
                names=names,
            )
        write_store(home, rest)


def known_registries() -> tuple[HubRegistry, ...]:
    """Return the registries that were added."""
    return read_store(home_folder())[0]


def _download(snapshot: Snapshot, access: HubAccess) -> bytes:
    size = snapshot.sizes.get(REGISTRY_FILE)
    if size is None:
        raise HubContentError(
            "{repo_id} holds no {registry_file}, so it is no registry of nets. Single "
            "nets are pulled instead.",
            repo_id=snapshot.repo_id,
            registry_file=REGISTRY_FILE,
        )
    if size > MAX_BYTES:
        raise HubContentError(
            "{repo_id}: {registry_file} is {size} bytes large; {max_bytes} at most are "
            "expected. It was not fetched.",
            repo_id=snapshot.repo_id,
            registry_file=REGISTRY_FILE,
            size=size,
            max_bytes=MAX_BYTES,
        )
    folder = Path(tempfile.mkdtemp(prefix="seizure-zoo-"))
    try:
        with hub_errors(snapshot.repo_id, doing=f"fetch {REGISTRY_FILE}"):
            fetched = hub_api(access).hf_hub_download(
                snapshot.repo_id, REGISTRY_FILE, revision=snapshot.revision, local_dir=folder
            )
            return Path(fetched).read_bytes()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _check_card(registry: HubRegistry, entry: RegistryEntry, access: HubAccess) -> None:
    card = fetch_card(registry.location_of(entry), access)
    if not entry.is_entry_of(card):
        raise HubError("Its card is not the one the registry names.")


def _store(home: Path, registry: HubRegistry) -> None:
    known: Sequence[HubRegistry] = read_store(home)[0]
    places = [one.repo_id for one in known]
    others = list(known)
    if registry.repo_id in places:
        others[places.index(registry.repo_id)] = registry
    else:
        others.append(registry)
    write_store(home, others)


def add_hub_registry(repo_id: str, *, access: HubAccess | None = None) -> dict[str, Any]:
    """Add or update a registry on the Hub; return its nets and what is wrong with others.

    Raises
    ------
    SeizureZooError
        As `add_registry`.
    """
    return _registry_row(add_registry(repo_id, access or HubAccess.own()))


def list_hub_registries() -> list[dict[str, Any]]:
    """Return repository and commit of every registry on the Hub that was added."""
    return [asdict(one) for one in known_registries()]


def remove_hub_registry(repo_id: str) -> dict[str, Any]:
    """Forget a registry on the Hub.

    Raises
    ------
    SeizureZooError
        As `remove_registry`.
    """
    remove_registry(repo_id)
    return {"repo_id": parse_address(repo_id).repo_id, "removed": True}


def _registry_row(added: AddedRegistry) -> dict[str, Any]:
    return {
        **asdict(added.registry),
        "model_ids": [one.model_id for one in added.entries],
        "faults": list(added.faults),
    }
