"""Every word in a drawing of a network that a user reads."""

from __future__ import annotations

NETWORK = "Network"
INPUT = "Input"
OUTPUT = "Output"
LOGITS = "two logits"
LOGITS_EACH_STEP = "two logits, {n_steps:,} steps"
CHANNELS_SAMPLES = "{n_channels:,} channels \u00d7 {n_samples:,} samples"
AT_RATE = "({seconds:g} s at {rate_hz:g} Hz)"
PARAMETERS = "{count:,} parameters"
ONE_PARAMETER = "1 parameter"
SEES_S = "sees {seconds:.3g} s"
SEES_MS = "sees {milliseconds:.3g} ms"
SEES_SAMPLES = "sees {samples:,} samples"
NOT_REACHED = "not reached"
DOES_NOT_FIT = "Does not fit"
UNKNOWN_LAYER = "no type"
AS_IT_IS = "as it is"
ON = "on"
OFF = "off"

# Names of settings as torch has them, and how they are said in a small box.
SETTINGS = {
    "out_channels": "channels",
    "out_features": "features",
    "kernel_size": "kernel",
    "output_size": "size",
    "hidden_size": "hidden",
    "hidden_features": "hidden",
    "num_heads": "heads",
    "num_groups": "groups",
    "num_layers": "layers",
    "scale_factor": "factor",
}
JOINED_BY = {"residual": "add", "parallel": "join"}
POOLED_BY = {"mean": "mean", "max": "max", "mean_max": "mean + max"}
COMPOSITES = {
    "residual": "the sum of two ways",
    "parallel": "ways side by side, joined",
    "per_channel": "on every channel alone, then pooled",
}
SUMMARY = "{n_layers} layers, {n_parameters:,} parameters, from {shape}."
ONE_LAYER = "{number} {type}: {facts}."
