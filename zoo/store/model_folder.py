"""Model folders: card, weights and README, loaded with every check."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from zoo.card.schema import CARD_FILE, ArchitectureCard, read_card
from zoo.layers.network import build_network
from zoo.store.golden import check_golden
from zoo.store.weights import WeightsFile, check_origin, load_into, read_weights

if TYPE_CHECKING:
    from torch import nn


def open_folder(folder: str | Path) -> tuple[ArchitectureCard, nn.Sequential]:
    """Return card and network of a model folder after every check.

    In this order: card (schema, network, shapes), weights (size, format, sha256, hash of the card),
    tensors (names, shapes, finite values), golden output.

    Raises
    ------
    CardError
        The card cannot be read or contradicts itself.
    WeightsError
        The weights fail a check; subclasses tell which.
    """
    card = read_card(Path(folder) / CARD_FILE)
    weights = read_registered_weights(folder, card)
    network = build_network(card.network, card.input.build_channels, card.input.window_samples)
    load_into(network, weights)
    network.eval()
    check_golden(network, card.golden, n_samples=card.input.window_samples)
    return card, network


def read_registered_weights(folder: str | Path, card: ArchitectureCard) -> WeightsFile:
    """Read the weights of a card; check by their hashes that both belong together.

    Raises
    ------
    WeightsError
        They cannot be read, or do not belong to the card.
    """
    # Normalisations hold two more values for every two parameters.
    n_values = 2 * card.weights.n_parameters
    weights = read_weights(Path(folder) / card.weights.file, n_values=n_values)
    check_origin(weights, sha256=card.weights.sha256, card_sha256=card.sha256)
    return weights
