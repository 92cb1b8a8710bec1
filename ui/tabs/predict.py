"""The Predict tab: slide a net over the open recording and look at what it found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from ui import markup, text, views
from ui.errors import for_browser
from ui.models import model_choices, model_summary_html
from ui.paging import Page, page_around
from ui.pictures import page_html, trace_html
from ui.queues import INFERENCE_QUEUE
from ui.recordings import OpenRecording
from ui.results import ResultFiles, write_result
from ui.services import Services
from zoo.detection import Detection
from zoo.detector import load_detector


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictTab:
    """What the layout needs of the tab.

    Attributes
    ----------
    upload : gr.File
        Where a recording is dropped.
    on_opened : dict
        Arguments of the event that makes the tab ready for a recording just opened.
    """

    upload: gr.File
    on_opened: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    upload: gr.File
    opened: gr.HTML
    model: gr.Dropdown
    card: gr.HTML
    threshold: gr.Number
    stride_s: gr.Number
    run: gr.Button


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    detection: gr.State
    summary: gr.HTML
    trace: gr.HTML
    details: gr.Column
    events: gr.Dataframe
    no_events: gr.HTML
    windows: gr.Dataframe
    only_seizure: gr.Checkbox
    stretch: gr.HTML
    sources: gr.Dataframe
    events_file: gr.DownloadButton
    windows_file: gr.DownloadButton
    json_file: gr.DownloadButton


def build_predict(services: Services, current: gr.State, demo: gr.Blocks) -> PredictTab:
    """Build the tab inside the current Blocks context.

    Parameters
    ----------
    services : Services
        Where files the tab makes are put.
    current : gr.State
        The session's `OpenRecording`, or None.
    demo : gr.Blocks
        The app, whose loading fills the list of nets.
    """
    with gr.Row(equal_height=False):
        with gr.Column(scale=1, min_width=290):
            question = _build_question()
        with gr.Column(scale=3, min_width=320):
            answer = _build_answer()
    _wire_models(demo, question)
    _wire_run(services, current, question, answer)
    _wire_rows(current, answer)
    return PredictTab(upload=question.upload, on_opened=_on_opened(current, question, answer))


def _build_question() -> _Question:
    upload = gr.File(label=text.UPLOAD, height=170, elem_id="predict-upload")
    opened = gr.HTML(markup.empty(text.NO_RECORDING), elem_id="predict-recording")
    model = gr.Dropdown(choices=[], label="Net", elem_id="model")
    run = gr.Button("Find seizures", variant="primary", elem_id="run")
    with gr.Accordion("Other threshold or stride", open=False, elem_id="overrides"):
        threshold = gr.Number(
            value=None, label="Threshold, 0 to 1 (empty: the net's own)", elem_id="threshold"
        )
        stride_s = gr.Number(
            value=None, label="Stride in seconds (empty: the net's own)", elem_id="stride-s"
        )
    card = gr.HTML(markup.empty(text.NO_MODELS), elem_id="model-summary")
    return _Question(
        upload=upload,
        opened=opened,
        model=model,
        card=card,
        threshold=threshold,
        stride_s=stride_s,
        run=run,
    )


def _build_answer() -> _Answer:
    detection = gr.State(None)
    trace = gr.HTML(markup.empty(text.NO_RESULT), elem_id="trace")
    summary = gr.HTML("", elem_id="summary")
    with gr.Column(visible=False) as details:
        with gr.Row(equal_height=False):
            with gr.Column(scale=1, min_width=320):
                events = _table("Events", views.EVENT_COLUMNS, "events")
                no_events = gr.HTML(markup.empty(text.NO_EVENTS), visible=False)
            with gr.Column(scale=1, min_width=320):
                windows = _table("Windows", views.WINDOW_COLUMNS, "windows")
                only_seizure = gr.Checkbox(
                    label="Only windows at or above the threshold", elem_id="only-seizure"
                )
        stretch = gr.HTML(markup.empty(text.PICK_A_ROW), elem_id="stretch")
        with gr.Row():
            events_file = gr.DownloadButton("Events (TSV)", elem_id="download-events", size="md")
            windows_file = gr.DownloadButton("Windows (CSV)", elem_id="download-windows", size="md")
            json_file = gr.DownloadButton("Everything (JSON)", elem_id="download-json", size="md")
        with gr.Accordion("Where the net's channels came from", open=False):
            sources = _table("Channels", views.SOURCE_COLUMNS, "sources")
    return _Answer(
        detection=detection,
        summary=summary,
        trace=trace,
        details=details,
        events=events,
        no_events=no_events,
        windows=windows,
        only_seizure=only_seizure,
        stretch=stretch,
        sources=sources,
        events_file=events_file,
        windows_file=windows_file,
        json_file=json_file,
    )


def _table(label: str, columns: tuple[str, ...], elem_id: str) -> gr.Dataframe:
    return gr.Dataframe(
        headers=list(columns), interactive=False, label=label, elem_id=elem_id, max_height=320
    )


def _wire_models(demo: gr.Blocks, question: _Question) -> None:
    @for_browser
    def refresh() -> tuple[gr.Dropdown, str]:
        choices = model_choices()
        first = choices[0][1] if choices else None
        return gr.Dropdown(choices=choices, value=first), model_summary_html(first)

    demo.load(refresh, outputs=[question.model, question.card], api_visibility="private")
    question.model.input(
        for_browser(model_summary_html),
        inputs=question.model,
        outputs=question.card,
        api_visibility="private",
    )


def _wire_run(services: Services, current: gr.State, question: _Question, answer: _Answer) -> None:
    @for_browser
    def run(
        opened: OpenRecording | None,
        model_id: str | None,
        threshold: float | None,
        stride_s: float | None,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 - this is how Gradio hands it in
    ) -> tuple[Any, ...]:
        if opened is None:
            raise ParameterError(text.CHOOSE_RECORDING)
        if not model_id:
            raise ParameterError(text.CHOOSE_MODEL)
        progress(0, desc="Loading the net")
        detection = load_detector(model_id).detect(
            opened.recording,
            threshold=threshold,
            stride_s=stride_s,
            progress=lambda done: progress(done, desc="Searching for seizures"),
        )
        files = write_result(services.work.new(), detection)
        return _shown(detection, files)

    # What an earlier run found must not stand beside the settings of this one.
    question.run.click(
        lambda: _cleared(text.SEARCHING),
        outputs=_cleared_components(answer),
        api_visibility="private",
    ).then(
        run,
        inputs=[current, question.model, question.threshold, question.stride_s],
        outputs=_result_components(answer),
        concurrency_id=INFERENCE_QUEUE,
        api_visibility="private",
    ).failure(
        lambda: _cleared(text.NO_RESULT),
        outputs=_cleared_components(answer),
        api_visibility="private",
    )


def _cleared_components(answer: _Answer) -> list[gr.components.Component | gr.Column]:
    return [answer.detection, answer.trace, answer.summary, answer.details]


def _cleared(sentence: str) -> tuple[Any, ...]:
    """Return the values of `_cleared_components`: no result, and why there is none."""
    return None, markup.empty(sentence), "", gr.Column(visible=False)


def _result_components(answer: _Answer) -> list[gr.components.Component | gr.Column]:
    return [
        answer.detection,
        answer.trace,
        answer.summary,
        answer.details,
        answer.events,
        answer.no_events,
        answer.windows,
        answer.only_seizure,
        answer.stretch,
        answer.sources,
        answer.events_file,
        answer.windows_file,
        answer.json_file,
    ]


def _shown(detection: Detection, files: ResultFiles) -> tuple[Any, ...]:
    """Return the values of `_result_components` for a detection."""
    return (
        detection,
        trace_html(detection),
        markup.facts(views.statistics_line(detection)) + views.result_findings_html(detection),
        gr.Column(visible=True),
        gr.Dataframe(value=views.event_rows(detection), visible=bool(detection.events)),
        gr.HTML(visible=not detection.events),
        views.window_rows(detection),
        False,
        markup.empty(text.PICK_A_ROW),
        views.source_rows(detection),
        *(str(path) for path in (files.events, files.windows, files.everything)),
    )


def _wire_rows(current: gr.State, answer: _Answer) -> None:
    @for_browser
    def show(opened: OpenRecording | None, detection: Detection | None, page: Page | None) -> str:
        if opened is None or detection is None or page is None:
            raise ParameterError(text.RUN_FIRST)
        return page_html(opened.recording, [], page, events=detection.events)

    def show_event(
        opened: OpenRecording | None, detection: Detection | None, chosen: gr.SelectData
    ) -> str:
        return show(opened, detection, _page_of(opened, chosen.row_value, 1, 2))

    def show_window(
        opened: OpenRecording | None, detection: Detection | None, chosen: gr.SelectData
    ) -> str:
        return show(opened, detection, _page_of(opened, chosen.row_value, 0, 1, ends=True))

    @for_browser
    def filter_windows(detection: Detection | None, only_seizure: bool) -> views.Rows:
        if detection is None:
            raise ParameterError(text.RUN_FIRST)
        return views.window_rows(detection, only_seizure=only_seizure)

    for table, handler in ((answer.events, show_event), (answer.windows, show_window)):
        table.select(
            handler,
            inputs=[current, answer.detection],
            outputs=answer.stretch,
            trigger_mode="always_last",
            api_visibility="private",
        )
    answer.only_seizure.input(
        filter_windows,
        inputs=[answer.detection, answer.only_seizure],
        outputs=answer.windows,
        api_visibility="private",
    )


def _page_of(
    opened: OpenRecording | None, row: list[Any], first: int, second: int, *, ends: bool = False
) -> Page | None:
    """Return the stretch around a row; its second number is a length, or an end if `ends`."""
    if opened is None:
        return None
    onset_s, number = float(row[first]), float(row[second])
    return page_around(opened.recording, onset_s, number - onset_s if ends else number)


def _on_opened(current: gr.State, question: _Question, answer: _Answer) -> dict[str, Any]:
    @for_browser
    def ready(opened: OpenRecording | None) -> tuple[Any, ...]:
        if opened is None:
            raise ParameterError(text.CHOOSE_RECORDING)
        return views.current_recording_html(opened.recording), *_cleared(text.READY_TO_RUN)

    return {
        "fn": ready,
        "inputs": current,
        "outputs": [question.opened, *_cleared_components(answer)],
        "api_visibility": "private",
    }
