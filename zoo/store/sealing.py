"""Sealing of models: adds golden output and weights hash to a card."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seizure_core.atomic import atomic_path
from seizure_core.json_document import sha256_of
from zoo.card.readme import README_FILE, model_files, model_readme
from zoo.card.schema import (
    CARD_FILE,
    ArchitectureCard,
    OpenCard,
    document_sha256,
    open_card_from_document,
)
from zoo.card.sections import WEIGHTS_FILE, GoldenSection, WeightsSection
from zoo.errors import CardError, RegistryError
from zoo.store.home import SHIPPED_FOLDER
from zoo.store.home_lock import entry_of
from zoo.store.model_folder import make_golden, open_folder
from zoo.store.registry_file import (
    REGISTRY_FILE,
    RegistryEntry,
    read_registry_file,
    write_registry_file,
)
from zoo.store.weights import kept_tensors, weights_bytes

if TYPE_CHECKING:
    import torch

SHIPPED_MODELS = "zoo/models"


def write_model(
    folder: str | Path,
    *,
    document: Mapping[str, Any],
    network: torch.nn.Module,
    golden_seed: int = 1,
) -> ArchitectureCard:
    """Seal a model and write its folder.

    Parameters
    ----------
    folder : str or Path
        Created if missing. Files are replaced one by one, the weights first, so that a half-written
        folder is never taken for complete.
    document : mapping
        Card without `golden` and `weights`, which are added.
    golden_seed : int
        Random seed of the golden input.

    Raises
    ------
    CardError
        The document is not a valid card, or not that of this network.
    WeightsError
        The weights contain NaN or infinity or are not float32.
    """
    card, weights = seal(document, network, golden_seed=golden_seed)
    write_folder(Path(folder), card, weights)
    return card


def write_folder(folder: Path, card: ArchitectureCard, weights: bytes) -> None:
    """Write the folder of a sealed model."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in model_files(card, weights).items():
        with atomic_path(folder / name) as temporary:
            temporary.write_bytes(data)


def seal(
    document: Mapping[str, Any], network: torch.nn.Module, *, golden_seed: int = 1
) -> tuple[ArchitectureCard, bytes]:
    """Return the sealed card of a network, and its weights file.

    Parameters
    ----------
    document : mapping
        Card as plain data, without `golden` and `weights`.

    Raises
    ------
    CardError
        The card is not valid, or is that of another network.
    WeightsError
        Weights or outputs are not finite.
    """
    card = _open(document)
    contract = card.input
    other = CardError(
        CARD_FILE, "the network that shall be saved is not the card's.", location="network"
    )
    n_parameters = sum(parameter.numel() for parameter in network.parameters())
    if n_parameters != card.network_report().n_parameters:
        raise other
    golden = GoldenSection.model_validate(
        make_golden(
            network,
            n_channels=contract.build_channels,
            n_samples=contract.window_samples,
            seed=golden_seed,
        )
    )
    if not card.is_golden_shape(golden):
        raise other
    return _sealed(card, golden, kept_tensors(network))


def seal_again(
    document: Mapping[str, Any], golden: GoldenSection, tensors: Mapping[str, torch.Tensor]
) -> tuple[ArchitectureCard, bytes]:
    """Return a changed card, sealed for the same network and weights, and the weights file.

    Raises
    ------
    CardError
        The card is not valid.
    """
    return _sealed(_open(document), golden, tensors)


def _open(document: Mapping[str, Any]) -> OpenCard:
    return open_card_from_document(
        {key: value for key, value in document.items() if key not in ("golden", "weights")}
    )


def _sealed(
    card: OpenCard, golden: GoldenSection, tensors: Mapping[str, torch.Tensor]
) -> tuple[ArchitectureCard, bytes]:
    document = {**card.to_document(), "golden": golden.model_dump(mode="json", exclude_unset=True)}
    data = weights_bytes(tensors, card_sha256=document_sha256(document))
    weights = WeightsSection(
        file=WEIGHTS_FILE,
        sha256=sha256_of(data),
        size_bytes=len(data),
        n_parameters=card.network_report().n_parameters,
    )
    return card.sealed(golden, weights), data


def ship_model(model_id: str, *, root: Path = SHIPPED_FOLDER) -> RegistryEntry:
    """Check the folder `zoo/models/MODEL_ID` and add it to `registry.json`.

    An existing entry of the same id is replaced in place. The README is regenerated from the card.

    Raises
    ------
    CardError, WeightsError
        The model fails a check.
    RegistryError
        The card has another id, or the registry is damaged.
    """
    folder = f"{SHIPPED_MODELS}/{model_id}"
    card = open_folder(root / folder)[0]
    if card.model_id != model_id:
        raise RegistryError(
            "The card in {folder} has the id {model_id}.", folder=folder, model_id=card.model_id
        )
    content = read_registry_file(root / REGISTRY_FILE)
    if content.faults:
        raise RegistryError(
            "{registry_file}: {faults}", registry_file=REGISTRY_FILE, faults=content.faults[0]
        )
    with atomic_path(root / folder / README_FILE) as temporary:
        temporary.write_text(model_readme(card), encoding="utf-8")
    entries = {entry.model_id: entry for entry in content.entries}
    name = entries[model_id].name if model_id in entries else None
    entries[model_id] = entry_of(card, folder=folder).model_copy(update={"name": name})
    write_registry_file(root / REGISTRY_FILE, list(entries.values()))
    return entries[model_id]
