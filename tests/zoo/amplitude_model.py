"""A model whose answer is known beforehand: is the mean amplitude of a window above a level?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from zoo.detector import Detector
from zoo.layers.network import build_network
from zoo.loading import load_folder
from zoo.store.sealing import write_model

LEVEL_UV = 50.0


def amplitude_layers(n_channels: int, *, per_step: int | None = None) -> list[dict[str, Any]]:
    pool: dict[str, Any] = (
        {"type": "adaptive_avg_pool1d", "output_size": 1}
        if per_step is None
        else {"type": "avg_pool1d", "kernel_size": per_step, "stride": per_step}
    )
    head: list[dict[str, Any]] = (
        [{"type": "flatten"}, {"type": "linear", "out_features": 2}]
        if per_step is None
        else [{"type": "conv1d", "out_channels": 2, "kernel_size": 1}]
    )
    rectify = {"type": "conv1d", "out_channels": 2 * n_channels, "kernel_size": 1}
    return [rectify, {"type": "relu"}, pool, *head]


def amplitude_document(
    channels: list[str],
    *,
    window_s: float = 4.0,
    stride_s: float = 1.0,
    rate_hz: float = 64.0,
    step_s: float | None = None,
    model_id: str = "amplitude",
    **changes: Any,
) -> dict[str, Any]:
    per_step = None if step_s is None else round(step_s * rate_hz)
    document: dict[str, Any] = {
        "schema_version": 1,
        "model_id": model_id,
        "title": "Mean amplitude",
        "version": "1.0.0",
        "created": "2026-11-22",
        "authors": ["Tests"],
        "license": "Apache-2.0",
        "intended_use": "Tests of the detector.",
        "limitations": "Knows nothing of seizures.",
        "parent": None,
        "input": {
            "channels": channels,
            "min_coverage": 0.5,
            "sampling_rate_hz": rate_hz,
            "window_s": window_s,
            "stride_s": stride_s,
            "unit": "uV",
            "preprocessing": [],
        },
        "network": amplitude_layers(len(channels), per_step=per_step),
        "output": {
            "step_s": step_s,
            "threshold": 0.5,
            "threshold_off": 0.4,
            "smoothing_s": 0.0,
            "min_duration_s": 0.0,
            "merge_gap_s": 0.0,
        },
        "training": training_section(),
        "results": [],
    }
    for section, values in changes.items():
        document[section] = {**document[section], **values}
    return document


def training_section() -> dict[str, Any]:
    return {
        "data": [],
        "split": {"method": "none"},
        "settings": {},
        "seed": 0,
        "software": {},
        "note": "The weights are written by hand.",
    }


def amplitude_model(n_channels: int, n_samples: int, *, per_step: int | None = None) -> Any:
    """Build the model so that its logit is mean |x| over channels minus the level."""
    model = build_network(amplitude_layers(n_channels, per_step=per_step), n_channels, n_samples)
    rectify, head = model[0], model[-1]
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
        for channel in range(n_channels):
            rectify.weight[2 * channel, channel, 0] = 1.0
            rectify.weight[2 * channel + 1, channel, 0] = -1.0
        head.weight[1] = 1.0 / n_channels
        head.bias[1] = -LEVEL_UV
    return model


def write_amplitude_model(folder: Path, document: dict[str, Any]) -> Path:
    contract = document["input"]
    rate_hz, step_s = contract["sampling_rate_hz"], document["output"]["step_s"]
    model = amplitude_model(
        len(contract["channels"]),
        round(contract["window_s"] * rate_hz),
        per_step=None if step_s is None else round(step_s * rate_hz),
    )
    write_model(folder, document=document, network=model)
    return folder


def amplitude_detector(folder: Path, channels: list[str], **changes: Any) -> Detector:
    return load_folder(write_amplitude_model(folder, amplitude_document(channels, **changes)))
