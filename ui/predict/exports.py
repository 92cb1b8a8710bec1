"""A result is taken away: files made when they are asked for, after the review as it is then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from seizure_core.events.review import Review, events_after, own_marks, reviewed
from ui.errors import for_browser
from ui.i18n import text
from ui.i18n.translation import tr
from ui.i18n.wording import count_words
from ui.opening.recordings import OpenRecording
from ui.opening.sessions import looked_at
from ui.predict.result_files import file_of_result
from ui.server.work_folders import WorkFolders
from ui.viewer.component import ViewerComponents
from ui.widgets import markup
from ui.widgets.downloads import offered, save_after
from ui.widgets.drawing import draw_alone
from zoo.inference.detection import Detection
from zoo.inference.detection_report import write_detection_report
from zoo.store.registry import model_card

_LABELS = {
    "events": text.EVENTS_TSV,
    "edf": text.EVENTS_EDF,
    "windows": text.WINDOWS_CSV,
    "json": text.EVERYTHING_JSON,
    "report": text.REPORT_PDF,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exports:
    """The components.

    Attributes
    ----------
    buttons : dict of str to gr.Button
        One for each kind of file.
    said : gr.HTML
        What was made, or is being made.
    link : gr.DownloadButton
        Hidden; holds the file made last.
    with_name, case, reviewer
        What the report says of the recording.
    """

    buttons: dict[str, gr.Button]
    said: gr.HTML
    link: gr.DownloadButton
    with_name: gr.Checkbox
    case: gr.Textbox
    reviewer: gr.Textbox

    @property
    def outputs(self) -> list[Any]:
        """What `no_exports` gives values for."""
        return [self.said]


def build_exports() -> Exports:
    """Build the buttons inside the current Blocks context."""
    with gr.Row():
        buttons = {
            kind: gr.Button(label, elem_id=f"download-{kind}", size="md", min_width=130)
            for kind, label in _LABELS.items()
        }
    said = gr.HTML("", elem_id="saving", elem_classes="remark")
    link = gr.DownloadButton(text.EVERYTHING_JSON, visible="hidden", elem_id="result-file")
    with gr.Accordion(text.WHAT_IS_PRINTED, open=False, elem_id="printed"):
        with_name = gr.Checkbox(label=text.PRINT_NAME, elem_id="print-name")
        with gr.Row():
            case = gr.Textbox(label=text.PRINTED_CASE, max_length=200, elem_id="print-case")
            reviewer = gr.Textbox(
                label=text.PRINTED_REVIEWER, max_length=200, elem_id="print-reviewer"
            )
    return Exports(
        buttons=buttons,
        said=said,
        link=link,
        with_name=with_name,
        case=case,
        reviewer=reviewer,
    )


def no_exports() -> tuple[Any, ...]:
    """Return the values of `Exports.outputs` for a new result."""
    return ("",)


def wire_exports(
    work: WorkFolders,
    current: gr.State,
    detection: gr.State,
    viewer: ViewerComponents,
    parts: Exports,
) -> None:
    """Let each button make its file and hand it over.

    Parameters
    ----------
    work : WorkFolders
        Where files go.
    current, detection : gr.State
        The session's recording and result.
    viewer : ViewerComponents
        Where the result is reviewed.
    parts : Exports
        The components.
    """

    def making(kind: str) -> Callable[..., tuple[Any, ...]]:
        @for_browser
        def make(
            opened: OpenRecording | None,
            found: Detection | None,
            with_name: bool,
            case: str | None,
            reviewer: str | None,
            progress: gr.Progress = gr.Progress(),  # noqa: B008 - this is how Gradio hands it in
        ) -> tuple[Any, ...]:
            if found is None:
                raise ParameterError(text.RUN_FIRST)
            looked = looked_at(opened)
            review = viewer.review(looked.handle)
            path = file_of_result(work.new(), kind, found, review)
            if kind == "report":
                progress(0, desc=tr(text.DRAWING_REPORT))
                draw_alone(
                    lambda: write_detection_report(
                        path,
                        found,
                        looked.recording,
                        model_card(found.model_id),
                        with_file_name=with_name,
                        made=datetime.now(),
                        review=review,
                        case=(case or "").strip(),
                        reviewer=(reviewer or "").strip(),
                        progress=lambda done: progress(done, desc=tr(text.DRAWING_REPORT)),
                    )
                )
            said = _said(path, kind, found, review)
            return gr.DownloadButton(value=offered(path)), markup.paragraph(said)

        return make

    for kind, button in parts.buttons.items():
        begun = button.click(
            for_browser(lambda: markup.paragraph(tr(text.MAKING_FILE))),
            outputs=parts.said,
            show_progress="hidden",
            api_visibility="private",
        )
        made = begun.success(
            making(kind),
            inputs=[current, detection, parts.with_name, parts.case, parts.reviewer],
            outputs=[parts.link, parts.said],
            show_progress_on=parts.said,
            api_visibility="private",
        )
        made.failure(
            no_exports, outputs=parts.outputs, show_progress="hidden", api_visibility="private"
        )
        save_after(made, parts.link)


def _said(path: Path, kind: str, found: Detection, review: Review) -> str:
    """Return which file was made and what of the review is in it."""
    made = tr(text.FILE_MADE, file=path.name)
    if kind == "windows":
        return made
    if not review:
        return f"{made} {tr(text.FILE_UNREVIEWED)}"
    n_rejected = sum(one.decision == "rejected" for one in reviewed(found.events, review))
    told = tr(
        text.FILE_REVIEWED,
        kept=count_words(len(events_after(found.events, review)), "event"),
        rejected=n_rejected,
        marks=count_words(len(own_marks(found.events, review)), "mark"),
    )
    return f"{made} {told}"
