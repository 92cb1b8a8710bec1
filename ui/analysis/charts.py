"""Charts of a channel over the whole recording, and their files."""

from __future__ import annotations

from pathlib import Path

import gradio as gr

from seizure_core.recording import Recording
from ui.analysis.channel_charts import CHARTS, measured_chart
from ui.events import Updates, listen
from ui.i18n import text
from ui.i18n.translation import tr
from ui.opening.recordings import OpenRecording
from ui.opening.sessions import looked_at
from ui.server.work_folders import WorkFolders
from ui.widgets import markup, views
from ui.widgets.downloads import FigureFiles
from ui.widgets.pictures import picture_of, save_all_formats


class ChannelChart:
    """The choice of a channel and a chart, and the chart.

    Attributes
    ----------
    outputs : list
        What `offer` gives values for.
    """

    def __init__(self, work: WorkFolders, current: gr.State) -> None:
        self._work = work
        gr.Markdown("### Charts of a channel")
        with gr.Row(equal_height=False):
            self._channel = gr.Dropdown(
                choices=[], label="Channel", elem_id="chart-channel", scale=1, min_width=200
            )
            kind = gr.Radio(
                choices=[(chart.title, name) for name, chart in CHARTS.items()],
                value="values",
                label=text.WHAT_TO_SHOW,
                elem_id="chart-kind",
                scale=4,
                min_width=300,
            )
        self._picture = gr.HTML(markup.empty(text.NO_CHART), elem_id="chart")
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
        return {self._picture: markup.empty(text.CHOOSE_CHANNEL), **self._files.hidden()}

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
        paths = save_all_formats(make, self._work.new(), stem)
        alternative = tr(
            text.CHART_OF,
            chart=tr(CHARTS[kind].title),
            channel=recording.channels[channel].label,
            file=recording.file_name,
        )
        drawing = picture_of(paths["png"], alternative=alternative)
        shown = markup.paragraph(CHARTS[kind].meaning) + drawing
        return {self._picture: shown, **self._files.offered(paths)}
