"""The EEG of a moment of a tested recording, with what the expert and the model say of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from seizure_core.events.event import Event
from seizure_core.events.postprocessing import PostProcessing
from seizure_core.io.opening import open_recording
from training.evaluate.explorer import TracedFile
from ui.events import Updates, listen
from ui.train.evaluation.explorer import Explorer
from ui.train.evaluation.tested import Outcome, looked_at
from ui.viewer.component import build_viewer
from ui.viewer.handles import HandleStore, Overlays

# A page on which an event is seen with what comes before and after.
_PAGE_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The recording that the viewer shows, and its handle."""

    file_name: str
    handle: str


class EventViewer:
    """The viewer of a test, hidden until a moment is asked for.

    Attributes
    ----------
    shown : gr.State
        The session's `Shown`, or None.
    outputs : list
        What `close` may change.
    """

    def __init__(self, store: HandleStore) -> None:
        with gr.Column(visible=False, elem_id="test-moment") as self._section:
            self._viewer = build_viewer(store, elem_id="test-eeg")
        self.shown = gr.State(None)
        self.outputs = [self.shown, self._section, self._viewer.component]

    def close(self, shown: Shown | None) -> Updates:
        """Give up what is shown: another test begins."""
        if shown is not None:
            self._viewer.store.close(shown.handle)
        return {
            self.shown: None,
            self._section: gr.Column(visible=False),
            self._viewer.component: None,
        }

    def _show(
        self,
        outcome: Outcome,
        shown: Shown | None,
        file_name: str,
        stretch: Event | None,
        settings: PostProcessing,
        request: gr.Request,
    ) -> Updates:
        overlays = _overlays_of(outcome, outcome.traced(file_name), settings)
        length_s: float | None = None
        if shown is None or shown.file_name != file_name:
            self.close(shown)
            place = outcome.pairs[file_name].recording
            recording = open_recording(place.location, file_name=place.file_name)
            handle = self._viewer.open(recording, request, overlays)
            shown = Shown(file_name=file_name, handle=handle)
            length_s = min(_PAGE_S, recording.duration_s)
        return {
            self.shown: shown,
            self._section: gr.Column(visible=True),
            self._viewer.component: self._viewer.show(
                shown.handle, event=stretch, length_s=length_s, overlays=overlays
            ),
        }

    def wire(self, explorer: Explorer) -> None:
        """Let a row or the button show its EEG, and let events follow the levels."""

        def show_row(chosen: gr.SelectData, request: gr.Request, given: dict[Any, Any]) -> Updates:
            name, _, onset_s, duration_s, _ = chosen.row_value
            stretch = Event(onset_s=float(onset_s), duration_s=float(duration_s))
            outcome, settings = looked_at(given[explorer.tested]), explorer.settings(given)
            return self._show(outcome, given[self.shown], str(name), stretch, settings, request)

        def show_recording(request: gr.Request, given: dict[Any, Any]) -> Updates:
            now, settings = looked_at(given[explorer.tested]), explorer.settings(given)
            name = given[explorer.recording] or now.names[0]
            traced = now.traced(name)
            first = next(iter((*traced.reference, *traced.events(settings))), None)
            return self._show(now, given[self.shown], name, first, settings, request)

        def follow(given: dict[Any, Any]) -> Updates:
            shown: Shown | None = given[self.shown]
            if shown is None:
                return {}
            now, settings = looked_at(given[explorer.tested]), explorer.settings(given)
            opened = self._viewer.store.get(shown.handle)
            opened.overlays = _overlays_of(now, now.traced(shown.file_name), settings)
            return {self._viewer.component: self._viewer.refresh(shown.handle)}

        asked = {self.shown, *explorer.levels}
        for mistakes in (explorer.missed, explorer.false_alarms):
            listen(
                mistakes.table.select,
                show_row,
                inputs=asked,
                outputs=self.outputs,
                trigger_mode="always_last",
            )
        looked = {explorer.recording, *asked}
        listen(explorer.look.click, show_recording, inputs=looked, outputs=self.outputs)
        explorer.on_moved(follow, inputs=asked, outputs=self._viewer.component)


def _overlays_of(outcome: Outcome, traced: TracedFile, settings: PostProcessing) -> Overlays:
    card = outcome.evaluation.detector.card
    return Overlays(
        references=traced.reference,
        predictions=traced.events(settings),
        trace=traced.trace,
        threshold=settings.threshold,
        title=f"{card.model_id} {card.version}",
    )
