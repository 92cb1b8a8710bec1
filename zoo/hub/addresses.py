"""Names of repositories and revisions on the Hub, as people write them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zoo.errors import HubAccessError

SCHEME = "hf://"

# The Hub's rule for names: letters, digits, '-', '_' and '.', no '--' or '..', and neither
# '-' nor '.' at an end.
_PART = r"(?!.*(?:--|\.\.))[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,94}[A-Za-z0-9_])?"
_REPO_ID = re.compile(rf"(?:{_PART})/(?:{_PART})", re.ASCII)
_REVISION = re.compile(r"(?!.*(?:\.\.|//))[A-Za-z0-9_][A-Za-z0-9_./+-]{0,200}", re.ASCII)
_COMMIT = re.compile(r"[0-9a-f]{40}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class HubAddress:
    """A repository, and a revision of it: a branch, a tag or a commit; None means the newest."""

    repo_id: str
    revision: str | None = None

    def __str__(self) -> str:
        return self.repo_id if self.revision is None else f"{self.repo_id}@{self.revision}"


def is_hub_address(text: str) -> bool:
    """Return whether a text is meant as the address of a net on the Hub."""
    return text.startswith(SCHEME)


def is_commit(revision: str | None) -> bool:
    """Return whether a revision is a full commit, which names the same files for good."""
    return revision is not None and _COMMIT.fullmatch(revision) is not None


def parse_address(text: str, *, revision: str | None = None) -> HubAddress:
    """Read `org/name`, `org/name@revision`, or either with `hf://` before it.

    Parameters
    ----------
    text : str
        As a person wrote it.
    revision : str, optional
        The revision, if it is not in the text.

    Raises
    ------
    HubAccessError
        It is no such name. The message does not repeat it: people paste tokens here.
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
