"""Rebuilds the registry of a user's nets from the folders that are there."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from seizure_core.errors import SeizureZooError
from seizure_core.recording import Finding
from zoo.card.schema import CARD_FILE, ArchitectureCard, read_card
from zoo.errors import CardError
from zoo.store.home_lock import MODELS_FOLDER, locked_home
from zoo.store.model_folder import load_net
from zoo.store.registry_file import (
    REGISTRY_FILE,
    RegistryContent,
    RegistryEntry,
    read_registry_file,
    write_registry_file,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeRepair:
    """What a repair found and did.

    Attributes
    ----------
    entries : tuple of RegistryEntry
        The registry as it is now.
    findings : tuple of Finding
        One for everything that was wrong; empty if nothing was.
    """

    entries: tuple[RegistryEntry, ...]
    findings: tuple[Finding, ...]


def repair_home(home: Path) -> HomeRepair:
    """Check every net of the user with every check and write the registry anew.

    Whole nets are registered as they are, entries without a whole net are taken out, damaged
    folders stay where they are for whoever wants to save something. A damaged registry file is
    kept beside the new one under another name.

    Parameters
    ----------
    home : Path
        The home folder.

    Raises
    ------
    RegistryError
        The registry was written for a newer version of this program, or the disk refuses
        something.
    """
    with locked_home(home) as recovered:
        told = list(recovered)
        content = read_registry_file(home / REGISTRY_FILE)
        if content.faults:
            kept = _keep_aside(home / REGISTRY_FILE)
            told += [
                f"The registry of your own nets: {one} The damaged file was kept as {kept}."
                for one in content.faults
            ]
        nets = _whole_nets(home / MODELS_FOLDER, told)
        entries = _rebuilt(content, nets, told)
        if tuple(entries) != content.entries or content.faults:
            write_registry_file(home / REGISTRY_FILE, entries)
    findings = tuple(Finding(severity="warning", message=one) for one in told)
    return HomeRepair(entries=tuple(entries), findings=findings)


def sound_entries(home: Path) -> list[RegistryEntry]:
    """Return the registered entries; rebuild them from the cards if the file is damaged.

    The lock must be held. The damaged file is kept aside.
    """
    path = home / REGISTRY_FILE
    content = read_registry_file(path)
    if not content.faults:
        return list(content.entries)
    _keep_aside(path)
    known = {entry.model_id: entry for entry in content.entries}
    for folder in _folders(home / MODELS_FOLDER):
        try:
            card = _card_of(folder)
        except SeizureZooError:
            continue
        known.setdefault(card.model_id, RegistryEntry.of(card, folder=folder_of(card)))
    return list(known.values())


def folder_of(card: ArchitectureCard) -> str:
    """Return a user's net's folder as its registry entry names it."""
    return f"{MODELS_FOLDER}/{card.model_id}"


def _whole_nets(models: Path, told: list[str]) -> dict[str, RegistryEntry]:
    nets = {}
    for folder in _folders(models):
        try:
            card = _card_of(folder)
            load_net(folder)
        except SeizureZooError as error:
            told.append(
                f"The folder {MODELS_FOLDER}/{folder.name} holds no whole net and was left as it "
                f"is: {error}"
            )
            continue
        nets[card.model_id] = RegistryEntry.of(card, folder=folder_of(card))
    return nets


def _rebuilt(
    content: RegistryContent, nets: dict[str, RegistryEntry], told: list[str]
) -> list[RegistryEntry]:
    """Return the entries there should be, in the order of the old ones."""
    entries = []
    for entry in content.entries:
        if entry.folder is None:
            entries.append(entry)  # a net that is only on the Hub
            continue
        found = nets.pop(entry.model_id, None)
        if found is None:
            told.append(f"The net {entry.model_id} was taken out of the registry: it is not whole.")
        elif found.is_same_net(entry):
            entries.append(entry)
        else:
            told.append(
                f"The net {entry.model_id} is whole, but not the one that was registered. It was "
                "registered as it is."
            )
            entries.append(found)
    for found in nets.values():
        told.append(f"The net {found.model_id} was not registered; now it is.")
        entries.append(found)
    return entries


def _folders(models: Path) -> Iterator[Path]:
    for folder in sorted(models.iterdir()):
        if not folder.name.startswith(".") and folder.is_dir():
            yield folder


def _card_of(folder: Path) -> ArchitectureCard:
    card = read_card(folder / CARD_FILE)
    if card.model_id != folder.name:
        raise CardError(CARD_FILE, f"the card bears the id {card.model_id}, not the folder's name.")
    return card


def _keep_aside(path: Path) -> str:
    kept = path.with_name(f"registry.damaged-{secrets.token_hex(4)}.json")
    shutil.copyfile(path, kept)
    return kept.name
