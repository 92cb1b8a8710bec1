"""Figures of power spectra and spectrograms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from seizure_core.events.event import Event, clip_events
from seizure_core.figures.canvas import (
    EVENT,
    FAINT,
    GRID,
    INK,
    MUTED,
    TRACE,
    counted,
    drawable,
    empty_figure,
    time_axis,
    title,
    unit_words,
)
from seizure_core.stats.spectra import BANDS, MAINS_HZ, PowerSpectrum
from seizure_core.stats.spectrogram import Spectrogram

_HIGHEST_HZ = 70.0  # Includes both mains frequencies; scalp EEG is below.
_SPECTROGRAM_HZ = 45.0
_LISTED_CHANNELS = 32
_COLOUR_LIMITS = (0.02, 0.995)  # Quantiles for the range of colours of a spectrogram.


def psd_figure(
    spectra: Sequence[PowerSpectrum],
    *,
    decibels: bool = True,
    max_hz: float | None = None,
    heading: str = "Power spectrum",
) -> Figure:
    """Draw the power spectral density of channels, with the EEG bands marked.

    Parameters
    ----------
    spectra : sequence of PowerSpectrum
        In one unit.
    decibels : bool
        Whether to use decibels, which show weak and strong parts together.
    max_hz : float, optional
        None means 70 Hz, or half the sampling rate if less.
    """
    listed = len(spectra) if 1 < len(spectra) <= _LISTED_CHANNELS else 0
    figure, axes = empty_figure(
        max(4.4, 1.6 + 0.165 * listed), top_in=0.75, left_in=1.0, right_in=1.35 if listed else 0.4
    )
    unit = unit_words(spectra[0].unit) if spectra else ""
    density = f"{unit}\u00b2/Hz" if unit else "1/Hz"
    known = [s for s in spectra if len(s.frequencies_hz) and np.isfinite(s.density).any()]
    half_hz = max((float(s.frequencies_hz[-1]) for s in known), default=_HIGHEST_HZ)
    stop_hz = min(max_hz or _HIGHEST_HZ, half_hz)
    for spectrum, color in zip(known, _colours(len(known)), strict=True):
        shown = (spectrum.frequencies_hz > 0) & (spectrum.frequencies_hz <= stop_hz)
        values = spectrum.density[shown]
        axes.plot(
            spectrum.frequencies_hz[shown],
            in_decibels(values) if decibels else values,
            color=color,
            linewidth=1.0,
            label=drawable(spectrum.label or "(no label)", 16),
        )
    axes.set_xlim(0, stop_hz)
    if not decibels:
        axes.set_ylim(bottom=0)
    _mark_bands(axes, stop_hz)
    axes.set_xlabel("Frequency (Hz)", color=MUTED)
    label = f"Power density (dB, 0 dB = 1 {density})" if decibels else f"Power density ({density})"
    axes.set_ylabel(label, color=MUTED, parse_math=False)
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    if listed and known:
        axes.legend(
            loc="upper left", bbox_to_anchor=(1.005, 1.02), fontsize=8, frameon=False,
            labelcolor=INK, handlelength=1.2, labelspacing=0.25,
        )  # fmt: skip
    title(figure, heading, _spectra_words(spectra, known))
    return figure


def _spectra_words(spectra: Sequence[PowerSpectrum], known: Sequence[PowerSpectrum]) -> str:
    if not known:
        return "too short for a spectrum"
    first = known[0]
    channel = first.label if len(spectra) == 1 else counted(len(spectra), "channel")
    length_s = 1.0 / first.frequencies_hz[1]
    return f"{channel}, mean of {counted(first.n_segments, 'segment')} of {length_s:.3g} s"


def in_decibels(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ten times the logarithm of powers; NaN for 0."""
    positive = np.where(values > 0, values, np.nan)
    return np.asarray(10.0 * np.log10(positive))


def _colours(n: int) -> list[str | tuple[float, float, float, float]]:
    if n == 1:
        return [TRACE]
    return [mpl.colormaps["turbo"](0.06 + 0.88 * i / max(n - 1, 1)) for i in range(n)]


def _mark_bands(axes: Axes, stop_hz: float) -> None:
    """Shade every other band, name wide ones, and mark the mains frequency."""
    for number, band in enumerate(BANDS):
        right = min(band.high_hz, stop_hz)
        if right <= band.low_hz:
            break
        if number % 2 == 0:
            axes.axvspan(band.low_hz, right, color=FAINT, linewidth=0, zorder=0)
        axes.text(
            (band.low_hz + right) / 2,
            1.01,
            band.name if (right - band.low_hz) / stop_hz > 0.045 else band.name[0],
            transform=axes.get_xaxis_transform(),
            ha="center",
            va="bottom",
            fontsize=8,
            color=MUTED,
        )
    for mains_hz in MAINS_HZ:
        if mains_hz < stop_hz:
            axes.axvline(mains_hz, color=MUTED, linewidth=0.8, linestyle=(0, (1, 3)))


def spectrogram_figure(
    spectrogram: Spectrogram,
    *,
    max_hz: float | None = None,
    start_time: datetime | None = None,
    events: Iterable[Event] = (),
    heading: str = "Spectrogram",
) -> Figure:
    """Draw a spectrogram: power in decibels as colour.

    Parameters
    ----------
    max_hz : float, optional
        None means 45 Hz, or half the sampling rate if less.
    start_time : datetime, optional
        Adds the time of day to the ticks.
    events : iterable of Event
        Marked by bars above.
    """
    figure, axes = empty_figure(4.6, top_in=0.7, left_in=0.85, right_in=1.35)
    frequencies = spectrogram.frequencies_hz
    stop_hz = min(max_hz or _SPECTROGRAM_HZ, float(frequencies[-1]))
    shown = frequencies <= stop_hz + frequencies[1] / 2
    values = in_decibels(spectrogram.density[shown])
    edges = spectrogram.edges_s
    known = values[np.isfinite(values)]
    low, high = np.quantile(known, _COLOUR_LIMITS) if known.size else (0.0, 1.0)
    half_hz = frequencies[1] / 2
    image = axes.pcolormesh(
        edges,
        np.append(frequencies[shown] - half_hz, frequencies[shown][-1] + half_hz),
        np.ma.masked_invalid(values),
        cmap="turbo",
        vmin=low,
        vmax=max(high, low + 1.0),
        rasterized=True,
    )
    axes.set_ylim(0, stop_hz)
    axes.set_xlim(edges[0], edges[-1])
    axes.set_ylabel("Frequency (Hz)", color=MUTED)
    time_axis(axes, float(edges[0]), float(edges[-1]), start_time)
    axes.grid(visible=False)
    bars_above(axes, events, float(edges[-1]))
    scale = figure.add_axes(_beside(axes))
    bar = figure.colorbar(image, cax=scale, extend="both")
    unit = unit_words(spectrogram.unit)
    words = f"dB, 0 dB = 1 {unit}\u00b2/Hz" if unit else "dB"
    bar.set_label(words, color=MUTED, parse_math=False, fontsize=9)
    bar.ax.tick_params(colors=MUTED, labelsize=9, length=3)
    bar.outline.set_visible(False)
    if not known.size:
        axes.text(0.5, 0.5, "too short for a spectrogram", transform=axes.transAxes, color=INK,
                  ha="center")  # fmt: skip
    title(figure, heading, labels_words(spectrogram.labels))
    return figure


def _beside(axes: Axes) -> tuple[float, float, float, float]:
    """Return the position of a colour bar on the right of some axes."""
    place = axes.get_position()
    return place.x1 + 0.012, place.y0, 0.014, place.height


def bars_above(axes: Axes, events: Iterable[Event], duration_s: float) -> None:
    """Mark events by bars above the axes, with a minimum width."""
    for event in clip_events(events, duration_s):
        axes.plot(
            [event.onset_s, event.offset_s],
            [1.015, 1.015],
            color=EVENT,
            linewidth=4,
            solid_capstyle="butt",
            transform=axes.get_xaxis_transform(),
            clip_on=False,
        )
        axes.axvline(event.onset_s, color=EVENT, linewidth=0.6, alpha=0.6)


def labels_words(labels: Sequence[str]) -> str:
    """Return a title for the channels: a name, or the number of averaged channels."""
    return labels[0] if len(labels) == 1 else f"mean of {counted(len(labels), 'channel')}"
