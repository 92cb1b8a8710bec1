"""Adding and removing a user's nets, safely beside other processes that do the same."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from seizure_core.errors import SeizureZooError
from zoo.card import CARD_FILE, ArchitectureCard, read_card
from zoo.card_sections import WEIGHTS_FILE
from zoo.errors import RegistryError, UnknownModelError
from zoo.home import home_folder
from zoo.net_folder import README_FILE, load_net
from zoo.registry import SHIPPED_FOLDER, Registry
from zoo.registry_file import (
    REGISTRY_FILE,
    RegistryEntry,
    read_registry_file,
    write_registry_file,
)

MODELS_FOLDER = "models"
LOCK_FILE = "registry.lock"
LOCK_TIMEOUT_S = 60.0

# A net of the largest network that is accepted has about half of this.
MAX_FILE_BYTES = 200_000_000

_NET_FILES = (CARD_FILE, WEIGHTS_FILE, README_FILE)


def add_net(
    folder: str | Path,
    *,
    replace: bool = False,
    repo_id: str | None = None,
    revision: str | None = None,
) -> RegistryEntry:
    """Check a net's folder, copy it into the home folder and register it.

    Parameters
    ----------
    folder : str or Path
        As `zoo.net_folder.write_net` makes it; it stays as it is.
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
    with _locked(home):
        staged = home / MODELS_FOLDER / f".new-{secrets.token_hex(6)}"
        try:
            _copy_net(folder, staged)
            # What is checked is the copy: the original may change under our hands.
            card = load_net(staged).card
            _check_free(card.model_id, home, replace=replace)
            entry = RegistryEntry.of(
                card, folder=_folder_of(card), repo_id=repo_id, revision=revision
            )
            others = [one for one in _sound_entries(home) if one.model_id != card.model_id]
            with _in_place(staged, home / MODELS_FOLDER / card.model_id):
                write_registry_file(home / REGISTRY_FILE, [*others, entry])
        finally:
            shutil.rmtree(staged, ignore_errors=True)
    return entry


def remove_net(model_id: str) -> None:
    """Take a user's net out of the registry and delete its folder.

    Raises
    ------
    UnknownModelError
        No such net.
    RegistryError
        The net is a shipped one, or the home folder cannot be written to.
    """
    home = home_folder()
    if model_id in _shipped_ids():
        raise RegistryError(f"The net {model_id} is shipped with Seizure Zoo and stays.")
    with _locked(home):
        entries = _sound_entries(home)
        gone = [one for one in entries if one.model_id == model_id]
        if not gone:
            raise UnknownModelError(model_id, Registry.load().nets)
        write_registry_file(
            home / REGISTRY_FILE, [one for one in entries if one.model_id != model_id]
        )
        shutil.rmtree(home / MODELS_FOLDER / model_id, ignore_errors=True)


def repair_registry() -> tuple[RegistryEntry, ...]:
    """Write the user's registry anew from the folders of nets; return the entries.

    A damaged file is kept beside it under another name.
    """
    home = home_folder()
    with _locked(home):
        entries = _sound_entries(home)
        write_registry_file(home / REGISTRY_FILE, entries)
    return tuple(entries)


@contextmanager
def _locked(home: Path) -> Iterator[None]:
    """Hold the home folder's registry lock; report what the disk refuses as RegistryError."""
    try:
        (home / MODELS_FOLDER).mkdir(parents=True, exist_ok=True)
        with FileLock(home / LOCK_FILE, timeout=LOCK_TIMEOUT_S):
            yield
    except Timeout:
        raise RegistryError(
            f"Another program has held the registry of your nets for {LOCK_TIMEOUT_S:g} s. "
            "Close it and try again."
        ) from None
    except OSError as error:
        raise RegistryError(
            f"The folder for your nets cannot be written to ({error.strerror}). Free some space, "
            "or let SEIZURE_ZOO_HOME name another folder."
        ) from error


def _sound_entries(home: Path) -> list[RegistryEntry]:
    """Return the registered entries; rebuild them from the folders if the file is damaged."""
    path = home / REGISTRY_FILE
    content = read_registry_file(path)
    if not content.faults:
        return list(content.entries)
    shutil.copyfile(path, path.with_name(f"registry.damaged-{secrets.token_hex(4)}.json"))
    known = {entry.model_id: entry for entry in content.entries}
    for card in _cards_in(home / MODELS_FOLDER):
        known.setdefault(card.model_id, RegistryEntry.of(card, folder=_folder_of(card)))
    return list(known.values())


def _cards_in(models: Path) -> Iterator[ArchitectureCard]:
    for folder in sorted(models.iterdir()):
        if folder.name.startswith(".") or not folder.is_dir():
            continue
        try:
            card = read_card(folder / CARD_FILE)
        except SeizureZooError:
            continue
        if card.model_id == folder.name:
            yield card


def _folder_of(card: ArchitectureCard) -> str:
    return f"{MODELS_FOLDER}/{card.model_id}"


def _copy_net(source: Path, target: Path) -> None:
    target.mkdir()
    for name in _NET_FILES:
        path = source / name
        if not path.is_file():
            continue  # Loading the copy says what is missing and matters.
        if path.stat().st_size > MAX_FILE_BYTES:
            raise RegistryError(
                f"{name}: it has {path.stat().st_size} bytes; files of a net may have "
                f"{MAX_FILE_BYTES} at most."
            )
        shutil.copyfile(path, target / name)


def _check_free(model_id: str, home: Path, *, replace: bool) -> None:
    if model_id in _shipped_ids():
        raise RegistryError(f"The id {model_id} belongs to a shipped net. Choose another id.")
    taken = any(one.model_id == model_id for one in _sound_entries(home))
    if taken and not replace:
        raise RegistryError(
            f"You have a net called {model_id} already. Choose another id, or delete it first."
        )


def _shipped_ids() -> frozenset[str]:
    shipped = read_registry_file(SHIPPED_FOLDER / REGISTRY_FILE)
    return frozenset(entry.model_id for entry in shipped.entries)


@contextmanager
def _in_place(staged: Path, target: Path) -> Iterator[None]:
    """Rename a folder to its final name for good if the block succeeds, else undo it."""
    old = target.with_name(f".old-{secrets.token_hex(6)}") if target.exists() else None
    if old is not None:
        target.rename(old)
    try:
        staged.rename(target)
        yield
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        if old is not None:
            old.rename(target)
        raise
    if old is not None:
        shutil.rmtree(old, ignore_errors=True)
