"""Builds the torch module of a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from zoo.layers.base import Layer
from zoo.layers.flow import build_layers
from zoo.layers.network import check_network, parse_layers

if TYPE_CHECKING:
    from torch import nn


def build_network(
    layers: Sequence[Mapping[str, Any] | Layer], n_channels: int, n_samples: int
) -> nn.Sequential:
    """Build a network with fresh weights from torch's current random state.

    Parameters
    ----------
    layers : sequence of mapping or Layer
        The network as data.
    n_channels, n_samples : int
        Shape of one window.

    Returns
    -------
    torch.nn.Sequential
        In training mode; maps float32 (batch, n_channels, n_samples) to logits (batch, 2) or
        (batch, 2, n_steps). Names of tensors begin with the index of their layer.

    Raises
    ------
    NetworkError
        The list is no valid network for this input; the message names the layer.
    """
    report = check_network(layers, n_channels, n_samples)
    if report.errors:
        raise report.errors[0]
    return build_layers(parse_layers(layers), (n_channels, n_samples))
