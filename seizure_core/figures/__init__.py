"""Figures of EEG, of statistics and of detections; the only home of matplotlib.

Figures are made without pyplot, so that no state is shared between them. Drawing two at the
same time in two threads is still not safe (matplotlib shares its fonts): take turns.
"""

from __future__ import annotations

from seizure_core.figures.canvas import figure_png
from seizure_core.figures.eeg_page import page_figure
from seizure_core.figures.explained import ExplainedWindow, explained_figure
from seizure_core.figures.histogram import distribution_figure
from seizure_core.figures.probability import trace_figure
from seizure_core.figures.saving import figure_bytes, save_figure
from seizure_core.figures.spectra import psd_figure, spectrogram_figure
from seizure_core.figures.trends import amplitude_figure, band_power_figure

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
