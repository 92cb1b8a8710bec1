"""Networks to start from: n1Spool's and one for each family of detectors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from zoo.errors import UnknownModelError

LayerData = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A network with the input it is designed for.

    Attributes
    ----------
    name, title, description : str
        Id and texts for menus.
    n_channels : int or None
        None for any-montage networks.
    sampling_rate_hz, window_s : float
        Rate and length of a window.
    step_s : float or None
        Seconds between outputs; None for one output per window.
    """

    name: str
    title: str
    description: str
    n_channels: int | None = 18
    sampling_rate_hz: float = 128.0
    window_s: float
    step_s: float | None = None
    layers: tuple[LayerData, ...]

    @property
    def n_samples(self) -> int:
        """Length of a window in samples."""
        return round(self.window_s * self.sampling_rate_hz)


RENAMED = {"seed-cnn": "n1spool-cnn"}
"""Preset names of version 0.1.0 and their current names."""


def preset(name: str) -> Preset:
    """Return a preset by its current or former name.

    Raises
    ------
    UnknownModelError
        There is no such preset; the message suggests similar names.
    """
    by_name = {preset.name: preset for preset in PRESETS}
    name = RENAMED.get(name, name)
    if name not in by_name:
        raise UnknownModelError(name, by_name)
    return by_name[name]


def _conv(out_channels: int, kernel_size: int, **settings: Any) -> LayerData:
    return {
        "type": "conv1d",
        "out_channels": out_channels,
        "kernel_size": kernel_size,
        **settings,
    }


def _linear(out_features: int) -> LayerData:
    return {"type": "linear", "out_features": out_features}


def _max_pool(kernel_size: int, stride: int | None = None) -> LayerData:
    pool: LayerData = {"type": "max_pool1d", "kernel_size": kernel_size}
    return pool if stride is None else {**pool, "stride": stride}


def _dropout(p: float) -> LayerData:
    return {"type": "dropout", "p": p}


_RELU: LayerData = {"type": "relu"}
_ELU: LayerData = {"type": "elu"}
_GELU: LayerData = {"type": "gelu"}
_NORM: LayerData = {"type": "batch_norm1d"}
_FLATTEN: LayerData = {"type": "flatten"}
_AVERAGE: LayerData = {"type": "adaptive_avg_pool1d", "output_size": 1}


def _block(
    out_channels: int, kernel_size: int, *, act: LayerData = _RELU, **settings: Any
) -> tuple[LayerData, ...]:
    return _conv(out_channels, kernel_size, **settings), _NORM, act


_N1SPOOL = (
    *(_conv(10, 10, stride=5, padding=9), _RELU, _max_pool(15, 10)),
    *(_conv(5, 5, stride=4, padding=4), _RELU, _max_pool(10, 5)),
    *(_FLATTEN, _dropout(0.5), _linear(15), _linear(2)),
)

# No padding and strides that multiply to 256 samples: overlapping windows share all work, so a
# stride of 1 s costs little more than reading.
_ALIGNED = (
    *_block(24, 8, stride=4),
    *_block(32, 8, stride=4),
    *_block(48, 4, stride=4),
    *_block(64, 4, stride=4),
    *(_AVERAGE, _FLATTEN, _dropout(0.25), _linear(2)),
)

# EEGNet (Lawhern et al. 2018) filters in time, then mixes channels. Both are linear, so the mixing
# comes first, which is cheaper: one temporal kernel per mixture.
_EEGNET = (
    _conv(32, 1, bias=False),
    {"type": "depthwise_conv1d", "kernel_size": 127, "padding": "same", "bias": False},
    *(_NORM, _ELU, {"type": "avg_pool1d", "kernel_size": 4}, _dropout(0.25)),
    {"type": "depthwise_conv1d", "kernel_size": 15, "padding": "same", "bias": False},
    *_block(32, 1, act=_ELU, bias=False),
    *({"type": "avg_pool1d", "kernel_size": 8}, _dropout(0.25)),
    {"type": "adaptive_avg_pool1d", "output_size": 8},
    *(_FLATTEN, _linear(2)),
)


def _tcn_block(dilation: int) -> LayerData:
    conv = _conv(32, 5, padding="same", dilation=dilation)
    return {"type": "residual", "layers": [conv, _NORM, _RELU, _dropout(0.1), conv, _NORM]}


_TCN = (
    *_block(32, 8, stride=4, padding=2),
    *(part for dilation in (1, 2, 4, 8, 16, 32) for part in (_tcn_block(dilation), _RELU)),
    *(_AVERAGE, _FLATTEN, _linear(2)),
)


def _resnet_block(out_channels: int) -> LayerData:
    return {
        "type": "residual",
        "layers": [
            *_block(out_channels, 7, stride=4, padding=3, bias=False),
            _conv(out_channels, 7, padding=3, bias=False),
            _NORM,
        ],
        "shortcut": [_conv(out_channels, 1, stride=4, bias=False), _NORM],
    }


_RESNET = (
    *_block(32, 15, stride=2, padding=7, bias=False),
    *(part for width in (32, 48, 64, 96) for part in (_resnet_block(width), _RELU)),
    *(_AVERAGE, _FLATTEN, _dropout(0.2), _linear(2)),
)


def _unet_level(width: int, inside: list[LayerData]) -> LayerData:
    """Return a U-Net level: downsample by 4, apply `inside`, upsample, join with the input."""
    down = [_max_pool(4), *_block(2 * width, 5, padding="same")]
    up = [{"type": "upsample", "scale_factor": 4}, *_block(width, 5, padding="same")]
    return {"type": "parallel", "branches": [[], [*down, *inside, *up]]}


_SELF_ATTENTION: LayerData = {
    "type": "residual",
    "layers": [{"type": "layer_norm"}, {"type": "self_attention", "num_heads": 4}],
}

_UNET = (
    *_block(16, 8, stride=4, padding=2),
    _unet_level(16, [_unet_level(32, [_SELF_ATTENTION])]),
    *_block(32, 5, padding="same"),
    # 64 samples after the first stride are one second.
    {"type": "avg_pool1d", "kernel_size": 64},
    *(_conv(32, 5, padding="same"), _RELU, _conv(2, 1)),
)

_GRU = (
    *_block(32, 16, stride=8, padding=4),
    _max_pool(4),
    *_block(32, 5, stride=2, padding=2),
    {"type": "gru", "hidden_size": 32, "bidirectional": True, "output": "last"},
    *(_dropout(0.3), _linear(2)),
)

_ATTENTION = (
    *_block(48, 16, act=_GELU, stride=8, padding=4),
    *_block(48, 8, act=_GELU, stride=4, padding=2),
    {"type": "positional_encoding"},
    _SELF_ATTENTION,
    {"type": "layer_norm"},
    {"type": "attention_pool", "hidden_features": 24},
    *(_dropout(0.3), _linear(2)),
)

_ANY_MONTAGE = (
    {
        "type": "per_channel",
        "pool": "mean_max",
        "layers": [
            {"type": "instance_norm1d"},
            *(*_block(16, 16, stride=4, padding=6), _max_pool(4)),
            *(*_block(32, 8, stride=2, padding=3), _max_pool(4)),
            *(*_block(32, 4), _AVERAGE, _FLATTEN),
        ],
    },
    *(_linear(32), _RELU, _dropout(0.3), _linear(2)),
)

PRESETS: tuple[Preset, ...] = (
    Preset(
        name="n1spool-cnn",
        title="Two convolutions, 30 s (n1Spool's model)",
        description="The model this project grew from: two convolutions with pooling and two "
        "linear layers, 3,137 parameters.",
        n_channels=23,
        sampling_rate_hz=256.0,
        window_s=30.0,
        layers=_N1SPOOL,
    ),
    Preset(
        name="aligned-cnn",
        title="Fast convolutions, 6 s",
        description="Strides that multiply to one second and no padding: the quickest to slide "
        "over long recordings, and an early alarm.",
        sampling_rate_hz=256.0,
        window_s=6.0,
        layers=_ALIGNED,
    ),
    Preset(
        name="eegnet",
        title="EEGNet-like, 10 s",
        description="Mixtures of channels, a long filter for each, then separable convolutions; "
        "few parameters.",
        window_s=10.0,
        layers=_EEGNET,
    ),
    Preset(
        name="tcn",
        title="Dilated convolutions, 20 s",
        description="A temporal convolutional network: residual blocks whose dilation doubles, "
        "so that it sees far with small kernels.",
        window_s=20.0,
        layers=_TCN,
    ),
    Preset(
        name="resnet",
        title="Residual network, 16 s",
        description="Four residual blocks, each four times slower than the one before.",
        sampling_rate_hz=256.0,
        window_s=16.0,
        layers=_RESNET,
    ),
    Preset(
        name="unet",
        title="U-Net with attention, a value every second of 60 s",
        description="Goes down to a coarse view and up again and says for every second of a "
        "minute whether it belongs to a seizure.",
        sampling_rate_hz=256.0,
        window_s=60.0,
        step_s=1.0,
        layers=_UNET,
    ),
    Preset(
        name="gru",
        title="Convolutions and a GRU, 20 s",
        description="Convolutions shorten the signal, a gated recurrent unit reads it in both "
        "directions.",
        window_s=20.0,
        layers=_GRU,
    ),
    Preset(
        name="attention",
        title="Convolutions and attention pooling, 16 s",
        description="Convolutions, one block of self-attention, and a learned weighting of the "
        "moments that matter.",
        window_s=16.0,
        layers=_ATTENTION,
    ),
    Preset(
        name="any-montage",
        title="Any montage, 10 s",
        description="The same small network on every channel, averaged and maximised over "
        "channels: works with any montage, in any order.",
        n_channels=None,
        window_s=10.0,
        layers=_ANY_MONTAGE,
    ),
)
