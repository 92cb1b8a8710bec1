"""Sends a shape through a list of layers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zoo.layers.base import Layer, LayerError, LayerFacts, Reach, Shape

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True, slots=True)
class Flow:
    """A shape after its way through a list of layers.

    Attributes
    ----------
    facts : tuple of LayerFacts
        Of every layer, in order.
    shape : tuple of int
        Behind the last layer; the one that came in if there is none.
    reach : Reach
        Of the same place.
    """

    facts: tuple[LayerFacts, ...]
    shape: Shape
    reach: Reach


def flow(layers: Sequence[Layer], shape: Shape, reach: Reach) -> Flow:
    """Send a shape through layers.

    Raises
    ------
    LayerError
        A layer cannot take what reaches it, or needs too much.
    """
    passed = []
    for index, layer in enumerate(layers):
        try:
            facts, reach = layer.facts(shape, reach)
        except LayerError as error:
            raise error.within(f"layer {index} ({layer.type})") from None
        passed.append(facts)
        shape = facts.output_shape
    return Flow(tuple(passed), shape, reach)


def shape_behind(layers: Sequence[Layer], shape: Shape) -> Shape:
    """Return the shape behind layers that are known to fit, without their facts."""
    for layer in layers:
        shape = layer.output_shape(shape)
    return shape


def build_layers(layers: Sequence[Layer], shape: Shape) -> nn.Sequential:
    """Return the torch modules of layers in order; a module's number is its layer's index."""
    from torch import nn

    modules = []
    for layer in layers:
        modules.append(layer.build(shape))
        shape = layer.output_shape(shape)
    return nn.Sequential(*modules)
