"""Figures of EEG, statistics and detections; the only place that uses matplotlib.

Figures are made without pyplot, so they share no state. Drawing in two threads at once is still not
safe, because matplotlib shares its fonts: use a lock.

Names such as `figures.page_figure` are imported on first use, so that other programs need not wait
for matplotlib.
"""

from typing import TYPE_CHECKING

from seizure_core.lazy import lazy_names

if TYPE_CHECKING:
    from seizure_core.figures.canvas import REFERENCE as REFERENCE
    from seizure_core.figures.canvas import figure_bytes as figure_bytes
    from seizure_core.figures.canvas import figure_svg as figure_svg
    from seizure_core.figures.eeg_page import page_figure as page_figure
    from seizure_core.figures.explained import ExplainedWindow as ExplainedWindow
    from seizure_core.figures.explained import explained_figure as explained_figure
    from seizure_core.figures.histogram import distribution_figure as distribution_figure
    from seizure_core.figures.probability import Curve as Curve
    from seizure_core.figures.probability import EventLane as EventLane
    from seizure_core.figures.probability import probability_figure as probability_figure
    from seizure_core.figures.probability import trace_figure as trace_figure
    from seizure_core.figures.spectra import psd_figure as psd_figure
    from seizure_core.figures.spectra import spectrogram_figure as spectrogram_figure
    from seizure_core.figures.trends import amplitude_figure as amplitude_figure
    from seizure_core.figures.trends import band_power_figure as band_power_figure

__getattr__ = lazy_names(
    __name__,
    {
        "REFERENCE": "canvas",
        "figure_bytes": "canvas",
        "figure_svg": "canvas",
        "page_figure": "eeg_page",
        "ExplainedWindow": "explained",
        "explained_figure": "explained",
        "distribution_figure": "histogram",
        "Curve": "probability",
        "EventLane": "probability",
        "probability_figure": "probability",
        "trace_figure": "probability",
        "psd_figure": "spectra",
        "spectrogram_figure": "spectra",
        "amplitude_figure": "trends",
        "band_power_figure": "trends",
    },
)
