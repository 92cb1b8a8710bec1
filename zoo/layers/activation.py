"""Activations: the same function on every value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from zoo.layers.base import Example, Layer, Shape

if TYPE_CHECKING:
    from torch import nn

Slope = Annotated[float, Field(ge=0.0, le=100.0)]


class Relu(Layer):
    """`torch.nn.ReLU`."""

    example: ClassVar[Example] = Example(settings={})

    type: Literal["relu"]

    def build(self, shape: Shape) -> nn.Module:
        from torch import nn

        return nn.ReLU()


class LeakyRelu(Layer):
    """`torch.nn.LeakyReLU`."""

    example: ClassVar[Example] = Example(settings={"negative_slope": 0.1})

    type: Literal["leaky_relu"]
    negative_slope: Slope = 0.01

    def build(self, shape: Shape) -> nn.Module:
        from torch import nn

        return nn.LeakyReLU(self.negative_slope)


class Elu(Layer):
    """`torch.nn.ELU`."""

    example: ClassVar[Example] = Example(settings={"alpha": 1.0})

    type: Literal["elu"]
    alpha: Slope = 1.0

    def build(self, shape: Shape) -> nn.Module:
        from torch import nn

        return nn.ELU(self.alpha)


class Gelu(Layer):
    """`torch.nn.GELU`."""

    example: ClassVar[Example] = Example(settings={})

    type: Literal["gelu"]

    def build(self, shape: Shape) -> nn.Module:
        from torch import nn

        return nn.GELU()


class Silu(Layer):
    """`torch.nn.SiLU`."""

    example: ClassVar[Example] = Example(settings={})

    type: Literal["silu"]

    def build(self, shape: Shape) -> nn.Module:
        from torch import nn

        return nn.SiLU()


class Tanh(Layer):
    """`torch.nn.Tanh`."""

    example: ClassVar[Example] = Example(settings={})

    type: Literal["tanh"]

    def build(self, shape: Shape) -> nn.Module:
        from torch import nn

        return nn.Tanh()


class Sigmoid(Layer):
    """`torch.nn.Sigmoid`."""

    example: ClassVar[Example] = Example(settings={})

    type: Literal["sigmoid"]

    def build(self, shape: Shape) -> nn.Module:
        from torch import nn

        return nn.Sigmoid()
