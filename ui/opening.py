"""All ways to open the session's one recording, and the help where a file does not open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from ui.errors import for_browser
from ui.opening_help import (
    OpeningHelp,
    Pending,
    corrected,
    help_with,
    nothing,
    parted_anew,
    text_values,
)
from ui.recordings import DATA_PREFIX, OpenRecording
from ui.server_folder import recording_names
from ui.sessions import Sessions


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """The components by which a recording is opened.

    Attributes
    ----------
    demo_button : gr.Button
        Opens the demo recording.
    uploads : sequence of gr.File
        Boxes for files.
    folder : gr.Dropdown or None
        Names of the server's recordings; None where it offers none.
    """

    demo_button: gr.Button
    uploads: Sequence[gr.File]
    folder: gr.Dropdown | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Wires doors and help to the session's recording.

    Attributes
    ----------
    sessions : Sessions
        Puts one recording in place of another.
    current : gr.State
        The session's `OpenRecording`, or None.
    doors : Doors
        Where people come in.
    help : OpeningHelp
        What they see where a file does not open as it is.
    show : callable
        Takes the event that has opened a recording and lets the tabs show it.
    """

    sessions: Sessions
    current: gr.State
    doors: Doors
    help: OpeningHelp
    show: Callable[[gr.events.Dependency], None]

    def wire(self, demo: gr.Blocks) -> None:
        """Wire everything inside the current Blocks context; `demo`'s loading lists the folder."""
        self._wire_demo()
        for upload in self.doors.uploads:
            self._wire_file(upload.upload, upload, lambda given: str(given))
        if self.doors.folder is not None:
            self._wire_folder(demo, self.doors.folder)
        self._wire_repair()
        self._wire_text()

    @property
    def _opened(self) -> list[Any]:
        return [self.current, *self.doors.uploads, *self.help.outputs]

    def _taken(
        self, before: OpenRecording | None, opened: OpenRecording, request: gr.Request
    ) -> tuple[Any, ...]:
        """Return the values of current recording and upload boxes."""
        return (
            self.sessions.exchange(before, opened, request),
            *(None for _ in self.doors.uploads),
        )

    def _wire_demo(self) -> None:
        @for_browser
        def open_demo(before: OpenRecording | None, request: gr.Request) -> tuple[Any, ...]:
            return *self._taken(before, self.sessions.sources.demo(), request), *nothing()

        self.show(
            self.doors.demo_button.click(
                open_demo, inputs=self.current, outputs=self._opened, api_visibility="private"
            )
        )

    def _wire_file(
        self,
        trigger: Callable[..., gr.events.Dependency],
        box: gr.components.Component,
        named: Callable[[Any], str],
    ) -> None:
        sources = self.sessions.sources

        @for_browser
        def open_it(
            before: OpenRecording | None, given: object, request: gr.Request
        ) -> tuple[Any, ...]:
            opened = sources.take(named(given))
            return *self._taken(before, opened, request), *help_with(
                sources, named(given), opened=True
            )

        @for_browser
        def explain(given: object) -> tuple[Any, ...]:
            return *(None for _ in self.doors.uploads), *help_with(
                sources, named(given), opened=False
            )

        opening = trigger(
            open_it, inputs=[self.current, box], outputs=self._opened, api_visibility="private"
        )
        self.show(opening)
        opening.failure(
            explain,
            inputs=box,
            outputs=[*self.doors.uploads, *self.help.outputs],
            api_visibility="private",
        )

    def _wire_folder(self, demo: gr.Blocks, folder: gr.Dropdown) -> None:
        root = self.sessions.sources.data_folder

        def fill() -> gr.Dropdown:
            return gr.Dropdown(choices=[] if root is None else recording_names(root), value=None)

        demo.load(fill, outputs=folder, api_visibility="private")
        self._wire_file(folder.input, folder, lambda given: f"{DATA_PREFIX}{given}")

    def _wire_repair(self) -> None:
        @for_browser
        def repair(
            before: OpenRecording | None, pending: Pending, request: gr.Request
        ) -> tuple[Any, ...]:
            opened, copy = self.sessions.sources.repaired(pending.given)
            return *self._taken(before, opened, request), *nothing(copy=str(copy))

        self.show(
            self.help.repair.click(
                repair,
                inputs=[self.current, self.help.pending],
                outputs=self._opened,
                api_visibility="private",
            )
        )

    def _wire_text(self) -> None:
        sources, parts = self.sessions.sources, self.help

        @for_browser
        def part_anew(pending: Pending, delimiter: str) -> tuple[Any, ...]:
            changed = parted_anew(sources, pending, delimiter)
            shown = () if changed.layout is None else text_values(changed.layout)
            return changed, *shown

        @for_browser
        def read(
            before: OpenRecording | None,
            pending: Pending,
            rate: str,
            unit: str,
            signals: list[int],
            request: gr.Request,
        ) -> tuple[Any, ...]:
            layout = pending.layout
            if layout is not None:
                layout = corrected(layout, rate=rate, unit=unit, signals=signals)
            return self._taken(before, sources.take(pending.given, text_layout=layout), request)

        parts.delimiter.input(
            part_anew,
            inputs=[parts.pending, parts.delimiter],
            outputs=[parts.pending, *parts.text_outputs],
            api_visibility="private",
        )
        self.show(
            parts.read.click(
                read,
                inputs=[self.current, parts.pending, parts.rate, parts.unit, parts.signals],
                outputs=[self.current, *self.doors.uploads],
                api_visibility="private",
            )
        )
