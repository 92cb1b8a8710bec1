"""Exclusive lock on the home folder; recovers from an interrupted write."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from seizure_core.errors import SeizureZooError
from seizure_core.messages import Message
from zoo.card.schema import CARD_FILE, ArchitectureCard, read_card
from zoo.errors import CardError, RegistryError
from zoo.store.home import make_private
from zoo.store.registry_file import REGISTRY_FILE, RegistryEntry, read_registry_file

MODELS_FOLDER = "models"
LOCK_FILE = "registry.lock"
LOCK_TIMEOUT_S = 60.0

# Prefixes of folders that are about to be renamed or deleted.
NEW_PREFIX = ".new-"
OLD_PREFIX = ".old-"


@contextmanager
def locked_home(home: Path) -> Iterator[tuple[str, ...]]:
    """Hold the home folder's lock.

    Yields
    ------
    tuple of str
        What was recovered, as sentences.

    Raises
    ------
    RegistryError
        Another program holds the lock for too long, or the disk cannot be written.
    """
    try:
        make_private(home)
        (home / MODELS_FOLDER).mkdir(exist_ok=True)
        with FileLock(home / LOCK_FILE, timeout=LOCK_TIMEOUT_S):
            yield _recover(home)
    except Timeout:
        raise RegistryError(
            "Another program has held the registry of your models for {lock_timeout_s:g} s. "
            "Close it and try again.",
            lock_timeout_s=LOCK_TIMEOUT_S,
        ) from None
    except OSError as error:
        raise RegistryError(
            "The folder for your models cannot be written to ({strerror}). Free some space, "
            "or let SEIZURE_ZOO_HOME name another folder.",
            strerror=error.strerror,
        ) from error


def _recover(home: Path) -> tuple[str, ...]:
    """Roll back or complete an interrupted change, according to the registry file.

    A model is replaced by renaming its old folder, renaming the new one into place, writing the
    registry, and deleting the old one. The program may stop between any two of these.
    """
    done = []
    for folder in sorted((home / MODELS_FOLDER).iterdir()):
        if folder.name.startswith(NEW_PREFIX):
            shutil.rmtree(folder, ignore_errors=True)
            done.append("An unfinished copy of a model was deleted.")
        elif folder.name.startswith(OLD_PREFIX):
            done += _recover_old(home, folder)
    return tuple(done)


def _recover_old(home: Path, old: Path) -> list[str]:
    card = _card_of(old)
    target = None if card is None else home / MODELS_FOLDER / card.model_id
    if card is None or target is None:
        shutil.rmtree(old, ignore_errors=True)
        return ["The rest of a deleted model was deleted."]
    new = _card_of(target)
    if new is not None and (_is_registered(home, new) or not _is_registered(home, card)):
        # The registry names the new model or none: the replacement was complete.
        shutil.rmtree(old, ignore_errors=True)
        return []
    shutil.rmtree(target, ignore_errors=True)
    old.rename(target)
    return [
        Message(
            "The model {model_id} is again what it was before an unfinished change.",
            model_id=card.model_id,
        )
    ]


def _is_registered(home: Path, card: ArchitectureCard) -> bool:
    try:
        entries = read_registry_file(home / REGISTRY_FILE).entries
    except RegistryError:
        return False
    return any(entry.identity == card.identity for entry in entries)


def _card_of(folder: Path) -> ArchitectureCard | None:
    try:
        return read_card(folder / CARD_FILE)
    except SeizureZooError:
        return None


def sound_entries(home: Path) -> list[RegistryEntry]:
    """Return the registered entries; rebuild them from the cards if the file is damaged.

    The lock must be held. A damaged file is kept under another name.
    """
    path = home / REGISTRY_FILE
    content = read_registry_file(path)
    if not content.faults:
        return list(content.entries)
    keep_aside(path)
    known = {entry.model_id: entry for entry in content.entries}
    for folder in model_folders(home / MODELS_FOLDER):
        try:
            card = card_in(folder)
        except SeizureZooError:
            continue
        known.setdefault(card.model_id, entry_of(card))
    return list(known.values())


def entry_of(
    card: ArchitectureCard,
    *,
    folder: str = "",
    repo_id: str | None = None,
    revision: str | None = None,
) -> RegistryEntry:
    """Return the registry entry for a card; without a folder, for one in the user's home."""
    return RegistryEntry(
        model_id=card.model_id,
        title=card.title,
        version=card.version,
        folder=folder or f"{MODELS_FOLDER}/{card.model_id}",
        repo_id=repo_id,
        revision=revision,
        card_sha256=card.sha256,
        weights_sha256=card.weights.sha256,
    )


def model_folders(models: Path) -> Iterator[Path]:
    """Yield the folders that may hold a model, in order."""
    for folder in sorted(models.iterdir()):
        if not folder.name.startswith(".") and folder.is_dir():
            yield folder


def card_in(folder: Path) -> ArchitectureCard:
    """Read the card in a folder of the home; its id must be the folder's name."""
    card = read_card(folder / CARD_FILE)
    if card.model_id != folder.name:
        raise CardError(
            CARD_FILE,
            "the card has the id {model_id}, not the folder's name.",
            model_id=card.model_id,
        )
    return card


def keep_aside(path: Path) -> str:
    """Copy a damaged registry file; return the name of the copy."""
    kept = path.with_name(f"registry.damaged-{secrets.token_hex(4)}.json")
    shutil.copyfile(path, kept)
    return kept.name
