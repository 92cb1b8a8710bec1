"""What a model found: probability, events and windows, and the EEG of each in the viewer."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

import gradio as gr
import numpy as np

from seizure_core.errors import ParameterError
from seizure_core.events.event import Event
from ui.events import Updates, listen
from ui.i18n import words
from ui.i18n.translation import filled_table
from ui.opening.recordings import OpenRecording
from ui.opening.sessions import looked_at
from ui.predict.asked import NOT_STALE, title_of
from ui.predict.explanation import ExplanationSection
from ui.predict.exports import ResultExports
from ui.predict.reference_comparison import ReferenceComparison
from ui.resources import Services
from ui.viewer.component import ViewerComponents
from ui.viewer.handles import NO_OVERLAYS, Overlays
from ui.widgets import markup, views
from ui.widgets.paged_table import Listing, PagedTable
from ui.widgets.pictures import trace_html
from zoo.inference.detection import Detection

# A page on which an event is seen with what comes before and after.
PAGE_S = 30.0


class ResultView:
    """A result at a glance and, below, its EEG and its files.

    It is built in two places of the tab: at a glance at once, the rest by `build_details`.

    Attributes
    ----------
    detection : gr.State
        The result, or None.
    trace : gr.HTML
        The probability over the whole recording.
    notices : list of gr.HTML
        Where it is said that the result is out of date.
    clearing, showing : list
        What `cleared` and `shown` give values for.
    """

    def __init__(self) -> None:
        self.detection = gr.State(None)
        stale = gr.HTML("", elem_id="stale")
        self.trace = gr.HTML(markup.empty(words.NO_RESULT), elem_id="trace")
        self._summary = gr.HTML("", elem_id="summary")
        with gr.Row(equal_height=False, visible=False) as self._tables:
            with gr.Column(scale=1, min_width=320):
                self._events = PagedTable("Events", views.EVENT_COLUMNS, "events")
                self._no_events = gr.HTML(
                    markup.empty(
                        "The model found no seizure in this recording (nothing held the threshold "
                        "for long enough)."
                    ),
                    visible=False,
                )
            with gr.Column(scale=1, min_width=320):
                self._windows = PagedTable("Windows", views.WINDOW_COLUMNS, "windows")
                self._only_seizure = gr.Checkbox(
                    label="Only windows at or above the threshold", elem_id="only-seizure"
                )
        self.notices = [stale]

    def build_details(
        self, services: Services, viewer: ViewerComponents, current: gr.State
    ) -> None:
        """Build the files, inside the current Blocks context.

        Parameters
        ----------
        services : Services
            Where models and files are.
        viewer : ViewerComponents
            Where the EEG is looked at.
        current : gr.State
            The session's `OpenRecording`, or None.
        """
        self.viewer = viewer
        with gr.Column(visible=False) as self._details:
            gr.Markdown(
                "Choose a row in the table of events or of windows: the EEG goes there.",
                elem_classes="remark",
            )
            self.notices.append(gr.HTML("", elem_id="stale-files"))
            seen = current, self.detection
            self._exports = ResultExports(services.work, *seen, self.viewer)
            self._explanation = ExplanationSection(services, *seen)
            self._comparison = ReferenceComparison(services.recordings, *seen, self.viewer)
            with gr.Accordion("Where the model's channels came from", open=False):
                self._sources = gr.Dataframe(
                    headers=list(views.SOURCE_COLUMNS),
                    interactive=False,
                    label="Channels",
                    elem_id="sources",
                    max_height=320,
                )
        self.clearing: list[Any] = [
            self.detection,
            *self.notices,
            self.trace,
            self._summary,
            self._tables,
            self._details,
        ]
        self.showing = [
            *self.clearing,
            *self._events.outputs,
            self._no_events,
            *self._windows.outputs,
            self._only_seizure,
            self.viewer.component,
            self._sources,
            self._exports.said,
            *self._explanation.outputs,
            *self._comparison.outputs,
        ]
        self._wire(current)

    def _wire(self, current: gr.State) -> None:
        for table, handler in (
            (self._events.table, self.show_event),
            (self._windows.table, self.show_window),
        ):
            listen(
                table.select,
                handler,
                inputs=current,
                outputs=[self.viewer.component, self._explanation.moment],
                trigger_mode="always_last",
            )
        self._events.wire([self.detection], listed_events)
        only = [self.detection, self._only_seizure]
        self._windows.wire(only, listed_windows)
        listen(
            self._only_seizure.input,
            self.filter_windows,
            inputs=only,
            outputs=self._windows.outputs,
        )

    def cleared(self, sentence: str) -> Updates:
        """Show no result, and why there is none."""
        return {
            self.detection: None,
            **dict.fromkeys(self.notices, NOT_STALE),
            self.trace: markup.empty(sentence),
            self._summary: "",
            self._tables: gr.Row(visible=False),
            self._details: gr.Column(visible=False),
        }

    def forget_in_viewers(self, opened: OpenRecording | None) -> None:
        """Take what an earlier run found out of the viewers."""
        if opened is not None:
            self.viewer.show(opened.handle, overlays=NO_OVERLAYS)

    def shown(self, opened: OpenRecording, found: Detection) -> Updates:
        """Show a result."""
        has_events = bool(found.events)
        events = self._events.shown(listed_events(found))
        events[self._events.table] = gr.Dataframe(
            value=events[self._events.table], visible=has_events
        )
        return {
            self.detection: found,
            **dict.fromkeys(self.notices, NOT_STALE),
            self.trace: trace_html(found),
            self._summary: markup.findings(found.caveats)
            + markup.facts(views.statistics_line(found))
            + markup.findings(found.other_findings),
            self._tables: gr.Row(visible=True),
            self._details: gr.Column(visible=True),
            **events,
            self._no_events: gr.HTML(visible=not has_events),
            **self._windows.shown(listed_windows(found)),
            self._only_seizure: False,
            self.viewer.component: self.viewer.show(
                opened.handle,
                event=found.events[0] if has_events else None,
                length_s=PAGE_S,
                overlays=Overlays(
                    predictions=found.events,
                    trace=found.trace,
                    threshold=found.threshold,
                    title=title_of(found),
                ),
            ),
            self._sources: filled_table(views.SOURCE_COLUMNS, views.source_rows(found)),
            **self._exports.cleared(),
            **self._explanation.cleared(),
            **self._comparison.cleared(),
        }

    def show_event(self, opened: OpenRecording | None, chosen: gr.SelectData) -> Updates:
        """Show the EEG of an event that was chosen."""
        onset_s, duration_s = (float(one) for one in chosen.row_value[1:3])
        return self._go_to(opened, onset_s, onset_s + duration_s)

    def show_window(self, opened: OpenRecording | None, chosen: gr.SelectData) -> Updates:
        """Show the EEG of a window that was chosen."""
        start_s, stop_s = (float(one) for one in chosen.row_value[:2])
        return self._go_to(opened, start_s, stop_s)

    def _go_to(self, opened: OpenRecording | None, start_s: float, stop_s: float) -> Updates:
        stretch = Event(onset_s=start_s, duration_s=stop_s - start_s)
        return {
            self.viewer.component: self.viewer.show(looked_at(opened).handle, event=stretch),
            self._explanation.moment: f"{(start_s + stop_s) / 2:g}",
        }

    def filter_windows(self, found: Detection | None, only_seizure: bool) -> Updates:
        """List all windows, or those at or above the threshold."""
        return self._windows.shown(listed_windows(found, only_seizure))


def listed_events(found: Detection | None) -> Listing:
    """Return the events of a detection, to be shown in pages."""
    detection = _result(found)
    ends_s = [event.offset_s for event in detection.events]
    return Listing(
        n_rows=len(detection.events),
        rows=lambda first, most: views.event_rows(detection, first=first, most=most),
        place=lambda second: bisect_right(ends_s, second),
    )


def listed_windows(found: Detection | None, only_seizure: bool = False) -> Listing:
    """Return the windows of a detection, all or those at or above the threshold, in pages."""
    detection = _result(found)
    chosen = views.listed_windows(detection, only_seizure=only_seizure)
    ends_s = detection.starts_s[chosen] + detection.window_s
    return Listing(
        n_rows=len(chosen),
        rows=lambda first, most: views.window_rows(detection, chosen[first : first + most]),
        place=lambda second: int(np.searchsorted(ends_s, second, side="right")),
    )


def _result(found: Detection | None) -> Detection:
    if found is None:
        raise ParameterError(words.RUN_FIRST)
    return found
