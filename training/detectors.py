"""Detectors of unsaved networks, and changed results of saved models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zoo.card.schema import CARD_FILE, ArchitectureCard, read_card
from zoo.detector import Detector
from zoo.store.model_folder import read_registered_weights
from zoo.store.sealing import seal, seal_again, write_folder

if TYPE_CHECKING:
    from torch import nn


def with_results(folder: Path, results: Sequence[Mapping[str, Any]]) -> ArchitectureCard:
    """Replace the results on a model's card in its folder."""
    return with_card_changes(folder, {"results": list(results)})


def with_card_changes(folder: Path, changes: Mapping[str, Any]) -> ArchitectureCard:
    """Replace sections of a model's card in its folder; the weights stay."""
    card = read_card(folder / CARD_FILE)
    weights = read_registered_weights(folder, card)
    document = {**card.to_document(), **changes}
    changed, data = seal_again(document, card.golden, weights.tensors())
    write_folder(folder, changed, data)
    return changed


def unsaved_detector(document: Mapping[str, Any], network: nn.Module) -> Detector:
    """Return a detector from a card without `golden` and `weights`, and a network."""
    return Detector(card=seal(document, network)[0], network=network)
