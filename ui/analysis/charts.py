"""Charts of a channel over the whole recording, and their files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from seizure_core.figure_formats import FIGURE_FORMATS
from seizure_core.recording import Recording
from ui.analysis.channel_charts import CHARTS, measured_chart
from ui.errors import for_browser
from ui.i18n import text
from ui.i18n.translation import tr
from ui.opening.recordings import OpenRecording
from ui.opening.sessions import looked_at
from ui.server.work_folders import WorkFolders
from ui.widgets import markup, views
from ui.widgets.drawing import picture_of, save_all_formats


@dataclass(frozen=True, slots=True, kw_only=True)
class Charts:
    """The components."""

    channel: gr.Dropdown
    kind: gr.Radio
    picture: gr.HTML
    files_row: gr.Row
    files: tuple[gr.DownloadButton, ...]

    @property
    def outputs(self) -> list[Any]:
        """What `fresh_charts` gives values for."""
        return [self.channel, self.picture, self.files_row]


def build_charts(work: WorkFolders, current: gr.State) -> Charts:
    """Build the section inside the current Blocks context.

    Parameters
    ----------
    work : WorkFolders
        Where files go.
    current : gr.State
        The session's `OpenRecording`, or None.
    """
    gr.Markdown("### Charts of a channel")
    with gr.Row(equal_height=False):
        channel = gr.Dropdown(
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
    picture = gr.HTML(markup.empty(text.NO_CHART), elem_id="chart")
    with gr.Row(visible=False) as files_row:
        files = tuple(
            gr.DownloadButton(f"Chart ({name.upper()})", elem_id=f"chart-{name}", size="md")
            for name in FIGURE_FORMATS
        )
    charts = Charts(channel=channel, kind=kind, picture=picture, files_row=files_row, files=files)
    _wire(work, current, charts)
    return charts


def fresh_charts(recording: Recording) -> tuple[Any, ...]:
    """Return the values of `Charts.outputs` for a recording that was just opened."""
    return (
        gr.Dropdown(choices=views.channel_choices(recording), value=None),
        markup.empty(text.CHOOSE_CHANNEL),
        gr.Row(visible=False),
    )


def _wire(work: WorkFolders, current: gr.State, charts: Charts) -> None:
    @for_browser
    def draw(
        opened: OpenRecording | None,
        channel: int | None,
        kind: str,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 - this is how Gradio hands it in
    ) -> tuple[Any, ...]:
        recording = looked_at(opened).recording
        if channel is None:
            return (
                markup.empty(text.CHOOSE_CHANNEL),
                gr.Row(visible=False),
                *(None for _ in FIGURE_FORMATS),
            )
        make = measured_chart(
            recording, kind, channel, lambda done: progress(done, desc=tr("Reading the whole file"))
        )
        stem = f"{Path(recording.file_name).stem}_{kind}_channel{channel + 1}"
        paths = save_all_formats(make, work.new(), stem)
        chart, label = CHARTS[kind], recording.channels[channel].label
        shown = markup.paragraph(chart.meaning) + picture_of(
            paths["png"],
            alternative=tr(
                text.CHART_OF, chart=tr(chart.title), channel=label, file=recording.file_name
            ),
        )
        return shown, gr.Row(visible=True), *(str(paths[name]) for name in FIGURE_FORMATS)

    gr.on(
        [charts.channel.input, charts.kind.input],
        draw,
        inputs=[current, charts.channel, charts.kind],
        outputs=[charts.picture, charts.files_row, *charts.files],
        trigger_mode="always_last",
        api_visibility="private",
    )
