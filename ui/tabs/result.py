"""What a net found: probability, events and windows, and the EEG of each in the viewer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from seizure_core.events import Event
from ui import markup, text, views
from ui.downloads import offered
from ui.drawing import draw_alone
from ui.errors import for_browser
from ui.i18n import filled_table, tr
from ui.pictures import trace_html
from ui.recordings import OpenRecording
from ui.results import ResultFiles
from ui.sessions import looked_at
from ui.tabs.comparison import Comparison, build_comparison, no_comparison
from ui.tabs.explanation import (
    ExplanationPart,
    build_explanation,
    middle_of,
    no_explanation,
)
from ui.viewer.component import ViewerComponents, ViewerValue, build_viewer
from ui.viewer.handles import HandleStore
from ui.viewer.overlays import NO_OVERLAYS, Overlays
from ui.work_folders import WorkFolders
from zoo.detection import Detection
from zoo.registry import model_card
from zoo.report import write_detection_report

# A page on which an event is seen with what comes before and after.
PAGE_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The components that show a result at a glance."""

    detection: gr.State
    trace: gr.HTML
    summary: gr.HTML
    tables: gr.Row
    events: gr.Dataframe
    no_events: gr.HTML
    windows: gr.Dataframe
    only_seizure: gr.Checkbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """All components that show a result; `about` folds up for it."""

    about: gr.Accordion
    overview: Overview
    details: gr.Column
    viewer: ViewerComponents
    sources: gr.Dataframe
    events_file: gr.DownloadButton
    windows_file: gr.DownloadButton
    json_file: gr.DownloadButton
    make_report: gr.Button
    report_file: gr.DownloadButton
    explanation: ExplanationPart
    comparison: Comparison

    @property
    def clearing(self) -> list[Any]:
        """What `cleared` gives values for."""
        at_a_glance = self.overview
        return [
            at_a_glance.detection,
            at_a_glance.trace,
            at_a_glance.summary,
            at_a_glance.tables,
            self.details,
        ]

    @property
    def showing(self) -> list[Any]:
        """What `shown` gives values for."""
        at_a_glance = self.overview
        return [
            *self.clearing,
            self.about,
            at_a_glance.events,
            at_a_glance.no_events,
            at_a_glance.windows,
            at_a_glance.only_seizure,
            self.viewer.component,
            self.sources,
            self.events_file,
            self.windows_file,
            self.json_file,
            self.report_file,
            *self.explanation.outputs,
            *self.comparison.outputs,
        ]


def build_overview() -> Overview:
    """Build what is seen at a glance, inside the current Blocks context."""
    detection = gr.State(None)
    trace = gr.HTML(markup.empty(text.NO_RESULT), elem_id="trace")
    summary = gr.HTML("", elem_id="summary")
    with gr.Row(equal_height=False, visible=False) as tables:
        with gr.Column(scale=1, min_width=320):
            events = _table("Events", views.EVENT_COLUMNS, "events")
            no_events = gr.HTML(markup.empty(text.NO_EVENTS), visible=False)
        with gr.Column(scale=1, min_width=320):
            windows = _table("Windows", views.WINDOW_COLUMNS, "windows")
            only_seizure = gr.Checkbox(
                label="Only windows at or above the threshold", elem_id="only-seizure"
            )
    return Overview(
        detection=detection,
        trace=trace,
        summary=summary,
        tables=tables,
        events=events,
        no_events=no_events,
        windows=windows,
        only_seizure=only_seizure,
    )


def build_answer(store: HandleStore, about: gr.Accordion, overview: Overview) -> Answer:
    """Build the viewer and the files below, inside the current Blocks context.

    Parameters
    ----------
    store : HandleStore
        What viewers may ask for.
    about : gr.Accordion
        Where the net's card is read before a run.
    overview : Overview
        From `build_overview`.
    """
    with gr.Column(visible=False) as details:
        gr.Markdown(text.PICK_A_ROW, elem_classes="remark")
        viewer = build_viewer(store, elem_id="result-eeg")
        with gr.Row():
            events_file = gr.DownloadButton("Events (TSV)", elem_id="download-events", size="md")
            windows_file = gr.DownloadButton("Windows (CSV)", elem_id="download-windows", size="md")
            json_file = gr.DownloadButton("Everything (JSON)", elem_id="download-json", size="md")
            make_report = gr.Button(text.MAKE_REPORT, elem_id="make-report", size="md")
            report_file = gr.DownloadButton(
                "Report (PDF)", elem_id="download-report", size="md", visible=False
            )
        explanation = build_explanation()
        comparison = build_comparison()
        with gr.Accordion("Where the net's channels came from", open=False):
            sources = _table("Channels", views.SOURCE_COLUMNS, "sources")
    return Answer(
        about=about,
        overview=overview,
        details=details,
        viewer=viewer,
        sources=sources,
        events_file=events_file,
        windows_file=windows_file,
        json_file=json_file,
        make_report=make_report,
        report_file=report_file,
        explanation=explanation,
        comparison=comparison,
    )


def _table(label: str, columns: tuple[str, ...], elem_id: str) -> gr.Dataframe:
    return gr.Dataframe(
        headers=list(columns), interactive=False, label=label, elem_id=elem_id, max_height=320
    )


def cleared(sentence: str) -> tuple[Any, ...]:
    """Return the values of `Answer.clearing`: no result, and why there is none."""
    return None, markup.empty(sentence), "", gr.Row(visible=False), gr.Column(visible=False)


def forget_in_viewers(viewer: ViewerComponents, opened: OpenRecording | None) -> None:
    """Take what an earlier run found out of the viewers."""
    if opened is not None:
        viewer.show(opened.handle, overlays=NO_OVERLAYS)


def shown(
    viewer: ViewerComponents, opened: OpenRecording, detection: Detection, files: ResultFiles
) -> tuple[Any, ...]:
    """Return the values of `Answer.showing` for a detection."""
    return (
        detection,
        trace_html(detection),
        markup.facts(views.statistics_line(detection)) + views.result_findings_html(detection),
        gr.Row(visible=True),
        gr.Column(visible=True),
        gr.Accordion(open=False),
        gr.Dataframe(
            value=filled_table(views.EVENT_COLUMNS, views.event_rows(detection)),
            visible=bool(detection.events),
        ),
        gr.HTML(visible=not detection.events),
        filled_table(views.WINDOW_COLUMNS, views.window_rows(detection)),
        False,
        viewer.show(
            opened.handle,
            event=detection.events[0] if detection.events else None,
            length_s=PAGE_S,
            overlays=overlays_of(detection),
        ),
        filled_table(views.SOURCE_COLUMNS, views.source_rows(detection)),
        *(offered(path) for path in (files.events, files.windows, files.everything)),
        gr.DownloadButton(visible=False),
        *no_explanation(),
        *no_comparison(),
    )


def overlays_of(detection: Detection) -> Overlays:
    """Return what a viewer draws of a detection."""
    return Overlays(
        predictions=detection.events,
        trace=detection.trace,
        threshold=detection.threshold,
        title=f"{detection.model_id} {detection.model_version}",
    )


def wire_rows(current: gr.State, answer: Answer) -> None:
    """Let a chosen row show its EEG."""

    @for_browser
    def go_to(
        opened: OpenRecording | None, onset_s: float, stop_s: float
    ) -> tuple[ViewerValue, str]:
        stretch = Event(onset_s=onset_s, duration_s=stop_s - onset_s)
        viewed = answer.viewer.show(looked_at(opened).handle, event=stretch)
        return viewed, middle_of(onset_s, stop_s)

    def show_event(opened: OpenRecording | None, chosen: gr.SelectData) -> tuple[ViewerValue, str]:
        onset_s, duration_s = float(chosen.row_value[1]), float(chosen.row_value[2])
        return go_to(opened, onset_s, onset_s + duration_s)

    def show_window(opened: OpenRecording | None, chosen: gr.SelectData) -> tuple[ViewerValue, str]:
        return go_to(opened, float(chosen.row_value[0]), float(chosen.row_value[1]))

    @for_browser
    def filter_windows(detection: Detection | None, only_seizure: bool) -> dict[str, object]:
        if detection is None:
            raise ParameterError(text.RUN_FIRST)
        rows = views.window_rows(detection, only_seizure=only_seizure)
        return filled_table(views.WINDOW_COLUMNS, rows)

    for table, handler in (
        (answer.overview.events, show_event),
        (answer.overview.windows, show_window),
    ):
        table.select(
            handler,
            inputs=current,
            outputs=[answer.viewer.component, answer.explanation.moment],
            trigger_mode="always_last",
            api_visibility="private",
        )
    answer.overview.only_seizure.input(
        filter_windows,
        inputs=[answer.overview.detection, answer.overview.only_seizure],
        outputs=answer.overview.windows,
        api_visibility="private",
    )


def wire_report(work: WorkFolders, current: gr.State, answer: Answer) -> None:
    """Let a report be printed; it is made when it is asked for, because its pages take time."""

    @for_browser
    def report(
        opened: OpenRecording | None,
        detection: Detection | None,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 - this is how Gradio hands it in
    ) -> gr.DownloadButton:
        if detection is None:
            raise ParameterError(text.RUN_FIRST)
        found, recording = detection, looked_at(opened).recording
        path = work.new() / f"{Path(found.file_name).stem}_report.pdf"
        progress(0, desc=tr(text.DRAWING_REPORT))
        draw_alone(
            lambda: write_detection_report(path, found, recording, model_card(found.model_id))
        )
        return gr.DownloadButton(value=str(path), visible=True)

    answer.make_report.click(
        report,
        inputs=[current, answer.overview.detection],
        outputs=answer.report_file,
        api_visibility="private",
    )
