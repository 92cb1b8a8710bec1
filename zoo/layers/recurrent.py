"""Recurrent layers along time."""

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
