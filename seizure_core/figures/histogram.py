"""How often each value occurs in a channel."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from seizure_core.distribution import Distribution
from seizure_core.figures.canvas import (
    GRID,
    MUTED,
    TRACE,
    counted,
    empty_figure,
    title,
    unit_words,
)


def distribution_figure(distribution: Distribution, *, log: bool = False) -> Figure:
    """Draw how often each value occurs in a channel.

    Parameters
    ----------
    distribution : Distribution
        From `value_distribution`.
    log : bool
        Whether counts are drawn on a logarithmic scale, which shows rare values.
    """
    height_in = 4.2
    figure, axes = empty_figure(height_in, top_in=0.6, left_in=1.1, right_in=0.4)
    counts, edges = distribution.counts, distribution.bin_edges
    unit = unit_words(distribution.unit)
    remark = "no value at all"
    if len(counts):
        bottom = 0.5 if log else 0.0
        heights = np.maximum(counts, bottom) if log else counts
        axes.stairs(heights, edges, baseline=bottom, fill=True, color=TRACE, alpha=0.8)
        axes.set_xlim(edges[0], edges[-1])
        axes.set_ylim(bottom, counts.max() * (2.0 if log else 1.05))
        if log:
            axes.set_yscale("log")
        width = f"{edges[1] - edges[0]:.3g} {unit}".rstrip()
        remark = (
            f"{counted(int(counts.sum()), 'sample')} in {counted(len(counts), 'bin')} of {width}"
        )
        if distribution.n_missing:
            remark += f", {distribution.n_missing:,} missing"
    axes.set_xlabel(f"Value ({unit})" if unit else "Value", color=MUTED, parse_math=False)
    axes.set_ylabel("Samples", color=MUTED)
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    title(figure, distribution.channel, remark)
    return figure
