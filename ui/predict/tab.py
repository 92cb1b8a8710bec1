"""The Predict tab: slide a net over the open recording and look at what it found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from seizure_core.signals.blocks import WorkCancelledError
from ui.arguments import optional_number
from ui.errors import for_browser
from ui.i18n import text
from ui.i18n.translation import tr
from ui.loaded_models import load_net
from ui.opening.controls import build_upload
from ui.opening.recordings import OpenRecording
from ui.opening.sessions import looked_at
from ui.predict.explanation import wire_explanation
from ui.predict.exports import wire_exports
from ui.predict.operating_point import (
    PointPicker,
    asked_point,
    build_point_choice,
    build_point_numbers,
    wire_point,
)
from ui.predict.reference_comparison import wire_comparison
from ui.predict.result import (
    Answer,
    build_answer,
    build_overview,
    cleared,
    forget_in_viewers,
    shown,
    wire_rows,
)
from ui.predict.stale import wire_stale
from ui.resources import Services
from ui.server.queues import INFERENCE_QUEUE
from ui.stopping import StoppableButtons, WorkStops, build_stoppable
from ui.viewer.component import ViewerComponents
from ui.viewer.handles import HandleStore
from ui.widgets import markup, views
from ui.widgets.model_picker import model_choices, model_summary_html, refilled
from zoo.store.default_model import default_model


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictTab:
    """What the layout needs of the tab.

    Attributes
    ----------
    upload : gr.File
        Where a recording is dropped.
    viewer : ViewerComponents
        Where its EEG is looked at beside what the net found.
    on_opened : dict
        Arguments of the event that makes the tab ready for a recording just opened.
    listing : dict
        Arguments of an event that lists the nets as they are now.
    taking : list
        What `taken` gives values for.
    """

    upload: gr.File
    viewer: ViewerComponents
    on_opened: dict[str, Any]
    listing: dict[str, Any]
    taking: list[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    upload: gr.File
    opened: gr.HTML
    model: gr.Dropdown
    card: gr.HTML
    about: gr.Accordion
    point: PointPicker
    stride_s: gr.Textbox
    buttons: StoppableButtons


def build_predict(
    services: Services,
    store: HandleStore,
    stops: WorkStops,
    current: gr.State,
    demo: gr.Blocks,
) -> PredictTab:
    """Build the tab inside the current Blocks context.

    Parameters
    ----------
    services : Services
        Where files the tab makes are put.
    store : HandleStore
        What viewers may ask for.
    stops : WorkStops
        Where a search can be stopped.
    current : gr.State
        The session's `OpenRecording`, or None.
    demo : gr.Blocks
        The app, whose loading fills the list of nets.
    """
    with gr.Row(equal_height=False):
        with gr.Column(scale=1, min_width=290):
            question = _build_question(stops)
        with gr.Column(scale=3, min_width=320):
            overview = build_overview()
    answer = build_answer(store, question.about, overview)
    wire_point(question.model, question.point)
    listing = _wire_models(demo, question)
    _wire_run(services, current, question, answer)
    wire_rows(current, answer)
    wire_exports(services.work, current, overview.detection, answer.viewer, answer.exports)
    wire_explanation(services, current, overview.detection, answer.explanation)
    wire_comparison(
        services.recordings, current, answer.overview.detection, answer.viewer, answer.comparison
    )
    return PredictTab(
        upload=question.upload,
        viewer=answer.viewer,
        on_opened=_on_opened(current, question, answer),
        listing=listing,
        taking=[question.model, question.card],
    )


def taken(model_id: str) -> tuple[gr.Dropdown, str]:
    """Return the values of `PredictTab.taking` with which the tab uses a net.

    Raises
    ------
    UnknownModelError
        There is no such net any more.
    """
    return gr.Dropdown(choices=model_choices(), value=model_id), model_summary_html(model_id)


def _build_question(stops: WorkStops) -> _Question:
    upload = build_upload(elem_id="predict-upload", height=200)
    opened = gr.HTML(markup.empty(text.NO_RECORDING), elem_id="predict-recording")
    model = gr.Dropdown(choices=[], label="Net", elem_id="model")
    point = build_point_choice()
    buttons = build_stoppable(stops, text.FIND_SEIZURES, elem_id="run", variant="primary")
    with gr.Accordion("Other threshold or stride", open=False, elem_id="overrides"):
        fields = build_point_numbers()
        stride_s = gr.Textbox(label="Stride in seconds (empty: the net's own)", elem_id="stride-s")
    with gr.Accordion("What this net can do, and its limits", open=True) as about:
        card = gr.HTML(markup.empty(text.NO_MODELS), elem_id="model-summary")
    return _Question(
        upload=upload,
        opened=opened,
        model=model,
        card=card,
        about=about,
        point=PointPicker(name=point, fields=fields),
        stride_s=stride_s,
        buttons=buttons,
    )


def _wire_models(demo: gr.Blocks, question: _Question) -> dict[str, Any]:
    """Let the nets be listed and looked at; return the arguments of an event that lists them."""

    @for_browser
    def refresh(before: str | None) -> tuple[gr.Dropdown, str]:
        dropdown, chosen = refilled(model_choices(), before, default=default_model())
        return dropdown, model_summary_html(chosen)

    listing: dict[str, Any] = {
        "fn": refresh,
        "inputs": question.model,
        "outputs": [question.model, question.card],
        "api_visibility": "private",
    }
    demo.load(**listing)
    question.model.input(
        for_browser(model_summary_html),
        inputs=question.model,
        outputs=question.card,
        api_visibility="private",
    )
    return listing


def _wire_run(services: Services, current: gr.State, question: _Question, answer: Answer) -> None:
    @for_browser
    def run(
        opened: OpenRecording | None,
        model_id: str | None,
        stride_s: str,
        token: str | None,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 - this is how Gradio hands it in
        *point: str,
    ) -> tuple[Any, ...]:
        recording = looked_at(opened).recording
        if not model_id:
            raise ParameterError(text.CHOOSE_MODEL)
        cancelled = question.buttons.stops.asker(token)
        progress(0, desc=tr("Loading the net"))
        try:
            net = load_net(services.settings, model_id)
            detection = net.detect(
                recording,
                operating_point=asked_point(net.card, point[0], point[1:]),
                stride_s=optional_number("Stride", stride_s),
                progress=lambda done: progress(done, desc=tr("Searching for seizures")),
                cancelled=cancelled,
            )
            if cancelled():  # another recording is looked at by now
                raise WorkCancelledError(recording.file_name)
        except WorkCancelledError:
            stopped = cleared(text.SEARCH_STOPPED)
            return *stopped, *[gr.skip() for _ in answer.showing[len(stopped) :]]
        return shown(answer, looked_at(opened), detection)

    @for_browser
    def clear(opened: OpenRecording | None) -> tuple[Any, ...]:
        forget_in_viewers(answer.viewer, opened)
        return cleared(text.SEARCHING)

    @for_browser
    def failed() -> tuple[Any, ...]:
        return cleared(text.NO_RESULT)

    # Somebody may have changed the settings while the search went on.
    checking = wire_stale(
        current,
        answer.overview.detection,
        question.model,
        question.stride_s,
        question.point,
        answer.viewer,
        [answer.overview.stale, answer.stale],
    )

    def search(event: gr.events.Dependency) -> gr.events.Dependency:
        searched: gr.events.Dependency = event.success(
            run,
            inputs=[
                current,
                question.model,
                question.stride_s,
                question.buttons.token,
                *question.point.all,
            ],
            outputs=answer.showing,
            show_progress_on=answer.overview.trace,
            concurrency_id=INFERENCE_QUEUE,
            api_visibility="private",
        )
        searched.success(**checking)
        searched.failure(failed, outputs=answer.clearing, api_visibility="private")
        return searched

    question.buttons.wire(
        # What an earlier run found must not stand beside the settings of this one.
        lambda event: event.success(
            clear, inputs=current, outputs=answer.clearing, api_visibility="private"
        ),
        search,
    )


def _on_opened(current: gr.State, question: _Question, answer: Answer) -> dict[str, Any]:
    @for_browser
    def ready(opened: OpenRecording | None) -> tuple[Any, ...]:
        recording = looked_at(opened).recording
        return views.current_recording_html(recording), *cleared(text.READY_TO_RUN)

    return {
        "fn": ready,
        "inputs": current,
        "outputs": [question.opened, *answer.clearing],
        "api_visibility": "private",
    }
