"""Two bodies of EEG side by side: spectra, amplitudes, correlations between channels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from seizure_core.figures.canvas import EVENT, GRID, INK, MUTED, TRACE, WIDTH_IN

_ROW_IN = 2.6
_QUANTILES = (0.1, 0.5, 0.9)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EegBody:
    """What is compared of some stretches of EEG.

    Attributes
    ----------
    frequencies_hz : ndarray, shape (n_frequencies,)
    power : ndarray, shape (n_stretches, n_frequencies)
        Median over channels, in uV squared a hertz.
    amplitudes_uv : ndarray of any length
        Root mean square of channels.
    correlations : ndarray of any length
        Between channels.
    """

    frequencies_hz: NDArray[np.float64]
    power: NDArray[np.float64]
    amplitudes_uv: NDArray[np.float64]
    correlations: NDArray[np.float64]


def compared_figure(bodies: Mapping[str, tuple[EegBody, EegBody]]) -> Figure:
    """Draw each kind of EEG as a row: real in blue, simulated in red.

    Parameters
    ----------
    bodies : mapping of str to (EegBody, EegBody)
        Real and simulated, by the kind's name.
    """
    figure = Figure(figsize=(WIDTH_IN, _ROW_IN * len(bodies)), facecolor="white")
    axes = figure.subplots(len(bodies), 3, squeeze=False)
    for row, (kind, (real, simulated)) in zip(axes, bodies.items(), strict=True):
        for body, color, name in ((real, TRACE, "real"), (simulated, EVENT, "simulated")):
            _spectrum(row[0], body, color, name)
            _steps(row[1], np.log10(np.maximum(body.amplitudes_uv, 0.1)), color, (-0.5, 2.8))
            _steps(row[2], body.correlations, color, (-1.0, 1.0))
        _label(row, kind)
    axes[0][0].legend(frameon=False, fontsize=8, labelcolor=INK)
    figure.tight_layout()
    return figure


def _spectrum(axes: Axes, body: EegBody, color: str, name: str) -> None:
    shown = (body.frequencies_hz >= 0.5) & (body.frequencies_hz <= 100.0)
    low, middle, high = np.quantile(body.power[:, shown], _QUANTILES, axis=0)
    frequencies = body.frequencies_hz[shown]
    axes.fill_between(frequencies, low, high, color=color, alpha=0.15, linewidth=0)
    axes.plot(frequencies, middle, color=color, linewidth=1.4, label=name)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xticks([1, 4, 8, 13, 30, 60], labels=["1", "4", "8", "13", "30", "60"])


def _steps(
    axes: Axes, values: NDArray[np.float64], color: str, bounds: tuple[float, float]
) -> None:
    density, edges = np.histogram(values, bins=40, range=bounds, density=True)
    axes.stairs(density, edges, color=color, linewidth=1.4)
    axes.set_yticks([])


def _label(row: NDArray[np.object_], kind: str) -> None:
    row[0].set_title(kind, loc="left", fontsize=11, color=INK)
    row[0].set_xlabel("Frequency (Hz)", fontsize=9, color=MUTED)
    row[0].set_ylabel("Power (\u00b5V\u00b2/Hz)", fontsize=9, color=MUTED)
    row[1].set_xlabel("RMS of a channel (\u00b5V)", fontsize=9, color=MUTED)
    row[1].set_xticks([0, 1, 2], labels=["1", "10", "100"])
    row[2].set_xlabel("Correlation of two channels", fontsize=9, color=MUTED)
    for axes in row:
        axes.spines[["top", "right"]].set_visible(False)
        axes.spines[["left", "bottom"]].set_color(GRID)
        axes.tick_params(colors=MUTED, labelsize=8)
        axes.minorticks_off()
