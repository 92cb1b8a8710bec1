"""Figures of trends over hours: band power and amplitude-integrated EEG."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    WIDTH_IN,
    drawable,
    empty_figure,
    plain_frame,
    time_axis,
    title,
    unit_words,
)
from seizure_core.figures.spectra import bars_above, labels_words
from seizure_core.stats.amplitude import BAND_HZ, AmplitudeTrend
from seizure_core.stats.spectra import BANDS
from seizure_core.stats.spectrogram import Spectrogram

_BAND_COLOURS = (TRACE, "#0891b2", "#16a34a", "#d97706", EVENT)
_MAX_AMPLITUDES = 8
_LANE_IN = 1.5
_MAX_COLUMNS = 300  # For band powers; more columns look like noise.
_SEMILOG_FROM_UV, _SEMILOG_TO_UV = 10.0, 100.0


def band_power_figure(
    spectrogram: Spectrogram,
    *,
    relative: bool = False,
    start_time: datetime | None = None,
    events: Iterable[Event] = (),
    heading: str = "Power of the bands",
) -> Figure:
    """Draw the power of the EEG bands over the whole recording.

    Parameters
    ----------
    relative : bool
        Whether to stack the bands' shares in per cent, instead of lines on a logarithmic scale.
    start_time : datetime, optional
        Adds the time of day to the ticks.
    events : iterable of Event
        Marked by bars above.
    """
    figure, axes = empty_figure(4.2, top_in=0.7, left_in=1.0, right_in=1.6)
    edges, powers = _reduced_columns(spectrogram.edges_s, spectrogram.band_powers())
    unit = unit_words(spectrogram.unit)
    covered: NDArray[np.bool_] = np.asarray(np.isfinite(powers).any(axis=1))
    names = [f"{band.name} {band.low_hz:g}\u2013{band.high_hz:g} Hz" for band in BANDS]
    if relative:
        _stack(axes, edges, powers, covered, names)
        axes.set_ylabel("Part of the power (%)", color=MUTED)
        axes.set_ylim(0, 100)
    else:
        for power, color, name in zip(
            powers[covered], np.array(_BAND_COLOURS)[covered], np.array(names)[covered], strict=True
        ):
            positive = np.where(power > 0, power, np.nan)
            axes.plot(_middles(edges), positive, color=str(color), linewidth=1.1, label=str(name))
        if covered.any():
            axes.set_yscale("log")
        axes.set_ylabel(f"Power ({unit}\u00b2)" if unit else "Power", color=MUTED, parse_math=False)
    axes.set_xlim(edges[0], edges[-1])
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    time_axis(axes, float(edges[0]), float(edges[-1]), start_time)
    bars_above(axes, events, float(edges[-1]))
    if covered.any():
        handles, labels = axes.get_legend_handles_labels()
        axes.legend(
            handles[::-1], labels[::-1], loc="upper left", bbox_to_anchor=(1.005, 1.02),
            fontsize=8, frameon=False, labelcolor=INK, handlelength=1.2,
        )  # fmt: skip
    title(figure, heading, labels_words(spectrogram.labels))
    return figure


def _reduced_columns(
    edges: NDArray[np.float64], powers: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return means over groups of columns, to reduce their number; NaN is ignored."""
    n_columns = powers.shape[1]
    together = max(-(-n_columns // _MAX_COLUMNS), 1)
    starts = np.arange(0, n_columns, together)
    known = np.isfinite(powers)
    sums = np.add.reduceat(np.where(known, powers, 0.0), starts, axis=1)
    counts = np.add.reduceat(known.astype(np.int64), starts, axis=1)
    with np.errstate(invalid="ignore"):
        return np.append(edges[starts], edges[-1]), np.asarray(sums / counts)


def _middles(edges: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray((edges[1:] + edges[:-1]) / 2)


def _stack(
    axes: Axes,
    edges: NDArray[np.float64],
    powers: NDArray[np.float64],
    covered: NDArray[np.bool_],
    names: Sequence[str],
) -> None:
    total = np.nansum(powers, axis=0)
    total = np.where(total > 0, total, np.nan)
    bottom = np.zeros(powers.shape[1])
    for number in np.flatnonzero(covered).tolist():
        top = bottom + np.where(np.isfinite(powers[number]), powers[number], 0.0) / total * 100
        # `stairs` does not interpolate, so gaps stay visible.
        axes.stairs(top, edges, baseline=np.where(np.isfinite(top), bottom, np.nan), fill=True,
                    color=_BAND_COLOURS[number], alpha=0.85, label=names[number])  # fmt: skip
        bottom = top


def amplitude_figure(
    trends: Sequence[AmplitudeTrend],
    *,
    start_time: datetime | None = None,
    events: Iterable[Event] = (),
    heading: str = "Amplitude-integrated EEG",
) -> Figure:
    """Draw the amplitude-integrated EEG of some channels, one below the other.

    The band is from the lower to the upper margin of the envelope, the line its median; the axis is
    linear up to 10 uV and logarithmic above, as in monitors. Units other than uV have a linear
    axis.

    Parameters
    ----------
    trends : sequence of AmplitudeTrend
        The first eight are drawn, the others counted.
    start_time : datetime, optional
        Adds the time of day to the ticks.
    events : iterable of Event
        Marked by bars above.
    """
    drawn, events = list(trends[:_MAX_AMPLITUDES]), tuple(events)
    n_lanes = max(len(drawn), 1)
    top_in, bottom_in, left_in, right_in = 0.7, 0.75, 1.35, 0.4
    height_in = top_in + bottom_in + _LANE_IN * n_lanes
    figure = Figure(figsize=(WIDTH_IN, height_in), facecolor="white")
    for lane in range(n_lanes):
        bottom = bottom_in + _LANE_IN * (n_lanes - 1 - lane) + 0.08
        axes = figure.add_axes(
            (
                left_in / WIDTH_IN,
                bottom / height_in,
                1 - (left_in + right_in) / WIDTH_IN,
                (_LANE_IN - 0.16) / height_in,
            )
        )
        plain_frame(axes)
        if lane < len(drawn):
            _amplitude_lane(axes, drawn[lane], events)
            stop_s = float(drawn[lane].edges_s[-1])
            time_axis(axes, 0.0, stop_s, start_time)
        if lane < n_lanes - 1:
            axes.set_xlabel("")
            axes.tick_params(axis="x", labelbottom=False)
    more = f", {len(trends) - len(drawn)} more not drawn" if len(trends) > len(drawn) else ""
    remark = f"{BAND_HZ[0]:g}\u2013{BAND_HZ[1]:g} Hz, peak to peak, 10 to 90 %{more}"
    title(figure, heading, remark)
    return figure


def _amplitude_lane(axes: Axes, trend: AmplitudeTrend, events: Sequence[Event]) -> None:
    edges, unit = trend.edges_s, unit_words(trend.unit)
    highest = float(np.nanmax(trend.upper, initial=0.0))
    if trend.unit == "uV":
        axes.set_yscale("symlog", linthresh=_SEMILOG_FROM_UV, linscale=1.0)
        top = max(_SEMILOG_TO_UV, highest * 1.1)
        ticks = [v for v in (0, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000) if v <= top]
        axes.set_yticks(ticks, labels=[f"{tick:g}" for tick in ticks])
        axes.set_yticks([], minor=True)
        axes.set_ylim(0, top)
        axes.axhline(_SEMILOG_FROM_UV, color=MUTED, linewidth=0.6, linestyle=(0, (1, 3)))
    else:
        axes.set_ylim(0, highest * 1.1 or 1.0)
    axes.stairs(trend.upper, edges, baseline=trend.lower, fill=True, color=TRACE, alpha=0.35)
    axes.plot(_middles(edges), trend.median, color=INK, linewidth=0.8)
    axes.set_xlim(edges[0], edges[-1])
    axes.grid(axis="y", color=GRID, linewidth=0.6)
    name = drawable(trend.label or "(no label)", 16)
    words = f"{name}\n({unit})" if unit else name
    axes.set_ylabel(words, color=INK, fontsize=9, parse_math=False, rotation=0, ha="right",
                    va="center", labelpad=8)  # fmt: skip
    bars_above(axes, events, float(edges[-1]))
