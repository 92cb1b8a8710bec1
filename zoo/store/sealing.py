"""Seals models: a card gets its proof, golden output and hash of the weights, once."""

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
from zoo.store.golden import make_golden
from zoo.store.home import SHIPPED_FOLDER
from zoo.store.home_lock import entry_of
from zoo.store.model_folder import open_folder
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
    """Write the folder of a model.

    Parameters
    ----------
    folder : str or Path
        Made if it does not exist; the model's files in it are replaced one by one, the weights
        first, so that a half-written folder is never taken for a whole one.
    document : mapping
        The card without `golden` and `weights`, which are made here.
    network : torch.nn.Module
        As `build_network` gives it, trained.
    golden_seed : int
        Seed of the golden input.

    Returns
    -------
    ArchitectureCard
        The card as written.

    Raises
    ------
    CardError
        The document is no valid card, or not that of this network.
    WeightsError
        The weights hold NaN, infinity or other kinds of numbers than float32.
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
        The card as plain data; `golden` and `weights` are made here.
    network : torch.nn.Module
        Built from the card's layers.
    golden_seed : int
        Of the golden input.

    Raises
    ------
    CardError
        The card is none, or of another network.
    WeightsError
        The network's weights or outputs are no finite numbers.
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
    """Return another card for the same network and weights, sealed, and the weights file.

    Raises
    ------
    CardError
        The card is none.
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
    """Check the folder `zoo/models/MODEL_ID` and write its entry into `registry.json`.

    An entry of the same id is replaced where it stands; a new one goes to the end. The model's
    README is written anew from its card.

    Raises
    ------
    CardError, WeightsError
        The model fails a check.
    RegistryError
        The card bears another id, or the registry is damaged.
    """
    folder = f"{SHIPPED_MODELS}/{model_id}"
    card = open_folder(root / folder)[0]
    if card.model_id != model_id:
        raise RegistryError(
            "The card in {folder} bears the id {model_id}.", folder=folder, model_id=card.model_id
        )
    content = read_registry_file(root / REGISTRY_FILE)
    if content.faults:
        raise RegistryError(
            "{registry_file}: {faults}", registry_file=REGISTRY_FILE, faults=content.faults[0]
        )
    with atomic_path(root / folder / README_FILE) as temporary:
        temporary.write_text(model_readme(card), encoding="utf-8")
    entries = {entry.model_id: entry for entry in content.entries}
    entries[model_id] = entry_of(card, folder=folder)
    write_registry_file(root / REGISTRY_FILE, list(entries.values()))
    return entries[model_id]
