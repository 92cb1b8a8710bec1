"""Layers made of lists of layers."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from zoo.layers.base import (
    Example,
    Layer,
    LayerError,
    LayerFacts,
    Reach,
    Shape,
    sequence,
    times,
)
from zoo.layers.flow import build_layers, flow, reach_after, shape_after

if TYPE_CHECKING:
    from torch import nn

    from zoo.layers.vocabulary import AnyLayer

ChannelPool = Literal["mean", "max", "mean_max"]


class _Composite(Layer):
    """A layer whose facts are gathered from the lists of layers inside it."""

    def parts(self) -> list[tuple[str, Sequence[Layer]]]:
        """Return the named lists of layers, in order."""
        return []

    def part_input(self, shape: Shape) -> Shape:
        """Return the shape that enters every part."""
        return shape

    def runs(self, shape: Shape) -> int:
        """Return how often the parts run for one window."""
        return 1

    def join(self, shape: Shape, outputs: list[Shape]) -> Shape:
        """Return the shape made of the parts' output shapes."""
        return outputs[0]

    def output_shape(self, shape: Shape) -> Shape:
        return self.facts(shape, Reach()).output_shape

    def facts(self, shape: Shape, reach: Reach) -> LayerFacts:
        start, runs = self.part_input(shape), self.runs(shape)
        inside = []
        for name, layers in self.parts():
            try:
                inside.append((name, flow(layers, start, reach)))
            except LayerError as error:
                raise error.within(name) from None
        outputs = [shape_after(facts, start) for _, facts in inside]
        reaches = [reach_after(facts, reach) for _, facts in inside]
        every = [facts for _, part in inside for facts in part]
        return LayerFacts(
            type=self.type,
            output_shape=self.join(shape, outputs),
            n_parameters=sum(facts.n_parameters for facts in every),
            multiply_adds=runs * sum(facts.multiply_adds for facts in every),
            peak_values=prod(shape)
            + runs * sum(max((f.peak_values for f in part), default=0) for _, part in inside),
            reach=Reach(
                field=max(one.field for one in reaches), jump=max(one.jump for one in reaches)
            ),
            parts=tuple(inside),
        )


class Residual(_Composite):
    """The sum of two ways: `layers`, and `shortcut` (nothing in it means the input itself)."""

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
            f"its layers give {times(ours)} and its shortcut {times(shortcut)}; "
            "only equal shapes can be added.",
            _shortcut_fix(ours, shortcut),
        )

    def build(self, shape: Shape) -> nn.Module:
        from zoo.modules.composite import ResidualSum

        return ResidualSum(build_layers(self.layers, shape), build_layers(self.shortcut, shape))


class Parallel(_Composite):
    """Several ways side by side, joined along the channels; an empty one is the input itself."""

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
        return [(f"branch {index}", branch) for index, branch in enumerate(self.branches)]

    def join(self, shape: Shape, outputs: list[Shape]) -> Shape:
        first = outputs[0]
        for index, other in enumerate(outputs):
            if other[1:] != first[1:]:
                raise LayerError(
                    f"branch 0 gives {times(first)} and branch {index} {times(other)}; "
                    "only outputs of one length can be joined.",
                    "Give both the same strides, and paddings that keep their lengths equal.",
                )
        return (sum(output[0] for output in outputs), *first[1:])

    def build(self, shape: Shape) -> nn.Module:
        from zoo.modules.composite import ParallelJoin

        return ParallelJoin([build_layers(branch, shape) for branch in self.branches])


class PerChannel(_Composite):
    """The same layers, with the same weights, on every channel alone; then pooled over channels.

    Any number of channels can enter, and their order cannot matter, not even in the last
    bit. `pool` is "mean", "max", or "mean_max" for both, joined.
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
        from zoo.modules.per_channel import ChannelwiseLayers

        return ChannelwiseLayers(build_layers(self.layers, self.part_input(shape)), self.pool)


def _shortcut_fix(ours: Shape, shortcut: Shape) -> str:
    if len(ours) != len(shortcut):
        return "Let both or neither of them keep the time axis."
    if ours[1:] != shortcut[1:]:
        return "Use padding that keeps the length, or the same strides in the shortcut."
    return (
        "Put a conv1d of kernel_size 1 and out_channels "
        f"{ours[0]} into the shortcut, or end its layers with {shortcut[0]} channels."
    )
