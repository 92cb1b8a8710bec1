"""What every layer of the vocabulary knows about itself, without torch.

A *shape* is that of one window without the batch axis: `(n_channels, n_samples)`, called
a sequence here, or `(n_features,)` once time is gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import TYPE_CHECKING, Any, ClassVar

from zoo.strict_model import StrictModel

if TYPE_CHECKING:
    from torch import nn

Shape = tuple[int, ...]


class LayerError(Exception):
    """A layer cannot take the shape that reaches it; caught and placed by `zoo.network`.

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
class Reach:
    """Which input samples one output value sees.

    Attributes
    ----------
    field : Fraction
        Input samples from the first to the last one seen.
    jump : Fraction
        Input samples between neighbouring outputs.
    """

    field: Fraction = Fraction(1)
    jump: Fraction = Fraction(1)

    def widened(self, extent: int, stride: Fraction | int = 1) -> Reach:
        """Return the reach after a layer that looks at `extent` values and moves by `stride`."""
        return Reach(field=self.field + (extent - 1) * self.jump, jump=self.jump * stride)


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
    reach : Reach
        Seen from the network's input.
    parts : tuple of (str, tuple of LayerFacts)
        Named lists of layers inside a composite layer.
    """

    type: str
    output_shape: Shape
    n_parameters: int
    multiply_adds: int
    peak_values: int
    reach: Reach
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

    def facts(self, shape: Shape, reach: Reach) -> LayerFacts:
        """Return all that follows for this input; raise `LayerError` if it does not fit."""
        output_shape = self.output_shape(shape)
        return LayerFacts(
            type=self.type,
            output_shape=output_shape,
            n_parameters=self.n_parameters(shape),
            multiply_adds=self.multiply_adds(shape),
            peak_values=max(prod(shape), prod(output_shape)) + self.extra_values(shape),
            reach=self.reach(reach, shape),
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
    """Return the reach of a layer whose every output depends on all samples."""
    return reach.widened(shape[1]) if len(shape) == 2 else reach


def times(shape: Shape) -> str:
    """Write a shape as `10 x 153`."""
    return " x ".join(str(size) for size in shape)
