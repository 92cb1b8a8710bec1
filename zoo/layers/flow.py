"""Layers one after the other: their shapes and facts, and their torch modules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from seizure_core.messages import Message
from zoo.layers.base import Layer, LayerError, LayerReport, ReceptiveField, Shape

if TYPE_CHECKING:
    from torch import nn


def flow(
    layers: Sequence[Layer],
    shape: Shape,
    receptive_field: ReceptiveField,
    passed: list[LayerReport],
) -> tuple[Shape, ReceptiveField]:
    """Pass a shape through layers, append each report to `passed`, return shape and fields.

    Raises
    ------
    LayerError
        A layer does not accept its input; `passed` holds the layers before.
    """
    for index, layer in enumerate(layers):
        try:
            facts, receptive_field = layer.facts(shape, receptive_field)
        except LayerError as error:
            step = Message("layer {number} ({type})", number=index + 1, type=layer.type)
            raise error.within(step) from None
        passed.append(replace(facts, index=index))
        shape = facts.output_shape
    return shape, receptive_field


def build_layers(layers: Sequence[Layer], shape: Shape) -> nn.Sequential:
    """Return the torch modules of layers; a module's index is that of its layer."""
    from torch import nn

    modules = []
    for layer in layers:
        modules.append(layer.build(shape))
        shape = layer.output_shape(shape)
    return nn.Sequential(*modules)
