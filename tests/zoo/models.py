"""Small models with random weights, made in a moment, for tests of the zoo."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from zoo.card.schema import ArchitectureCard
from zoo.layers.network import build_network
from zoo.store.sealing import write_model

SMALL_LAYERS: list[dict[str, Any]] = [
    {"type": "conv1d", "out_channels": 3, "kernel_size": 5, "stride": 4},
    {"type": "batch_norm1d"},
    {"type": "relu"},
    {"type": "adaptive_avg_pool1d", "output_size": 4},
    {"type": "flatten"},
    {"type": "linear", "out_features": 2},
]

STEP_LAYERS: list[dict[str, Any]] = [
    {"type": "conv1d", "out_channels": 2, "kernel_size": 64, "stride": 64}
]

ANY_MONTAGE_LAYERS: list[dict[str, Any]] = [
    {
        "type": "per_channel",
        "pool": "mean_max",
        "layers": [
            {"type": "conv1d", "out_channels": 3, "kernel_size": 9, "stride": 4},
            {"type": "relu"},
            {"type": "adaptive_avg_pool1d", "output_size": 1},
            {"type": "flatten"},
        ],
    },
    {"type": "linear", "out_features": 2},
]


def card_document(
    model_id: str = "small",
    *,
    layers: list[dict[str, Any]] | None = None,
    **changes: dict[str, Any],
) -> dict[str, Any]:
    """Return a valid card without golden and weights: 2 channels, 2 s at 64 Hz.

    `changes` are merged into the sections of their names.
    """
    document: dict[str, Any] = {
        "schema_version": 1,
        "model_id": model_id,
        "title": "A small model",
        "version": "1.0.0",
        "created": "2025-01-31",
        "authors": ["Someone"],
        "license": "Apache-2.0",
        "intended_use": "Tests.",
        "limitations": "It was never trained.",
        "parent": None,
        "input": {
            "channels": ["FP1-F7", "F7-T7"],
            "min_coverage": 0.5,
            "sampling_rate_hz": 64,
            "window_s": 2,
            "stride_s": 1,
            "unit": "uV",
            "preprocessing": [],
        },
        "network": SMALL_LAYERS if layers is None else layers,
        "output": {
            "classes": ["background", "seizure"],
            "step_s": None,
            "threshold": 0.5,
            "threshold_off": 0.4,
            "smoothing_s": 0,
            "min_duration_s": 0,
            "merge_gap_s": 0,
        },
        "training": {
            "data": [{"name": "nothing", "hours": 0.5, "n_seizures": 1}],
            "split": {"method": "none"},
            "settings": {"epochs": 0, "learning_rate": 0.001},
            "seed": 1,
            "software": {"torch": "2"},
        },
        "results": [],
    }
    for section, change in changes.items():
        document[section] = {**document[section], **change}
    return document


def build_from(document: dict[str, Any], *, seed: int = 0) -> torch.nn.Sequential:
    """Return the document's network with seeded random weights."""
    channels = document["input"]["channels"]
    n_channels = document["input"]["min_channels"] if channels is None else len(channels)
    n_samples = round(document["input"]["window_s"] * document["input"]["sampling_rate_hz"])
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return build_network(document["network"], n_channels, n_samples)


def write_small_model(folder: Path, model_id: str = "small", *, seed: int = 0) -> ArchitectureCard:
    """Write a whole model folder with seeded random weights."""
    document = card_document(model_id)
    return write_model(folder, document=document, network=build_from(document, seed=seed))
