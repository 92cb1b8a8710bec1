"""Figure of the trends of a night, all under one time axis."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from seizure_core.events.event import Event
from seizure_core.figures.canvas import (
    EVENT,
    GRID,
    INK,
    MUTED,
    TRACE,
    plain_frame,
    time_axis,
    title,
)
from seizure_core.stats.night_trends import BURDEN_LINE_S, SIDES_OF_HEAD, NightTrends, burden_s

_RIGHT = "#b45309"
_COLOURS = {"left": TRACE, "right": _RIGHT}
_LOWEST_DB, _HIGHEST_DB = -5.0, 30.0
_TOP_IN, _BOTTOM_IN, _LEFT_IN, _RIGHT_IN = 0.6, 0.55, 1.55, 0.3


def night_figure(
    trends: NightTrends,
    *,
    events: Sequence[Event] = (),
    start_time: datetime | None = None,
    heading: str = "Trends of the night",
    size_in: tuple[float, float] = (10.9, 6.6),
) -> Figure:
    """Draw spectra, amplitude, rhythmicity, asymmetry, suppression and burden.

    Parameters
    ----------
    events : sequence of Event
        Seizures, for the burden of each hour.
    start_time : datetime, optional
        Adds the time of day to the ticks.
    size_in : (float, float)
        Width and height of the figure.
    """
    lanes: list[tuple[str, float, Callable[[Axes], None]]] = [
        *((f"Spectrum {side}\n(Hz)", 1.4, _spectrum_lane(trends, side)) for side in SIDES_OF_HEAD),
        ("aEEG 2\u201315 Hz\n(uV)", 1.2, lambda axes: _amplitude(axes, trends)),
        ("Rhythmicity", 1.0, lambda axes: _shares(axes, trends, "rhythmicity")),
        ("Asymmetry\nright up", 1.0, lambda axes: _asymmetry(axes, trends)),
        ("Suppression", 0.8, lambda axes: _shares(axes, trends, "suppression")),
        ("Seizure burden\n(min an hour)", 1.2, lambda axes: _burden(axes, trends, events)),
    ]
    width_in, height_in = size_in
    figure = Figure(figsize=size_in, facecolor="white")
    unit_in = (height_in - _TOP_IN - _BOTTOM_IN) / sum(share for _, share, _ in lanes)
    top_in = height_in - _TOP_IN
    for number, (words, share, draw) in enumerate(lanes):
        high_in = share * unit_in
        top_in -= high_in
        axes = figure.add_axes(
            (
                _LEFT_IN / width_in,
                (top_in + 0.05) / height_in,
                1 - (_LEFT_IN + _RIGHT_IN) / width_in,
                (high_in - 0.1) / height_in,
            )
        )
        plain_frame(axes)
        draw(axes)
        axes.set_xlim(0, trends.duration_s)
        axes.set_ylabel(words, color=INK, fontsize=8, rotation=0, ha="right", va="center",
                        labelpad=8)  # fmt: skip
        axes.tick_params(axis="y", labelsize=7)
        time_axis(axes, 0.0, trends.duration_s, start_time)
        if number < len(lanes) - 1:
            axes.set_xlabel("")
            axes.tick_params(axis="x", labelbottom=False)
    title(figure, heading, "left blue, right brown; a value every 10 s")
    return figure


def _edges(trends: NightTrends) -> NDArray[np.float64]:
    edges = np.arange(len(trends.asymmetry) + 1, dtype=np.float64) * trends.step_s
    return np.asarray(np.minimum(edges, trends.duration_s), dtype=np.float64)


def _middles(trends: NightTrends) -> NDArray[np.float64]:
    edges = _edges(trends)
    middles: NDArray[np.float64] = (edges[1:] + edges[:-1]) / 2
    return middles


def _spectrum_lane(trends: NightTrends, side: str) -> Callable[[Axes], None]:
    def draw(axes: Axes) -> None:
        power = trends.sides[side].power_uv2  # type: ignore[index]
        with np.errstate(divide="ignore"):
            decibels = 10 * np.log10(np.maximum(power, 1e-9))
        highest_hz = float(trends.frequencies_hz[-1])
        axes.imshow(
            decibels,
            aspect="auto",
            cmap="viridis",
            extent=(0.0, len(trends.asymmetry) * trends.step_s, 0.0, highest_hz),
            interpolation="nearest",
            origin="lower",
            vmin=_LOWEST_DB,
            vmax=_HIGHEST_DB,
        )
        # Mirrored: low frequencies of both sides meet.
        axes.set_ylim((0.0, highest_hz) if side == "left" else (highest_hz, 0.0))

    return draw


def _amplitude(axes: Axes, trends: NightTrends) -> None:
    axes.set_yscale("symlog", linthresh=10.0, linscale=1.0)
    axes.set_yticks([0, 10, 25, 50, 100, 250], labels=["0", "10", "25", "50", "100", "250"])
    axes.set_yticks([], minor=True)
    axes.set_ylim(0, 300)
    axes.grid(axis="y", color=GRID, linewidth=0.5)
    for side in SIDES_OF_HEAD:
        low, middle, high = trends.sides[side].amplitude_uv
        axes.stairs(high, _edges(trends), baseline=low, fill=True, color=_COLOURS[side], alpha=0.3)
        axes.plot(_middles(trends), middle, color=_COLOURS[side], linewidth=0.6)


def _shares(axes: Axes, trends: NightTrends, name: str) -> None:
    for side in SIDES_OF_HEAD:
        values = getattr(trends.sides[side], name)
        axes.plot(_middles(trends), values, color=_COLOURS[side], linewidth=0.6)
    axes.set_ylim(0, 1)
    axes.set_yticks([0, 1], labels=["0", "1"])


def _asymmetry(axes: Axes, trends: NightTrends) -> None:
    axes.axhline(0, color=MUTED, linewidth=0.5)
    axes.plot(_middles(trends), trends.asymmetry, color=INK, linewidth=0.6)
    axes.set_ylim(-1, 1)
    axes.set_yticks([-1, 0, 1], labels=["\u22121", "0", "1"])


def _burden(axes: Axes, trends: NightTrends, events: Sequence[Event]) -> None:
    minutes = burden_s(events, trends.duration_s) / 60.0
    starts = np.arange(len(minutes)) * 3600.0
    widths = np.minimum(3600.0, trends.duration_s - starts)
    line = BURDEN_LINE_S / 60.0
    colours = [EVENT if one > line else MUTED for one in minutes]
    axes.bar(starts, minutes, width=widths, align="edge", color=colours, edgecolor="white")
    axes.axhline(line, color=EVENT, linewidth=0.8)
    axes.set_ylim(0, max(2 * line, float(minutes.max()) * 1.1))
