"""Pooling along time."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar, Literal

from zoo.layers.base import Example, Layer, LayerError, Reach, Shape, sequence
from zoo.strict_model import Count, Size

if TYPE_CHECKING:
    from torch import nn


class _Pool(Layer):
    """A window of `kernel_size` that moves by `stride` (the kernel's length when not given)."""

    kernel_size: Size
    stride: Size | None = None
    padding: Count = 0

    @property
    def step(self) -> int:
        """Samples between neighbouring outputs."""
        return self.kernel_size if self.stride is None else self.stride

    @property
    def extent(self) -> int:
        """Samples from the first to the last one looked at."""
        return self.kernel_size

    def output_shape(self, shape: Shape) -> Shape:
        n_channels, n_samples = sequence(shape)
        if 2 * self.padding > self.kernel_size:
            raise LayerError(
                f"padding {self.padding} is more than half of kernel {self.kernel_size}.",
                f"Use a padding of at most {self.kernel_size // 2}.",
            )
        padded = n_samples + 2 * self.padding
        if padded < self.extent:
            raise LayerError(
                f"kernel {self.kernel_size} is longer than the {n_samples} samples that reach "
                f"it{f' ({padded} with padding)' if self.padding else ''}.",
                f"Use a kernel of at most {n_samples}, or less pooling before it.",
            )
        return n_channels, (padded - self.extent) // self.step + 1

    def reach(self, reach: Reach, shape: Shape) -> Reach:
        return reach.widened(self.extent, self.step)


class MaxPool1d(_Pool):
    """`torch.nn.MaxPool1d`."""

    example: ClassVar[Example] = Example(settings={"kernel_size": 15, "stride": 10})

    type: Literal["max_pool1d"]
    dilation: Size = 1

    @property
    def extent(self) -> int:
        """Samples from the first to the last one looked at."""
        return self.dilation * (self.kernel_size - 1) + 1

    def build(self, shape: Shape) -> nn.Module:
        from torch import nn

        return nn.MaxPool1d(self.kernel_size, self.step, self.padding, self.dilation)


class AvgPool1d(_Pool):
    """`torch.nn.AvgPool1d`; padding counts as zeros, as there."""

    example: ClassVar[Example] = Example(settings={"kernel_size": 4})

    type: Literal["avg_pool1d"]

    def build(self, shape: Shape) -> nn.Module:
        from torch import nn

        return nn.AvgPool1d(self.kernel_size, self.step, self.padding)


class _AdaptivePool(Layer):
    """Pools any length down (or up) to `output_size` samples."""

    output_size: Size

    def output_shape(self, shape: Shape) -> Shape:
        n_channels, _ = sequence(shape)
        return n_channels, self.output_size

    def reach(self, reach: Reach, shape: Shape) -> Reach:
        n_samples, n_out = shape[1], self.output_size
        if n_samples % n_out == 0:
            extent = n_samples // n_out
        else:
            # Cell i runs from floor(i n / o) to ceil((i + 1) n / o), so it may be one longer
            # than the average length rounded up.
            extent = min(n_samples, -(-n_samples // n_out) + 1)
        return reach.widened(extent, Fraction(n_samples, n_out))


class AdaptiveAvgPool1d(_AdaptivePool):
    """`torch.nn.AdaptiveAvgPool1d`."""

    example: ClassVar[Example] = Example(settings={"output_size": 4})

    type: Literal["adaptive_avg_pool1d"]

    def build(self, shape: Shape) -> nn.Module:
        from torch import nn

        return nn.AdaptiveAvgPool1d(self.output_size)


class AdaptiveMaxPool1d(_AdaptivePool):
    """`torch.nn.AdaptiveMaxPool1d`."""

    example: ClassVar[Example] = Example(settings={"output_size": 4})

    type: Literal["adaptive_max_pool1d"]

    def build(self, shape: Shape) -> nn.Module:
        from torch import nn

        return nn.AdaptiveMaxPool1d(self.output_size)


class Upsample(Layer):
    """`torch.nn.Upsample` by a whole factor."""

    example: ClassVar[Example] = Example(settings={"scale_factor": 2})

    type: Literal["upsample"]
    scale_factor: Size
    mode: Literal["nearest", "linear"] = "nearest"

    def output_shape(self, shape: Shape) -> Shape:
        n_channels, n_samples = sequence(shape)
        return n_channels, n_samples * self.scale_factor

    def reach(self, reach: Reach, shape: Shape) -> Reach:
        extent = 1 if self.mode == "nearest" or self.scale_factor == 1 else 2
        return reach.widened(extent, Fraction(1, self.scale_factor))

    def build(self, shape: Shape) -> nn.Module:
        from torch import nn

        return nn.Upsample(scale_factor=self.scale_factor, mode=self.mode)
