"""Names of datasets and runs: sortable by time, unguessable enough not to collide."""

from __future__ import annotations

import re
import secrets
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

from training.errors import UnknownIdError

_STALE_S = 86_400.0
_ID = re.compile(r"[a-z]+-[0-9]{8}-[0-9]{6}-[0-9a-f]{6}")


def new_id(kind: str) -> str:
    """Return a fresh id such as `dataset-20250131-142501-1f3a9c`."""
    return f"{kind}-{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"


def known_ids(folder: Path, kind: str) -> list[str]:
    """Return the ids of the folders of one kind, oldest first."""
    if not folder.is_dir():
        return []
    return sorted(
        entry.name
        for entry in folder.iterdir()
        if entry.name.startswith(f"{kind}-") and _ID.fullmatch(entry.name) and entry.is_dir()
    )


def existing_folder(folder: Path, kind: str, asked: object) -> Path:
    """Return the folder of an id that exists.

    Only ids found on disk are ever joined to a path, so that no text of a caller leads
    outside the folder.

    Raises
    ------
    UnknownIdError
        There is none; the message names near ones.
    """
    ids = known_ids(folder, kind)
    if isinstance(asked, str) and asked in ids:
        return folder / asked
    raise UnknownIdError(kind, str(asked), ids)


def sweep(folder: Path, kind: str) -> None:
    """Remove what was left behind, a day ago or earlier, by processes that were killed."""
    for left in folder.glob(f".{kind}-*"):
        try:
            if time.time() - left.stat().st_mtime > _STALE_S:
                shutil.rmtree(left, ignore_errors=True)
        except OSError:
            continue
