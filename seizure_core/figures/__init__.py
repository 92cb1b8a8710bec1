"""Figures of EEG, of statistics and of detections; the only home of matplotlib.

Figures are made without pyplot, so that no state is shared between them. Drawing two at the
same time in two threads is still not safe (matplotlib shares its fonts): take turns.

What makes them is imported when it is first asked for, as `figures.page_figure`: whoever only
might draw need not wait for matplotlib.
"""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seizure_core.figures.canvas import figure_png
    from seizure_core.figures.eeg_page import page_figure
    from seizure_core.figures.explained import ExplainedWindow, explained_figure
    from seizure_core.figures.histogram import distribution_figure
    from seizure_core.figures.probability import trace_figure
    from seizure_core.figures.saving import figure_bytes, save_figure
    from seizure_core.figures.spectra import psd_figure, spectrogram_figure
    from seizure_core.figures.trends import amplitude_figure, band_power_figure

_HOMES = MappingProxyType(
    {
        "ExplainedWindow": "explained",
        "amplitude_figure": "trends",
        "band_power_figure": "trends",
        "distribution_figure": "histogram",
        "explained_figure": "explained",
        "figure_bytes": "saving",
        "figure_png": "canvas",
        "page_figure": "eeg_page",
        "psd_figure": "spectra",
        "save_figure": "saving",
        "spectrogram_figure": "spectra",
        "trace_figure": "probability",
    }
)

__all__ = [
    "ExplainedWindow",
    "amplitude_figure",
    "band_power_figure",
    "distribution_figure",
    "explained_figure",
    "figure_bytes",
    "figure_png",
    "page_figure",
    "psd_figure",
    "save_figure",
    "spectrogram_figure",
    "trace_figure",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
