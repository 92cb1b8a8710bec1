"""Pooling along time."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import numpy as np

from seizure_core.messages import Message
from zoo.layers.base import Count, Example, Layer, LayerError, ReceptiveField, Shape, Size, sequence


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
    def spacing(self) -> int:
        """Samples between neighbouring values of a window."""
        return 1

    @property
    def extent(self) -> int:
        """Samples that a window spans."""
        return self.spacing * (self.kernel_size - 1) + 1

    def output_shape(self, shape: Shape) -> Shape:
        n_channels, n_samples = sequence(shape)
        if 2 * self.padding > self.kernel_size:
            raise LayerError(
                Message(
                    "padding {padding} is more than half of kernel {kernel_size}.",
                    padding=self.padding,
                    kernel_size=self.kernel_size,
                ),
                Message(
                    "Use a padding of at most {kernel_size}.", kernel_size=self.kernel_size // 2
                ),
            )
        padded = n_samples + 2 * self.padding
        if padded < self.extent:
            raise LayerError(
                Message(
                    "kernel {kernel_size} is longer than the {n_samples} samples that reach "
                    "it{padded}.",
                    kernel_size=self.kernel_size,
                    n_samples=n_samples,
                    padded=Message(" ({n} with padding)", n=padded) if self.padding else "",
                ),
                Message(
                    "Use a kernel of at most {n_samples}, or less pooling before it.",
                    n_samples=n_samples,
                ),
            )
        return n_channels, (padded - self.extent) // self.step + 1

    def receptive_field(self, receptive_field: ReceptiveField, shape: Shape) -> ReceptiveField:
        return receptive_field.windowed(
            self.kernel_size,
            step=self.step,
            dilation=self.spacing,
            padding=(self.padding, self.padding),
        )

    def module_settings(self, shape: Shape) -> dict[str, Any]:
        return {**super().module_settings(shape), "stride": self.step}


class MaxPool1d(_Pool):
    """`torch.nn.MaxPool1d`."""

    example: ClassVar[Example] = Example(settings={"kernel_size": 15, "stride": 10})

    module = "MaxPool1d"
    type: Literal["max_pool1d"]
    dilation: Size = 1

    @property
    def spacing(self) -> int:
        """Samples between neighbouring values of a window."""
        return self.dilation


class AvgPool1d(_Pool):
    """`torch.nn.AvgPool1d`; padded zeros count."""

    example: ClassVar[Example] = Example(settings={"kernel_size": 4})

    module = "AvgPool1d"
    type: Literal["avg_pool1d"]


class _AdaptivePool(Layer):
    """Pools any length down (or up) to `output_size` samples."""

    output_size: Size

    def output_shape(self, shape: Shape) -> Shape:
        n_channels, _ = sequence(shape)
        return n_channels, self.output_size

    def receptive_field(self, receptive_field: ReceptiveField, shape: Shape) -> ReceptiveField:
        # Cell i is floor(i n / o) to ceil((i + 1) n / o): cells differ in length.
        cells = np.arange(self.output_size, dtype=np.int64)
        starts = cells * shape[1] // self.output_size
        stops = -(-(cells + 1) * shape[1] // self.output_size)
        return receptive_field.gathered(starts, stops)


class AdaptiveAvgPool1d(_AdaptivePool):
    """`torch.nn.AdaptiveAvgPool1d`."""

    example: ClassVar[Example] = Example(settings={"output_size": 4})

    module = "AdaptiveAvgPool1d"
    type: Literal["adaptive_avg_pool1d"]


class AdaptiveMaxPool1d(_AdaptivePool):
    """`torch.nn.AdaptiveMaxPool1d`."""

    example: ClassVar[Example] = Example(settings={"output_size": 4})

    module = "AdaptiveMaxPool1d"
    type: Literal["adaptive_max_pool1d"]


class Upsample(Layer):
    """`torch.nn.Upsample` by a whole factor."""

    example: ClassVar[Example] = Example(settings={"scale_factor": 2})

    module = "Upsample"
    type: Literal["upsample"]
    scale_factor: Size
    mode: Literal["nearest", "linear"] = "nearest"

    def output_shape(self, shape: Shape) -> Shape:
        n_channels, n_samples = sequence(shape)
        return n_channels, n_samples * self.scale_factor

    def receptive_field(self, receptive_field: ReceptiveField, shape: Shape) -> ReceptiveField:
        n_samples, n_out = shape[1], shape[1] * self.scale_factor
        # Single precision as in torch, because rounding decides the sample.
        scale = np.float32(1.0 / self.scale_factor)
        if self.mode == "nearest" or self.scale_factor == 1:
            places = np.arange(n_out, dtype=np.float32) * scale
            n_taps = 1
        else:
            # Rounded once, like torch's fused multiply-add.
            exact = (np.arange(n_out) + 0.5) * np.float64(scale) - 0.5
            places = np.maximum(exact.astype(np.float32), np.float32(0))
            n_taps = 2
        starts = np.minimum(places.astype(np.int64), n_samples - 1)
        return receptive_field.gathered(starts, np.minimum(starts + n_taps, n_samples))
