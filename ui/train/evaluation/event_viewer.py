"""The EEG of a moment of a tested recording, with what the expert and the net say of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import gradio as gr

from seizure_core.events.event import Event
from seizure_core.events.postprocessing import PostProcessing
from seizure_core.io.opening import open_recording
from training.evaluate.explorer import TracedFile
from ui.errors import for_browser
from ui.train.evaluation.explorer import ExplorerParts
from ui.train.evaluation.tested import Outcome, as_levels, looked_at, post_processing
from ui.viewer.component import ViewerComponents, ViewerValue
from ui.viewer.handles import Overlays

# A page on which an event is seen with what comes before and after.
PAGE_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Which recording the viewer shows, and under which handle."""

    file_name: str
    handle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventViewer:
    """The viewer of a test; `shown` holds the session's `Shown`, or None."""

    viewer: ViewerComponents
    section: gr.Column
    shown: gr.State

    @property
    def closing(self) -> list[Any]:
        """What `close` gives values for."""
        return [self.shown, self.section, self.viewer.component]

    def close(self, shown: Shown | None) -> tuple[Any, ...]:
        """Give up what is shown: another test begins."""
        if shown is not None:
            self.viewer.store.close(shown.handle)
        return None, gr.Column(visible=False), None

    def show(
        self,
        outcome: Outcome,
        shown: Shown | None,
        file_name: str,
        stretch: Event | None,
        settings: PostProcessing,
        request: gr.Request,
    ) -> tuple[Any, ...]:
        """Return the values of `closing` that bring a moment to the screen."""
        overlays = overlays_of(outcome, outcome.traced(file_name), settings)
        if shown is None or shown.file_name != file_name:
            self.close(shown)
            place = outcome.pairs[file_name].recording
            recording = open_recording(place.location, file_name=place.file_name)
            handle = self.viewer.open(recording, request, overlays)
            shown = Shown(file_name=file_name, handle=handle)
            length_s: float | None = min(PAGE_S, recording.duration_s)
        else:
            length_s = None
        value = self.viewer.show(shown.handle, event=stretch, length_s=length_s, overlays=overlays)
        return shown, gr.Column(visible=True), value


def overlays_of(outcome: Outcome, traced: TracedFile, settings: PostProcessing) -> Overlays:
    """Return what the viewer draws beside the signals."""
    card = outcome.evaluation.detector.card
    return Overlays(
        references=traced.reference,
        predictions=traced.events(settings),
        trace=traced.trace,
        threshold=settings.threshold,
        title=f"{card.model_id} {card.version}",
    )


def wire_moments(parts: ExplorerParts, moments: EventViewer) -> None:
    """Let a row, or the button, show its EEG; and let the viewer's events follow the levels."""
    _wire_rows(parts, moments)
    _wire_button(parts, moments)
    _wire_levels(parts, moments)


def _wire_rows(parts: ExplorerParts, moments: EventViewer) -> None:
    @for_browser
    def show_row(
        chosen: gr.SelectData,
        request: gr.Request,
        outcome: Outcome | None,
        shown: Shown | None,
        *levels: float,
    ) -> tuple[Any, ...]:
        name, _, onset_s, duration_s, _ = chosen.row_value
        stretch = Event(onset_s=float(onset_s), duration_s=float(duration_s))
        settings = post_processing(as_levels(levels))
        return moments.show(looked_at(outcome), shown, str(name), stretch, settings, request)

    for table in (parts.missed, parts.false_alarms):
        table.select(
            show_row,
            inputs=[parts.tested, moments.shown, *parts.sliders],
            outputs=moments.closing,
            trigger_mode="always_last",
            api_visibility="private",
        )


def _wire_button(parts: ExplorerParts, moments: EventViewer) -> None:
    @for_browser
    def show_recording(
        request: gr.Request,
        outcome: Outcome | None,
        shown: Shown | None,
        recording: str | None,
        *levels: float,
    ) -> tuple[Any, ...]:
        now, settings = looked_at(outcome), post_processing(as_levels(levels))
        name = recording or now.names[0]
        traced = now.traced(name)
        first = next(iter((*traced.reference, *traced.events(settings))), None)
        return moments.show(now, shown, name, first, settings, request)

    parts.look.click(
        show_recording,
        inputs=[parts.tested, moments.shown, parts.recording, *parts.sliders],
        outputs=moments.closing,
        api_visibility="private",
    )


def _wire_levels(parts: ExplorerParts, moments: EventViewer) -> None:
    @for_browser
    def follow(outcome: Outcome | None, shown: Shown | None, *levels: float) -> ViewerValue:
        if shown is None:
            return cast("ViewerValue", gr.skip())
        now, settings = looked_at(outcome), post_processing(as_levels(levels))
        opened = moments.viewer.store.get(shown.handle)
        opened.overlays = overlays_of(now, now.traced(shown.file_name), settings)
        return moments.viewer.refresh(shown.handle)

    gr.on(
        [slider.change for slider in parts.sliders],
        follow,
        inputs=[parts.tested, moments.shown, *parts.sliders],
        outputs=moments.viewer.component,
        trigger_mode="always_last",
        show_progress="hidden",
        api_visibility="private",
    )
