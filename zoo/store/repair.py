"""Rebuilds the registry of a user's nets from the folders that are there."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from seizure_core.errors import SeizureZooError
from seizure_core.messages import Message
from seizure_core.recording import Finding
from zoo.store.home import home_folder
from zoo.store.home_lock import (
    MODELS_FOLDER,
    card_in,
    folder_of,
    keep_aside,
    locked_home,
    model_folders,
)
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
            kept = keep_aside(home / REGISTRY_FILE)
            told += [
                Message(
                    "The registry of your own nets: {one} The damaged file was kept as {kept}.",
                    one=one,
                    kept=kept,
                )
                for one in content.faults
            ]
        nets = _whole_nets(home / MODELS_FOLDER, told)
        entries = _rebuilt(content, nets, told)
        if tuple(entries) != content.entries or content.faults:
            write_registry_file(home / REGISTRY_FILE, entries)
    findings = tuple(Finding.warning(one) for one in told)
    return HomeRepair(entries=tuple(entries), findings=findings)


def _whole_nets(models: Path, told: list[str]) -> dict[str, RegistryEntry]:
    nets = {}
    for folder in model_folders(models):
        try:
            card = card_in(folder)
            load_net(folder)
        except SeizureZooError as error:
            told.append(
                Message(
                    "The folder {models_folder}/{folder_name} holds no whole net and was left as "
                    "it is: {error}",
                    models_folder=MODELS_FOLDER,
                    folder_name=folder.name,
                    error=error,
                )
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
            told.append(
                Message(
                    "The net {model_id} was taken out of the registry: it is not whole.",
                    model_id=entry.model_id,
                )
            )
        elif found.is_same_net(entry):
            entries.append(entry)
        else:
            told.append(
                Message(
                    "The net {model_id} is whole, but not the one that was registered. It was "
                    "registered as it is.",
                    model_id=entry.model_id,
                )
            )
            entries.append(found)
    for found in nets.values():
        told.append(
            Message("The net {model_id} was not registered; now it is.", model_id=found.model_id)
        )
        entries.append(found)
    return entries


def repair_models() -> dict[str, Any]:
    """Rebuild the registry of the user's nets; return the nets and what was wrong.

    Raises
    ------
    SeizureZooError
        As `repair_home`.
    """
    report = repair_home(home_folder())
    return {
        "model_ids": [one.model_id for one in report.entries],
        "findings": [asdict(one) for one in report.findings],
    }
