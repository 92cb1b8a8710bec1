"""Deleted nets wait here for a while, so that a deletion can be undone."""

from __future__ import annotations

import secrets
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from seizure_core.json_document import JsonError, parse_json, readable_json
from zoo.errors import RegistryError
from zoo.store.registry_file import RegistryEntry

TRASH_FOLDER = "trash"
KEEP_S = 7 * 86_400.0
KEEP_NETS = 20

_ENTRY_FILE = "entry.json"
_TICKET_BYTES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Discarded:
    """A net that was deleted.

    Attributes
    ----------
    entry : RegistryEntry
        As it was registered.
    ticket : str
        With which it can be restored; empty if its folder was gone already.
    """

    entry: RegistryEntry
    ticket: str


def put_into_trash(home: Path, entry: RegistryEntry, folder: Path) -> Discarded:
    """Move the folder of a net into the trash; old things there are deleted for good.

    The home folder's lock must be held.
    """
    trash = home / TRASH_FOLDER
    trash.mkdir(exist_ok=True)
    _purge(trash)
    if not folder.is_dir() or folder.is_symlink():
        folder.unlink(missing_ok=True)
        return Discarded(entry=entry, ticket="")
    ticket = secrets.token_hex(_TICKET_BYTES)
    folder.rename(trash / ticket)
    (trash / ticket / _ENTRY_FILE).write_bytes(readable_json(entry.to_document()))
    return Discarded(entry=entry, ticket=ticket)


def take_from_trash(home: Path, ticket: str) -> tuple[RegistryEntry, Path]:
    """Return the entry and the folder of a deleted net; the caller deletes the folder.

    Raises
    ------
    RegistryError
        It is not there any more.
    """
    folder = home / TRASH_FOLDER / ticket
    try:
        if len(ticket) != 2 * _TICKET_BYTES or not ticket.isalnum():
            raise FileNotFoundError
        entry = RegistryEntry.model_validate(parse_json((folder / _ENTRY_FILE).read_bytes()))
    except (OSError, JsonError, ValidationError):
        raise RegistryError(
            "This net cannot be restored: it was deleted more than {keep_s:g} days ago, "
            "or restored already.",
            keep_s=KEEP_S / 86400,
        ) from None
    return entry, folder


def discarded_nets(home: Path) -> tuple[Discarded, ...]:
    """Return the deleted nets that can be brought back, the newest first."""
    trash = home / TRASH_FOLDER
    if not trash.is_dir():
        return ()
    oldest, found = time.time() - KEEP_S, []
    for folder in _newest_first(trash):
        if folder.lstat().st_mtime < oldest:
            break
        try:
            entry, _ = take_from_trash(home, folder.name)
        except RegistryError:
            continue  # Something else that lies there, or half a net.
        found.append(Discarded(entry=entry, ticket=folder.name))
    return tuple(found)


def _newest_first(trash: Path) -> list[Path]:
    return sorted(trash.iterdir(), key=lambda one: one.lstat().st_mtime, reverse=True)


def _purge(trash: Path) -> None:
    oldest = time.time() - KEEP_S
    for number, folder in enumerate(_newest_first(trash)):
        # One place is kept for the net that comes now.
        if number >= KEEP_NETS - 1 or folder.lstat().st_mtime < oldest:
            shutil.rmtree(folder, ignore_errors=True)
