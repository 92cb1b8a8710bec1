"""Attention over time."""

from __future__ import annotations

from typing import ClassVar, Literal

from seizure_core.messages import Message
from zoo.layers.base import (
    Example,
    Fraction01,
    Layer,
    LayerError,
    ReceptiveField,
    Shape,
    Size,
    full_receptive_field,
    sequence,
)


class AttentionPool(Layer):
    """A weighted mean over time, with learned weights that add up to 1.

    The weight of a sample is the softmax over time of `v . tanh(W x + b)`, with
    `hidden_features` rows in `W` (Bahdanau's additive score).
    """

    example: ClassVar[Example] = Example(settings={"hidden_features": 6})

    module = "AttentionPooling"
    channels_as = "n_channels"
    type: Literal["attention_pool"]
    hidden_features: Size = 16

    def output_shape(self, shape: Shape) -> Shape:
        n_channels, _ = sequence(shape)
        return (n_channels,)

    def n_parameters(self, shape: Shape) -> int:
        return self.hidden_features * (shape[0] + 2)

    def multiply_adds(self, shape: Shape) -> int:
        return shape[1] * (self.hidden_features * (shape[0] + 1) + shape[0])

    def extra_values(self, shape: Shape) -> int:
        return (self.hidden_features + 1) * shape[1]

    def receptive_field(self, receptive_field: ReceptiveField, shape: Shape) -> ReceptiveField:
        return receptive_field.mixed()


class SelfAttention(Layer):
    """Scaled dot-product self-attention over time with several heads.

    The channels are the embedding. It adds nothing by itself: put it into a `residual`
    with a `layer_norm` for a transformer block.
    """

    example: ClassVar[Example] = Example(settings={"num_heads": 4})

    module = "TimeSelfAttention"
    channels_as = "n_channels"
    type: Literal["self_attention"]
    num_heads: Size
    dropout: Fraction01 = 0.0

    def output_shape(self, shape: Shape) -> Shape:
        n_channels, _ = sequence(shape)
        if n_channels % self.num_heads:
            raise LayerError(
                Message(
                    "{n_channels} channels cannot be shared among {num_heads} heads.",
                    n_channels=n_channels,
                    num_heads=self.num_heads,
                ),
                "Use a number of heads that divides the channels.",
            )
        return shape

    def n_parameters(self, shape: Shape) -> int:
        return 4 * shape[0] * (shape[0] + 1)

    def multiply_adds(self, shape: Shape) -> int:
        n_channels, n_samples = shape
        return 4 * n_samples * n_channels**2 + 2 * n_channels * n_samples**2

    def extra_values(self, shape: Shape) -> int:
        return 3 * shape[0] * shape[1] + self.num_heads * shape[1] ** 2

    def receptive_field(self, receptive_field: ReceptiveField, shape: Shape) -> ReceptiveField:
        return full_receptive_field(receptive_field, shape)


class PositionalEncoding(Layer):
    """Add fixed sines and cosines of the sample number, so that attention can use time.

    The wavelengths are those of Vaswani et al. 2017, from 2 pi to 10000 * 2 pi samples.
    """

    module = "SinePositions"
    type: Literal["positional_encoding"]

    def output_shape(self, shape: Shape) -> Shape:
        sequence(shape)
        return shape
