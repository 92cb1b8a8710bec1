"""What a repository on the Hub holds at one commit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from zoo.errors import HubContentError
from zoo.hub.access import HubAccess
from zoo.hub.addresses import HubAddress, is_commit
from zoo.hub.cache import remember_commit
from zoo.hub.client import ask, hub_api, hub_errors
from zoo.store.home import home_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What a repository held at one commit.

    Attributes
    ----------
    repo_id, revision : str
        The repository and the full commit.
    sizes : mapping of str to int or None
        Size in bytes of every file, by its path in the repository.
    """

    repo_id: str
    revision: str
    sizes: Mapping[str, int | None]


def look_up(address: HubAddress, access: HubAccess) -> Snapshot:
    """Ask the Hub which commit a revision is now, and which files it holds.

    Raises
    ------
    HubError
        No such repository or revision, no right to see it, or no connection.
    """
    with hub_errors(address.repo_id, doing="look up the repository"):
        api = hub_api(access)
        info = ask(
            lambda: api.model_info(address.repo_id, revision=address.revision, files_metadata=True)
        )
    if not is_commit(info.sha):
        raise HubContentError(
            "The repository {repo_id} has no commit yet.", repo_id=address.repo_id
        )
    snapshot = Snapshot(
        repo_id=address.repo_id,
        revision=str(info.sha),
        sizes={one.rfilename: one.size for one in info.siblings or ()},
    )
    if not is_commit(address.revision):
        with hub_errors(address.repo_id, doing="note the commit of the repository"):
            remember_commit(home_folder(), address, snapshot.revision)
    return snapshot
