"""Amplitude histogram of a channel."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from seizure_core.figures.canvas import (
    GRID,
    INK,
    MUTED,
    TRACE,
    counted,
    empty_figure,
    title,
    unit_words,
)
from seizure_core.stats.distribution import Distribution

# Quantiles to draw, with their labels.
_QUANTILES = ((0.01, "1 %"), (0.05, "5 %"), (0.5, "median"), (0.95, "95 %"), (0.99, "99 %"))
_LABEL_WIDTH = 0.05  # Fraction of the figure; closer labels are moved down a line.
_MAX_SMOOTHED_BINS = 4000


def distribution_figure(distribution: Distribution, *, log: bool = False) -> Figure:
    """Draw the amplitude histogram of a channel, with density and quantiles.

    Bars count samples (left axis); the line is a kernel density estimate from the bins by
    Silverman's rule (right axis).

    Parameters
    ----------
    log : bool
        Whether counts have a logarithmic axis, which shows rare values.
    """
    figure, axes = empty_figure(4.4, top_in=0.85, left_in=1.1, right_in=1.1)
    unit = unit_words(distribution.unit)
    axes.set_xlabel(f"Value ({unit})" if unit else "Value", color=MUTED, parse_math=False)
    axes.set_ylabel("Samples", color=MUTED)
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    remark = "no value at all"
    if len(distribution.counts):
        _bars(axes, distribution, log=log)
        _density_axis(axes, distribution, unit)
        _quantile_lines(axes, distribution)
        remark = _remark(distribution, unit)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    title(figure, distribution.channel, remark)
    return figure


def _bars(axes: Axes, distribution: Distribution, *, log: bool) -> None:
    counts, edges = distribution.counts, distribution.bin_edges
    bottom = 0.5 if log else 0.0
    heights = np.maximum(counts, bottom) if log else counts
    axes.stairs(heights, edges, baseline=bottom, fill=True, color=TRACE, alpha=0.55)
    axes.set_xlim(edges[0], edges[-1])
    if log:
        axes.set_yscale("log")
    axes.set_ylim(bottom, counts.max() * (2.0 if log else 1.05))


def _density_axis(axes: Axes, distribution: Distribution, unit: str) -> None:
    """Draw the density over the bars, with its axis on the right."""
    edges = distribution.bin_edges
    per_density = distribution.counts.sum() * (edges[1] - edges[0])
    beside = axes.secondary_yaxis(
        "right", functions=(lambda n: n / per_density, lambda d: d * per_density)
    )
    words = f"Density (1/{unit})" if unit else "Density"
    beside.set_ylabel(words, color=MUTED, parse_math=False)
    beside.tick_params(colors=MUTED, labelsize=9, length=3)
    beside.tick_params(which="minor", colors=MUTED)
    beside.spines["right"].set_color(GRID)
    if 3 <= len(distribution.counts) <= _MAX_SMOOTHED_BINS:
        middles = (edges[1:] + edges[:-1]) / 2
        smoothed = smoothed_density(distribution) * per_density
        axes.plot(middles, np.maximum(smoothed, 1e-9), color=INK, linewidth=1.2)


def smoothed_density(distribution: Distribution) -> NDArray[np.float64]:
    """Return a kernel density estimate at the centre of each bin, shape (n_bins,).

    Gaussian kernels of width 0.9 times the smaller of standard deviation and 0.75 of the
    interquartile range, divided by the fifth root of the number of samples (Silverman 1986), and at
    least a bin.
    """
    edges, counts = distribution.bin_edges, distribution.counts
    middles, total = (edges[1:] + edges[:-1]) / 2, float(counts.sum())
    mean = float(np.dot(middles, counts)) / total
    std = math.sqrt(float(np.dot((middles - mean) ** 2, counts)) / total)
    low, high = distribution.quantiles((0.25, 0.75))
    spread = min(std, (high - low) / 1.34) or std
    width = max(0.9 * spread * total**-0.2, float(edges[1] - edges[0]))
    half_width = math.ceil(4 * width / (edges[1] - edges[0]))
    steps = np.arange(-half_width, half_width + 1) * (edges[1] - edges[0]) / width
    kernel = np.exp(-0.5 * steps**2)
    smoothed = np.convolve(distribution.density, kernel / kernel.sum())
    return np.asarray(smoothed[half_width : half_width + len(counts)])


def _quantile_lines(axes: Axes, distribution: Distribution) -> None:
    values = distribution.quantiles([fraction for fraction, _ in _QUANTILES])
    left, right = axes.get_xlim()
    free_from = [-math.inf] * len(_QUANTILES)
    for value, (_, words) in zip(values, _QUANTILES, strict=True):
        median = words == "median"
        axes.axvline(value, color=INK, linewidth=0.9, linestyle="-" if median else (0, (4, 3)))
        place = (value - left) / (right - left)
        level = next(i for i, free in enumerate(free_from) if place >= free)
        free_from[level] = place + _LABEL_WIDTH
        axes.annotate(
            words,
            (value, 1.0),
            xycoords=axes.get_xaxis_transform(),
            xytext=(0, 3 + 9 * level),
            textcoords="offset points",
            ha="center",
            fontsize=8,
            color=INK,
        )


def _remark(distribution: Distribution, unit: str) -> str:
    counts, edges = distribution.counts, distribution.bin_edges
    width = f"{edges[1] - edges[0]:.3g} {unit}".rstrip()
    words = f"{counted(int(counts.sum()), 'sample')} in {counted(len(counts), 'bin')} of {width}"
    return words + (f", {distribution.n_missing:,} missing" if distribution.n_missing else "")
