"""What a net found: probability, events and windows, and the EEG of each in the viewer."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

import gradio as gr
import numpy as np

from seizure_core.errors import ParameterError
from seizure_core.events.event import Event
from ui.errors import for_browser
from ui.i18n import text
from ui.i18n.translation import filled_table
from ui.opening.recordings import OpenRecording
from ui.opening.sessions import looked_at
from ui.predict.explanation import (
    ExplanationPart,
    build_explanation,
    middle_of,
    no_explanation,
)
from ui.predict.exports import Exports, build_exports, no_exports
from ui.predict.reference_comparison import ReferenceComparison, build_comparison, no_comparison
from ui.predict.stale import NOT_STALE, title_of
from ui.viewer.component import ViewerComponents, ViewerValue, build_viewer
from ui.viewer.handles import HandleStore
from ui.viewer.overlays import NO_OVERLAYS, Overlays
from ui.widgets import markup, views
from ui.widgets.paged_table import Listing, PagedTable, build_paged_table
from ui.widgets.pictures import trace_html
from zoo.inference.detection import Detection

# A page on which an event is seen with what comes before and after.
PAGE_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The components that show a result at a glance."""

    detection: gr.State
    stale: gr.HTML
    trace: gr.HTML
    summary: gr.HTML
    tables: gr.Row
    events: PagedTable
    no_events: gr.HTML
    windows: PagedTable
    only_seizure: gr.Checkbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """All components that show a result; `about` folds up for it."""

    about: gr.Accordion
    overview: Overview
    details: gr.Column
    viewer: ViewerComponents
    sources: gr.Dataframe
    stale: gr.HTML
    exports: Exports
    explanation: ExplanationPart
    comparison: ReferenceComparison

    @property
    def clearing(self) -> list[Any]:
        """What `cleared` gives values for."""
        at_a_glance = self.overview
        return [
            at_a_glance.detection,
            at_a_glance.stale,
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
            *at_a_glance.events.outputs,
            at_a_glance.no_events,
            *at_a_glance.windows.outputs,
            at_a_glance.only_seizure,
            self.viewer.component,
            self.sources,
            self.stale,
            *self.exports.outputs,
            *self.explanation.outputs,
            *self.comparison.outputs,
        ]


def build_overview() -> Overview:
    """Build what is seen at a glance, inside the current Blocks context."""
    detection = gr.State(None)
    stale = gr.HTML("", elem_id="stale")
    trace = gr.HTML(markup.empty(text.NO_RESULT), elem_id="trace")
    summary = gr.HTML("", elem_id="summary")
    with gr.Row(equal_height=False, visible=False) as tables:
        with gr.Column(scale=1, min_width=320):
            events = build_paged_table("Events", views.EVENT_COLUMNS, "events")
            no_events = gr.HTML(markup.empty(text.NO_EVENTS), visible=False)
        with gr.Column(scale=1, min_width=320):
            windows = build_paged_table("Windows", views.WINDOW_COLUMNS, "windows")
            only_seizure = gr.Checkbox(
                label="Only windows at or above the threshold", elem_id="only-seizure"
            )
    return Overview(
        detection=detection,
        stale=stale,
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
        stale = gr.HTML("", elem_id="stale-files")
        exports = build_exports()
        explanation = build_explanation()
        comparison = build_comparison()
        with gr.Accordion("Where the net's channels came from", open=False):
            sources = gr.Dataframe(
                headers=list(views.SOURCE_COLUMNS),
                interactive=False,
                label="Channels",
                elem_id="sources",
                max_height=320,
            )
    return Answer(
        about=about,
        overview=overview,
        details=details,
        viewer=viewer,
        sources=sources,
        stale=stale,
        exports=exports,
        explanation=explanation,
        comparison=comparison,
    )


def cleared(sentence: str) -> tuple[Any, ...]:
    """Return the values of `Answer.clearing`: no result, and why there is none."""
    closed = gr.Row(visible=False), gr.Column(visible=False)
    return None, NOT_STALE, markup.empty(sentence), "", *closed


def forget_in_viewers(viewer: ViewerComponents, opened: OpenRecording | None) -> None:
    """Take what an earlier run found out of the viewers."""
    if opened is not None:
        viewer.show(opened.handle, overlays=NO_OVERLAYS)


def shown(answer: Answer, opened: OpenRecording, detection: Detection) -> tuple[Any, ...]:
    """Return the values of `Answer.showing` for a detection."""
    events = answer.overview.events.shown(listed_events(detection))
    return (
        detection,
        NOT_STALE,
        trace_html(detection),
        views.caveats_html(detection)
        + markup.facts(views.statistics_line(detection))
        + views.result_findings_html(detection),
        gr.Row(visible=True),
        gr.Column(visible=True),
        gr.Accordion(open=False),
        gr.Dataframe(value=events[0], visible=bool(detection.events)),
        *events[1:],
        gr.HTML(visible=not detection.events),
        *answer.overview.windows.shown(listed_windows(detection, only_seizure=False)),
        False,
        answer.viewer.show(
            opened.handle,
            event=detection.events[0] if detection.events else None,
            length_s=PAGE_S,
            overlays=overlays_of(detection),
        ),
        filled_table(views.SOURCE_COLUMNS, views.source_rows(detection)),
        NOT_STALE,
        *no_exports(),
        *no_explanation(),
        *no_comparison(),
    )


def overlays_of(detection: Detection) -> Overlays:
    """Return what a viewer draws of a detection."""
    return Overlays(
        predictions=detection.events,
        trace=detection.trace,
        threshold=detection.threshold,
        title=title_of(detection),
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

    for table, handler in (
        (answer.overview.events.table, show_event),
        (answer.overview.windows.table, show_window),
    ):
        table.select(
            handler,
            inputs=current,
            outputs=[answer.viewer.component, answer.explanation.moment],
            trigger_mode="always_last",
            api_visibility="private",
        )
    _wire_pages(answer.overview)


def _wire_pages(overview: Overview) -> None:
    def events(found: Detection | None) -> Listing:
        return listed_events(_result(found))

    def windows(found: Detection | None, only_seizure: bool) -> Listing:
        return listed_windows(_result(found), only_seizure=only_seizure)

    @for_browser
    def filter_windows(found: Detection | None, only_seizure: bool) -> tuple[Any, ...]:
        return overview.windows.shown(windows(found, only_seizure))

    overview.events.wire([overview.detection], events)
    overview.windows.wire([overview.detection, overview.only_seizure], windows)
    overview.only_seizure.input(
        filter_windows,
        inputs=[overview.detection, overview.only_seizure],
        outputs=overview.windows.outputs,
        api_visibility="private",
    )


def listed_events(detection: Detection) -> Listing:
    """Return the events of a detection, to be shown in pages."""
    ends_s = [event.offset_s for event in detection.events]
    return Listing(
        n_rows=len(detection.events),
        rows=lambda first, most: views.event_rows(detection, first=first, most=most),
        place=lambda second: bisect_right(ends_s, second),
    )


def listed_windows(detection: Detection, *, only_seizure: bool) -> Listing:
    """Return the windows of a detection, all or those at or above the threshold, in pages."""
    chosen = views.listed_windows(detection, only_seizure=only_seizure)
    ends_s = detection.starts_s[chosen] + detection.window_s
    return Listing(
        n_rows=len(chosen),
        rows=lambda first, most: views.window_rows(
            detection, only_seizure=only_seizure, first=first, most=most
        ),
        place=lambda second: int(np.searchsorted(ends_s, second, side="right")),
    )


def _result(found: Detection | None) -> Detection:
    if found is None:
        raise ParameterError(text.RUN_FIRST)
    return found
