"""The closed vocabulary: every layer type a card may use.

To add one, write its class into a module of this package and name it here, once.
"""

from __future__ import annotations

from typing import Annotated, get_args

from pydantic import Field, TypeAdapter

from zoo.layers.activation import Elu, Gelu, LeakyRelu, Relu, Sigmoid, Silu, Tanh
from zoo.layers.attention import AttentionPool, PositionalEncoding, SelfAttention
from zoo.layers.base import Layer
from zoo.layers.composite import Parallel, PerChannel, Residual
from zoo.layers.convolution import Conv1d, ConvTranspose1d, DepthwiseConv1d
from zoo.layers.dense import Dropout, Flatten, Linear
from zoo.layers.normalisation import BatchNorm1d, GroupNorm, InstanceNorm1d, LayerNorm
from zoo.layers.pooling import (
    AdaptiveAvgPool1d,
    AdaptiveMaxPool1d,
    AvgPool1d,
    MaxPool1d,
    Upsample,
)
from zoo.layers.recurrent import Gru, Lstm

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
    return {get_args(one.model_fields["type"].annotation)[0]: one for one in classes}


for _composite in (Residual, Parallel, PerChannel):
    # These name AnyLayer before it exists: lists of layers may hold lists of layers.
    _composite.model_rebuild(_types_namespace={"AnyLayer": AnyLayer})

LAYER_TYPES = _by_type(get_args(_Layers))
"""Layer classes by the name of their type."""

LAYER = TypeAdapter[Layer](AnyLayer)
"""Reads one layer from plain data."""
