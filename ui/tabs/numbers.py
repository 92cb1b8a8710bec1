"""Statistics of each channel of the open recording, what they mean, and their files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from seizure_core.analysis.export import write_statistics_csv, write_statistics_json
from seizure_core.statistics import recording_statistics
from ui import text, views
from ui.errors import for_browser
from ui.recordings import OpenRecording
from ui.sessions import looked_at
from ui.work_folders import WorkFolders


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The components."""

    compute: gr.Button
    found: gr.HTML
    result: gr.Column
    table: gr.Dataframe
    csv_file: gr.DownloadButton
    json_file: gr.DownloadButton

    @property
    def outputs(self) -> list[Any]:
        """What `fresh_numbers` gives values for."""
        return [self.found, self.result]


def build_numbers(work: WorkFolders, current: gr.State) -> Numbers:
    """Build the section inside the current Blocks context.

    Parameters
    ----------
    work : WorkFolders
        Where files go.
    current : gr.State
        The session's `OpenRecording`, or None.
    """
    gr.Markdown("### Statistics of the whole file")
    compute = gr.Button("Compute statistics", elem_id="compute-statistics", size="md")
    found = gr.HTML("", elem_id="statistics-findings")
    with gr.Column(visible=False) as result:
        table = gr.Dataframe(
            headers=["Channel"],
            interactive=False,
            label="Statistics of each channel",
            elem_id="statistics",
            max_height=420,
            pinned_columns=1,
        )
        with gr.Accordion(text.STATISTICS_MEANING, open=False, elem_id="statistics-meaning"):
            gr.HTML(views.statistics_meaning_html())
        with gr.Row():
            csv_file = gr.DownloadButton("Statistics (CSV)", elem_id="statistics-csv", size="md")
            json_file = gr.DownloadButton("Statistics (JSON)", elem_id="statistics-json", size="md")
    numbers = Numbers(
        compute=compute,
        found=found,
        result=result,
        table=table,
        csv_file=csv_file,
        json_file=json_file,
    )
    _wire(work, current, numbers)
    return numbers


def fresh_numbers() -> tuple[Any, ...]:
    """Return the values of `Numbers.outputs` for a recording that was just opened."""
    return "", gr.Column(visible=False)


def _wire(work: WorkFolders, current: gr.State, numbers: Numbers) -> None:
    @for_browser
    def compute(
        opened: OpenRecording | None,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 - this is how Gradio hands it in
    ) -> tuple[Any, ...]:
        recording = looked_at(opened).recording
        statistics = recording_statistics(
            recording, progress=lambda done: progress(done, desc="Reading the whole file")
        )
        header, rows = views.statistics_table(statistics.channels)
        folder, stem = work.new(), Path(recording.file_name).stem
        csv_path = folder / f"{stem}_statistics.csv"
        json_path = folder / f"{stem}_statistics.json"
        write_statistics_csv(csv_path, statistics)
        write_statistics_json(json_path, statistics)
        return (
            views.statistics_findings_html(statistics),
            gr.Column(visible=True),
            gr.Dataframe(headers=header, value=rows),
            str(csv_path),
            str(json_path),
        )

    numbers.compute.click(
        compute,
        inputs=current,
        outputs=[*numbers.outputs, numbers.table, numbers.csv_file, numbers.json_file],
        api_visibility="private",
    )
