"""Statistics of each channel of the open recording, what they mean, and their files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from seizure_core.signals.blocks import WorkCancelledError
from seizure_core.stats.channel_statistics import RecordingStatistics, recording_statistics
from seizure_core.stats.export import write_statistics_csv, write_statistics_json
from ui.analysis.statistics_view import (
    sorting_script,
    statistics_findings_html,
    statistics_table_html,
)
from ui.errors import for_browser
from ui.i18n import text
from ui.i18n.translation import tr
from ui.opening.recordings import OpenRecording
from ui.opening.sessions import looked_at
from ui.server.work_folders import WorkFolders
from ui.stopping import StoppableButtons, WorkStops, build_stoppable
from ui.widgets import markup


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The components."""

    buttons: StoppableButtons
    found: gr.HTML
    result: gr.Column
    table: gr.HTML
    csv_file: gr.DownloadButton
    json_file: gr.DownloadButton

    @property
    def outputs(self) -> list[Any]:
        """What `fresh_numbers` gives values for."""
        return [self.found, self.result]

    @property
    def showing(self) -> list[Any]:
        """What the statistics are shown in."""
        return [*self.outputs, self.table, self.csv_file, self.json_file]


def build_numbers(work: WorkFolders, stops: WorkStops, current: gr.State) -> Numbers:
    """Build the section inside the current Blocks context.

    Parameters
    ----------
    work : WorkFolders
        Where files go.
    stops : WorkStops
        Where the computing can be stopped.
    current : gr.State
        The session's `OpenRecording`, or None.
    """
    gr.Markdown("### Statistics of the whole file")
    buttons = build_stoppable(stops, text.COMPUTE_STATISTICS, elem_id="compute-statistics")
    found = gr.HTML("", elem_id="statistics-findings")
    with gr.Column(visible=False) as result:
        gr.Markdown(text.STATISTICS_HINT, elem_classes="remark")
        table = gr.HTML("", elem_id="statistics", js_on_load=sorting_script(), padding=False)
        with gr.Row():
            csv_file = gr.DownloadButton("Statistics (CSV)", elem_id="statistics-csv", size="md")
            json_file = gr.DownloadButton("Statistics (JSON)", elem_id="statistics-json", size="md")
    numbers = Numbers(
        buttons=buttons,
        found=found,
        result=result,
        table=table,
        csv_file=csv_file,
        json_file=json_file,
    )
    _wire(work, current, numbers)
    return numbers


def fresh_numbers(said: str = "") -> tuple[Any, ...]:
    """Return the values of `Numbers.outputs` without statistics; `said` is HTML of ours."""
    return said, gr.Column(visible=False)


def _wire(work: WorkFolders, current: gr.State, numbers: Numbers) -> None:
    stops = numbers.buttons.stops

    @for_browser
    def clear() -> tuple[Any, ...]:
        return fresh_numbers(markup.empty(text.COMPUTING))

    @for_browser
    def compute(
        opened: OpenRecording | None,
        token: str | None,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 - this is how Gradio hands it in
    ) -> tuple[Any, ...]:
        cancelled = stops.asker(token)
        recording = looked_at(opened).recording
        try:
            statistics = recording_statistics(
                recording,
                progress=lambda done: progress(done, desc=tr(text.READING_ALL)),
                cancelled=cancelled,
            )
            if cancelled():  # another recording is looked at by now
                raise WorkCancelledError(recording.file_name)
        except WorkCancelledError:
            stopped = fresh_numbers(markup.empty(text.STATISTICS_STOPPED))
            return *stopped, *[gr.skip() for _ in numbers.showing[len(stopped) :]]
        return _shown(work, statistics)

    numbers.buttons.wire(
        lambda event: event.success(clear, outputs=numbers.outputs, api_visibility="private"),
        lambda event: _ended(
            event.success(
                compute,
                inputs=[current, numbers.buttons.token],
                outputs=numbers.showing,
                show_progress_on=numbers.found,
                api_visibility="private",
            ),
            numbers,
        ),
    )


def _ended(computed: gr.events.Dependency, numbers: Numbers) -> gr.events.Dependency:
    """Take away the sentence that statistics are being computed, where that failed."""
    computed.failure(fresh_numbers, outputs=numbers.outputs, api_visibility="private")
    return computed


def _shown(work: WorkFolders, statistics: RecordingStatistics) -> tuple[Any, ...]:
    """Return the values of `Numbers.showing`."""
    folder, stem = work.new(), Path(statistics.file_name).stem
    csv_path = folder / f"{stem}_statistics.csv"
    json_path = folder / f"{stem}_statistics.json"
    write_statistics_csv(csv_path, statistics)
    write_statistics_json(json_path, statistics)
    return (
        statistics_findings_html(statistics),
        gr.Column(visible=True),
        statistics_table_html(statistics.channels),
        str(csv_path),
        str(json_path),
    )
