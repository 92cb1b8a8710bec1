"""Where fetched nets and registries of the Hub are kept: below the home folder, by commit.

What is here was checked before it came here, and is checked again when a net is loaded.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from seizure_core.atomic import atomic_path
from seizure_core.json_document import JsonError, parse_json, readable_json
from zoo.hub.addresses import HubAddress, is_commit

HUB_FOLDER = "hub"
# The card's name in a repository on the Hub.
HUB_CARD_FILE = "config.json"
_NEWEST = "newest"


@dataclass(frozen=True, slots=True, kw_only=True)
class HubLocation:
    """The place of a net on the Hub, which never changes what it holds.

    Attributes
    ----------
    repo_id : str
        The repository.
    revision : str
        The full commit.
    folder : str
        Folder inside the repository, empty for its root.
    """

    repo_id: str
    revision: str
    folder: str = ""

    @property
    def key(self) -> str:
        """Name of the folder this net is kept in here."""
        key = f"{_name(self.repo_id)}--{self.revision}"
        if self.folder:
            key += f"--{hashlib.sha256(self.folder.encode()).hexdigest()[:16]}"
        return key

    def file(self, name: str) -> str:
        """Return the path of a file of the net inside the repository."""
        return str(PurePosixPath(self.folder) / name) if self.folder else name

    def folder_in(self, home: Path) -> Path:
        """Return the folder this net is kept in here, which need not exist."""
        return home / HUB_FOLDER / "nets" / self.key


def registry_file_in(home: Path, repo_id: str, revision: str) -> Path:
    """Return where the registry of a repository is kept here."""
    return home / HUB_FOLDER / "registries" / f"{_name(repo_id)}--{revision}.json"


def remember_commit(home: Path, address: HubAddress, commit: str) -> None:
    """Keep which commit a branch or tag was, so that it can be found again offline."""
    path = _refs_file(home, address.repo_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    refs = {**_refs(path), address.revision or _NEWEST: commit}
    with atomic_path(path) as temporary:
        temporary.write_bytes(readable_json(refs))


def remembered_commit(home: Path, address: HubAddress) -> str | None:
    """Return the commit a revision was when it was last asked for; None if it never was."""
    if is_commit(address.revision):
        return address.revision
    return _refs(_refs_file(home, address.repo_id)).get(address.revision or _NEWEST)


def _refs(path: Path) -> dict[str, str]:
    try:
        document = parse_json(path.read_bytes())
    except (OSError, JsonError):
        return {}
    if not isinstance(document, dict):
        return {}
    return {name: one for name, one in document.items() if isinstance(one, str) and is_commit(one)}


def _refs_file(home: Path, repo_id: str) -> Path:
    return home / HUB_FOLDER / "refs" / f"{_name(repo_id)}.json"


def _name(repo_id: str) -> str:
    # Neither part of a repository's name can hold two dashes in a row.
    return repo_id.replace("/", "--")
