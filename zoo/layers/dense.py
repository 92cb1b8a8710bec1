"""Linear layers, flattening and dropout."""

from __future__ import annotations

from math import prod
from typing import Any, ClassVar, Literal

from zoo.layers.base import Example, Flag, Fraction01, Layer, ReceptiveField, Shape, Size


class Linear(Layer):
    """`torch.nn.Linear` on the last axis: of a flat vector, or of every channel's samples."""

    example: ClassVar[Example] = Example(settings={"out_features": 15}, input_shape=(35,))

    module = "Linear"
    type: Literal["linear"]
    out_features: Size
    bias: Flag = True

    def output_shape(self, shape: Shape) -> Shape:
        return (*shape[:-1], self.out_features)

    def n_parameters(self, shape: Shape) -> int:
        return self.out_features * (shape[-1] + self.bias)

    def multiply_adds(self, shape: Shape) -> int:
        return prod(shape) * self.out_features

    def receptive_field(self, receptive_field: ReceptiveField, shape: Shape) -> ReceptiveField:
        return receptive_field.mixed(self.out_features if len(shape) == 2 else 1)

    def module_settings(self, shape: Shape) -> dict[str, Any]:
        return {**super().module_settings(shape), "in_features": shape[-1]}


class Flatten(Layer):
    """`torch.nn.Flatten`: channels and samples become one vector."""

    module = "Flatten"
    type: Literal["flatten"]

    def output_shape(self, shape: Shape) -> Shape:
        return (prod(shape),)

    def receptive_field(self, receptive_field: ReceptiveField, shape: Shape) -> ReceptiveField:
        return receptive_field.mixed()


class Dropout(Layer):
    """`torch.nn.Dropout`: active in training only."""

    example: ClassVar[Example] = Example(settings={"p": 0.5})

    module = "Dropout"
    type: Literal["dropout"]
    p: Fraction01 = 0.5
