"""Convolutions along time."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from seizure_core.messages import Message
from zoo.layers.base import (
    Count,
    Example,
    Flag,
    Layer,
    LayerError,
    ReceptiveField,
    Shape,
    Size,
    sequence,
)

Padding = Annotated[int, Field(strict=True, ge=0, le=1_000_000)] | Literal["same"]


class _Convolution(Layer):
    """Base of plain and depthwise convolutions."""

    kernel_size: Size
    stride: Size = 1
    padding: Padding = 0
    dilation: Size = 1
    bias: Flag = True

    @property
    def extent(self) -> int:
        """Samples that the kernel spans."""
        return self.dilation * (self.kernel_size - 1) + 1

    @property
    def zeros(self) -> int:
        """Zeros on either side, as a number."""
        return (self.extent - 1) // 2 if self.padding == "same" else self.padding

    def _output_samples(self, n_samples: int) -> int:
        if self.padding == "same":
            if self.stride != 1:
                raise LayerError(
                    Message(
                        "padding 'same' goes with stride 1 only, the stride is {stride}.",
                        stride=self.stride,
                    ),
                    Message("Use padding {extent} instead.", extent=self.extent // 2),
                )
            if (self.extent - 1) % 2:
                raise LayerError(
                    Message(
                        "padding 'same' needs a kernel with a middle sample, this one spans "
                        "{extent}.",
                        extent=self.extent,
                    ),
                    Message(
                        "Use kernel_size {kernel_size} or {kernel_size_2}.",
                        kernel_size=self.kernel_size + 1,
                        kernel_size_2=self.kernel_size - 1,
                    ),
                )
            return n_samples
        padded = n_samples + 2 * self.padding
        if padded < self.extent:
            raise LayerError(*kernel_too_long(self, n_samples, self.padding))
        return (padded - self.extent) // self.stride + 1

    def receptive_field(self, receptive_field: ReceptiveField, shape: Shape) -> ReceptiveField:
        return receptive_field.windowed(
            self.kernel_size,
            step=self.stride,
            dilation=self.dilation,
            padding=(self.zeros, self.zeros),
        )

    def module_settings(self, shape: Shape) -> dict[str, Any]:
        return {**super().module_settings(shape), "padding": self.zeros}


class Conv1d(_Convolution):
    """`torch.nn.Conv1d`; padding "same" keeps the length (stride 1, a kernel of odd extent)."""

    example: ClassVar[Example] = Example(
        settings={"out_channels": 10, "kernel_size": 10, "stride": 5, "padding": 9}
    )

    module = "Conv1d"
    channels_as = "in_channels"
    type: Literal["conv1d"]
    out_channels: Size
    groups: Size = 1

    def output_shape(self, shape: Shape) -> Shape:
        n_channels, n_samples = sequence(shape)
        check_groups(self.groups, n_channels, self.out_channels)
        return self.out_channels, self._output_samples(n_samples)

    def n_parameters(self, shape: Shape) -> int:
        weights = self.out_channels * (shape[0] // self.groups) * self.kernel_size
        return weights + self.out_channels * self.bias

    def multiply_adds(self, shape: Shape) -> int:
        per_sample = self.out_channels * (shape[0] // self.groups) * self.kernel_size
        return per_sample * self.output_shape(shape)[1]


class DepthwiseConv1d(_Convolution):
    """A `torch.nn.Conv1d` with one group per channel: each channel has its own kernels."""

    example: ClassVar[Example] = Example(
        settings={"kernel_size": 5, "depth_multiplier": 2, "padding": "same"}
    )

    module = "Conv1d"
    channels_as = "in_channels"
    type: Literal["depthwise_conv1d"]
    depth_multiplier: Size = 1

    def output_shape(self, shape: Shape) -> Shape:
        n_channels, n_samples = sequence(shape)
        return n_channels * self.depth_multiplier, self._output_samples(n_samples)

    def n_parameters(self, shape: Shape) -> int:
        return shape[0] * self.depth_multiplier * (self.kernel_size + self.bias)

    def multiply_adds(self, shape: Shape) -> int:
        out_channels, out_samples = self.output_shape(shape)
        return out_channels * self.kernel_size * out_samples

    def module_settings(self, shape: Shape) -> dict[str, Any]:
        settings = super().module_settings(shape)
        return settings | {
            "out_channels": shape[0] * settings.pop("depth_multiplier"),
            "groups": shape[0],
        }


class ConvTranspose1d(Layer):
    """`torch.nn.ConvTranspose1d`: lengthens sequences by its stride."""

    example: ClassVar[Example] = Example(
        settings={"out_channels": 4, "kernel_size": 4, "stride": 2, "padding": 1}
    )

    module = "ConvTranspose1d"
    channels_as = "in_channels"
    type: Literal["conv_transpose1d"]
    out_channels: Size
    kernel_size: Size
    stride: Size = 1
    padding: Count = 0
    output_padding: Count = 0
    dilation: Size = 1
    groups: Size = 1
    bias: Flag = True

    @property
    def extent(self) -> int:
        """Samples that the kernel spans."""
        return self.dilation * (self.kernel_size - 1) + 1

    def output_shape(self, shape: Shape) -> Shape:
        n_channels, n_samples = sequence(shape)
        check_groups(self.groups, n_channels, self.out_channels)
        bound = max(self.stride, self.dilation)
        if self.output_padding >= bound:
            raise LayerError(
                Message(
                    "output_padding {output_padding} must be less than the larger of stride "
                    "and dilation, {bound}.",
                    output_padding=self.output_padding,
                    bound=bound,
                ),
                Message("Use at most {bound}.", bound=bound - 1),
            )
        whole = (n_samples - 1) * self.stride + self.extent + self.output_padding
        length = whole - 2 * self.padding
        if length < 1:
            raise LayerError(
                Message(
                    "padding {padding} removes all {whole} samples it would give.",
                    padding=self.padding,
                    whole=whole,
                ),
                Message("Use a padding of at most {whole}.", whole=(whole - 1) // 2),
            )
        return self.out_channels, length

    def n_parameters(self, shape: Shape) -> int:
        weights = shape[0] * (self.out_channels // self.groups) * self.kernel_size
        return weights + self.out_channels * self.bias

    def multiply_adds(self, shape: Shape) -> int:
        return shape[0] * (self.out_channels // self.groups) * self.kernel_size * shape[1]

    def receptive_field(self, receptive_field: ReceptiveField, shape: Shape) -> ReceptiveField:
        # With zeros inserted by its stride, it is a convolution with this padding.
        zeros = self.extent - 1 - self.padding
        return receptive_field.spread(self.stride).windowed(
            self.kernel_size,
            step=1,
            dilation=self.dilation,
            padding=(zeros, zeros + self.output_padding),
        )


def check_groups(groups: int, in_channels: int, out_channels: int) -> None:
    """Raise `LayerError` unless both numbers of channels are divisible by `groups`."""
    for name, n_channels in (
        ("channels that reach it", in_channels),
        ("out_channels", out_channels),
    ):
        if n_channels % groups:
            best = max(g for g in range(1, min(groups, n_channels) + 1) if n_channels % g == 0)
            raise LayerError(
                Message(
                    "{n_channels} {name} cannot be cut into {groups} groups.",
                    n_channels=n_channels,
                    name=name,
                    groups=groups,
                ),
                Message(
                    "Use {best} groups, or a multiple of {groups} channels.",
                    best=best,
                    groups=groups,
                ),
            )


def kernel_too_long(layer: _Convolution, n_samples: int, padding: int) -> tuple[str, str]:
    """Return reason and fix for a kernel longer than its input."""
    padded = n_samples + 2 * padding
    template = "kernel {kernel_size} is longer than the {n_samples} samples that reach it{padded}."
    if layer.dilation > 1:
        template = (
            "kernel {kernel_size} spans {extent} samples at dilation {dilation} and is longer than "
            "the {n_samples} samples that reach it{padded}."
        )
    largest = (padded - 1) // layer.dilation + 1
    enough = -(-(layer.extent - n_samples) // 2)
    return (
        Message(
            template,
            kernel_size=layer.kernel_size,
            extent=layer.extent,
            dilation=layer.dilation,
            n_samples=n_samples,
            padded=Message(" ({n} with padding)", n=padded) if padding else "",
        ),
        Message(
            "Use a kernel of at most {largest}, or a padding of at least {enough}.",
            largest=largest,
            enough=enough,
        ),
    )
