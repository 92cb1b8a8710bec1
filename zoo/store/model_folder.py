"""The folder of a net: card, weights, README; loaded with every check."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from zoo.card.schema import CARD_FILE, ArchitectureCard, read_card
from zoo.layers.network import build_network
from zoo.store.golden import check_golden
from zoo.store.weights import check_origin, kept_tensors, load_into, read_weights

if TYPE_CHECKING:
    from torch import nn

README_FILE = "README.md"


@dataclass(frozen=True, kw_only=True, eq=False)
class LoadedNet:
    """A net whose every check has passed.

    Attributes
    ----------
    card : ArchitectureCard
        What the net is.
    network : torch.nn.Module
        In eval mode, with its weights; ends in two logits.
    """

    card: ArchitectureCard
    network: nn.Module


def load_net(folder: str | Path) -> LoadedNet:
    """Load a net from its folder with every check, in this order.

    The card's schema and network; the weights file's size, header and sha256; the card's hash
    kept with the weights; names and shapes of tensors, finite values; the golden output.

    Raises
    ------
    CardError
        The card is missing or not valid.
    WeightsFileError, WeightsAlteredError, CardAlteredError, WeightsMismatchError, GoldenError
        Which check of the weights failed.
    """
    folder = Path(folder)
    card = read_card(folder / CARD_FILE)
    network = build_network(card.network, card.input.build_channels, card.input.window_samples)
    n_values = sum(tensor.numel() for tensor in kept_tensors(network).values())
    weights = read_weights(folder / card.weights.file, n_values=n_values)
    check_origin(weights, sha256=card.weights.sha256, card_sha256=card.sha256)
    load_into(network, weights)
    network.eval()
    check_golden(network, card.golden, n_samples=card.input.window_samples)
    return LoadedNet(card=card, network=network)
