"""All ways to open the session's one recording, and the help where a file does not open."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import Any

import gradio as gr
from gradio.blocks import Block

from seizure_core.errors import ParameterError, RecordingError
from seizure_core.io.text.layout import TextCorrection
from ui.events import Trigger, Updates, listen
from ui.opening.help import OpeningHelp, Pending, corrected, help_with, read_again, why_not_open
from ui.opening.recordings import DATA_PREFIX, OpenRecording, recording_names
from ui.opening.sessions import Sessions
from ui.server.queues import OPENING_QUEUE


class DropArea:
    """The box to drop recordings into: on the empty page, and under the bar to open another one.

    Attributes
    ----------
    upload : gr.File
        Takes a recording, or the files of one.
    demo : gr.Button
        Opens the demo recording.
    folder : FolderDoor or None
        The server's recordings; None where it offers none.
    """

    def __init__(self, *, has_folder: bool) -> None:
        with gr.Column(elem_id="drop-area"):
            self.upload = gr.File(
                label="EEG recording, or the files of one: EDF, BDF, CSV, TXT; .gz",
                file_count="multiple",
                show_label=False,
                elem_id="upload",
            )
            gr.HTML("<h2>Drop an EEG recording</h2>", padding=False)
            gr.HTML(
                "<p>EDF, EDF+, BDF, CSV or TXT, also gzipped; several files of one recording "
                "together.</p>",
                padding=False,
            )
            with gr.Row(elem_id="ways-to-open"):
                choose = gr.Button("Choose a file", elem_id="choose-file", scale=0)
                self.demo = gr.Button(
                    "Open the demo", variant="primary", elem_id="open-demo", scale=0
                )
            gr.HTML(
                "<p>Then press <strong>Find seizures</strong>, check each event by eye, export the "
                "reviewed list. Research use only, not a medical device.</p>",
                elem_classes="remark",
                padding=False,
            )
        self.folder = FolderDoor() if has_folder else None
        listen(
            choose.click,
            None,
            js="() => document.querySelector('#upload input[type=file]').click()",
        )


class FolderDoor:
    """The server's folder of recordings.

    Attributes
    ----------
    one : gr.Dropdown
        Opens the recording that is chosen.
    several : gr.Dropdown
        Files that follow each other.
    open_several : gr.Button
        Opens them as one recording.
    """

    def __init__(self) -> None:
        with gr.Row(equal_height=False, elem_id="server-recordings"):
            self.one = gr.Dropdown(
                choices=[],
                value=None,
                label="Or one from the server's folder",
                info="Opened in place, without an upload. Type to search.",
                elem_id="server-folder",
                min_width=280,
            )
            with (
                gr.Column(min_width=280),
                gr.Accordion("Join consecutive files", open=False),
            ):
                self.several = gr.Dropdown(
                    choices=[],
                    multiselect=True,
                    label="Files that follow each other",
                    elem_id="folder-several",
                )
                self.open_several = gr.Button(
                    "Open them as one recording", elem_id="open-several", size="md"
                )


# Messages about a file that does not open appear where files are opened.
_OPEN_AGAIN = "() => document.getElementById('open-again').setAttribute('open', '')"


class Opening:
    """Binds all ways to open a recording to the session's one recording.

    Parameters
    ----------
    sessions : Sessions
        Puts one recording in place of another.
    current : gr.State
        The session's `OpenRecording`, or None.
    demo : gr.Blocks
        The app, whose loading lists the server's folder.
    area : DropArea
        What opens a recording.
    opening_help : OpeningHelp
        Shown when a file does not open.
    show : callable
        Returns what the page shows of a recording that has just been opened.
    showing : sequence of component
        What `show` gives values for.
    """

    def __init__(
        self,
        sessions: Sessions,
        current: gr.State,
        demo: gr.Blocks,
        *,
        area: DropArea,
        opening_help: OpeningHelp,
        show: Callable[[OpenRecording], Updates],
        showing: Sequence[Block],
    ) -> None:
        self._sessions, self._sources, self._current = sessions, sessions.sources, current
        self._upload, self._folder, self._help = area.upload, area.folder, opening_help
        self._show, self._showing = show, showing
        # Why each session's last file did not open, between that event and its explanation.
        self._refused: dict[str | None, RecordingError] = {}
        self._wire(area.demo.click, self.open_demo, [])
        self._wire_file(area.upload.upload, area.upload, in_order_of_names)
        folder = area.folder
        if folder is not None:
            listen(demo.load, self.list_folder, outputs=[folder.one, folder.several])
            self._wire_file(folder.one.input, folder.one, lambda given: [f"{DATA_PREFIX}{given}"])
            self._wire_file(
                folder.open_several.click,
                folder.several,
                lambda given: [f"{DATA_PREFIX}{name}" for name in in_order_of_names(given)],
            )
        self._wire(opening_help.repair.click, self.repair, [opening_help.pending])
        self._wire(
            opening_help.read.click,
            self.read,
            [opening_help.pending, opening_help.rate, opening_help.unit, opening_help.signals],
        )
        for what, box in opening_help.corrections.items():
            inputs = [opening_help.pending, box]
            listen(
                box.input, self._correcting(what), inputs=inputs, outputs=opening_help.text_outputs
            )

    def _wire(
        self, trigger: Trigger, handler: Callable[..., Updates], inputs: list[Any]
    ) -> gr.events.Dependency:
        outputs = [self._current, self._upload, *self._help.outputs, *self._showing]
        return listen(
            trigger,
            handler,
            inputs=[self._current, *inputs],
            outputs=outputs,
            show_progress_on=self._upload,
            queue=OPENING_QUEUE,
        )

    def _wire_file(
        self,
        trigger: Trigger,
        box: gr.components.Component,
        named: Callable[[Any], list[str]],
    ) -> None:
        sources, offered, refused = self._sources, self._help.offered, self._refused

        def open_it(before: OpenRecording | None, given: object, request: gr.Request) -> Updates:
            try:
                opened = sources.take(named(given))
            except RecordingError as error:
                refused[request.session_hash] = error
                raise
            shown = self._exchanged(before, opened, request)
            return {**shown, **offered(help_with(opened, named(given)))}

        def explain(given: object, request: gr.Request) -> Updates:
            if not given:
                return {}  # that nothing was chosen has been said
            found = why_not_open(refused.pop(request.session_hash, None), named(given))
            return {self._upload: None, **offered(found, opened=False)}

        opening = self._wire(trigger, open_it, [box])
        outputs = [self._upload, *self._help.outputs]
        explained = listen(
            opening.failure, explain, inputs=box, outputs=outputs, queue=OPENING_QUEUE
        )
        listen(explained.success, None, js=_OPEN_AGAIN)

    def _exchanged(
        self, before: OpenRecording | None, opened: OpenRecording, request: gr.Request
    ) -> Updates:
        now = self._sessions.exchange(before, opened, request)
        return {self._current: now, self._upload: None, **self._show(now)}

    def open_demo(self, before: OpenRecording | None, request: gr.Request) -> Updates:
        """Open the demo recording."""
        shown = self._exchanged(before, self._sources.demo(), request)
        return {**shown, **self._help.offered(None)}

    def list_folder(self) -> Updates:
        """List the server's recordings."""
        folder, root = self._folder, self._sources.data_folder
        if folder is None or root is None:
            return {}
        names = recording_names(root)
        return {
            folder.one: gr.Dropdown(choices=names, value=None),
            folder.several: gr.Dropdown(choices=names, value=[]),
        }

    def repair(
        self, before: OpenRecording | None, pending: Pending, request: gr.Request
    ) -> Updates:
        """Open a repaired copy, and offer it."""
        opened, copy = self._sources.repaired(pending.given[0])
        shown = self._exchanged(before, opened, request)
        return {**shown, **self._help.offered(None, copy=copy)}

    def read(
        self,
        before: OpenRecording | None,
        pending: Pending,
        rate: str,
        unit: str,
        signals: list[int],
        request: gr.Request,
    ) -> Updates:
        """Open a text as a user set it."""
        layout = pending.layout
        if layout is not None:
            layout = corrected(layout, rate=rate, unit=unit, signals=signals)
        opened = self._sources.take(pending.given, text_layout=layout)
        return self._exchanged(before, opened, request)

    def _correcting(self, what: str) -> Callable[..., Updates]:
        def correct(pending: Pending, value: Any) -> Updates:
            correction = TextCorrection(**{what: value})
            return self._help.corrected(read_again(self._sources, pending, correction), pending)

        return correct


def in_order_of_names(given: str | Sequence[str] | None) -> list[str]:
    """Return what was chosen as people number files: "part 2" before "part 10".

    Raises
    ------
    ParameterError
        Nothing was chosen.
    """
    names = [given] if isinstance(given, str) else list(given or ())
    if not names:
        raise ParameterError("Choose at least one file.")
    return sorted(names, key=lambda name: (_numbered(PurePath(name).name), name))


def _numbered(name: str) -> list[tuple[int, int, str]]:
    parts = re.split(r"([0-9]+)", name.casefold())
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]
