"""Normalisations; they differ in which values share a mean."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from seizure_core.messages import Message
from zoo.layers.base import (
    Example,
    Flag,
    Layer,
    LayerError,
    ReceptiveField,
    Shape,
    Size,
    full_receptive_field,
    sequence,
)

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
