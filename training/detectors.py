"""Models in folders, as detectors and with other results; detectors of unsaved networks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zoo.detector import Detector
from zoo.store.model_folder import load_net
from zoo.store.sealing import seal_net, write_net

if TYPE_CHECKING:
    from torch import nn

    from zoo.card.schema import ArchitectureCard


def folder_detector(folder: Path) -> Detector:
    """Load the model of a folder with every check, ready to detect."""
    net = load_net(folder)
    return Detector(card=net.card, network=net.network, weights_sha256=net.card.weights.sha256)


def with_results(folder: Path, results: Sequence[Mapping[str, Any]]) -> ArchitectureCard:
    """Write a model's folder again with other results; the model stays as it is."""
    net = load_net(folder)
    document = {**net.card.to_document(), "results": list(results)}
    return write_net(folder, document=document, network=net.network)


def unsaved_detector(document: Mapping[str, Any], network: nn.Module) -> Detector:
    """Return the detector of a card without `golden` and `weights`, and of its network."""
    card, _ = seal_net(document, network)
    return Detector(card=card, network=network, weights_sha256=card.weights.sha256)
