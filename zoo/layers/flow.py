"""Sends a shape through a list of layers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from zoo.layers.base import Layer, LayerError, LayerFacts, Reach, Shape

if TYPE_CHECKING:
    from torch import nn

MAX_PARAMETERS = 25_000_000
MAX_VALUES = 2**26
MAX_MULTIPLY_ADDS = 50_000_000_000


def flow(layers: Sequence[Layer], shape: Shape, reach: Reach) -> tuple[LayerFacts, ...]:
    """Return the facts of every layer, in order.

    Raises
    ------
    LayerError
        A layer cannot take what reaches it, or passes the size bounds of this module.
    """
    passed = []
    for index, layer in enumerate(layers):
        try:
            facts = layer.facts(shape, reach)
            check_budget(
                facts.n_parameters, values=facts.peak_values, multiply_adds=facts.multiply_adds
            )
        except LayerError as error:
            raise error.within(f"layer {index} ({layer.type})") from None
        passed.append(facts)
        shape, reach = facts.output_shape, facts.reach
    return tuple(passed)


def check_budget(n_parameters: int, *, values: int = 0, multiply_adds: int = 0) -> None:
    """Raise `LayerError` if something would be too big to build or to run."""
    budget = (
        (n_parameters, MAX_PARAMETERS, "parameters"),
        (values, MAX_VALUES, "values in memory for one window"),
        (multiply_adds, MAX_MULTIPLY_ADDS, "multiplications for one window"),
    )
    for value, bound, what in budget:
        if value > bound:
            raise LayerError(
                f"it needs {value:.3g} {what}; nets here may need {bound:.3g} at most.",
                "Use fewer channels or features, or more stride or pooling before it.",
            )


def shape_after(facts: Sequence[LayerFacts], shape: Shape) -> Shape:
    """Return the shape behind the last layer, or `shape` if there is none."""
    return facts[-1].output_shape if facts else shape


def reach_after(facts: Sequence[LayerFacts], reach: Reach) -> Reach:
    """Return the reach behind the last layer, or `reach` if there is none."""
    return facts[-1].reach if facts else reach


def build_layers(layers: Sequence[Layer], shape: Shape) -> nn.Sequential:
    """Return the torch modules of layers in order; a module's number is its layer's index."""
    from torch import nn

    modules = []
    for layer in layers:
        modules.append(layer.build(shape))
        shape = layer.output_shape(shape)
    return nn.Sequential(*modules)
