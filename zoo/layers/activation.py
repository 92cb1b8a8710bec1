"""Activations: the same function on every value."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from zoo.layers.base import Example, Layer

Slope = Annotated[float, Field(ge=0.0, le=100.0)]


class Relu(Layer):
    """`torch.nn.ReLU`."""

    module = "ReLU"
    type: Literal["relu"]


class LeakyRelu(Layer):
    """`torch.nn.LeakyReLU`."""

    example: ClassVar[Example] = Example(settings={"negative_slope": 0.1})
    module = "LeakyReLU"
    type: Literal["leaky_relu"]
    negative_slope: Slope = 0.01


class Elu(Layer):
    """`torch.nn.ELU`."""

    example: ClassVar[Example] = Example(settings={"alpha": 1.0})
    module = "ELU"
    type: Literal["elu"]
    alpha: Slope = 1.0


class Gelu(Layer):
    """`torch.nn.GELU`."""

    module = "GELU"
    type: Literal["gelu"]


class Silu(Layer):
    """`torch.nn.SiLU`."""

    module = "SiLU"
    type: Literal["silu"]


class Tanh(Layer):
    """`torch.nn.Tanh`."""

    module = "Tanh"
    type: Literal["tanh"]


class Sigmoid(Layer):
    """`torch.nn.Sigmoid`."""

    module = "Sigmoid"
    type: Literal["sigmoid"]
