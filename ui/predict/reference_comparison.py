"""What experts marked, beside what a net found: drawn in the viewer, and the score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from seizure_core.events.event import Event
from seizure_core.events.scoring import score_recording
from seizure_core.recording import Finding
from seizure_core.references import read_reference
from ui.errors import for_browser
from ui.i18n import text
from ui.i18n.translation import tr
from ui.opening.recordings import OpenRecording, RecordingSources
from ui.opening.sessions import looked_at
from ui.viewer.component import ViewerComponents, ViewerValue
from ui.widgets.score_views import score_html
from zoo.inference.detection import Detection


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceComparison:
    """The components."""

    file: gr.File
    own_marks: gr.Button
    score: gr.HTML

    @property
    def outputs(self) -> list[Any]:
        """What `no_comparison` gives values for."""
        return [self.file, self.score]


def build_comparison() -> ReferenceComparison:
    """Build the section inside the current Blocks context."""
    gr.Markdown(text.COMPARISON)
    with gr.Row(equal_height=False):
        with gr.Column(scale=1, min_width=290):
            file = gr.File(label=text.REFERENCE, height=160, elem_id="reference-upload")
            own_marks = gr.Button(text.OWN_MARKS, elem_id="score-own-marks", size="md")
        with gr.Column(scale=2, min_width=320):
            score = gr.HTML("", elem_id="score")
    return ReferenceComparison(file=file, own_marks=own_marks, score=score)


def no_comparison() -> tuple[Any, ...]:
    """Return the values of `ReferenceComparison.outputs` before there is a reference."""
    return None, ""


def wire_comparison(
    sources: RecordingSources,
    current: gr.State,
    detection: gr.State,
    viewer: ViewerComponents,
    comparison: ReferenceComparison,
) -> None:
    """Let a file, or the person's own marks, be the reference."""

    def compare(
        found: Detection | None,
        events: Sequence[Event],
        source: str,
        findings: Sequence[Finding] = (),
        uncertain: Sequence[Event] = (),
    ) -> str:
        if found is None:
            raise ParameterError(text.RUN_FIRST)
        score = score_recording(
            events, found.events, duration_s=found.duration_s, uncertain=uncertain
        )
        return score_html(score, source, findings)

    @for_browser
    def with_file(
        opened: OpenRecording | None, found: Detection | None, uploaded: str
    ) -> tuple[str, ViewerValue]:
        path = sources.find_given({"path": uploaded}, what="file of events")
        recording, handle = looked_at(opened).recording, looked_at(opened).handle
        reference = read_reference(path, recording=recording)
        shown = compare(
            found,
            reference.events,
            reference.file_name,
            reference.findings,
            reference.uncertain,
        )
        in_viewer = viewer.store.get(handle)
        in_viewer.overlays = replace(in_viewer.overlays, references=reference.events)
        return shown, viewer.refresh(handle)

    @for_browser
    def with_marks(opened: OpenRecording | None, found: Detection | None) -> str:
        marked = viewer.reference(looked_at(opened).handle)
        if not marked:
            raise ParameterError(text.NO_MARKS)
        return compare(found, marked, tr(text.THE_MARKS))

    comparison.file.upload(
        with_file,
        inputs=[current, detection, comparison.file],
        outputs=[comparison.score, viewer.component],
        api_visibility="private",
    )
    comparison.own_marks.click(
        with_marks,
        inputs=[current, detection],
        outputs=comparison.score,
        api_visibility="private",
    )
