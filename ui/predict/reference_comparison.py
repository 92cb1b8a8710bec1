"""Comparison of a model's events with an expert's: both in the viewer, and the score."""

from __future__ import annotations

from dataclasses import replace

import gradio as gr

from seizure_core.errors import ParameterError
from seizure_core.events.scoring import score_recording
from seizure_core.references import Reference, read_reference
from ui.events import Updates, listen
from ui.i18n import words
from ui.i18n.translation import tr
from ui.opening.recordings import OpenRecording, RecordingSources
from ui.opening.sessions import looked_at
from ui.viewer.component import ViewerComponents
from ui.widgets.score_views import score_html

OWN_MARKS = "own"
"""Stands for the person's own marks where a reference is meant."""


class ReferenceComparison:
    """A file, or the person's own marks, as the reference; and the score.

    Attributes
    ----------
    reference : gr.State
        What is scored against: a `Reference`, `OWN_MARKS` or None.
    outputs : list
        What `cleared` and `scored` give values for.
    """

    def __init__(
        self, sources: RecordingSources, viewer: ViewerComponents, current: gr.State
    ) -> None:
        self._sources, self._viewer = sources, viewer
        self.reference = gr.State(None)
        with (
            gr.Accordion("Compare with expert annotations", open=False, elem_id="comparison"),
            gr.Row(equal_height=False),
        ):
            with gr.Column(scale=1, min_width=290):
                self._file = gr.File(
                    label="Events by an expert: TSV, CSV, EDF+",
                    height=160,
                    elem_id="reference-upload",
                )
                own_marks = gr.Button("Compare with my marks", elem_id="score-own-marks", size="md")
            with gr.Column(scale=2, min_width=320):
                self._score = gr.HTML("", elem_id="score")
        self.outputs = [self.reference, self._file, self._score]
        listen(
            self._file.upload,
            self.with_file,
            inputs=[current, self._file],
            outputs=[*self.outputs, viewer.component],
        )
        listen(own_marks.click, self.with_marks, inputs=current, outputs=self.outputs)

    def cleared(self) -> Updates:
        """Take reference and score away."""
        return {self.reference: None, self._file: None, self._score: ""}

    def with_file(self, opened: OpenRecording | None, uploaded: str) -> Updates:
        """Score by an uploaded file, and draw its events."""
        path = self._sources.find_given({"path": uploaded}, what="file of events")
        looked = looked_at(opened)
        reference = read_reference(path, recording=looked.recording)
        scored = self.scored(looked, reference)
        viewed = self._viewer.store.get(looked.handle)
        viewed.overlays = replace(viewed.overlays, references=reference.events)
        return {**scored, self._viewer.component: self._viewer.refresh(looked.handle)}

    def with_marks(self, opened: OpenRecording | None) -> Updates:
        """Score by what the person has marked."""
        if not self._viewer.reference(looked_at(opened).handle):
            raise ParameterError(
                "There are no marked seizures yet: press M in the viewer and drag over the EEG, "
                "or accept what the model found."
            )
        return self.scored(opened, OWN_MARKS)

    def scored(self, opened: OpenRecording | None, reference: Reference | str | None) -> Updates:
        """Score the events as they are now; nothing where there is no reference."""
        if reference is None:
            return {}
        handle = looked_at(opened).handle
        found = self._viewer.found(handle)
        if found is None:
            raise ParameterError(words.RUN_FIRST)
        if not isinstance(reference, Reference):
            events = self._viewer.reference(handle)
            expert = Reference(file_name=tr("your marks"), format="marks", events=events)
        else:
            expert = reference
        score = score_recording(
            expert.events,
            found.events,
            duration_s=found.duration_s,
            uncertain=expert.uncertain,
        )
        return {
            self.reference: reference,
            self._score: score_html(score, expert.file_name, expert.findings),
        }
