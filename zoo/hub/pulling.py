"""Takes nets of the Hub into the zoo, and loads them by their address."""

from __future__ import annotations

from dataclasses import dataclass

from zoo.errors import HubUnreachableError
from zoo.hub.access import HubAccess
from zoo.hub.addresses import HubAddress, parse_address
from zoo.hub.cache import HubLocation, remembered_commit
from zoo.hub.fetching import FetchProgress, fetch_net, is_fetched, look_up
from zoo.store.home import home_folder
from zoo.store.model_folder import LoadedNet
from zoo.store.registry import Registry
from zoo.store.registry_file import RegistryEntry
from zoo.store.user_models import add_net


@dataclass(frozen=True, kw_only=True, eq=False)
class HubNet:
    """A net of the Hub whose every check has passed, and where exactly it is from."""

    net: LoadedNet
    location: HubLocation

    @property
    def entry(self) -> RegistryEntry:
        """What a registry would say about it."""
        return RegistryEntry.of(
            self.net.card,
            folder=None,
            repo_id=self.location.repo_id,
            revision=self.location.revision,
        )


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


def load_from_hub(text: str, access: HubAccess) -> HubNet:
    """Load a net by its address `hf://org/name@revision`, without registering it.

    Without connection, what was fetched before serves: a commit as itself, a branch or tag as
    the commit it was when the Hub was last asked.

    Raises
    ------
    HubError
        It cannot be fetched, or is no net.
    CardError, WeightsError
        Its files fail a check.
    """
    address = parse_address(text)
    location = _locate(address, access)
    return HubNet(net=fetch_net(location, access), location=location)


def _locate(address: HubAddress, access: HubAccess) -> HubLocation:
    commit = remembered_commit(home_folder(), address)
    known = None if commit is None else HubLocation(repo_id=address.repo_id, revision=commit)
    if known is not None and commit == address.revision and is_fetched(known):
        return known
    try:
        snapshot = look_up(address, access)
    except HubUnreachableError:
        if known is None or not is_fetched(known):
            raise
        return known
    return HubLocation(repo_id=snapshot.repo_id, revision=snapshot.revision)
