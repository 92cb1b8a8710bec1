"""Adding and removing a user's nets, safely beside other processes that do the same."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from seizure_core.atomic import flush_file, flush_names
from zoo.card.readme import model_readme
from zoo.card.schema import CARD_FILE
from zoo.card.sections import WEIGHTS_FILE
from zoo.errors import RegistryError, UnknownModelError
from zoo.store.home import SHIPPED_FOLDER, home_folder
from zoo.store.home_lock import (
    MODELS_FOLDER,
    NEW_PREFIX,
    OLD_PREFIX,
    folder_of,
    locked_home,
    sound_entries,
)
from zoo.store.model_folder import README_FILE, load_net
from zoo.store.registry import Registry
from zoo.store.registry_file import (
    REGISTRY_FILE,
    RegistryEntry,
    read_registry_file,
    write_registry_file,
)
from zoo.store.trash import Discarded, put_into_trash, take_from_trash
from zoo.store.weights import MAX_WEIGHTS_BYTES


def add_net(
    folder: str | Path,
    *,
    replace: bool = False,
    repo_id: str | None = None,
    revision: str | None = None,
) -> RegistryEntry:
    """Check a net's folder, copy it into the home folder and register it.

    Its README is written anew from the card: a foreign one could say or hold anything.

    Parameters
    ----------
    folder : str or Path
        As `zoo.store.sealing.write_net` makes it; it stays as it is.
    replace : bool
        Whether a user's net of the same id may be replaced.
    repo_id, revision : str, optional
        Where on the Hub it came from.

    Raises
    ------
    CardError, WeightsError
        The net fails a check; nothing is changed.
    RegistryError
        The id is taken, or the home folder cannot be written to.
    """
    folder, home = Path(folder), home_folder()
    with locked_home(home):
        staged = home / MODELS_FOLDER / f"{NEW_PREFIX}{secrets.token_hex(6)}"
        try:
            _copy_net(folder, staged)
            # What is checked is the copy: the original may change under our hands.
            card = load_net(staged).card
            (staged / README_FILE).write_text(model_readme(card), encoding="utf-8")
            # On the disk before the registry names it, or a power cut could leave it empty.
            for file in staged.iterdir():
                flush_file(file)
            _check_free(card.model_id, home, replace=replace)
            entry = RegistryEntry.of(
                card, folder=folder_of(card), repo_id=repo_id, revision=revision
            )
            others = [one for one in sound_entries(home) if one.model_id != card.model_id]
            with _in_place(staged, home / MODELS_FOLDER / card.model_id):
                write_registry_file(home / REGISTRY_FILE, [*others, entry])
        finally:
            shutil.rmtree(staged, ignore_errors=True)
    return entry


def remove_net(model_id: str) -> Discarded:
    """Take a user's net out of the registry; its folder waits in the trash for a while.

    Returns
    -------
    Discarded
        With which `restore_net` brings it back.

    Raises
    ------
    UnknownModelError
        No such net.
    RegistryError
        The net is not the user's to delete, or the home folder cannot be written to.
    """
    home = home_folder()
    if model_id in _shipped_ids():
        raise RegistryError(
            "The net {model_id} is shipped with Seizure Zoo and stays.", model_id=model_id
        )
    with locked_home(home):
        entries = sound_entries(home)
        gone = [one for one in entries if one.model_id == model_id]
        if not gone:
            raise _not_the_users(model_id)
        write_registry_file(
            home / REGISTRY_FILE, [one for one in entries if one.model_id != model_id]
        )
        return put_into_trash(home, gone[0], home / MODELS_FOLDER / model_id)


def restore_net(ticket: str) -> RegistryEntry:
    """Bring a deleted net back from the trash, with every check.

    Parameters
    ----------
    ticket : str
        Of the `Discarded` that `remove_net` returned.

    Raises
    ------
    RegistryError
        It is not in the trash any more, or its id has been taken meanwhile.
    CardError, WeightsError
        It was damaged meanwhile.
    """
    entry, folder = take_from_trash(home_folder(), ticket)
    restored = add_net(folder, repo_id=entry.repo_id, revision=entry.revision)
    shutil.rmtree(folder, ignore_errors=True)
    return restored


def _copy_net(source: Path, target: Path) -> None:
    target.mkdir()
    for name in (CARD_FILE, WEIGHTS_FILE):
        path = source / name
        if not path.is_file():
            continue  # Loading the copy says what is missing and matters.
        if path.stat().st_size > MAX_WEIGHTS_BYTES:
            raise RegistryError(
                "{name}: it has {st_size} bytes; files of a net may have "
                "{max_weights_bytes} at most.",
                name=name,
                st_size=path.stat().st_size,
                max_weights_bytes=MAX_WEIGHTS_BYTES,
            )
        shutil.copyfile(path, target / name)


def _check_free(model_id: str, home: Path, *, replace: bool) -> None:
    if model_id in _shipped_ids():
        raise RegistryError(
            "The id {model_id} belongs to a shipped net. Choose another id.", model_id=model_id
        )
    taken = any(one.model_id == model_id for one in sound_entries(home))
    if taken and not replace:
        raise RegistryError(
            "You have a net called {model_id} already. Choose another id, or delete it first.",
            model_id=model_id,
        )


def _shipped_ids() -> frozenset[str]:
    shipped = read_registry_file(SHIPPED_FOLDER / REGISTRY_FILE)
    return frozenset(entry.model_id for entry in shipped.entries)


def _not_the_users(model_id: str) -> RegistryError | UnknownModelError:
    nets = Registry.load().nets
    known = nets.get(model_id)
    if known is not None and known.registry is not None:
        return RegistryError(
            "The net {model_id} belongs to the registry {registry} on the Hub. Remove that "
            "registry if you do not want its nets.",
            model_id=model_id,
            registry=known.registry,
        )
    return UnknownModelError(model_id, nets)


@contextmanager
def _in_place(staged: Path, target: Path) -> Iterator[None]:
    """Rename a folder to its final name for good if the block succeeds, else undo it."""
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


def delete_model(model_id: str) -> dict[str, Any]:
    """Delete a user's net; return its `model_id` and the `undo` that `restore_model` takes.

    Raises
    ------
    SeizureZooError
        As `remove_net`.
    """
    discarded = remove_net(model_id)
    return {"model_id": model_id, "deleted": True, "undo": discarded.ticket}


def restore_model(undo: str) -> dict[str, Any]:
    """Bring a deleted net back; return its `model_id`.

    Raises
    ------
    SeizureZooError
        As `restore_net`.
    """
    return {"model_id": restore_net(undo).model_id}
