"""What experts marked next to what a model found: drawn in the viewer, and the score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import gradio as gr

from seizure_core.errors import ParameterError
from seizure_core.events.event import Event
from seizure_core.events.scoring import score_recording
from seizure_core.recording import Finding
from seizure_core.references import read_reference
from ui.events import Updates, listen
from ui.i18n import words
from ui.i18n.translation import tr
from ui.opening.recordings import OpenRecording, RecordingSources
from ui.opening.sessions import looked_at
from ui.viewer.component import ViewerComponents
from ui.widgets.score_views import score_html
from zoo.inference.detection import Detection


class ReferenceComparison:
    """A file, or the person's own marks, as the reference; and the score.

    Attributes
    ----------
    outputs : list
        What `cleared` gives values for.
    """

    def __init__(
        self,
        sources: RecordingSources,
        current: gr.State,
        detection: gr.State,
        viewer: ViewerComponents,
    ) -> None:
        self._sources, self._viewer = sources, viewer
        gr.Markdown("### Beside what experts marked")
        with gr.Row(equal_height=False):
            with gr.Column(scale=1, min_width=290):
                self._file = gr.File(
                    label="Events by an expert: TSV, CSV, EDF+",
                    height=160,
                    elem_id="reference-upload",
                )
                own_marks = gr.Button(
                    "Score against your own marks", elem_id="score-own-marks", size="md"
                )
            with gr.Column(scale=2, min_width=320):
                self._score = gr.HTML("", elem_id="score")
        self.outputs = [self._file, self._score]
        listen(
            self._file.upload,
            self.with_file,
            inputs=[current, detection, self._file],
            outputs=[self._score, viewer.component],
        )
        inputs = [current, detection]
        listen(own_marks.click, self.with_marks, inputs=inputs, outputs=self._score)

    def cleared(self) -> Updates:
        """Take file and score away."""
        return {self._file: None, self._score: ""}

    def with_file(
        self, opened: OpenRecording | None, found: Detection | None, uploaded: str
    ) -> Updates:
        """Score by an uploaded file, and draw its events."""
        path = self._sources.find_given({"path": uploaded}, what="file of events")
        looked = looked_at(opened)
        reference = read_reference(path, recording=looked.recording)
        score = _score_html(
            found, reference.events, reference.file_name, reference.findings, reference.uncertain
        )
        viewed = self._viewer.store.get(looked.handle)
        viewed.overlays = replace(viewed.overlays, references=reference.events)
        return {
            self._score: score,
            self._viewer.component: self._viewer.refresh(looked.handle),
        }

    def with_marks(self, opened: OpenRecording | None, found: Detection | None) -> Updates:
        """Score by what the person has marked."""
        marked = self._viewer.reference(looked_at(opened).handle)
        if not marked:
            raise ParameterError(
                "There are no marked seizures yet: press M in the viewer and drag over the EEG, "
                "or accept what the model found."
            )
        return {self._score: _score_html(found, marked, tr("your marks"))}


def _score_html(
    found: Detection | None,
    events: Sequence[Event],
    source: str,
    findings: Sequence[Finding] = (),
    uncertain: Sequence[Event] = (),
) -> str:
    if found is None:
        raise ParameterError(words.RUN_FIRST)
    score = score_recording(events, found.events, duration_s=found.duration_s, uncertain=uncertain)
    return score_html(score, source, findings)
