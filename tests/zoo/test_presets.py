"""Every preset is a valid network that torch builds, trains and runs."""

from __future__ import annotations

import pytest
import torch

from zoo.errors import UnknownModelError
from zoo.layers.network import build_network, check_network
from zoo.presets import PRESETS, Preset, preset

EVERY_PRESET = pytest.mark.parametrize("one", PRESETS, ids=lambda one: one.name)


def n_channels(one: Preset) -> int:
    return one.n_channels or 4


@EVERY_PRESET
def test_it_is_valid_and_small(one: Preset) -> None:
    report = check_network(one.layers, n_channels(one), one.n_samples)
    assert report.valid, [str(error) for error in report.errors]
    assert report.n_parameters < 1_000_000
    n_steps = None if one.step_s is None else round(one.window_s / one.step_s)
    assert report.output_shape == ((2,) if n_steps is None else (2, n_steps))


@EVERY_PRESET
def test_it_learns_a_step(one: Preset) -> None:
    torch.manual_seed(0)
    network = build_network(one.layers, n_channels(one), one.n_samples)
    logits = network(torch.randn(2, n_channels(one), one.n_samples))
    target = torch.ones(logits.shape[0], *logits.shape[2:], dtype=torch.long)
    torch.nn.functional.cross_entropy(logits, target).backward()
    assert all(p.grad is not None and p.grad.isfinite().all() for p in network.parameters())


@EVERY_PRESET
def test_its_windows_are_whole_numbers_of_samples(one: Preset) -> None:
    assert one.window_s * one.sampling_rate_hz == one.n_samples


def test_names_are_unique() -> None:
    assert len({one.name for one in PRESETS}) == len(PRESETS)


def test_an_unknown_preset_names_near_ones() -> None:
    with pytest.raises(UnknownModelError, match="Did you mean unet"):
        preset("unett")


def test_the_families_of_the_design_are_there() -> None:
    used = {name for one in PRESETS for name in _types(list(one.layers))}
    assert {"depthwise_conv1d", "gru", "attention_pool", "per_channel", "upsample"} <= used
    assert {"residual", "parallel", "self_attention"} <= used


def _types(layers: list[object]) -> set[str]:
    found: set[str] = set()
    for layer in layers:
        if isinstance(layer, list):
            found |= _types(layer)
        elif isinstance(layer, dict):
            found |= {layer["type"]}
            found |= _types([value for value in layer.values() if isinstance(value, list)])
    return found
