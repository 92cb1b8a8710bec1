"""All layer types that a card may use.

To add one, write its class in a module of this package and list it here. Composite layers are
defined here, because they may hold layers of any type.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from math import prod
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, get_args

from pydantic import Field, TypeAdapter

from seizure_core.messages import Message
from zoo.layers.base import (
    Example,
    Layer,
    LayerError,
    LayerReport,
    PartReport,
    ReceptiveField,
    Shape,
    check_budget,
    sequence,
    times,
)
from zoo.layers.basic import (
    BatchNorm1d,
    Dropout,
    Elu,
    Flatten,
    Gelu,
    GroupNorm,
    InstanceNorm1d,
    LayerNorm,
    LeakyRelu,
    Linear,
    Relu,
    Sigmoid,
    Silu,
    Tanh,
)
from zoo.layers.convolution import Conv1d, ConvTranspose1d, DepthwiseConv1d
from zoo.layers.flow import build_layers, flow
from zoo.layers.pooling import (
    AdaptiveAvgPool1d,
    AdaptiveMaxPool1d,
    AvgPool1d,
    MaxPool1d,
    Upsample,
)
from zoo.layers.sequence import AttentionPool, Gru, Lstm, PositionalEncoding, SelfAttention

if TYPE_CHECKING:
    from torch import nn

ChannelPool = Literal["mean", "max", "mean_max"]


class _Composite(Layer):
    """Base of layers that contain lists of layers."""

    def parts(self) -> list[tuple[str, Sequence[Layer]]]:
        """Return the named lists of layers, in order."""
        return []

    def part_input(self, shape: Shape) -> Shape:
        """Return the input shape of every part."""
        return shape

    def runs(self, shape: Shape) -> int:
        """Return how often the parts run per window."""
        return 1

    def join(self, shape: Shape, outputs: list[Shape]) -> Shape:
        """Return the output shape for given output shapes of the parts."""
        return outputs[0]

    def output_shape(self, shape: Shape) -> Shape:
        start = self.part_input(shape)
        ends = [
            reduce(lambda reached, layer: layer.output_shape(reached), layers, start)
            for _, layers in self.parts()
        ]
        return self.join(shape, ends)

    def facts(
        self, shape: Shape, receptive_field: ReceptiveField
    ) -> tuple[LayerReport, ReceptiveField]:
        start, runs = self.part_input(shape), self.runs(shape)
        parts: list[PartReport] = []
        shapes, receptive_fields = [], []
        for name, layers in self.parts():
            passed: list[LayerReport] = []
            try:
                end, reached = flow(layers, start, receptive_field, passed)
            except LayerError as error:
                raise error.within(name) from None
            parts.append(PartReport(name=name, layers=tuple(passed)))
            shapes.append(end)
            receptive_fields.append(reached)
        output_shape, joined = (
            self.join(shape, shapes),
            reduce(ReceptiveField.joined, receptive_fields),
        )
        every = [layer for part in parts for layer in part.layers]
        peaks = [max((layer.peak_values for layer in part.layers), default=0) for part in parts]
        facts = LayerReport(
            type=self.type,
            output_shape=output_shape,
            n_parameters=sum(series.n_parameters for series in every),
            multiply_adds=runs * sum(series.multiply_adds for series in every),
            peak_values=prod(shape) + runs * sum(peaks),
            receptive_field_samples=joined.field,
            parts=tuple(parts),
        )
        check_budget(
            facts.n_parameters, values=facts.peak_values, multiply_adds=facts.multiply_adds
        )
        return facts, joined


class Residual(_Composite):
    """Sum of the branches `layers` and `shortcut`; an empty shortcut is the input itself."""

    example: ClassVar[Example] = Example(
        settings={
            "layers": [
                {"type": "conv1d", "out_channels": 12, "kernel_size": 3, "padding": 1},
                {"type": "relu"},
            ],
            "shortcut": [{"type": "conv1d", "out_channels": 12, "kernel_size": 1}],
        }
    )

    type: Literal["residual"]
    layers: Annotated[tuple[AnyLayer, ...], Field(min_length=1)]
    shortcut: tuple[AnyLayer, ...] = ()

    def parts(self) -> list[tuple[str, Sequence[Layer]]]:
        return [("layers", self.layers), ("shortcut", self.shortcut)]

    def join(self, shape: Shape, outputs: list[Shape]) -> Shape:
        ours, shortcut = outputs
        if ours == shortcut:
            return ours
        raise LayerError(
            Message(
                "its layers give {times} and its shortcut {times_2}; "
                "only equal shapes can be added.",
                times=times(ours),
                times_2=times(shortcut),
            ),
            _shortcut_fix(ours, shortcut),
        )

    def build(self, shape: Shape) -> nn.Module:
        from zoo.layers.modules import ResidualSum

        return ResidualSum(build_layers(self.layers, shape), build_layers(self.shortcut, shape))


class Parallel(_Composite):
    """Parallel branches, joined along the channels; an empty one is the input itself."""

    example: ClassVar[Example] = Example(
        settings={
            "branches": [
                [{"type": "conv1d", "out_channels": 4, "kernel_size": 3, "padding": "same"}],
                [{"type": "conv1d", "out_channels": 4, "kernel_size": 9, "padding": "same"}],
                [],
            ]
        }
    )

    type: Literal["parallel"]
    branches: Annotated[tuple[tuple[AnyLayer, ...], ...], Field(min_length=1, max_length=64)]

    def parts(self) -> list[tuple[str, Sequence[Layer]]]:
        return [(f"branch {number}", one) for number, one in enumerate(self.branches, start=1)]

    def join(self, shape: Shape, outputs: list[Shape]) -> Shape:
        first = outputs[0]
        for number, other in enumerate(outputs, start=1):
            if other[1:] != first[1:]:
                raise LayerError(
                    Message(
                        "branch 1 gives {times} and branch {number} {times_2}; "
                        "only outputs of one length can be joined.",
                        times=times(first),
                        number=number,
                        times_2=times(other),
                    ),
                    "Give both the same strides, and paddings that keep their lengths equal.",
                )
        return (sum(output[0] for output in outputs), *first[1:])

    def build(self, shape: Shape) -> nn.Module:
        from zoo.layers.modules import ParallelJoin

        return ParallelJoin([build_layers(branch, shape) for branch in self.branches])


class PerChannel(_Composite):
    """The same layers with the same weights on every channel alone, pooled over channels.

    Accepts any number of channels, and their order makes no difference, not even in rounding.
    `pool` is "mean", "max", or "mean_max" for both, joined.
    """

    example: ClassVar[Example] = Example(
        settings={
            "layers": [{"type": "conv1d", "out_channels": 4, "kernel_size": 5}, {"type": "relu"}],
            "pool": "mean",
        }
    )

    type: Literal["per_channel"]
    layers: Annotated[tuple[AnyLayer, ...], Field(min_length=1)]
    pool: ChannelPool = "mean"

    def parts(self) -> list[tuple[str, Sequence[Layer]]]:
        return [("layers", self.layers)]

    def part_input(self, shape: Shape) -> Shape:
        _, n_samples = sequence(shape)
        return 1, n_samples

    def runs(self, shape: Shape) -> int:
        return shape[0]

    def join(self, shape: Shape, outputs: list[Shape]) -> Shape:
        width = 2 if self.pool == "mean_max" else 1
        return (width * outputs[0][0], *outputs[0][1:])

    def build(self, shape: Shape) -> nn.Module:
        from zoo.layers.modules import ChannelwiseLayers

        return ChannelwiseLayers(build_layers(self.layers, self.part_input(shape)), self.pool)


def _shortcut_fix(ours: Shape, shortcut: Shape) -> str:
    if len(ours) != len(shortcut):
        return "Let both or neither of them keep the time axis."
    if ours[1:] != shortcut[1:]:
        return "Use padding that keeps the length, or the same strides in the shortcut."
    return Message(
        "Put a conv1d of kernel_size 1 and out_channels "
        "{ours} into the shortcut, or end its layers with {shortcut} channels.",
        ours=ours[0],
        shortcut=shortcut[0],
    )


_Layers = (
    Conv1d
    | DepthwiseConv1d
    | ConvTranspose1d
    | MaxPool1d
    | AvgPool1d
    | AdaptiveAvgPool1d
    | AdaptiveMaxPool1d
    | Upsample
    | Relu
    | LeakyRelu
    | Elu
    | Gelu
    | Silu
    | Tanh
    | Sigmoid
    | BatchNorm1d
    | GroupNorm
    | InstanceNorm1d
    | LayerNorm
    | Linear
    | Flatten
    | Dropout
    | Lstm
    | Gru
    | AttentionPool
    | SelfAttention
    | PositionalEncoding
    | Residual
    | Parallel
    | PerChannel
)

AnyLayer = Annotated[_Layers, Field(discriminator="type")]


def _by_type(classes: tuple[type[Layer], ...]) -> dict[str, type[Layer]]:
    return {get_args(label.model_fields["type"].annotation)[0]: label for label in classes}


for _composite in (Residual, Parallel, PerChannel):
    # These refer to AnyLayer before it exists, because lists of layers may be nested.
    _composite.model_rebuild(_types_namespace={"AnyLayer": AnyLayer})

LAYER_TYPES = _by_type(get_args(_Layers))
"""Layer classes by type name."""

LAYER = TypeAdapter[Layer](AnyLayer)
"""Adapter that parses one layer from plain data."""
