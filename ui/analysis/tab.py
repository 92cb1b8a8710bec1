"""The Analysis tab: what is in a recording, its EEG in the viewer, its numbers."""

from __future__ import annotations

import gradio as gr

from ui.analysis.channel_charts import ChannelChart
from ui.analysis.numbers import StatisticsSection
from ui.events import Trigger, Updates, listen
from ui.i18n import words
from ui.i18n.translation import filled_table
from ui.opening.recordings import OpenRecording
from ui.opening.sessions import looked_at
from ui.opening.start import FolderDoor, build_upload
from ui.server.work_folders import WorkFolders
from ui.stopping import WorkStops
from ui.viewer.component import build_viewer
from ui.viewer.handles import HandleStore
from ui.widgets import markup, views


class AnalysisTab:
    """The tab.

    Parameters
    ----------
    store : HandleStore
        What viewers may ask for.
    work : WorkFolders
        Where files the tab makes go.
    stops : WorkStops
        Where long work can be stopped.
    current : gr.State
        The session's `OpenRecording`, or None.
    has_folder : bool
        Whether the server offers a folder of recordings.

    Attributes
    ----------
    upload : gr.File
        Where recordings are dropped.
    folder : FolderDoor or None
        Where the server's recordings are chosen; None where it offers none.
    viewer : ViewerComponents
        Where the EEG is looked at.
    """

    def __init__(
        self,
        store: HandleStore,
        work: WorkFolders,
        stops: WorkStops,
        current: gr.State,
        *,
        has_folder: bool,
    ) -> None:
        self._current = current
        with gr.Row(equal_height=False):
            with gr.Column(scale=2, min_width=290):
                self.upload = build_upload(elem_id="analysis-upload", height=170)
                self.folder = FolderDoor() if has_folder else None
            with gr.Column(scale=5, min_width=320):
                self._facts = gr.HTML(markup.empty(words.NO_RECORDING), elem_id="facts")
        self.viewer = build_viewer(store, elem_id="eeg")
        self._no_signal = gr.HTML(
            markup.empty(
                "This file has no signal to draw, only annotations. They are listed under "
                "<em>Annotations</em> below."
            ),
            visible=False,
        )
        self._numbers = StatisticsSection(work, stops, current)
        self._chart = ChannelChart(work, current)
        gr.Markdown("### Annotations")
        self._annotations = gr.Dataframe(
            headers=list(views.ANNOTATION_COLUMNS),
            interactive=False,
            label="Annotations in the file",
            elem_id="annotations",
            max_height=360,
            visible=False,
        )
        self._remark = gr.HTML(markup.empty("Annotations of the open recording appear here."))

    def follow_opening(self, trigger: Trigger) -> gr.events.Dependency:
        """Let an event show the recording that was just opened."""
        outputs = [
            self._facts,
            self.viewer.component,
            self._no_signal,
            self._annotations,
            self._remark,
            *self._numbers.outputs,
            *self._chart.outputs,
        ]
        return listen(trigger, self.show, inputs=self._current, outputs=outputs)

    def show(self, opened: OpenRecording | None) -> Updates:
        """Show the recording that is open now."""
        recording = looked_at(opened).recording
        rows = views.annotation_rows(recording)
        table = filled_table(views.ANNOTATION_COLUMNS, rows)
        has_signal = bool(recording.channels)
        return {
            self._facts: views.recording_html(recording),
            self.viewer.component: self.viewer.show(looked_at(opened).handle)
            if has_signal
            else None,
            self._no_signal: gr.HTML(visible=not has_signal),
            self._annotations: gr.Dataframe(value=table, visible=bool(rows)),
            self._remark: "" if rows else markup.empty("This recording has no annotations."),
            **self._numbers.cleared(),
            **self._chart.offer(recording),
        }
