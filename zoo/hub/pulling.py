"""Takes nets of the Hub into the zoo."""

from __future__ import annotations

from typing import Any

from zoo.hub.access import HubAccess
from zoo.hub.addresses import HubAddress, parse_address
from zoo.hub.cache import HubLocation
from zoo.hub.fetching import FetchProgress, fetch_net
from zoo.hub.snapshots import look_up
from zoo.store.home import home_folder
from zoo.store.registry import Registry
from zoo.store.registry_file import RegistryEntry
from zoo.store.user_models import add_net


def pull_net(
    address: HubAddress, access: HubAccess, *, progress: FetchProgress | None = None
) -> RegistryEntry:
    """Fetch a net, check it, and register it among the user's nets.

    A net that came from the same repository before is replaced; the very same net is not
    taken in twice.

    Parameters
    ----------
    address : HubAddress
        The repository, and which revision; it is stored as the commit it is now.
    access : HubAccess
        Who asks.
    progress : callable, optional
        Told what begins.

    Returns
    -------
    RegistryEntry
        With `repo_id` and `revision`.

    Raises
    ------
    HubError
        It cannot be fetched, or is no net.
    CardError, WeightsError
        Its files fail a check.
    RegistryError
        The id belongs to another net here, or the home folder cannot be written to.
    """
    if progress is not None:
        progress("look up", None)
    snapshot = look_up(address, access)
    location = HubLocation(repo_id=snapshot.repo_id, revision=snapshot.revision)
    card = fetch_net(location, access, progress=progress).card
    if progress is not None:
        progress("register", None)
    known = Registry.load().nets.get(card.model_id)
    # Nets of a team's registry are not the user's own yet; they may become it.
    own = None if known is None or known.location is not None else known.entry
    if own is not None and own.repo_id is None and own.is_entry_of(card):
        return RegistryEntry.of(
            card, folder=own.folder, repo_id=location.repo_id, revision=location.revision
        )
    from_here = own is not None and own.repo_id == location.repo_id
    return add_net(
        location.folder_in(home_folder()),
        replace=from_here,
        repo_id=location.repo_id,
        revision=location.revision,
    )


def pull_model(
    repo_id: str,
    revision: str | None = None,
    *,
    access: HubAccess | None = None,
    progress: FetchProgress | None = None,
) -> dict[str, Any]:
    """Fetch a net of the Hub, check it and register it.

    Parameters
    ----------
    repo_id : str
        `org/name`, also with `hf://` before and `@revision` behind it.
    revision : str, optional
        Branch, tag or commit; None means the newest.
    access : HubAccess, optional
        Who asks; None means this machine's user.
    progress : callable, optional
        Told what begins.

    Returns
    -------
    dict
        `model_id`, `revision` (the full commit), `repo_id`.

    Raises
    ------
    SeizureZooError
        As `pull_net`.
    """
    address = parse_address(repo_id, revision=revision)
    entry = pull_net(address, access or HubAccess.own(), progress=progress)
    return {"model_id": entry.model_id, "revision": entry.revision, "repo_id": entry.repo_id}
