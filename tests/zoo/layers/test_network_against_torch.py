"""For random lists of layers the calculator says what torch does, and refuses what it refuses.

The judge is built here from torch's own classes, not by the code under test.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import nn

from tests.properties import examples
from tests.zoo.layers.test_layers import spans_seen
from zoo.errors import NetworkError
from zoo.layers.base import ReceptiveField
from zoo.layers.flow import build_layers
from zoo.layers.network import build_network, check_network
from zoo.layers.vocabulary import LAYER

LayerData = dict[str, Any]


# torch takes a (batch, features) matrix for one recording without batch and pools across
# windows without a word; here that is an error.
NEEDS_TIME = {
    *("conv1d", "depthwise_conv1d", "conv_transpose1d", "max_pool1d", "avg_pool1d", "upsample"),
    *("adaptive_avg_pool1d", "adaptive_max_pool1d", "instance_norm1d", "lstm", "gru"),
    *("attention_pool", "self_attention", "positional_encoding", "per_channel"),
}


class RefusedError(Exception):
    """torch does not take this layer here."""


def layer_of(name: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[LayerData]:
    return st.fixed_dictionaries({"type": st.just(name), **fields})


def kernels(longest: int = 12) -> st.SearchStrategy[int]:
    return st.integers(1, longest)


FEW = st.integers(1, 6)
STRIDES = st.integers(1, 4)
DILATIONS = st.sampled_from([1, 1, 1, 2, 3])
PADDINGS = st.one_of(st.integers(0, 4), st.just("same"))
GROUPS = st.sampled_from([1, 1, 1, 2, 3])

WINDOWED = st.one_of(
    layer_of(
        "conv1d",
        out_channels=FEW,
        kernel_size=kernels(),
        stride=STRIDES,
        padding=PADDINGS,
        dilation=DILATIONS,
        groups=GROUPS,
        bias=st.booleans(),
    ),
    layer_of("depthwise_conv1d", kernel_size=kernels(), depth_multiplier=FEW, padding=PADDINGS),
    layer_of(
        "conv_transpose1d",
        out_channels=FEW,
        kernel_size=kernels(6),
        stride=STRIDES,
        padding=st.integers(0, 3),
        output_padding=st.integers(0, 2),
        dilation=DILATIONS,
        groups=GROUPS,
    ),
    layer_of(
        "max_pool1d",
        kernel_size=kernels(),
        stride=STRIDES,
        padding=st.integers(0, 4),
        dilation=DILATIONS,
    ),
    layer_of("avg_pool1d", kernel_size=kernels(), padding=st.integers(0, 4)),
    layer_of("adaptive_avg_pool1d", output_size=FEW),
    layer_of("adaptive_max_pool1d", output_size=FEW),
    layer_of("upsample", scale_factor=STRIDES, mode=st.sampled_from(["nearest", "linear"])),
)
PLAIN = st.one_of(
    *(layer_of(name) for name in ("relu", "elu", "gelu", "silu", "tanh", "sigmoid", "leaky_relu")),
    layer_of("batch_norm1d"),
    layer_of("layer_norm"),
)
WHOLE = st.one_of(
    layer_of("group_norm", num_groups=FEW),
    layer_of("instance_norm1d", affine=st.booleans()),
    layer_of("linear", out_features=FEW, bias=st.booleans()),
    layer_of("flatten"),
    layer_of("dropout", p=st.sampled_from([0.0, 0.5])),
    *(
        layer_of(
            name,
            hidden_size=FEW,
            num_layers=st.integers(1, 2),
            bidirectional=st.booleans(),
            dropout=st.sampled_from([0.0, 0.0, 0.3]),
            output=st.sampled_from(["steps", "last"]),
        )
        for name in ("lstm", "gru")
    ),
    layer_of("attention_pool", hidden_features=FEW),
    layer_of("self_attention", num_heads=st.integers(1, 3)),
    layer_of("positional_encoding"),
)


# Layers that keep the length, so that not every sum and joint of ways fails.
KEEPING = st.one_of(
    PLAIN,
    layer_of(
        "conv1d",
        out_channels=st.just(3),
        kernel_size=st.sampled_from([1, 3]),
        padding=st.just("same"),
    ),
    layer_of("depthwise_conv1d", kernel_size=st.sampled_from([3, 5]), padding=st.just("same")),
    layer_of("max_pool1d", kernel_size=st.just(3), stride=st.just(1), padding=st.just(1)),
)


def composites(inner: st.SearchStrategy[LayerData]) -> st.SearchStrategy[LayerData]:
    lists = st.lists(inner, min_size=1, max_size=3)
    to_three = st.just([{"type": "conv1d", "out_channels": 3, "kernel_size": 1}])
    return st.one_of(
        layer_of("residual", layers=lists, shortcut=st.one_of(st.just([]), to_three, lists)),
        layer_of(
            "parallel", branches=st.lists(st.one_of(st.just([]), lists), min_size=1, max_size=3)
        ),
        layer_of("per_channel", layers=lists, pool=st.sampled_from(["mean", "max", "mean_max"])),
    )


SIMPLE = st.one_of(WINDOWED, WINDOWED, PLAIN, WHOLE)
ONE_DEEP = st.one_of(composites(KEEPING), composites(SIMPLE))
LAYERS = st.one_of(SIMPLE, SIMPLE, ONE_DEEP, composites(st.one_of(KEEPING, ONE_DEEP)))
SHAPES = st.tuples(st.integers(1, 6), st.integers(1, 60))
# Two samples at least make two probes: torch refuses to normalise a single value.
PROBED = st.tuples(st.integers(1, 6), st.integers(2, 60))


def run_by_torch(layer: LayerData, x: torch.Tensor) -> tuple[torch.Tensor, int]:
    """Return output and number of parameters of one layer; raise RefusedError if torch does."""
    name = layer["type"]
    if x.dim() == 2 and name in NEEDS_TIME:
        raise RefusedError(name)
    if name in COMPOSITES:
        return COMPOSITES[name](layer, x)
    if has_uneven_padding(layer):
        raise RefusedError(name)
    try:
        module = torch_module(layer, x).train()
        output = module(x)
    except RefusedError:
        raise
    except Exception as error:
        raise RefusedError(name) from error
    if isinstance(output, tuple):
        output = recurrent_output(layer, *output)
    if not output.numel():
        # torch goes on with nothing; the layers behind it would refuse.
        raise RefusedError(name)
    return output, sum(one.numel() for one in module.parameters())


def has_uneven_padding(layer: LayerData) -> bool:
    """Whether "same" would need one more zero on the right; torch warns of it, but once only."""
    extent = layer.get("dilation", 1) * (layer.get("kernel_size", 1) - 1) + 1
    return layer.get("padding") == "same" and extent % 2 == 0


def torch_module(layer: LayerData, x: torch.Tensor) -> nn.Module:
    arguments = {key: value for key, value in layer.items() if key not in ("type", "output")}
    name, n_channels = layer["type"], x.shape[1]
    if name == "depthwise_conv1d":
        multiplier = arguments.pop("depth_multiplier", 1)
        return nn.Conv1d(n_channels, n_channels * multiplier, groups=n_channels, **arguments)
    if name in ("lstm", "gru"):
        by_time = nn.LSTM if name == "lstm" else nn.GRU
        return _Transposed(by_time(n_channels, batch_first=True, **arguments))
    if name == "group_norm":
        return nn.GroupNorm(num_channels=n_channels, **arguments)
    if name == "linear":
        return nn.Linear(x.shape[-1], **arguments)
    if name in WITH_CHANNELS:
        return WITH_CHANNELS[name](n_channels, **arguments)
    if name in WITHOUT_CHANNELS:
        return WITHOUT_CHANNELS[name](**arguments)
    # Layers that torch does not have: only that they run is judged here.
    return LAYER.validate_python(layer).build(tuple(x.shape[1:]))


class _Transposed(nn.Module):
    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, x: torch.Tensor) -> Any:
        return self.inner(x.transpose(1, 2))


WITH_CHANNELS: dict[str, Callable[..., nn.Module]] = {
    "conv1d": nn.Conv1d,
    "conv_transpose1d": nn.ConvTranspose1d,
    "batch_norm1d": nn.BatchNorm1d,
    "instance_norm1d": nn.InstanceNorm1d,
}
WITHOUT_CHANNELS: dict[str, Callable[..., nn.Module]] = {
    "max_pool1d": nn.MaxPool1d,
    "avg_pool1d": nn.AvgPool1d,
    "adaptive_avg_pool1d": nn.AdaptiveAvgPool1d,
    "adaptive_max_pool1d": nn.AdaptiveMaxPool1d,
    "upsample": nn.Upsample,
    "relu": nn.ReLU,
    "leaky_relu": nn.LeakyReLU,
    "elu": nn.ELU,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "flatten": nn.Flatten,
    "dropout": nn.Dropout,
}


def recurrent_output(layer: LayerData, steps: torch.Tensor, state: Any) -> torch.Tensor:
    hidden = state[0] if layer["type"] == "lstm" else state
    if layer["output"] == "steps":
        return steps.transpose(1, 2)
    n_directions = 2 if layer["bidirectional"] else 1
    return torch.cat(list(hidden[-n_directions:]), dim=1)


def run_list(layers: list[LayerData], x: torch.Tensor) -> tuple[torch.Tensor, int]:
    total = 0
    for layer in layers:
        x, n_parameters = run_by_torch(layer, x)
        total += n_parameters
    return x, total


def run_residual(layer: LayerData, x: torch.Tensor) -> tuple[torch.Tensor, int]:
    changed, ours = run_list(layer["layers"], x)
    kept, theirs = run_list(layer["shortcut"], x)
    if changed.shape != kept.shape:
        # torch would stretch an axis of length 1, which nobody means here.
        raise RefusedError("shapes")
    return changed + kept, ours + theirs


def run_parallel(layer: LayerData, x: torch.Tensor) -> tuple[torch.Tensor, int]:
    done = [run_list(branch, x) for branch in layer["branches"]]
    try:
        return torch.cat([output for output, _ in done], dim=1), sum(n for _, n in done)
    except RuntimeError as error:
        raise RefusedError("lengths") from error


def run_per_channel(layer: LayerData, x: torch.Tensor) -> tuple[torch.Tensor, int]:
    done = [run_list(layer["layers"], x[:, i : i + 1]) for i in range(x.shape[1])]
    stacked = torch.stack([output for output, _ in done])
    pools = {"mean": [stacked.mean(0)], "max": [stacked.amax(0)]}
    pools["mean_max"] = pools["mean"] + pools["max"]
    return torch.cat(pools[layer["pool"]], dim=1), done[0][1]


COMPOSITES = {"residual": run_residual, "parallel": run_parallel, "per_channel": run_per_channel}


def first_refusal(
    layers: list[LayerData], shape: tuple[int, int]
) -> tuple[int | None, list[tuple[int, ...]], list[int]]:
    """Return the index torch stops at, and the shapes and parameters up to there."""
    x = torch.randn(7, *shape)
    shapes, parameters = [], []
    for index, layer in enumerate(layers):
        try:
            x, n_parameters = run_by_torch(layer, x)
        except RefusedError:
            return index, shapes, parameters
        shapes.append(tuple(x.shape[1:]))
        parameters.append(n_parameters)
    return None, shapes, parameters


@examples(2)
@given(layers=st.lists(LAYERS, max_size=6), shape=SHAPES)
def test_the_calculator_says_what_torch_does(
    layers: list[LayerData], shape: tuple[int, int]
) -> None:
    whole = [*layers, {"type": "flatten"}, {"type": "linear", "out_features": 2}]
    report = check_network(whole, *shape)
    refused_at, shapes, parameters = first_refusal(whole, shape)
    assert [row.output_shape for row in report.layers] == shapes
    assert [row.n_parameters for row in report.layers] == parameters
    if refused_at is None:
        assert report.valid, [str(error) for error in report.errors]
        return
    (error,) = report.errors
    assert error.index == refused_at
    assert error.layer_type == whole[refused_at]["type"]
    assert error.reason
    with pytest.raises(NetworkError):
        build_network(whole, *shape)


@examples(2)
@given(layers=st.lists(LAYERS, max_size=5), shape=SHAPES)
def test_what_is_called_valid_can_be_built_and_run(
    layers: list[LayerData], shape: tuple[int, int]
) -> None:
    whole = [*layers, {"type": "flatten"}, {"type": "linear", "out_features": 2}]
    if not check_network(whole, *shape).valid:
        return
    network = build_network(whole, *shape).eval()
    with torch.no_grad():
        assert network(torch.randn(2, *shape)).shape == (2, 2)
    assert sum(p.numel() for p in network.parameters()) == check_network(whole, *shape).n_parameters


def seen_and_said(layers: list[LayerData], shape: tuple[int, int]) -> tuple[int, int] | None:
    """Return the largest measured span and the calculated one, None for invalid lists."""
    report = check_network(layers, *shape)
    if len(report.layers) < len(layers) or math.prod(report.layers[-1].output_shape) > 2000:
        return None
    ways = [LAYER.validate_python(layer) for layer in layers]
    seen = spans_seen(build_layers(ways, shape).eval(), shape)
    return max(seen), report.receptive_field_samples


@given(layers=st.lists(LAYERS, min_size=1, max_size=5), shape=PROBED)
@example(
    layers=[
        {"type": "adaptive_avg_pool1d", "output_size": 4},
        {"type": "upsample", "scale_factor": 3, "mode": "nearest"},
        {"type": "adaptive_avg_pool1d", "output_size": 5},
    ],
    shape=(1, 6),
)
def test_the_receptive_field_is_what_torch_looks_at(
    layers: list[LayerData], shape: tuple[int, int]
) -> None:
    found = seen_and_said(layers, shape)
    if found is not None:
        seen, said = found
        assert said == seen


@given(layers=st.lists(WINDOWED, min_size=2, max_size=5), shape=PROBED)
def test_the_receptive_field_of_layers_with_windows_is_what_torch_looks_at(
    layers: list[LayerData], shape: tuple[int, int]
) -> None:
    found = seen_and_said(layers, shape)
    if found is not None:
        seen, said = found
        assert said == seen


def test_pooling_upsampling_and_pooling_again_sees_four_samples() -> None:
    layers = [
        {"type": "adaptive_avg_pool1d", "output_size": 3},
        {"type": "upsample", "scale_factor": 2},
        {"type": "adaptive_avg_pool1d", "output_size": 4},
    ]
    assert seen_and_said(layers, (1, 6)) == (4, 4)


@pytest.mark.parametrize(
    ("scale_factor", "mode"),
    # A factor whose reciprocal is rounded down takes samples that arithmetic would not.
    [*itertools.product([1, 2, 3, 5, 7, 10], ["nearest", "linear"]), (41, "nearest")],
)
def test_upsampling_looks_at_the_samples_torch_takes(scale_factor: int, mode: str) -> None:
    layer = LAYER.validate_python({"type": "upsample", "scale_factor": scale_factor, "mode": mode})
    _, receptive_field = layer.facts((1, 9), ReceptiveField.of_window(9))
    assert spans_seen(layer.build((1, 9)), (1, 9)) == list(
        receptive_field.last - receptive_field.first + 1
    )


def grid(**values: list[Any]) -> list[LayerData]:
    return [dict(zip(values, one, strict=True)) for one in itertools.product(*values.values())]


WHOLE_GRID = [
    *grid(
        type=["conv_transpose1d"],
        out_channels=[2],
        kernel_size=[1, 3],
        stride=[1, 2, 3],
        padding=[0, 2],
        output_padding=[0, 1, 2],
        dilation=[1, 2, 3],
    ),
    *grid(
        type=["max_pool1d"],
        kernel_size=[1, 2, 3, 5],
        stride=[1, 2, 3],
        padding=[0, 1, 2, 3],
        dilation=[1, 2, 3],
    ),
    *grid(type=["avg_pool1d"], kernel_size=[1, 2, 3, 5], stride=[1, 3], padding=[0, 1, 2, 3]),
]


@pytest.mark.parametrize("n_samples", [1, 3, 6])
def test_the_corners_of_windowed_layers_are_those_of_torch(n_samples: int) -> None:
    for layer in WHOLE_GRID:
        report = check_network([layer, {"type": "flatten"}], 2, n_samples)
        refused_at, shapes, _ = first_refusal([layer], (2, n_samples))
        assert [row.output_shape for row in report.layers][:1] == shapes, layer
        assert (refused_at is None) == bool(report.layers), layer
