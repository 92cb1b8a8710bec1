"""Charts of one channel over the whole recording: its values, its spectrum, how they change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from seizure_core import figures
from seizure_core.errors import ParameterError
from seizure_core.recording import Recording
from seizure_core.signals.blocks import Progress
from seizure_core.stats.amplitude import amplitude_trends
from seizure_core.stats.distribution import value_distribution
from seizure_core.stats.spectra import power_spectra
from seizure_core.stats.spectrogram import spectrogram
from ui.widgets.pictures import MakeFigure

Measure = Callable[[Recording, int, Progress | None], MakeFigure]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A kind of chart.

    Attributes
    ----------
    title : str
        What people choose it by.
    meaning : str
        What it shows, in plain words.
    measure : callable
        Reads a channel of a recording and returns what draws it.
    """

    title: str
    meaning: str
    measure: Measure


def _values(*, log: bool) -> Measure:
    def measure(recording: Recording, channel: int, progress: Progress | None) -> MakeFigure:
        distribution = value_distribution(recording, channel)
        return lambda: figures.distribution_figure(distribution, log=log)

    return measure


def _spectrum(recording: Recording, channel: int, progress: Progress | None) -> MakeFigure:
    spectra = power_spectra(recording, [channel], progress)
    return lambda: figures.psd_figure(spectra)


def _over_time(draw: Callable[..., Any]) -> Measure:
    def measure(recording: Recording, channel: int, progress: Progress | None) -> MakeFigure:
        measured = spectrogram(recording, [channel], progress=progress)
        return lambda: draw(measured, start_time=recording.start_time)

    return measure


def _amplitude(recording: Recording, channel: int, progress: Progress | None) -> MakeFigure:
    trends = amplitude_trends(recording, [channel], progress=progress)
    return lambda: figures.amplitude_figure(trends, start_time=recording.start_time)


CHARTS = MappingProxyType(
    {
        "values": Chart(
            title="Values",
            meaning="How often each value occurs, with density and quantiles.",
            measure=_values(log=False),
        ),
        "rare_values": Chart(
            title="Values, rare ones too",
            meaning="The same on a logarithmic scale, which shows what occurs seldom.",
            measure=_values(log=True),
        ),
        "spectrum": Chart(
            title="Spectrum",
            meaning="How strong each frequency is, over the whole recording.",
            measure=_spectrum,
        ),
        "spectrogram": Chart(
            title="Spectrogram",
            meaning="How the strength of each frequency changes with time.",
            measure=_over_time(figures.spectrogram_figure),
        ),
        "bands": Chart(
            title="Bands over time",
            meaning="The power of delta, theta, alpha, beta and gamma over the recording.",
            measure=_over_time(figures.band_power_figure),
        ),
        "amplitude": Chart(
            title="Amplitude over time",
            meaning="The amplitude-integrated EEG: how high the waves are over the recording.",
            measure=_amplitude,
        ),
    }
)


def measured_chart(
    recording: Recording, kind: str, channel: int, progress: Progress | None = None
) -> MakeFigure:
    """Read a channel and return what draws its chart.

    Parameters
    ----------
    recording : Recording
        The file.
    kind : str
        A key of `CHARTS`.
    channel : int
        Position of the channel.
    progress : callable, optional
        Called with the fraction done, 0 to 1.

    Raises
    ------
    ParameterError
        There is no such chart or channel, or the channel has too little signal for it.
    RecordingError
        The file cannot be read.
    """
    if kind not in CHARTS:
        raise ParameterError(
            "There is no chart {kind!r}; there are {charts}.", kind=kind, charts=", ".join(CHARTS)
        )
    return CHARTS[kind].measure(recording, channel, progress)
