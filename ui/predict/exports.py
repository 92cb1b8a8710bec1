"""A result is taken away: files made when they are asked for, after the review as it is then."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import gradio as gr

from seizure_core.atomic import atomic_path
from seizure_core.errors import ParameterError
from seizure_core.events.review import Review, events_after, own_marks, reviewed
from seizure_core.json_document import write_json
from ui.events import Updates, listen
from ui.i18n import words
from ui.i18n.translation import tr
from ui.i18n.wording import count_words
from ui.opening.recordings import OpenRecording
from ui.opening.sessions import looked_at
from ui.plain_data import without_undefined
from ui.server.work_folders import WorkFolders
from ui.viewer.component import ViewerComponents
from ui.widgets import markup
from ui.widgets.downloads import offered, save_after
from ui.widgets.pictures import draw_alone
from zoo.inference.detection import Detection
from zoo.inference.detection_report import write_detection_report
from zoo.inference.results import (
    detection_json,
    write_events_edf,
    write_events_tsv,
    write_windows_csv,
)
from zoo.store.registry import model_card

_EVERYTHING_JSON = "Everything (JSON)"
_DRAWING_REPORT = "Drawing the report"
_FILE_UNREVIEWED = "It holds what the model found: nothing was accepted, rejected or marked yet."

_LABELS = {
    "events": "Events (TSV)",
    "edf": "Events (EDF+)",
    "windows": "Windows (CSV)",
    "json": _EVERYTHING_JSON,
    "report": "Report (PDF)",
}


class ResultExports:
    """A button for each kind of file, and what the report says of the recording.

    Parameters
    ----------
    work : WorkFolders
        Where files go.
    current, detection : gr.State
        The session's recording and result.
    viewer : ViewerComponents
        Where the result is reviewed.

    Attributes
    ----------
    said : gr.HTML
        What was made, or is being made; empty for a new result.
    """

    def __init__(
        self, work: WorkFolders, current: gr.State, detection: gr.State, viewer: ViewerComponents
    ) -> None:
        self._work, self._viewer = work, viewer
        with gr.Row():
            buttons = {
                kind: gr.Button(label, elem_id=f"download-{kind}", size="md", min_width=130)
                for kind, label in _LABELS.items()
            }
        self.said = gr.HTML("", elem_id="saving", elem_classes="remark")
        # Hidden; holds the file made last.
        self._link = gr.DownloadButton(_EVERYTHING_JSON, visible="hidden", elem_id="result-file")
        with gr.Accordion("What the report says of the recording", open=False, elem_id="printed"):
            with_name = gr.Checkbox(
                label="Print the file's name and date, which may tell who it is",
                elem_id="print-name",
            )
            with gr.Row():
                case, reviewer = (
                    gr.Textbox(label=label, max_length=200, elem_id=elem_id)
                    for label, elem_id in (
                        ("Recording or case, as it is to be printed", "print-case"),
                        ("Reviewed by", "print-reviewer"),
                    )
                )
        for kind, button in buttons.items():
            begun = listen(button.click, self.begin, outputs=self.said, quiet=True)
            made = listen(
                begun.success,
                self._making(kind),
                inputs=[current, detection, with_name, case, reviewer],
                outputs=[self._link, self.said],
                show_progress_on=self.said,
            )
            listen(made.failure, self.cleared, outputs=self.said, quiet=True)
            save_after(made, self._link)

    def begin(self) -> Updates:
        """Say that a file is being made."""
        return {self.said: markup.paragraph("Making the file.")}

    def cleared(self) -> Updates:
        """Say nothing."""
        return {self.said: ""}

    def _making(self, kind: str) -> Callable[..., Updates]:
        def make(
            opened: OpenRecording | None,
            found: Detection | None,
            with_name: bool,
            case: str | None,
            reviewer: str | None,
            progress: gr.Progress = gr.Progress(),  # noqa: B008 - this is how Gradio hands it in
        ) -> Updates:
            if found is None:
                raise ParameterError(words.RUN_FIRST)
            looked = looked_at(opened)
            review = self._viewer.review(looked.handle)
            path = file_of_result(self._work.new(), kind, found, review)
            if kind == "report":
                progress(0, desc=tr(_DRAWING_REPORT))
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
                        progress=lambda done: progress(done, desc=tr(_DRAWING_REPORT)),
                    )
                )
            return {
                self._link: gr.DownloadButton(value=offered(path)),
                self.said: markup.paragraph(_made_words(path, kind, found, review)),
            }

        return make


def _made_words(path: Path, kind: str, found: Detection, review: Review) -> str:
    """Return which file was made and what of the review is in it."""
    made = tr("{file} is ready: your browser saves it.", file=path.name)
    if kind == "windows":
        return made
    if not review:
        return f"{made} {tr(_FILE_UNREVIEWED)}"
    told = tr(
        "It holds your review: {kept} left, {rejected} rejected, {marks} of your own.",
        kept=count_words(len(events_after(found.events, review)), "event"),
        rejected=sum(one.decision == "rejected" for one in reviewed(found.events, review)),
        marks=count_words(len(own_marks(found.events, review)), "mark"),
    )
    return f"{made} {told}"


_TAILS = {
    "events": "events.tsv",
    "edf": "events.edf",
    "windows": "windows.csv",
    "json": "result.json",
    "report": "report.pdf",
}


def file_of_result(folder: Path, kind: str, detection: Detection, review: Review) -> Path:
    """Write one file of a detection and return it; a report's is left to be written.

    Parameters
    ----------
    folder : Path
        Where to.
    kind : str
        "events", "edf", "windows", "json" or "report".
    detection : Detection
        What was found.
    review : Review
        What a person marked and decided. A file that holds any of it has another name than
        one that does not.
    """
    is_reviewed = bool(review) and kind != "windows"
    stem = Path(detection.file_name).stem
    path = folder / f"{stem}_{'reviewed_' if is_reviewed else ''}{_TAILS[kind]}"
    if kind == "events":
        write_events_tsv(path, detection, review)
    elif kind == "edf":
        write_events_edf(path, detection, review)
    elif kind == "windows":
        write_windows_csv(path, detection)
    elif kind == "json":
        write_json(path, without_undefined(detection_json(detection, review)))
    return path


def pack(paths: Sequence[Path], target: Path) -> None:
    """Pack files, without their folders, into a zip archive."""
    with (
        atomic_path(target) as temporary,
        zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for path in paths:
            archive.write(path, arcname=path.name)
