"""Numbers of the open recording: statistics of each channel, how its values are spread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from seizure_core.recording import Recording
from seizure_core.statistics import channel_statistics
from ui import markup, text, views
from ui.errors import for_browser
from ui.pictures import distribution_html
from ui.plain_data import statistics_data
from ui.recordings import OpenRecording
from ui.sessions import looked_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The components, as far as a newly opened recording changes them.

    Attributes
    ----------
    compute : gr.Button
        Starts the statistics.
    table : gr.Dataframe
        Where they are shown.
    channel : gr.Dropdown
        Whose values are counted.
    chart : gr.HTML
        Where they are drawn.
    """

    compute: gr.Button
    table: gr.Dataframe
    channel: gr.Dropdown
    chart: gr.HTML

    @property
    def outputs(self) -> list[gr.components.Component]:
        """What `fresh_numbers` gives values for."""
        return [self.table, self.channel, self.chart]


def build_numbers(current: gr.State) -> Numbers:
    """Build the section inside the current Blocks context.

    Parameters
    ----------
    current : gr.State
        The session's `OpenRecording`, or None.
    """
    gr.Markdown("### Statistics of the whole file")
    compute = gr.Button("Compute statistics", elem_id="compute-statistics", size="md")
    table = gr.Dataframe(
        headers=["Channel"],
        interactive=False,
        label="Statistics of each channel",
        elem_id="statistics",
        max_height=420,
        pinned_columns=1,
        visible=False,
    )
    gr.Markdown("### Distribution of a channel's values")
    channel = gr.Dropdown(choices=[], label="Channel", elem_id="distribution-channel")
    chart = gr.HTML(markup.empty(text.NO_DISTRIBUTION), elem_id="distribution")
    numbers = Numbers(compute=compute, table=table, channel=channel, chart=chart)
    _wire(current, numbers)
    return numbers


def fresh_numbers(recording: Recording) -> tuple[Any, ...]:
    """Return the values of `Numbers.outputs` for a recording that was just opened."""
    return (
        gr.Dataframe(visible=False),
        gr.Dropdown(choices=views.channel_choices(recording), value=None),
        markup.empty(text.NO_DISTRIBUTION),
    )


def _wire(current: gr.State, numbers: Numbers) -> None:
    @for_browser
    def compute(
        opened: OpenRecording | None,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 - this is how Gradio hands it in
    ) -> gr.Dataframe:
        recording = looked_at(opened).recording
        statistics = channel_statistics(
            recording, progress=lambda done: progress(done, desc="Reading the whole file")
        )
        header, rows = views.statistics_table(statistics_data(statistics))
        return gr.Dataframe(headers=header, value=rows, visible=True)

    @for_browser
    def distribute(opened: OpenRecording | None, channel: int | None) -> str:
        recording = looked_at(opened).recording
        if channel is None:
            return markup.empty(text.NO_DISTRIBUTION)
        return distribution_html(recording, channel)

    numbers.compute.click(compute, inputs=current, outputs=numbers.table, api_visibility="private")
    numbers.channel.input(
        distribute,
        inputs=[current, numbers.channel],
        outputs=numbers.chart,
        api_visibility="private",
    )
