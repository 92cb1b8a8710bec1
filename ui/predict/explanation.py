"""Why the net said so: which channels and seconds of a window made it, drawn over the EEG."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np

from seizure_core import figures
from seizure_core.errors import ParameterError
from seizure_core.figure_formats import FIGURE_FORMATS
from seizure_core.recording import Recording
from ui.errors import for_browser
from ui.i18n import text
from ui.i18n.translation import tr
from ui.loaded_models import load_net
from ui.opening.recordings import OpenRecording
from ui.opening.sessions import looked_at
from ui.resources import Services
from ui.widgets import markup
from ui.widgets.drawing import picture_of, save_all_formats
from zoo.inference.detection import Detection
from zoo.inference.explain import Explanation, explain_window

WHY = "Why did the net say so?"
WHY_INFO = (
    "Each second of each channel is silenced in turn: red is what made the net think of a "
    "seizure, blue what spoke against it. It tells what this net looked at, not where the seizure "
    "began."
)
MOMENT = "Second of the recording"
MOMENT_INFO = "Empty: where the net was surest. Choosing a row above fills it in."
EXPLAIN = "Explain the window around it"
NOT_EXPLAINED = "The explained window appears here."
NO_NUMBER = "{text!r} is no second of the recording. Write a number, such as 75.5."
FOUND = (
    "{probability} for the window from {start} s to {stop} s. Most came from {channels}, and from "
    "{first} s to {last} s."
)
FOUND_TITLE = "What made {net} say so"
PICTURE = "The window's channels, shaded where they made the net think of a seizure"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplanationPart:
    """The components.

    Attributes
    ----------
    moment : gr.Textbox
        Filled where a row is chosen.
    outputs : list
        What `no_explanation` gives values for.
    """

    moment: gr.Textbox
    button: gr.Button
    picture: gr.HTML
    files_row: gr.Row
    files: tuple[gr.DownloadButton, ...]

    @property
    def outputs(self) -> list[Any]:
        """What `no_explanation` gives values for."""
        return [self.moment, self.picture, self.files_row]


def no_explanation() -> tuple[Any, ...]:
    """Return the values of `ExplanationPart.outputs` for a new result."""
    return "", markup.empty(NOT_EXPLAINED), gr.Row(visible=False)


def build_explanation() -> ExplanationPart:
    """Build the section inside the current Blocks context."""
    with gr.Accordion(WHY, open=False, elem_id="explanation"):
        gr.Markdown(WHY_INFO, elem_classes="remark")
        with gr.Row(equal_height=False):
            moment = gr.Textbox(
                label=MOMENT, info=MOMENT_INFO, elem_id="explained-second", scale=1, min_width=220
            )
            button = gr.Button(EXPLAIN, elem_id="explain", size="md", scale=1, min_width=220)
        picture = gr.HTML(markup.empty(NOT_EXPLAINED), elem_id="explained")
        with gr.Row(visible=False) as files_row:
            files = tuple(
                gr.DownloadButton(f"Explanation ({name.upper()})", elem_id=f"explained-{name}")
                for name in FIGURE_FORMATS
            )
    return ExplanationPart(
        moment=moment, button=button, picture=picture, files_row=files_row, files=files
    )


def wire_explanation(
    services: Services, current: gr.State, detection: gr.State, part: ExplanationPart
) -> None:
    """Let the button explain.

    Parameters
    ----------
    services : Services
        Where nets and files are.
    current, detection : gr.State
        The session's recording and result.
    part : ExplanationPart
        The components.
    """

    @for_browser
    def explain(
        opened: OpenRecording | None,
        found: Detection | None,
        moment: str,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 - this is how Gradio hands it in
    ) -> tuple[Any, ...]:
        if found is None:
            raise ParameterError(text.RUN_FIRST)
        recording = looked_at(opened).recording
        progress(0, desc=tr(WHY))
        explanation = explain_window(
            load_net(services.settings, found.model_id),
            recording,
            centre_s=_second(moment, found),
        )
        heading = tr(FOUND_TITLE, net=found.model_id)
        paths = save_all_formats(
            lambda: figures.explained_figure(_drawn(explanation, recording), heading=heading),
            services.work.new(),
            f"{Path(recording.file_name).stem}_explained_{explanation.start_s:.0f}s",
        )
        shown = markup.paragraph(_sentence(explanation)) + picture_of(
            paths["png"], alternative=tr(PICTURE)
        )
        return shown, gr.Row(visible=True), *(str(paths[name]) for name in FIGURE_FORMATS)

    part.button.click(
        explain,
        inputs=[current, detection, part.moment],
        outputs=[part.picture, part.files_row, *part.files],
        api_visibility="private",
    )


def middle_of(first_s: float, last_s: float) -> str:
    """Return the middle of a stretch as the field takes it."""
    return f"{(first_s + last_s) / 2:g}"


def _second(moment: str, found: Detection) -> float:
    written = moment.strip().replace(",", ".")
    if not written:
        if np.isnan(found.probabilities).all():
            return found.duration_s / 2
        return float(found.times_s[int(np.nanargmax(found.probabilities))])
    try:
        second = float(written)
    except ValueError:
        raise ParameterError(tr(NO_NUMBER, text=moment.strip()[:40])) from None
    if not math.isfinite(second):
        raise ParameterError(tr(NO_NUMBER, text=moment.strip()[:40]))
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
        FOUND,
        probability=f"{explanation.probability:.3f}",
        start=f"{explanation.start_s:g}",
        stop=f"{explanation.start_s + explanation.window_s:g}",
        channels=", ".join(explanation.top_channels()),
        first=f"{first_s:g}",
        last=f"{last_s:g}",
    )
