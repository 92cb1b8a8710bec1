"""Contents of a Hub repository at one commit."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from seizure_core.json_document import MAX_BYTES
from zoo.errors import HubContentError
from zoo.hub.access import HubAccess
from zoo.hub.addresses import HubAddress, is_commit, remember_commit
from zoo.hub.client import ask, hub_api, hub_errors
from zoo.store.home import home_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """List of the files of a repository at one commit.

    Attributes
    ----------
    repo_id, revision : str
        Repository and full commit.
    sizes : mapping of str to int or None
        Sizes of the files in bytes, by path in the repository.
    hashes : mapping of str to str
        SHA-256 of the large files.
    """

    repo_id: str
    revision: str
    sizes: Mapping[str, int | None]
    hashes: Mapping[str, str]
    private: bool


def look_up(address: HubAddress, access: HubAccess) -> Snapshot:
    """Ask the Hub for the current commit of a revision and its files.

    Raises
    ------
    HubError
        The repository or revision does not exist, is not accessible, or there is no connection.
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
    files = info.siblings or ()
    snapshot = Snapshot(
        repo_id=address.repo_id,
        revision=str(info.sha),
        sizes={file.rfilename: file.size for file in files},
        hashes={file.rfilename: file.lfs.sha256 for file in files if file.lfs},
        private=bool(info.private),
    )
    if not is_commit(address.revision):
        with hub_errors(address.repo_id, doing="note the commit of the repository"):
            remember_commit(home_folder(), address, snapshot.revision)
    return snapshot


def small_files(snapshot: Snapshot, names: Iterable[str], access: HubAccess) -> dict[str, bytes]:
    """Fetch those of the named files that exist and are no larger than a card may be.

    Raises
    ------
    HubError
        The Hub cannot be reached.
    """
    texts = {}
    with tempfile.TemporaryDirectory(prefix="seizure-zoo-") as folder:
        for name in names:
            size = snapshot.sizes.get(name)
            if size is None or size > MAX_BYTES:
                continue
            with hub_errors(snapshot.repo_id, doing=f"fetch {name}"):
                path = hub_api(access).hf_hub_download(
                    snapshot.repo_id, name, revision=snapshot.revision, local_dir=folder
                )
                texts[name] = Path(path).read_bytes()
    return texts
