"""Adding and deleting of user models, safe for concurrent processes.

Deleted models stay in the trash for some days, so that a deletion can be undone.
"""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from seizure_core.atomic import flush_file, flush_names
from seizure_core.json_document import JsonError, read_json, write_json
from zoo.card.readme import README_FILE, model_files, model_readme
from zoo.card.schema import CARD_FILE, ArchitectureCard
from zoo.card.sections import WEIGHTS_FILE
from zoo.errors import RegistryError, UnknownModelError
from zoo.store.home import SHIPPED_FOLDER, check_room, home_folder
from zoo.store.home_lock import (
    MODELS_FOLDER,
    NEW_PREFIX,
    OLD_PREFIX,
    entry_of,
    locked_home,
    sound_entries,
)
from zoo.store.model_folder import open_folder
from zoo.store.registry import Registry
from zoo.store.registry_file import (
    REGISTRY_FILE,
    RegistryEntry,
    read_registry_file,
    write_registry_file,
)
from zoo.store.weights import MAX_WEIGHTS_BYTES

TRASH_FOLDER = "trash"
KEEP_S = 7 * 86_400.0
KEEP_MODELS = 20

_ENTRY_FILE = "entry.json"
_TICKET_BYTES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Discarded:
    """A deleted model.

    Attributes
    ----------
    entry : RegistryEntry
        Its registry entry.
    ticket : str
        Code to restore it; empty if its folder did not exist any more.
    """

    entry: RegistryEntry
    ticket: str


def add_model(
    folder: str | Path,
    *,
    replace: bool = False,
    repo_id: str | None = None,
    revision: str | None = None,
) -> RegistryEntry:
    """Check a model folder, copy it into the home folder and register it.

    Parameters
    ----------
    folder : str or Path
        With card and weights; the README is regenerated.
    replace : bool
        Whether a user model of the same id may be replaced.
    repo_id, revision : str, optional
        Origin on the Hub, if any.

    Raises
    ------
    CardError, WeightsError
        The model fails a check.
    RegistryError
        The id is taken, or the home folder is not writable.
    """

    def fill(staged: Path) -> ArchitectureCard:
        _copy_model(Path(folder), staged)
        # Check the copy, because the original may change in the meantime.
        card = open_folder(staged)[0]
        (staged / README_FILE).write_text(model_readme(card), encoding="utf-8")
        return card

    return _add(fill, replace=replace, repo_id=repo_id, revision=revision)


def add_sealed(card: ArchitectureCard, weights: bytes, *, replace: bool = False) -> RegistryEntry:
    """Register a newly sealed model, without checking it again.

    Raises
    ------
    RegistryError
        The id is taken, or the home folder is not writable.
    """

    def fill(staged: Path) -> ArchitectureCard:
        staged.mkdir()
        for name, data in model_files(card, weights).items():
            (staged / name).write_bytes(data)
        return card

    return _add(fill, replace=replace)


def _add(
    fill: Callable[[Path], ArchitectureCard],
    *,
    replace: bool,
    repo_id: str | None = None,
    revision: str | None = None,
) -> RegistryEntry:
    home = home_folder()
    check_room()
    with locked_home(home):
        staged = home / MODELS_FOLDER / f"{NEW_PREFIX}{secrets.token_hex(6)}"
        try:
            card = fill(staged)
            # Flush before the registry names it, or a power failure could leave it empty.
            for file in staged.iterdir():
                flush_file(file)
            _check_free(card.model_id, home, replace=replace)
            entry = entry_of(card, repo_id=repo_id, revision=revision)
            others = [entry for entry in sound_entries(home) if entry.model_id != card.model_id]
            with _in_place(staged, home / MODELS_FOLDER / card.model_id):
                write_registry_file(home / REGISTRY_FILE, [*others, entry])
        finally:
            shutil.rmtree(staged, ignore_errors=True)
    return entry


def delete_model(model_id: str) -> dict[str, Any]:
    """Delete a user model; return `model_id` and the `undo` code for `restore_model`.

    Its folder stays in the trash for some days.

    Raises
    ------
    UnknownModelError
        There is no such model.
    RegistryError
        The model is not one of the user's, or the home folder is not writable.
    """
    home = home_folder()
    if model_id in _shipped_ids():
        raise RegistryError(
            "The model {model_id} is shipped with Seizure Zoo and stays.", model_id=model_id
        )
    with locked_home(home):
        entries = sound_entries(home)
        gone = [entry for entry in entries if entry.model_id == model_id]
        if not gone:
            raise _not_the_users(model_id)
        write_registry_file(
            home / REGISTRY_FILE, [entry for entry in entries if entry.model_id != model_id]
        )
        ticket = _put_into_trash(home, gone[0], home / MODELS_FOLDER / model_id)
    return {"model_id": model_id, "deleted": True, "undo": ticket}


def restore_model(undo: str) -> dict[str, Any]:
    """Restore a deleted model from the trash and check it; return its `model_id`.

    Raises
    ------
    RegistryError
        It is no longer in the trash, or its id has been taken.
    CardError, WeightsError
        It is damaged.
    """
    entry, folder = _in_trash(home_folder(), undo)
    add_model(folder, repo_id=entry.repo_id, revision=entry.revision)
    shutil.rmtree(folder, ignore_errors=True)
    return {"model_id": entry.model_id}


def discarded_models(home: Path) -> tuple[Discarded, ...]:
    """Return the deleted models that can be restored, newest first."""
    trash = home / TRASH_FOLDER
    if not trash.is_dir():
        return ()
    oldest, found = time.time() - KEEP_S, []
    for folder in _newest_first(trash):
        if folder.lstat().st_mtime < oldest:
            break
        with suppress(RegistryError):  # Other contents, or an incomplete model.
            found.append(Discarded(entry=_in_trash(home, folder.name)[0], ticket=folder.name))
    return tuple(found)


def _copy_model(source: Path, target: Path) -> None:
    target.mkdir()
    for name in (CARD_FILE, WEIGHTS_FILE):
        path = source / name
        if not path.is_file():
            continue  # Loading the copy reports what is missing.
        if path.stat().st_size > MAX_WEIGHTS_BYTES:
            raise RegistryError(
                "{name}: it has {st_size} bytes; files of a model may have "
                "{max_weights_bytes} at most.",
                name=name,
                st_size=path.stat().st_size,
                max_weights_bytes=MAX_WEIGHTS_BYTES,
            )
        shutil.copyfile(path, target / name)


def _check_free(model_id: str, home: Path, *, replace: bool) -> None:
    if model_id in _shipped_ids():
        raise RegistryError(
            "The id {model_id} belongs to a shipped model. Choose another id.", model_id=model_id
        )
    taken = any(entry.model_id == model_id for entry in sound_entries(home))
    if taken and not replace:
        raise RegistryError(
            "You have a model called {model_id} already. Choose another id, or delete it first.",
            model_id=model_id,
        )


def _shipped_ids() -> frozenset[str]:
    shipped = read_registry_file(SHIPPED_FOLDER / REGISTRY_FILE)
    return frozenset(entry.model_id for entry in shipped.entries)


def _not_the_users(model_id: str) -> RegistryError | UnknownModelError:
    models = Registry.load().models
    known = models.get(model_id)
    if known is not None and known.registry is not None:
        return RegistryError(
            "The model {model_id} belongs to the registry {registry} on the Hub. Remove that "
            "registry if you do not want its models.",
            model_id=model_id,
            registry=known.registry,
        )
    return UnknownModelError(model_id, models)


@contextmanager
def _in_place(staged: Path, target: Path) -> Iterator[None]:
    """Rename a folder to its final name; undo that if the block fails."""
    old = target.with_name(f"{OLD_PREFIX}{secrets.token_hex(6)}") if target.exists() else None
    if old is not None:
        target.rename(old)
    try:
        staged.rename(target)
        flush_names(target.parent)
        yield
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        if old is not None:
            old.rename(target)
        raise
    if old is not None:
        shutil.rmtree(old, ignore_errors=True)


def _put_into_trash(home: Path, entry: RegistryEntry, folder: Path) -> str:
    """Move a model folder to the trash, purge old ones; return the ticket."""
    trash = home / TRASH_FOLDER
    trash.mkdir(exist_ok=True)
    oldest = time.time() - KEEP_S
    for number, old in enumerate(_newest_first(trash)):
        # Keep one place for the new model.
        if number >= KEEP_MODELS - 1 or old.lstat().st_mtime < oldest:
            shutil.rmtree(old, ignore_errors=True)
    if not folder.is_dir() or folder.is_symlink():
        folder.unlink(missing_ok=True)
        return ""
    ticket = secrets.token_hex(_TICKET_BYTES)
    folder.rename(trash / ticket)
    write_json(trash / ticket / _ENTRY_FILE, entry.to_document())
    return ticket


def _in_trash(home: Path, ticket: str) -> tuple[RegistryEntry, Path]:
    """Return entry and folder of a deleted model."""
    folder = home / TRASH_FOLDER / ticket
    try:
        if len(ticket) != 2 * _TICKET_BYTES or not ticket.isalnum():
            raise FileNotFoundError
        entry = RegistryEntry.model_validate(read_json(folder / _ENTRY_FILE))
    except (OSError, JsonError, ValidationError):
        raise RegistryError(
            "This model cannot be restored: it was deleted more than {keep_s:g} days ago, "
            "or restored already.",
            keep_s=KEEP_S / 86400,
        ) from None
    return entry, folder


def _newest_first(trash: Path) -> list[Path]:
    return sorted(trash.iterdir(), key=lambda one: one.lstat().st_mtime, reverse=True)
