"""Figure of an explained window: contributions of channels and intervals over the EEG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from numpy.typing import NDArray

from seizure_core.figures.canvas import (
    EVENT,
    INK,
    MUTED,
    TRACE,
    drawable,
    empty_figure,
    time_axis,
    title,
)

_LANE_IN, _LOWEST_IN, _HIGHEST_IN = 0.34, 2.0, 14.0
_N_COLUMNS = 600
_MOST_OPAQUE = 0.55


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ExplainedWindow:
    """Data of the figure.

    Attributes
    ----------
    labels : sequence of str
        Channels from top to bottom.
    signals : ndarray, shape (n_channels, n_samples)
        Input of the model.
    sampling_rate_hz, start_s : float
        Of the signals.
    start_time : datetime or None
        Of the recording.
    effects : ndarray of float, shape (n_channels, n_stretches)
        Contribution of each interval of each channel, positive for a seizure.
    channel_effects : ndarray of float, shape (n_channels,)
        Contribution of each whole channel.
    stretch_s : float
        Length of the intervals.
    """

    labels: Sequence[str]
    signals: NDArray[np.float32]
    sampling_rate_hz: float
    start_s: float
    start_time: datetime | None
    effects: NDArray[np.float64]
    channel_effects: NDArray[np.float64]
    stretch_s: float


def explained_figure(window: ExplainedWindow, *, heading: str) -> Figure:
    """Draw the traces of a window over red (for a seizure) and blue (against it).

    Returns
    -------
    Figure
        12 inches wide; bars on the right show the contributions of whole channels.
    """
    n_channels, n_samples = window.signals.shape
    stop_s = window.start_s + n_samples / window.sampling_rate_hz
    lanes_in = min(max(_LANE_IN * n_channels, _LOWEST_IN), _HIGHEST_IN)
    figure, axes = empty_figure(lanes_in + 1.25, top_in=0.5, left_in=1.35, right_in=2.2)
    _shade(axes, window, stop_s)
    _draw_traces(axes, window)
    axes.set_xlim(window.start_s, stop_s)
    axes.set_ylim(n_channels - 0.3, -0.7)
    size = float(np.clip(380.0 / n_channels, 5.0, 9.0))
    labels = [drawable(label, 18) for label in window.labels]
    axes.set_yticks(range(n_channels), labels=labels, fontsize=size, color=INK, parse_math=False)
    axes.tick_params(axis="y", length=0)
    time_axis(axes, window.start_s, stop_s, window.start_time)
    _channel_bars(figure, axes, window)
    title(figure, heading, "red spoke for a seizure, blue against; negative up")
    return figure


def _shade(axes: Axes, window: ExplainedWindow, stop_s: float) -> None:
    n_channels, n_stretches = window.effects.shape
    most = float(np.abs(window.effects).max()) or 1.0
    edges_s = window.start_s + window.stretch_s * np.arange(n_stretches + 1)
    edges_s[-1] = stop_s
    # Two colours that fade, not mixtures with white: so they suit paper of any colour.
    shades = np.empty((n_channels, n_stretches, 4))
    shades[window.effects >= 0, :3] = to_rgb(EVENT)
    shades[window.effects < 0, :3] = to_rgb(TRACE)
    shades[..., 3] = _MOST_OPAQUE * np.abs(window.effects) / most
    axes.pcolormesh(edges_s, np.arange(n_channels + 1) - 0.5, shades, linewidth=0, zorder=0.5)


def _draw_traces(axes: Axes, window: ExplainedWindow) -> None:
    centred = window.signals - np.median(window.signals, axis=1, keepdims=True)
    heights = np.quantile(np.abs(centred), 0.98, axis=1)
    scale = float(np.median(heights[heights > 0])) if (heights > 0).any() else 1.0
    times_s, values = _extremes(centred, window.sampling_rate_hz)
    for lane, course in enumerate(values):
        # The axis points down, so that negative values point up.
        heights_of_lane = lane + 0.4 * course / scale
        axes.plot(window.start_s + times_s, heights_of_lane, color=INK, linewidth=0.6)


def _extremes(
    signals: NDArray[np.float32], sampling_rate_hz: float
) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """Return times and values of the smallest and the largest sample of each column."""
    n_channels, n_samples = signals.shape
    width = max(1, n_samples // _N_COLUMNS)
    if width == 1:
        return np.arange(n_samples) / sampling_rate_hz, signals
    n_columns = n_samples // width
    columns = signals[:, : n_columns * width].reshape(n_channels, n_columns, width)
    pairs = np.stack([columns.min(axis=2), columns.max(axis=2)], axis=2)
    times_s = (np.arange(2 * n_columns) + 0.5) * width / 2 / sampling_rate_hz
    return times_s, pairs.reshape(n_channels, 2 * n_columns)


def _channel_bars(figure: Figure, axes: Axes, window: ExplainedWindow) -> None:
    box = axes.get_position()
    bars = figure.add_axes((box.x1 + 0.015, box.y0, 0.97 - box.x1 - 0.015, box.height))
    colors = [EVENT if effect >= 0 else TRACE for effect in window.channel_effects]
    bars.barh(range(len(window.labels)), window.channel_effects, color=colors, height=0.7)
    bars.set_ylim(axes.get_ylim())
    bars.set_yticks([])
    bars.axvline(0.0, color=MUTED, linewidth=0.8)
    bars.spines[["top", "right", "left", "bottom"]].set_visible(False)
    bars.tick_params(colors=MUTED, labelsize=8, length=2)
    bars.set_xlabel("whole channel\n(log odds)", color=MUTED, fontsize=8)
