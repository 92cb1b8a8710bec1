"""Writes the folder of a net: the card sealed with golden output and weights, and its README."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seizure_core.atomic import atomic_path
from seizure_core.json_document import sha256_of
from zoo.card.readme import model_readme
from zoo.card.schema import (
    CARD_FILE,
    ArchitectureCard,
    OpenCard,
    card_from_document,
    document_sha256,
    open_card_from_document,
)
from zoo.card.sections import WEIGHTS_FILE
from zoo.errors import CardError
from zoo.layers.network import build_network
from zoo.store.golden import make_golden
from zoo.store.model_folder import README_FILE
from zoo.store.weights import kept_tensors, weights_bytes

if TYPE_CHECKING:
    from torch import nn


def write_net(
    folder: str | Path, *, document: Mapping[str, Any], network: nn.Module, golden_seed: int = 1
) -> ArchitectureCard:
    """Write the folder of a net.

    Parameters
    ----------
    folder : str or Path
        Made if it does not exist; the net's files in it are replaced one by one, the weights
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
    folder = Path(folder)
    card, weights = seal_net(document, network, golden_seed)
    files = {
        WEIGHTS_FILE: weights,
        README_FILE: model_readme(card).encode("utf-8"),
        CARD_FILE: card.to_json(),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        with atomic_path(folder / name) as temporary:
            temporary.write_bytes(data)
    return card


def seal_net(
    document: Mapping[str, Any], network: nn.Module, golden_seed: int = 1
) -> tuple[ArchitectureCard, bytes]:
    """Return the card with its golden and weights sections, and the weights file.

    Raises
    ------
    CardError, WeightsError
        As `write_net`.
    """
    card = open_card_from_document(
        {key: value for key, value in document.items() if key not in ("golden", "weights")}
    )
    _check_same_network(card, network)
    golden = make_golden(
        network,
        n_channels=card.input.build_channels,
        n_samples=card.input.window_samples,
        seed=golden_seed,
    )
    sealed = {**card.to_document(), "golden": golden}
    data = weights_bytes(network, card_sha256=document_sha256(sealed))
    sealed["weights"] = {
        "file": WEIGHTS_FILE,
        "sha256": sha256_of(data),
        "size_bytes": len(data),
        "n_parameters": card.network_report().n_parameters,
    }
    return card_from_document(sealed), data


def _check_same_network(card: OpenCard, network: nn.Module) -> None:
    contract = card.input
    fresh = build_network(card.network, contract.build_channels, contract.window_samples)
    expected = {name: tuple(tensor.shape) for name, tensor in kept_tensors(fresh).items()}
    found = {name: tuple(tensor.shape) for name, tensor in kept_tensors(network).items()}
    if expected != found:
        raise CardError(
            CARD_FILE, "the network that shall be saved is not the card's.", location="network"
        )
