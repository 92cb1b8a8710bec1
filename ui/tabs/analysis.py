"""The Analysis tab: what is in a recording, its EEG page by page, its numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from seizure_core.recording import Recording
from seizure_core.statistics import channel_statistics
from ui import markup, text, views
from ui.errors import for_browser
from ui.paging import DEFAULT_PAGE_S, checked_page, turned_page
from ui.pictures import distribution_html, page_html
from ui.plain_data import statistics_data
from ui.recordings import OpenRecording


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisTab:
    """What the layout needs of the tab.

    Attributes
    ----------
    upload : gr.File
        Where a recording is dropped.
    on_opened : dict
        Arguments of the event that shows a recording that was just opened.
    """

    upload: gr.File
    on_opened: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    channels: gr.Dropdown
    start_s: gr.Number
    length_s: gr.Number
    back: gr.Button
    forward: gr.Button
    picture: gr.HTML


@dataclass(frozen=True, slots=True, kw_only=True)
class _Numbers:
    compute: gr.Button
    table: gr.Dataframe
    channel: gr.Dropdown
    chart: gr.HTML
    annotations: gr.Dataframe
    remark: gr.HTML


def build_analysis(current: gr.State) -> AnalysisTab:
    """Build the tab inside the current Blocks context.

    Parameters
    ----------
    current : gr.State
        The session's `OpenRecording`, or None.
    """
    with gr.Row(equal_height=False):
        with gr.Column(scale=1, min_width=290):
            upload = gr.File(label=text.UPLOAD, height=170, elem_id="analysis-upload")
            facts = gr.HTML(markup.empty(text.NO_RECORDING), elem_id="facts")
        with gr.Column(scale=4, min_width=320):
            page = _build_page()
    numbers = _build_numbers()
    _wire_page(current, page)
    _wire_numbers(current, numbers)
    return AnalysisTab(upload=upload, on_opened=_on_opened(current, facts, page, numbers))


def _build_page() -> _Page:
    with gr.Row(equal_height=False, elem_id="page-controls"):
        channels = gr.Dropdown(
            choices=[],
            multiselect=True,
            label="Channels (none chosen: all)",
            elem_id="channels",
            scale=4,
            min_width=220,
        )
        start_s = gr.Number(
            value=0, minimum=0, label="Start (s)", elem_id="start-s", scale=1, min_width=90
        )
        length_s = gr.Number(
            value=DEFAULT_PAGE_S, label="Length (s)", elem_id="length-s", scale=1, min_width=90
        )
        back = gr.Button("◀ Previous page", elem_id="previous", scale=1, min_width=150)
        forward = gr.Button("Next page ▶", elem_id="next", scale=1, min_width=150)
    picture = gr.HTML(markup.empty(text.NO_RECORDING_ANALYSIS), elem_id="page")
    return _Page(
        channels=channels,
        start_s=start_s,
        length_s=length_s,
        back=back,
        forward=forward,
        picture=picture,
    )


def _build_numbers() -> _Numbers:
    gr.Markdown("### Statistics of the whole file")
    compute = gr.Button("Compute statistics", elem_id="compute-statistics", size="md")
    table = gr.Dataframe(
        headers=["Channel"],
        interactive=False,
        label="Statistics of each channel",
        elem_id="statistics",
        max_height=420,
        pinned_columns=1,
        visible=False,
    )
    gr.Markdown("### Distribution of a channel's values")
    channel = gr.Dropdown(choices=[], label="Channel", elem_id="distribution-channel")
    chart = gr.HTML(markup.empty(text.NO_DISTRIBUTION), elem_id="distribution")
    gr.Markdown("### Annotations")
    annotations = gr.Dataframe(
        headers=list(views.ANNOTATION_COLUMNS),
        interactive=False,
        label="Annotations in the file",
        elem_id="annotations",
        max_height=360,
        visible=False,
    )
    remark = gr.HTML(markup.empty(text.NO_ANNOTATIONS_YET))
    return _Numbers(
        compute=compute,
        table=table,
        channel=channel,
        chart=chart,
        annotations=annotations,
        remark=remark,
    )


def _opened(current: OpenRecording | None) -> Recording:
    if current is None:
        raise ParameterError(text.CHOOSE_RECORDING)
    return current.recording


def _wire_page(current: gr.State, page: _Page) -> None:
    inputs = [current, page.channels, page.start_s, page.length_s]

    @for_browser
    def show(
        opened: OpenRecording | None,
        channels: list[int],
        start_s: float | None,
        length_s: float | None,
    ) -> str:
        recording = _opened(opened)
        wanted = checked_page(recording, start_s or 0.0, length_s or DEFAULT_PAGE_S)
        return page_html(recording, channels, wanted)

    def turn(pages: int) -> Callable[..., tuple[float, str]]:
        @for_browser
        def turned(
            opened: OpenRecording | None,
            channels: list[int],
            start_s: float | None,
            length_s: float | None,
        ) -> tuple[float, str]:
            recording = _opened(opened)
            length_s = length_s or DEFAULT_PAGE_S
            start_s = turned_page(recording, start_s or 0.0, length_s, pages)
            return start_s, page_html(
                recording, channels, checked_page(recording, start_s, length_s)
            )

        return turned

    gr.on(
        [
            page.channels.input,
            page.start_s.submit,
            page.start_s.blur,
            page.length_s.submit,
            page.length_s.blur,
        ],
        show,
        inputs=inputs,
        outputs=page.picture,
        trigger_mode="always_last",
        api_visibility="private",
    )
    for button, pages in ((page.back, -1), (page.forward, 1)):
        button.click(
            turn(pages),
            inputs=inputs,
            outputs=[page.start_s, page.picture],
            trigger_mode="always_last",
            api_visibility="private",
        )


def _wire_numbers(current: gr.State, numbers: _Numbers) -> None:
    @for_browser
    def compute(
        opened: OpenRecording | None,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 - this is how Gradio hands it in
    ) -> gr.Dataframe:
        recording = _opened(opened)
        statistics = channel_statistics(
            recording, progress=lambda done: progress(done, desc="Reading the whole file")
        )
        header, rows = views.statistics_table(statistics_data(statistics))
        return gr.Dataframe(headers=header, value=rows, visible=True)

    @for_browser
    def distribute(opened: OpenRecording | None, channel: int | None) -> str:
        recording = _opened(opened)
        if channel is None:
            return markup.empty(text.NO_DISTRIBUTION)
        return distribution_html(recording, channel)

    numbers.compute.click(compute, inputs=current, outputs=numbers.table, api_visibility="private")
    numbers.channel.input(
        distribute,
        inputs=[current, numbers.channel],
        outputs=numbers.chart,
        api_visibility="private",
    )


def _on_opened(current: gr.State, facts: gr.HTML, page: _Page, numbers: _Numbers) -> dict[str, Any]:
    @for_browser
    def show(opened: OpenRecording | None) -> tuple[Any, ...]:
        recording = _opened(opened)
        choices = views.channel_choices(recording)
        rows = views.annotation_rows(recording)
        first = checked_page(recording, 0.0, DEFAULT_PAGE_S) if choices else None
        return (
            views.recording_html(recording),
            gr.Dropdown(choices=choices, value=[]),
            gr.Number(value=0, maximum=recording.duration_s),
            DEFAULT_PAGE_S,
            markup.empty(text.NO_SIGNAL) if first is None else page_html(recording, [], first),
            gr.Dataframe(visible=False),
            gr.Dropdown(choices=choices, value=None),
            markup.empty(text.NO_DISTRIBUTION),
            gr.Dataframe(value=rows, visible=bool(rows)),
            "" if rows else markup.empty(text.NO_ANNOTATIONS),
        )

    return {
        "fn": show,
        "inputs": current,
        "outputs": [
            facts,
            page.channels,
            page.start_s,
            page.length_s,
            page.picture,
            numbers.table,
            numbers.channel,
            numbers.chart,
            numbers.annotations,
            numbers.remark,
        ],
        "api_visibility": "private",
    }
