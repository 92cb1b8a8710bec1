"""Linear layers, activations, normalisations, flattening and dropout."""

from __future__ import annotations

from math import prod
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from seizure_core.messages import Message
from zoo.layers.base import (
    Example,
    Flag,
    Fraction01,
    Layer,
    LayerError,
    ReceptiveField,
    Shape,
    Size,
    full_receptive_field,
    sequence,
)


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


Epsilon = Annotated[float, Field(gt=0.0, le=1.0)]
Momentum = Annotated[float, Field(gt=0.0, le=1.0)]


class BatchNorm1d(Layer):
    """`torch.nn.BatchNorm1d`: a fixed scale and shift of every channel in eval mode."""

    module = "BatchNorm1d"
    channels_as = "num_features"
    type: Literal["batch_norm1d"]
    eps: Epsilon = 1e-5
    momentum: Momentum = 0.1

    def n_parameters(self, shape: Shape) -> int:
        return 2 * shape[0]


class GroupNorm(Layer):
    """`torch.nn.GroupNorm`: every group of channels over the whole window."""

    example: ClassVar[Example] = Example(settings={"num_groups": 4})

    module = "GroupNorm"
    channels_as = "num_channels"
    type: Literal["group_norm"]
    num_groups: Size
    eps: Epsilon = 1e-5

    def output_shape(self, shape: Shape) -> Shape:
        if shape[0] % self.num_groups:
            raise LayerError(
                Message(
                    "{shape} channels cannot be cut into {num_groups} groups.",
                    shape=shape[0],
                    num_groups=self.num_groups,
                ),
                "Use a number of groups that divides the channels.",
            )
        return shape

    def n_parameters(self, shape: Shape) -> int:
        return 2 * shape[0]

    def receptive_field(self, receptive_field: ReceptiveField, shape: Shape) -> ReceptiveField:
        return full_receptive_field(receptive_field, shape)


class InstanceNorm1d(Layer):
    """`torch.nn.InstanceNorm1d`: every channel over the whole window."""

    example: ClassVar[Example] = Example(settings={"affine": True})

    module = "InstanceNorm1d"
    channels_as = "num_features"
    type: Literal["instance_norm1d"]
    eps: Epsilon = 1e-5
    affine: Flag = False

    def output_shape(self, shape: Shape) -> Shape:
        _, n_samples = sequence(shape)
        if n_samples < 2:
            raise LayerError(
                "only one sample a channel reaches it, and would always become zero.",
                "Put it before the last pooling, or take it out.",
            )
        return shape

    def n_parameters(self, shape: Shape) -> int:
        return 2 * shape[0] if self.affine else 0

    def receptive_field(self, receptive_field: ReceptiveField, shape: Shape) -> ReceptiveField:
        return full_receptive_field(receptive_field, shape)


class LayerNorm(Layer):
    """`torch.nn.LayerNorm` over the channels of each sample, or over a flat vector."""

    module = "ChannelLayerNorm"
    channels_as = "normalized_shape"
    type: Literal["layer_norm"]
    eps: Epsilon = 1e-5

    def n_parameters(self, shape: Shape) -> int:
        return 2 * shape[0]
