"""Looks at what is in a repository on the Hub before something is published there."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from seizure_core.json_document import MAX_BYTES
from zoo.card.schema import ArchitectureCard, parse_card
from zoo.errors import CardError, HubAccessError
from zoo.hub.access import HubAccess
from zoo.hub.addresses import HubAddress
from zoo.hub.cache import HUB_CARD_FILE
from zoo.hub.client import ask, hub_api, hub_errors
from zoo.hub.snapshots import Snapshot, look_up
from zoo.store.model_folder import README_FILE

if TYPE_CHECKING:
    from huggingface_hub import HfApi

TEXT_FILES = (README_FILE, HUB_CARD_FILE)

Change = Literal["new", "changed", "unchanged"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Remote:
    """What is in a repository now.

    Attributes
    ----------
    snapshot : Snapshot or None
        Its newest commit; None if there is no such repository, or it is hidden.
    private : bool
        Whether only its owners see it.
    texts : mapping of str to bytes
        Its README and card.
    hashes : mapping of str to str or None
        SHA-256 of its large files.
    card : ArchitectureCard or None
        The card of the net it holds.
    """

    snapshot: Snapshot | None
    private: bool
    texts: Mapping[str, bytes]
    hashes: Mapping[str, str | None]
    card: ArchitectureCard | None

    def change_of(self, name: str, data: bytes) -> Change:
        """Return what sending a file would do."""
        if self.snapshot is None or name not in self.snapshot.sizes:
            return "new"
        if name in self.texts:
            return "unchanged" if self.texts[name] == data else "changed"
        same = self.hashes.get(name) == hashlib.sha256(data).hexdigest()
        return "unchanged" if same else "changed"


def look_at(repo_id: str, access: HubAccess) -> Remote:
    """Return what is in a repository; one that is not there, or not for us, is empty.

    Raises
    ------
    HubError
        The Hub cannot be asked.
    """
    try:
        snapshot = look_up(HubAddress(repo_id=repo_id), access)
    except HubAccessError:
        # The Hub tells a missing repository from a hidden one to nobody; creating it will tell.
        return Remote(snapshot=None, private=True, texts={}, hashes={}, card=None)
    with hub_errors(repo_id, doing="look at the repository"):
        api = hub_api(access)
        info = ask(lambda: api.model_info(repo_id, files_metadata=True))
        hashes = {one.rfilename: one.lfs.sha256 for one in info.siblings or () if one.lfs}
        texts = _texts(api, snapshot)
    try:
        card = parse_card(texts[HUB_CARD_FILE]) if HUB_CARD_FILE in texts else None
    except CardError:
        card = None
    return Remote(
        snapshot=snapshot,
        private=bool(info.private),
        texts=texts,
        hashes=hashes,
        card=card,
    )


def _texts(api: HfApi, snapshot: Snapshot) -> dict[str, bytes]:
    texts = {}
    with tempfile.TemporaryDirectory(prefix="seizure-zoo-") as folder:
        for name in TEXT_FILES:
            size = snapshot.sizes.get(name)
            if size is None or size > MAX_BYTES:
                continue
            path = api.hf_hub_download(
                snapshot.repo_id, name, revision=snapshot.revision, local_dir=folder
            )
            texts[name] = Path(path).read_bytes()
    return texts
