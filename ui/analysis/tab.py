"""The Analysis tab: the numbers of a recording, below its EEG."""

from __future__ import annotations

import gradio as gr

from ui.analysis.channel_charts import ChannelChart
from ui.analysis.numbers import StatisticsSection
from ui.events import Updates, listen
from ui.i18n.translation import filled_table
from ui.opening.recordings import OpenRecording
from ui.server.work_folders import WorkFolders
from ui.stopping import WorkStops
from ui.widgets import markup, views

_FIND_IN_PREDICT = """() => {
  for (const button of ["predict-tab-button", "run"]) document.getElementById(button).click();
}"""


class AnalysisTab:
    """The tab.

    Parameters
    ----------
    work : WorkFolders
        Where files the tab makes go.
    stops : WorkStops
        Where long work can be stopped.
    current : gr.State
        The session's `OpenRecording`, or None.

    Attributes
    ----------
    showing : list of component
        What `show` gives values for.
    """

    def __init__(self, work: WorkFolders, stops: WorkStops, current: gr.State) -> None:
        self._no_signal = gr.HTML(
            markup.empty(
                "This file has no signal to draw, only annotations. They are listed under "
                "<em>Annotations</em> below."
            ),
            visible=False,
        )
        find = gr.Button(
            "Find seizures", variant="primary", size="md", elem_id="find-from-analysis"
        )
        listen(find.click, None, js=_FIND_IN_PREDICT)
        with gr.Tabs(elem_classes="drawer", overflow_behavior="wrap"):
            with gr.Tab("Statistics of the whole file"):
                self._numbers = StatisticsSection(work, stops, current)
            with gr.Tab("Channel analysis"):
                self._chart = ChannelChart(work, current)
            with gr.Tab("Annotations"):
                self._annotations = gr.Dataframe(
                    headers=list(views.ANNOTATION_COLUMNS),
                    interactive=False,
                    label="Annotations in the file",
                    show_label=False,
                    elem_id="annotations",
                    max_height=360,
                    visible=False,
                )
                self._remark = gr.HTML(
                    markup.empty("Annotations of the open recording appear here.")
                )
        self.showing = [
            self._no_signal,
            self._annotations,
            self._remark,
            *self._numbers.outputs,
            *self._chart.outputs,
        ]

    def show(self, opened: OpenRecording) -> Updates:
        """Show the recording that has just been opened."""
        recording = opened.recording
        rows = views.annotation_rows(recording)
        table = filled_table(views.ANNOTATION_COLUMNS, rows)
        return {
            self._no_signal: gr.HTML(visible=not recording.channels),
            self._annotations: gr.Dataframe(value=table, visible=bool(rows)),
            self._remark: "" if rows else markup.empty("This recording has no annotations."),
            **self._numbers.cleared(),
            **self._chart.offer(recording),
        }
