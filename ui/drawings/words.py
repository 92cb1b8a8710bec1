"""Every word in a drawing of a network that a user reads."""

from __future__ import annotations

CHANNELS_SAMPLES = "{n_channels:,} channels \u00d7 {n_samples:,} samples"
NOT_REACHED = "not reached"
DOES_NOT_FIT = "Does not fit"

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
