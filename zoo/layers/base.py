"""What every layer of the vocabulary knows about itself, without torch.

A *shape* is that of one window without the batch axis: `(n_channels, n_samples)`, called
a sequence here, or `(n_features,)` once time is gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any, ClassVar

from zoo.card.strict_model import StrictModel
from zoo.layers.reach import Reach

if TYPE_CHECKING:
    from torch import nn

Shape = tuple[int, ...]

MAX_PARAMETERS = 25_000_000
MAX_VALUES = 2**26
MAX_MULTIPLY_ADDS = 50_000_000_000


class LayerError(Exception):
    """A layer cannot take the shape that reaches it; caught and placed by `zoo.layers.network`.

    Parameters
    ----------
    reason, fix : str
        What is wrong and the smallest change that would help, as sentences.
    """

    def __init__(self, reason: str, fix: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.fix = fix
        self.steps: tuple[str, ...] = ()

    def within(self, step: str) -> LayerError:
        """Note one step of the way from the network to the layer, outermost last."""
        self.steps = (step, *self.steps)
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerFacts:
    """What follows from a layer and the shape that reaches it.

    Attributes
    ----------
    type : str
        Name of the layer type.
    output_shape : tuple of int
        Shape of one window behind the layer.
    n_parameters : int
        Learnable numbers.
    multiply_adds : int
        Multiplications with addition for one window; cheap element-wise work counts nothing.
    peak_values : int
        Largest number of values held at once for one window.
    field_samples : int
        Input samples from the first to the last one that a step behind the layer sees.
    parts : tuple of (str, tuple of LayerFacts)
        Named lists of layers inside a composite layer.
    """

    type: str
    output_shape: Shape
    n_parameters: int
    multiply_adds: int
    peak_values: int
    field_samples: int
    parts: tuple[tuple[str, tuple[LayerFacts, ...]], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A valid use of a layer type, for the contract test and for menus."""

    settings: dict[str, Any]
    input_shape: Shape = (8, 64)


class Layer(StrictModel):
    """One layer: its settings are the fields, what follows from them the methods.

    A subclass gives `type` a Literal, an `example`, and whatever of the methods differs
    from "changes nothing, learns nothing".
    """

    example: ClassVar[Example]

    type: str

    def output_shape(self, shape: Shape) -> Shape:
        """Return the shape behind the layer; raise `LayerError` if it cannot take `shape`."""
        return shape

    def n_parameters(self, shape: Shape) -> int:
        """Return how many learnable numbers the layer has for this input shape."""
        return 0

    def multiply_adds(self, shape: Shape) -> int:
        """Return multiplications with addition for one window."""
        return 0

    def extra_values(self, shape: Shape) -> int:
        """Return how many values are held besides input and output."""
        return 0

    def reach(self, reach: Reach, shape: Shape) -> Reach:
        """Return the reach behind the layer, given the one before it."""
        return reach

    def build(self, shape: Shape) -> nn.Module:
        """Return the torch module; the only method that imports torch."""
        raise TypeError(f"the layer type {self.type} does not say how it is built")

    def facts(self, shape: Shape, reach: Reach) -> tuple[LayerFacts, Reach]:
        """Return all that follows for this input, and the reach behind the layer.

        Raises
        ------
        LayerError
            The layer cannot take the shape, or passes the size bounds of this module.
        """
        output_shape = self.output_shape(shape)
        n_parameters, multiply_adds = self.n_parameters(shape), self.multiply_adds(shape)
        peak_values = max(prod(shape), prod(output_shape)) + self.extra_values(shape)
        check_budget(n_parameters, values=peak_values, multiply_adds=multiply_adds)
        reach = self.reach(reach, shape)
        facts = LayerFacts(
            type=self.type,
            output_shape=output_shape,
            n_parameters=n_parameters,
            multiply_adds=multiply_adds,
            peak_values=peak_values,
            field_samples=reach.field,
        )
        return facts, reach


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


def sequence(shape: Shape) -> tuple[int, int]:
    """Return `(n_channels, n_samples)`, or explain that time is already gone."""
    if len(shape) != 2:
        raise LayerError(
            f"it works along time, but a flat vector of {shape[0]} values reaches it.",
            "Put it before the layer that removes time (flatten or a pooling over time).",
        )
    return shape[0], shape[1]


def see_everything(reach: Reach, shape: Shape) -> Reach:
    """Return the reach of a layer of equal length whose every output depends on all samples."""
    return reach.mixed(shape[1] if len(shape) == 2 else 1)


def times(shape: Shape) -> str:
    """Write a shape as `10 x 153`."""
    return " x ".join(str(size) for size in shape)
