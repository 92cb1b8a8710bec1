"""Charts of a channel over the whole recording, and their files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import gradio as gr
from markupsafe import Markup

from seizure_core import figures
from seizure_core.errors import ParameterError
from seizure_core.recording import Recording
from seizure_core.signals.blocks import Progress
from seizure_core.stats.amplitude import amplitude_trends
from seizure_core.stats.distribution import value_distribution
from seizure_core.stats.spectra import power_spectra
from seizure_core.stats.spectrogram import spectrogram
from ui.events import Updates, listen
from ui.i18n.translation import tr
from ui.opening.recordings import OpenRecording
from ui.opening.sessions import looked_at
from ui.server.work_folders import WorkFolders
from ui.widgets import markup, views
from ui.widgets.downloads import FigureFiles
from ui.widgets.pictures import MakeFigure, chart_html, save_all_formats

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
    over_time : bool
        Whether a press on it shows the EEG of that moment.
    """

    title: str
    meaning: str
    measure: Measure
    over_time: bool = False


def _values(*, log: bool) -> Measure:
    def measure(recording: Recording, channel: int, progress: Progress | None) -> MakeFigure:
        distribution = value_distribution(recording, channel)
        return lambda: figures.distribution_figure(distribution, log=log)

    return measure


def _spectrum(recording: Recording, channel: int, progress: Progress | None) -> MakeFigure:
    spectra = power_spectra(recording, [channel], progress)
    return lambda: figures.psd_figure(spectra)


def _spectrogram(recording: Recording, channel: int, progress: Progress | None) -> MakeFigure:
    measured = spectrogram(recording, [channel], progress=progress)
    return lambda: figures.spectrogram_figure(measured, start_time=recording.start_time)


def _bands(recording: Recording, channel: int, progress: Progress | None) -> MakeFigure:
    measured = spectrogram(recording, [channel], progress=progress)
    return lambda: figures.band_power_figure(measured, start_time=recording.start_time)


def _amplitude(recording: Recording, channel: int, progress: Progress | None) -> MakeFigure:
    trends = amplitude_trends(recording, [channel], progress=progress)
    return lambda: figures.amplitude_figure(trends, start_time=recording.start_time)


CHARTS = MappingProxyType(
    {
        "values": Chart(
            title="Amplitude histogram",
            meaning="How often each value occurs, with density and quantiles.",
            measure=_values(log=False),
        ),
        "rare_values": Chart(
            title="Histogram (log)",
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
            measure=_spectrogram,
            over_time=True,
        ),
        "bands": Chart(
            title="Band power",
            meaning="The power of delta, theta, alpha, beta and gamma over the recording.",
            measure=_bands,
            over_time=True,
        ),
        "amplitude": Chart(
            title="aEEG",
            meaning="The amplitude-integrated EEG: how high the waves are over the recording.",
            measure=_amplitude,
            over_time=True,
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


class ChannelChart:
    """The choice of a channel and a chart, and the chart.

    Attributes
    ----------
    outputs : list
        What `offer` gives values for.
    """

    def __init__(self, work: WorkFolders, current: gr.State) -> None:
        self._work = work
        with gr.Row(equal_height=False):
            self._channel = gr.Dropdown(
                choices=[], label="Channel", elem_id="chart-channel", scale=1, min_width=200
            )
            kind = gr.Radio(
                choices=[(chart.title, name) for name, chart in CHARTS.items()],
                value="values",
                label="What to show",
                elem_id="chart-kind",
                scale=4,
                min_width=300,
            )
        self._picture = gr.HTML(
            markup.empty(
                "Open a recording and choose one of its channels: the chart appears here."
            ),
            elem_id="chart",
            js_on_load=Path(__file__).with_name("chart_moments.js").read_text(encoding="utf-8"),
        )
        self._files = FigureFiles("Chart", "chart")
        self.outputs = [self._channel, self._picture, self._files.row]
        listen(
            [self._channel.input, kind.input],
            self.draw,
            inputs=[current, self._channel, kind],
            outputs=[self._picture, *self._files.outputs],
            trigger_mode="always_last",
        )

    def offer(self, recording: Recording) -> Updates:
        """Offer the channels of a recording that was just opened."""
        channels = gr.Dropdown(choices=views.channel_choices(recording), value=None)
        return {self._channel: channels, **self._nothing()}

    def _nothing(self) -> Updates:
        return {
            self._picture: markup.empty("Choose a channel: its chart appears here."),
            **self._files.hidden(),
        }

    def draw(
        self,
        opened: OpenRecording | None,
        channel: int | None,
        kind: str,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 - this is how Gradio hands it in
    ) -> Updates:
        """Draw a chart of a channel."""
        recording = looked_at(opened).recording
        if channel is None:
            return self._nothing()
        make = measured_chart(
            recording, kind, channel, lambda done: progress(done, desc=tr("Reading the whole file"))
        )
        stem = f"{Path(recording.file_name).stem}_{kind}_channel{channel + 1}"
        with self._work.filled() as folder:
            paths = save_all_formats(make, folder, stem)
        alternative = tr(
            "{chart} of {channel} in {file}",
            chart=tr(CHARTS[kind].title),
            channel=recording.channels[channel].label,
            file=recording.file_name,
        )
        return {
            self._picture: chart_view(kind, make, alternative),
            **self._files.offered(paths),
        }


def chart_view(kind: str, make: MakeFigure, alternative: str) -> Markup:
    """Return a chart in the colours of the page, below what it shows."""
    chart = CHARTS[kind]
    hint = tr("Click on the chart to see the EEG of that moment.") if chart.over_time else ""
    return Markup('<div class="{}"><p>{} {}</p>{}</div>').format(
        "over-time" if chart.over_time else "",
        tr(chart.meaning),
        hint,
        chart_html(make, alternative=alternative),
    )
