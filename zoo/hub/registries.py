"""Registries on the Hub: added by repository, their models fetched one by one on first use."""

from __future__ import annotations

from typing import Any

from seizure_core.atomic import atomic_path
from seizure_core.errors import SeizureZooError
from seizure_core.json_document import MAX_BYTES
from seizure_core.messages import Message
from zoo.errors import HubContentError, HubError, RegistryError
from zoo.hub.access import HubAccess
from zoo.hub.addresses import HubLocation, parse_address, registry_file_in
from zoo.hub.fetching import fetch_card
from zoo.hub.registry_store import location_of, read_store, write_store
from zoo.hub.snapshots import Snapshot, look_up, small_files
from zoo.store.home import home_folder
from zoo.store.home_lock import locked_home
from zoo.store.registry_file import REGISTRY_FILE, RegistryEntry, parse_registry


def add_hub_registry(repo_id: str, *, access: HubAccess | None = None) -> dict[str, Any]:
    """Add a team's registry, or update one that was added before.

    Parameters
    ----------
    repo_id : str
        Repository; its newest commit is used.
    access : HubAccess, optional
        Login; None means this machine's user.

    Returns
    -------
    dict
        `repo_id`, `revision`, usable `model_ids`, and `faults` of the others.

    Raises
    ------
    HubError
        The repository cannot be reached, or holds no registry.
    RegistryError
        The registry has a newer schema, or the home folder is not writable.
    """
    access = access or HubAccess.own()
    snapshot = look_up(parse_address(repo_id), access)
    data = _registry_data(snapshot, access)
    content = parse_registry(data)
    if not content.readable:
        raise HubContentError(
            "{repo_id}: {registry_file}: {faults}",
            repo_id=snapshot.repo_id,
            registry_file=REGISTRY_FILE,
            faults=content.faults[0],
        )
    place = HubLocation(repo_id=snapshot.repo_id, revision=snapshot.revision)
    model_ids, faults = [], list(content.faults)
    for entry in content.entries:
        try:
            _check_card(place, entry, access, snapshot)
            model_ids.append(entry.model_id)
        except SeizureZooError as error:
            faults.append(
                Message(
                    "The model {model_id} is not available. {error}",
                    model_id=entry.model_id,
                    error=error,
                )
            )
    home = home_folder()
    with locked_home(home):
        path = registry_file_in(home, place.repo_id, place.revision)
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_path(path) as temporary:
            temporary.write_bytes(data)
        # Keep the order of the registries on an update.
        known = {registry.repo_id: registry for registry in read_store(home)[0]} | {
            place.repo_id: place
        }
        write_store(home, list(known.values()))
    return {
        "repo_id": place.repo_id,
        "revision": place.revision,
        "model_ids": model_ids,
        "faults": faults,
    }


def list_hub_registries() -> list[dict[str, Any]]:
    """Return repository and commit of every added registry."""
    return [
        {"repo_id": registry.repo_id, "revision": registry.revision}
        for registry in read_store(home_folder())[0]
    ]


def remove_hub_registry(repo_id: str) -> dict[str, Any]:
    """Remove a registry on the Hub; models pulled from it stay.

    Raises
    ------
    HubAccessError
        Not a valid repository name.
    RegistryError
        The registry was not added, or the home folder is not writable.
    """
    repo_id, home = parse_address(repo_id).repo_id, home_folder()
    with locked_home(home):
        known, _ = read_store(home)
        rest = [entry for entry in known if entry.repo_id.casefold() != repo_id.casefold()]
        if len(rest) == len(known):
            raise RegistryError(
                "No registry of {repo_id} was added. There are: {names}.",
                repo_id=repo_id,
                names=", ".join(entry.repo_id for entry in known) or "none",
            )
        write_store(home, rest)
    return {"repo_id": repo_id, "removed": True}


def _registry_data(snapshot: Snapshot, access: HubAccess) -> bytes:
    size = snapshot.sizes.get(REGISTRY_FILE)
    if size is None:
        raise HubContentError(
            "{repo_id} has no {registry_file}, so it is not a registry of models. Pull single "
            "models instead.",
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
    return small_files(snapshot, (REGISTRY_FILE,), access)[REGISTRY_FILE]


def _check_card(
    place: HubLocation, entry: RegistryEntry, access: HubAccess, snapshot: Snapshot
) -> None:
    card = fetch_card(location_of(place, entry), access, snapshot=snapshot)
    if entry.identity != card.identity:
        raise HubError("Its card is not the one the registry names.")
