"""Explanation of a window: the channels and seconds that raised its probability, over the EEG."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np

from seizure_core import figures
from seizure_core.errors import ParameterError
from seizure_core.events.event import Event
from seizure_core.recording import Recording
from ui.events import Updates, listen
from ui.i18n import words
from ui.i18n.translation import tr
from ui.loaded_models import load_model
from ui.opening.recordings import OpenRecording
from ui.opening.sessions import looked_at
from ui.resources import Services
from ui.viewer.component import ViewerComponents
from ui.widgets import markup
from ui.widgets.downloads import FigureFiles
from ui.widgets.pictures import chart_html, save_all_formats
from zoo.inference.detection import Detection
from zoo.inference.explain import Explanation, explain_window

WHY = "Explain"
NOT_EXPLAINED = "The explained window appears here."
# It may be asked for in Analysis, too.
_TO_PREDICT = """() => document.getElementById("predict-tab-button").click()"""
_INTO_SIGHT = """() => setTimeout(
  () => document.getElementById("explanation").scrollIntoView({ behavior: "smooth" }), 100)"""


class ExplanationSection:
    """The second to explain, and the drawing.

    Parameters
    ----------
    services : Services
        Where models and files are.
    viewer : ViewerComponents
        Where the result is.
    current : gr.State
        The session's recording.

    Attributes
    ----------
    moment : gr.Textbox
        Filled where a row of the result is chosen.
    outputs : list
        What `cleared` gives values for.
    """

    def __init__(self, services: Services, viewer: ViewerComponents, current: gr.State) -> None:
        self._services, self._viewer = services, viewer
        with gr.Accordion(WHY, open=False, elem_id="explanation") as self._part:
            gr.HTML(
                markup.paragraph(
                    "Each second of each channel is silenced in turn: red is what made the model "
                    "think of a seizure, blue what spoke against it. It tells what this model "
                    "looked at, not where the seizure began."
                ),
                elem_classes="remark",
                padding=False,
            )
            with gr.Row(equal_height=False):
                self.moment = gr.Textbox(
                    label="Second of the recording",
                    info="Empty: where the probability is highest. Choosing a window fills it in, "
                    "Explain at an event explains where the event is clearest.",
                    elem_id="explained-second",
                    scale=1,
                    min_width=220,
                )
                button = gr.Button(
                    "Explain the window around it",
                    elem_id="explain",
                    size="md",
                )
            self._picture = gr.HTML(markup.empty(NOT_EXPLAINED), elem_id="explained")
            self._files = FigureFiles("Explanation", "explained")
        self.outputs = [self.moment, self._picture, self._files.row]
        self._wire(button, current)

    def _wire(self, button: gr.Button, current: gr.State) -> None:
        listen(
            button.click,
            self.explain,
            inputs=[current, self.moment],
            outputs=[self._picture, *self._files.outputs],
        )
        asked = self._viewer.component.explain_asked
        listen(asked, None, js=_TO_PREDICT)
        explained = listen(
            asked,
            self.explain_event,
            inputs=current,
            outputs=[self._part, self.moment, self._picture, *self._files.outputs],
        )
        listen(explained.success, None, js=_INTO_SIGHT)

    def cleared(self) -> Updates:
        """Take the drawing away: there is another result."""
        picture = markup.empty(NOT_EXPLAINED)
        return {self.moment: "", self._picture: picture, **self._files.hidden()}

    def explain(
        self,
        opened: OpenRecording | None,
        moment: str,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 - this is how Gradio hands it in
    ) -> Updates:
        """Explain the window around a second, and offer its drawing."""
        looked = looked_at(opened)
        found, recording = self._viewer.found(looked.handle), looked.recording
        if found is None:
            raise ParameterError(words.RUN_FIRST)
        progress(0, desc=tr(WHY))
        explanation = explain_window(
            load_model(self._services.settings, found.model_id),
            recording,
            centre_s=second_of(moment, found),
        )
        heading = tr("What {model} responded to", model=found.model_id)
        drawn = _drawn(explanation, recording)

        def make() -> Any:
            return figures.explained_figure(drawn, heading=heading)

        stem = f"{Path(recording.file_name).stem}_explained_{explanation.start_s:.0f}s"
        with self._services.work.filled() as folder:
            paths = save_all_formats(make, folder, stem)
        alternative = tr(
            "The window's channels, shaded where they made the model think of a seizure"
        )
        shown = markup.paragraph(_sentence(explanation)) + chart_html(make, alternative=alternative)
        return {self._picture: shown, **self._files.offered(paths)}

    def explain_event(
        self,
        opened: OpenRecording | None,
        asked: gr.EventData,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 - this is how Gradio hands it in
    ) -> Updates:
        """Explain the clearest second of an event that was chosen in the viewer."""
        found = self._viewer.found(looked_at(opened).handle)
        if found is None:
            raise ParameterError(words.RUN_FIRST)
        event = Event(onset_s=float(asked.onset_s), duration_s=float(asked.duration_s))
        moment = f"{clearest_second(found, event):g}"
        shown = self.explain(opened, moment, progress)
        return {self._part: gr.Accordion(open=True), self.moment: moment, **shown}


def clearest_second(found: Detection, stretch: Event) -> float:
    """Return the second of the highest probability in a stretch, its middle if there is none."""
    inside = (found.times_s >= stretch.onset_s) & (found.times_s <= stretch.offset_s)
    known = np.flatnonzero(inside & ~np.isnan(found.probabilities))
    if not len(known):
        return stretch.onset_s + stretch.duration_s / 2
    return float(found.times_s[known[np.argmax(found.probabilities[known])]])


def second_of(moment: str, found: Detection) -> float:
    """Return the second that was typed; for an empty field the one of the highest probability."""
    written = moment.strip().replace(",", ".")
    if not written:
        return clearest_second(found, Event(onset_s=0.0, duration_s=found.duration_s))
    try:
        second = float(written)
    except ValueError:
        second = math.nan
    if not math.isfinite(second):
        no_number = "{text!r} is not a time in the recording. Write seconds, such as 75.5."
        raise ParameterError(no_number, text=moment.strip())
    return second


def _drawn(explanation: Explanation, recording: Recording) -> figures.ExplainedWindow:
    return figures.ExplainedWindow(
        labels=explanation.channels,
        signals=explanation.signals,
        sampling_rate_hz=explanation.sampling_rate_hz,
        start_s=explanation.start_s,
        start_time=recording.start_time,
        effects=explanation.effects,
        channel_effects=explanation.channel_effects,
        stretch_s=explanation.stretch_s,
    )


def _sentence(explanation: Explanation) -> str:
    first_s, last_s = explanation.top_stretch()
    return tr(
        "{probability:.3f} for the window from {start:g} s to {stop:g} s. Most came from "
        "{channels}, and from {first:g} s to {last:g} s.",
        probability=explanation.probability,
        start=explanation.start_s,
        stop=explanation.start_s + explanation.window_s,
        channels=", ".join(explanation.top_channels()),
        first=first_s,
        last=last_s,
    )
