"""The result of a model below the EEG: facts, windows, explanation, comparison with an expert."""

from __future__ import annotations

import gradio as gr
import numpy as np
from markupsafe import Markup

from seizure_core.errors import ParameterError
from seizure_core.events.event import Event
from seizure_core.events.postprocessing import PostProcessing
from seizure_core.references import Reference
from ui.events import Updates, listen
from ui.i18n import words
from ui.i18n.translation import filled_table, tr
from ui.i18n.wording import clock_words, count_words, duration_words
from ui.opening.recordings import OpenRecording
from ui.opening.sessions import looked_at
from ui.predict.explanation import ExplanationSection
from ui.predict.reference_comparison import ReferenceComparison
from ui.resources import Services
from ui.viewer.component import ViewerComponents
from ui.widgets import markup, views
from ui.widgets.model_picker import name_of
from ui.widgets.paged_table import Listing, PagedTable
from zoo.inference.detection import Detection

_FOUND = "{model} found {events}, {time} in all. Y accepts, X rejects the event that is chosen."
_NOT_FOUND = (
    "{model} found no seizure: the probability did not stay at {threshold:g} or more for long "
    "enough. That is no proof that there is none. Lower the threshold under the EEG to see more."
)

_ALL_DROPPED = (
    "{model} found no seizure: its second stage dropped {events}. The reasons are below the EEG; "
    "the checkbox above it shows them all."
)


class ResultView:
    """A result in one line above the EEG, and the rest of it below.

    The result itself lies with the recording that is open (`ViewedFile.overlays`), where the
    threshold can be moved.

    Parameters
    ----------
    services : Services
        Where models and files are.
    viewer : ViewerComponents
        Where the EEG is looked at.
    said : gr.HTML
        The line.
    current : gr.State
        The session's `OpenRecording`, or None.

    Attributes
    ----------
    moving, showing : list
        What `moved`, and what `shown` gives values for.
    """

    def __init__(
        self, services: Services, viewer: ViewerComponents, said: gr.HTML, current: gr.State
    ) -> None:
        self._viewer, self._said = viewer, said
        with gr.Column(visible=False, elem_id="result") as self._details:
            self._summary = gr.HTML("", elem_id="summary")
            with gr.Accordion("Windows", open=False, elem_id="windows-drawer"):
                self._windows = PagedTable("Windows", views.WINDOW_COLUMNS, "windows")
                self._only_seizure = gr.Checkbox(
                    label="Only windows at or above the threshold", elem_id="only-seizure"
                )
            self._explanation = ExplanationSection(services, viewer, current)
            self._comparison = ReferenceComparison(services.recordings, viewer, current)
            with gr.Accordion("Where the model's channels came from", open=False):
                self._sources = gr.Dataframe(
                    headers=list(views.SOURCE_COLUMNS),
                    interactive=False,
                    label="Channels",
                    elem_id="sources",
                    max_height=320,
                )
        self.moving = [said, self._summary, *self._windows.outputs, *self._comparison.outputs]
        self.moved_by = [current, self._only_seizure, self._comparison.reference]
        self.showing = [
            *self.moving,
            self._details,
            self._only_seizure,
            self._sources,
            *self._explanation.outputs,
        ]
        self._wire(current)

    def _wire(self, current: gr.State) -> None:
        listen(
            self._windows.table.select,
            self.show_window,
            inputs=current,
            outputs=[self._viewer.component, self._explanation.moment],
            trigger_mode="always_last",
        )
        listed = [current, self._only_seizure]
        self._windows.wire(listed, self.listing)
        listen(
            self._only_seizure.input,
            lambda *given: self._windows.shown(self.listing(*given)),
            inputs=listed,
            outputs=self._windows.outputs,
        )

    def take(self, opened: OpenRecording, found: Detection, default: PostProcessing) -> Updates:
        """Show what a run has found, its first event in the middle of the EEG.

        Parameters
        ----------
        opened : OpenRecording
            Where.
        found : Detection
            What.
        default : PostProcessing
            The operating point of the model's card.
        """
        overlays = self._viewer.store.get(opened.handle).overlays.showing(found, default)
        first = next(iter(found.events), None)
        event = self._viewer.show(opened.handle, event=first, overlays=overlays)
        return {self._viewer.component: event, **self.shown(opened)}

    def forget(self, opened: OpenRecording | None, sentence: str) -> Updates:
        """Take an earlier result away, and say why there is none."""
        updates = self._without_result(sentence)
        if opened is not None:
            viewed = self._viewer.store.get(opened.handle)
            overlays = viewed.overlays.without_result()
            viewed.overlays, viewed.review = overlays, viewed.review.without_decisions()
            updates[self._viewer.component] = self._viewer.refresh(opened.handle)
        return updates

    def shown(self, opened: OpenRecording, sentence: str = "") -> Updates:
        """Show the result of a recording, or none, and why."""
        found = self._viewer.found(opened.handle)
        if found is None:
            return self._without_result(sentence)
        return {
            **self.moved(opened, only_seizure=False, reference=None),
            self._details: gr.Column(visible=True),
            self._only_seizure: False,
            self._sources: filled_table(views.SOURCE_COLUMNS, views.source_rows(found)),
            **self._explanation.cleared(),
            **self._comparison.cleared(),
        }

    def _without_result(self, sentence: str) -> Updates:
        return {self._said: markup.paragraph(sentence), self._details: gr.Column(visible=False)}

    def moved(
        self, opened: OpenRecording | None, only_seizure: bool, reference: Reference | str | None
    ) -> Updates:
        """Show what depends on the operating point."""
        found = found_in(self._viewer, opened)
        listing = listed_windows(found, only_seizure)
        return {
            self._said: said_html(found),
            self._summary: markup.facts(views.statistics_line(found))
            + dropped_html(found)
            + markup.findings(found.other_findings),
            **self._windows.shown(listing),
            **self._comparison.scored(opened, reference),
        }

    def listing(self, opened: OpenRecording | None, only_seizure: bool) -> Listing:
        """Return the windows in pages, all or those at or above the threshold."""
        return listed_windows(found_in(self._viewer, opened), only_seizure)

    def show_window(self, opened: OpenRecording | None, chosen: gr.SelectData) -> Updates:
        """Show the EEG of a window that was chosen."""
        start_s, stop_s = (float(cell) for cell in chosen.row_value[:2])
        stretch = Event(onset_s=start_s, duration_s=stop_s - start_s)
        return {
            self._viewer.component: self._viewer.show(looked_at(opened).handle, event=stretch),
            self._explanation.moment: f"{(start_s + stop_s) / 2:g}",
        }


def found_in(viewer: ViewerComponents, opened: OpenRecording | None) -> Detection:
    """Return the result of the recording that is open.

    Raises
    ------
    ParameterError
        There is none.
    """
    found = viewer.found(looked_at(opened).handle)
    if found is None:
        raise ParameterError(words.RUN_FIRST)
    return found


def said_html(found: Detection) -> str:
    """Return the line that says how many events there are; what makes it doubtful comes first."""
    template = _FOUND if found.events else _ALL_DROPPED if found.dropped else _NOT_FOUND
    said = tr(
        template,
        model=name_of(found.model_id),
        events=count_words(len(found.events or found.dropped), "candidate"),
        time=duration_words(found.seizure_s),
        threshold=found.threshold,
    )
    return markup.findings(found.caveats) + markup.paragraph(said)


def dropped_html(found: Detection) -> Markup:
    """Return the events that the second stage dropped, each with the reason; empty if none."""
    if not found.dropped:
        return Markup()
    said = [
        tr(
            "Dropped: {start} to {stop}, {reason}",
            start=clock_words(one.event.onset_s),
            stop=clock_words(one.event.offset_s),
            reason=one.reason,
        )
        for one in found.dropped
    ]
    summary = tr("{events} dropped by the second stage", events=count_words(len(said), "candidate"))
    return markup.folded(summary, markup.bullets(said))


def listed_windows(found: Detection, only_seizure: bool = False) -> Listing:
    """Return the windows of a detection, all or those at or above the threshold, in pages."""
    chosen = views.listed_windows(found, only_seizure=only_seizure)
    ends_s = found.starts_s[chosen] + found.window_s
    return Listing(
        n_rows=len(chosen),
        rows=lambda first, most: views.window_rows(found, chosen[first : first + most]),
        place=lambda second: int(np.searchsorted(ends_s, second, side="right")),
    )
