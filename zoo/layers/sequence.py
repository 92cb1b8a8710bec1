"""Layers over time: recurrence and attention."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

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


class _Recurrent(Layer):
    """Base of LSTM and GRU, which differ in the number of gates.

    `output` is "steps" for one vector per sample, or "last" for the final state only.
    """

    n_gates: ClassVar[int]

    hidden_size: Size
    num_layers: Annotated[int, Field(strict=True, ge=1, le=8)] = 1
    bidirectional: Flag = False
    dropout: Fraction01 = 0.0
    output: Literal["steps", "last"] = "steps"

    @property
    def n_directions(self) -> int:
        """1, or 2 if bidirectional."""
        return 2 if self.bidirectional else 1

    def output_shape(self, shape: Shape) -> Shape:
        _, n_samples = sequence(shape)
        if self.dropout and self.num_layers == 1:
            raise LayerError(
                Message(
                    "dropout {dropout:g} acts between stacked layers, but num_layers is 1.",
                    dropout=self.dropout,
                ),
                "Use a dropout layer after it, or num_layers of 2 or more.",
            )
        size = self.hidden_size * self.n_directions
        return (size,) if self.output == "last" else (size, n_samples)

    def _weights(self, n_inputs: int) -> int:
        gate = self.n_gates * self.hidden_size
        later = self.hidden_size * self.n_directions
        first_layer = gate * (n_inputs + self.hidden_size)
        later_layer = gate * (later + self.hidden_size)
        return self.n_directions * (first_layer + (self.num_layers - 1) * later_layer)

    def n_parameters(self, shape: Shape) -> int:
        biases = 2 * self.n_gates * self.hidden_size * self.n_directions * self.num_layers
        return self._weights(shape[0]) + biases

    def multiply_adds(self, shape: Shape) -> int:
        return self._weights(shape[0]) * shape[1]

    def extra_values(self, shape: Shape) -> int:
        return self.n_gates * self.hidden_size * self.n_directions * shape[1]

    def receptive_field(self, receptive_field: ReceptiveField, shape: Shape) -> ReceptiveField:
        if self.output == "last":
            return receptive_field.mixed()
        return (
            full_receptive_field(receptive_field, shape)
            if self.bidirectional
            else receptive_field.causal()
        )


class Lstm(_Recurrent):
    """`torch.nn.LSTM` along time."""

    example: ClassVar[Example] = Example(settings={"hidden_size": 6, "bidirectional": True})
    n_gates: ClassVar[int] = 4

    module = "SequenceLstm"
    channels_as = "input_size"
    type: Literal["lstm"]


class Gru(_Recurrent):
    """`torch.nn.GRU` along time."""

    example: ClassVar[Example] = Example(
        settings={"hidden_size": 6, "num_layers": 2, "dropout": 0.2, "output": "last"}
    )
    n_gates: ClassVar[int] = 3

    module = "SequenceGru"
    channels_as = "input_size"
    type: Literal["gru"]


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
