"""Ids of datasets and runs."""

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
    """Return a new id such as `dataset-20250131-142501-1f3a9c`, sortable by time."""
    return f"{kind}-{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"


def known_ids(folder: Path, kind: str) -> list[str]:
    """Return the ids in a folder, oldest first."""
    if not folder.is_dir():
        return []
    return sorted(
        entry.name
        for entry in folder.iterdir()
        if entry.name.startswith(f"{kind}-") and _ID.fullmatch(entry.name) and entry.is_dir()
    )


def existing_folder(folder: Path, kind: str, asked: object) -> Path:
    """Return the folder of an existing id.

    Only ids found on disk are joined to a path, so that no input leads out of the folder.

    Raises
    ------
    UnknownIdError
        There is no such id; the message suggests similar ones.
    """
    ids = known_ids(folder, kind)
    if isinstance(asked, str) and asked in ids:
        return folder / asked
    raise UnknownIdError(kind, str(asked), ids)


def sweep(folder: Path, kind: str) -> None:
    """Remove temporary folders that killed processes left more than a day ago."""
    for left in folder.glob(f".{kind}-*"):
        try:
            if time.time() - left.stat().st_mtime > _STALE_S:
                shutil.rmtree(left, ignore_errors=True)
        except OSError:
            continue
