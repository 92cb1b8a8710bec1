"""Addresses on the Hub, and the local folders of what was fetched from them.

Fetched models and registries are stored by commit in the home folder. They are checked before they
are stored, and again when a model is loaded.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from seizure_core.json_document import JsonError, read_json, write_json
from zoo.errors import HubAccessError

HUB_FOLDER = "hub"
# Name of the card file in a Hub repository.
HUB_CARD_FILE = "config.json"
_NEWEST = "newest"
SCHEME = "hf://"

# The Hub's rule for names: letters, digits, '-', '_' and '.', no '--' or '..', and neither '-' nor
# '.' at the start or end.
_PART = r"(?!.*(?:--|\.\.))[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,94}[A-Za-z0-9_])?"
_REPO_ID = re.compile(rf"(?:{_PART})/(?:{_PART})", re.ASCII)
_REVISION = re.compile(r"(?!.*(?:\.\.|//))[A-Za-z0-9_][A-Za-z0-9_./+-]{0,200}", re.ASCII)
_COMMIT = re.compile(r"[0-9a-f]{40}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class HubAddress:
    """A repository and a revision (branch, tag or commit); None means the newest."""

    repo_id: str
    revision: str | None = None

    def __str__(self) -> str:
        return self.repo_id if self.revision is None else f"{self.repo_id}@{self.revision}"


def is_hub_address(text: str) -> bool:
    """Return whether a text is the address of a model on the Hub."""
    return text.startswith(SCHEME)


def is_commit(revision: str | None) -> bool:
    """Return whether a revision is a full commit hash, whose files never change."""
    return revision is not None and _COMMIT.fullmatch(revision) is not None


def parse_address(text: str, *, revision: str | None = None) -> HubAddress:
    """Parse `org/name` or `org/name@revision`, optionally with an `hf://` prefix.

    Parameters
    ----------
    revision : str, optional
        Revision, if not in the text.

    Raises
    ------
    HubAccessError
        Not a valid address. The message does not repeat it, because users may paste a token.
    """
    repo_id, _, named = text.strip().removeprefix(SCHEME).partition("@")
    if revision is not None and named:
        raise HubAccessError("The revision is named twice; write it once.")
    chosen = revision if revision is not None else (named or None)
    if _REPO_ID.fullmatch(repo_id) is None:
        raise HubAccessError(
            "A repository on the Hub is named ORGANISATION/NAME, with letters, digits, '-', '_' "
            "and '.'. Web addresses are not taken, and a token never belongs into a name: sign "
            "in, or set HF_TOKEN."
        )
    if chosen is not None and _REVISION.fullmatch(chosen) is None:
        raise HubAccessError(
            "A revision is the name of a branch or tag, or a commit, without spaces."
        )
    return HubAddress(repo_id=repo_id, revision=chosen)


@dataclass(frozen=True, slots=True, kw_only=True)
class HubLocation:
    """A model at one commit of a repository.

    Attributes
    ----------
    revision : str
        Full commit.
    folder : str
        Folder inside the repository; empty for its root.
    """

    repo_id: str
    revision: str
    folder: str = ""

    @property
    def key(self) -> str:
        """Name of the local folder of this model."""
        key = f"{_name(self.repo_id)}--{self.revision}"
        if self.folder:
            key += f"--{hashlib.sha256(self.folder.encode()).hexdigest()[:16]}"
        return key

    def file(self, name: str) -> str:
        """Return the path of a file of the model inside the repository."""
        return str(PurePosixPath(self.folder) / name) if self.folder else name

    def folder_in(self, home: Path) -> Path:
        """Return the local folder of this model, which need not exist."""
        return home / HUB_FOLDER / "nets" / self.key


def registry_file_in(home: Path, repo_id: str, revision: str) -> Path:
    """Return the local path of a repository's registry."""
    return home / HUB_FOLDER / "registries" / f"{_name(repo_id)}--{revision}.json"


def remember_commit(home: Path, address: HubAddress, commit: str) -> None:
    """Save which commit a branch or tag pointed to, for use offline."""
    path = _refs_file(home, address.repo_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    refs = {**_refs(path), address.revision or _NEWEST: commit}
    write_json(path, refs)


def remembered_commit(home: Path, address: HubAddress) -> str | None:
    """Return the commit saved for a revision; None if there is none."""
    if is_commit(address.revision):
        return address.revision
    return _refs(_refs_file(home, address.repo_id)).get(address.revision or _NEWEST)


def _refs(path: Path) -> dict[str, str]:
    try:
        document = read_json(path)
    except (OSError, JsonError):
        return {}
    if not isinstance(document, dict):
        return {}
    return {
        name: commit
        for name, commit in document.items()
        if isinstance(commit, str) and is_commit(commit)
    }


def _refs_file(home: Path, repo_id: str) -> Path:
    return home / HUB_FOLDER / "refs" / f"{_name(repo_id)}.json"


def _name(repo_id: str) -> str:
    # Repository names cannot contain two consecutive dashes.
    return repo_id.replace("/", "--")
