"""Statistics of each channel of the open recording, what they mean, and their files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import gradio as gr

from seizure_core.bounds import MAX_CHANNELS
from seizure_core.recording import Finding
from seizure_core.signals.blocks import WorkCancelledError
from seizure_core.stats.channel_statistics import recording_statistics
from seizure_core.stats.facts import write_statistics_csv, write_statistics_json
from ui.analysis.statistics_view import (
    sorting_script,
    statistics_findings_html,
    statistics_table_html,
)
from ui.events import Updates, listen
from ui.i18n.translation import tr
from ui.opening.recordings import OpenRecording
from ui.opening.sessions import looked_at
from ui.server.work_folders import WorkFolders
from ui.stopping import WorkStops, build_stoppable
from ui.widgets import markup


class StatisticsSection:
    """The buttons, the table and its files.

    Attributes
    ----------
    outputs : list
        What `cleared` gives values for.
    """

    def __init__(self, work: WorkFolders, stops: WorkStops, current: gr.State) -> None:
        self._work, self._stops, self._current = work, stops, current
        self._buttons = build_stoppable(stops, "Compute statistics", elem_id="compute-statistics")
        self._found = gr.HTML("", elem_id="statistics-findings")
        with gr.Column(visible=False) as self._result:
            gr.HTML(
                markup.paragraph(
                    "Point at a heading, or move to it with the Tab key, to read what it means; "
                    "click it to sort."
                ),
                elem_classes="remark",
                padding=False,
            )
            self._table = gr.HTML(
                "", elem_id="statistics", js_on_load=sorting_script(), padding=False
            )
            with gr.Row():
                self._csv, self._json = (
                    gr.DownloadButton(
                        f"Statistics ({name.upper()})", elem_id=f"statistics-{name}", size="md"
                    )
                    for name in ("csv", "json")
                )
        self.outputs = [self._found, self._result]
        self._buttons.wire(self._begin, self._compute)

    def _begin(self, event: gr.events.Dependency) -> gr.events.Dependency:
        return listen(event.success, self.say_computing, outputs=self.outputs)

    def _compute(self, event: gr.events.Dependency) -> gr.events.Dependency:
        computed = listen(
            event.success,
            self.compute,
            inputs=[self._current, self._buttons.token],
            outputs=[*self.outputs, self._table, self._csv, self._json],
            show_progress_on=self._found,
        )
        listen(computed.failure, self.cleared, outputs=self.outputs)
        return computed

    def cleared(self, trusted_html: str = "") -> Updates:
        """Show no statistics, but perhaps why there are none."""
        return {self._found: trusted_html, self._result: gr.Column(visible=False)}

    def say_computing(self) -> Updates:
        """Say that statistics are being computed."""
        return self.cleared(markup.empty("&nbsp;"))

    def compute(
        self,
        opened: OpenRecording | None,
        token: str | None,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 - this is how Gradio hands it in
    ) -> Updates:
        """Compute the statistics of the open recording."""
        cancelled = self._stops.asker(token)
        recording = looked_at(opened).recording
        n_channels = len(recording.channels)
        measured = range(min(n_channels, MAX_CHANNELS))
        try:
            statistics = recording_statistics(
                recording,
                measured,
                progress=lambda done: progress(done, desc=tr("Reading the whole file")),
                cancelled=cancelled,
            )
            if cancelled():  # another recording is looked at by now
                raise WorkCancelledError(recording.file_name)
        except WorkCancelledError:
            return self.cleared(markup.empty("Stopped as asked: no statistics were computed."))
        with self._work.filled() as folder:
            stem = folder / f"{Path(statistics.file_name).stem}_statistics"
            csv_path, json_path = Path(f"{stem}.csv"), Path(f"{stem}.json")
            write_statistics_csv(csv_path, statistics)
            write_statistics_json(json_path, statistics)
        if len(measured) < n_channels:
            left_out = Finding.warning(
                "Only the first {n} of {n_channels} channels were measured.",
                n=len(measured),
                n_channels=n_channels,
            )
            statistics = replace(statistics, findings=(left_out, *statistics.findings))
        return {
            self._found: statistics_findings_html(statistics),
            self._result: gr.Column(visible=True),
            self._table: statistics_table_html(statistics),
            self._csv: str(csv_path),
            self._json: str(json_path),
        }
