"""The Analysis tab: what is in a recording, its EEG in the viewer, its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from ui.analysis.charts import Charts, build_charts, fresh_charts
from ui.analysis.numbers import Numbers, build_numbers, fresh_numbers
from ui.errors import for_browser
from ui.i18n import text
from ui.i18n.translation import filled_table
from ui.opening.controls import FolderDoor, build_folder_door, build_upload
from ui.opening.recordings import OpenRecording
from ui.opening.sessions import looked_at
from ui.server.work_folders import WorkFolders
from ui.stopping import WorkStops
from ui.viewer.component import ViewerComponents, build_viewer
from ui.viewer.handles import HandleStore
from ui.widgets import markup, views


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisTab:
    """What the layout needs of the tab.

    Attributes
    ----------
    upload : gr.File
        Where recordings are dropped.
    folder : FolderDoor or None
        Where the server's recordings are chosen; None where it offers none.
    viewer : ViewerComponents
        Where its EEG is looked at.
    on_opened : dict
        Arguments of the event that shows a recording that was just opened.
    """

    upload: gr.File
    folder: FolderDoor | None
    viewer: ViewerComponents
    on_opened: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Annotations:
    table: gr.Dataframe
    remark: gr.HTML


def build_analysis(
    store: HandleStore,
    work: WorkFolders,
    stops: WorkStops,
    current: gr.State,
    *,
    has_folder: bool,
) -> AnalysisTab:
    """Build the tab inside the current Blocks context.

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
    """
    with gr.Row(equal_height=False):
        with gr.Column(scale=2, min_width=290):
            upload = build_upload(elem_id="analysis-upload", height=170)
            folder = build_folder_door() if has_folder else None
        with gr.Column(scale=5, min_width=320):
            facts = gr.HTML(markup.empty(text.NO_RECORDING), elem_id="facts")
    viewer = build_viewer(store, elem_id="eeg")
    no_signal = gr.HTML(markup.empty(text.NO_SIGNAL), visible=False)
    numbers = build_numbers(work, stops, current)
    charts = build_charts(work, current)
    annotations = _build_annotations()
    return AnalysisTab(
        upload=upload,
        folder=folder,
        viewer=viewer,
        on_opened=_on_opened(current, facts, viewer, no_signal, numbers, charts, annotations),
    )


def _build_annotations() -> _Annotations:
    gr.Markdown("### Annotations")
    table = gr.Dataframe(
        headers=list(views.ANNOTATION_COLUMNS),
        interactive=False,
        label="Annotations in the file",
        elem_id="annotations",
        max_height=360,
        visible=False,
    )
    return _Annotations(table=table, remark=gr.HTML(markup.empty(text.NO_ANNOTATIONS_YET)))


def _on_opened(
    current: gr.State,
    facts: gr.HTML,
    viewer: ViewerComponents,
    no_signal: gr.HTML,
    numbers: Numbers,
    charts: Charts,
    annotations: _Annotations,
) -> dict[str, Any]:
    @for_browser
    def show(opened: OpenRecording | None) -> tuple[Any, ...]:
        recording = looked_at(opened).recording
        rows = views.annotation_rows(recording)
        return (
            views.recording_html(recording),
            viewer.show(looked_at(opened).handle) if recording.channels else None,
            gr.HTML(visible=not recording.channels),
            gr.Dataframe(value=filled_table(views.ANNOTATION_COLUMNS, rows), visible=bool(rows)),
            "" if rows else markup.empty(text.NO_ANNOTATIONS),
            *fresh_numbers(),
            *fresh_charts(recording),
        )

    return {
        "fn": show,
        "inputs": current,
        "outputs": [
            facts,
            viewer.component,
            no_signal,
            annotations.table,
            annotations.remark,
            *numbers.outputs,
            *charts.outputs,
        ],
        "api_visibility": "private",
    }
