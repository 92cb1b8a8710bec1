"""All ways to open the session's one recording, and the help where a file does not open."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from seizure_core.io.text.layout import TextCorrection
from ui.errors import for_browser
from ui.i18n import text
from ui.opening.controls import FolderDoor
from ui.opening.help import (
    OpeningHelp,
    Pending,
    corrected,
    help_with,
    nothing,
    read_anew,
    text_values,
)
from ui.opening.recordings import DATA_PREFIX, OpenRecording
from ui.opening.server_folder import recording_names
from ui.opening.sessions import Sessions


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Wires doors and help to the session's recording.

    Attributes
    ----------
    sessions : Sessions
        Puts one recording in place of another.
    current : gr.State
        The session's `OpenRecording`, or None.
    demo_button : gr.Button
        Opens the demo recording.
    uploads : sequence of gr.File
        Boxes for a file, or for several that follow each other.
    folder : FolderDoor or None
        The server's recordings; None where it offers none.
    help : OpeningHelp
        What they see where a file does not open as it is.
    show : callable
        Takes the event that has opened a recording and lets the tabs show it.
    """

    sessions: Sessions
    current: gr.State
    demo_button: gr.Button
    uploads: Sequence[gr.File]
    folder: FolderDoor | None
    help: OpeningHelp
    show: Callable[[gr.events.Dependency], None]

    def wire(self, demo: gr.Blocks) -> None:
        """Wire everything inside the current Blocks context; `demo`'s loading lists the folder."""
        self._wire_demo()
        for upload in self.uploads:
            self._wire_file(upload.upload, upload, in_order_of_names)
        if self.folder is not None:
            self._wire_folder(demo, self.folder)
        self._wire_repair()
        self._wire_text()

    @property
    def _opened(self) -> list[Any]:
        return [self.current, *self.uploads, *self.help.outputs]

    def _taken(
        self, before: OpenRecording | None, opened: OpenRecording, request: gr.Request
    ) -> tuple[Any, ...]:
        """Return the values of current recording and upload boxes."""
        return (
            self.sessions.exchange(before, opened, request),
            *(None for _ in self.uploads),
        )

    def _wire_demo(self) -> None:
        @for_browser
        def open_demo(before: OpenRecording | None, request: gr.Request) -> tuple[Any, ...]:
            return *self._taken(before, self.sessions.sources.demo(), request), *nothing()

        self.show(
            self.demo_button.click(
                open_demo, inputs=self.current, outputs=self._opened, api_visibility="private"
            )
        )

    def _wire_file(
        self,
        trigger: Callable[..., gr.events.Dependency],
        box: gr.components.Component,
        named: Callable[[Any], list[str]],
    ) -> None:
        sources = self.sessions.sources

        @for_browser
        def open_it(
            before: OpenRecording | None, given: object, request: gr.Request
        ) -> tuple[Any, ...]:
            opened = sources.take_all(named(given))
            return *self._taken(before, opened, request), *help_with(
                sources, named(given), opened=True
            )

        @for_browser
        def explain(given: object) -> tuple[Any, ...]:
            return *(None for _ in self.uploads), *help_with(sources, named(given), opened=False)

        opening = trigger(
            open_it, inputs=[self.current, box], outputs=self._opened, api_visibility="private"
        )
        self.show(opening)
        opening.failure(
            explain,
            inputs=box,
            outputs=[*self.uploads, *self.help.outputs],
            api_visibility="private",
        )

    def _wire_folder(self, demo: gr.Blocks, folder: FolderDoor) -> None:
        root = self.sessions.sources.data_folder

        def fill() -> tuple[gr.Dropdown, gr.Dropdown]:
            names = [] if root is None else recording_names(root)
            return gr.Dropdown(choices=names, value=None), gr.Dropdown(choices=names, value=[])

        demo.load(fill, outputs=[folder.one, folder.several], api_visibility="private")
        self._wire_file(folder.one.input, folder.one, lambda given: [f"{DATA_PREFIX}{given}"])
        self._wire_file(
            folder.open_several.click,
            folder.several,
            lambda given: [f"{DATA_PREFIX}{name}" for name in in_order_of_names(given)],
        )

    def _wire_repair(self) -> None:
        @for_browser
        def repair(
            before: OpenRecording | None, pending: Pending, request: gr.Request
        ) -> tuple[Any, ...]:
            opened, copy = self.sessions.sources.repaired(pending.given[0])
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

        def anew(what: str) -> Callable[..., tuple[Any, ...]]:
            @for_browser
            def change(pending: Pending, value: Any) -> tuple[Any, ...]:
                changed = read_anew(sources, pending, TextCorrection(**{what: value}))
                if changed.layout is None:
                    return changed, *[gr.skip() for _ in parts.text_outputs]
                return changed, *text_values(changed.layout, pending.layout)

            return change

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
            return self._taken(before, sources.take_all(pending.given, text_layout=layout), request)

        for what, box in (
            ("delimiter", parts.delimiter),
            ("decimal", parts.decimal),
            ("has_header", parts.header),
            ("orientation", parts.orientation),
            ("time_column", parts.times),
        ):
            box.input(
                anew(what),
                inputs=[parts.pending, box],
                outputs=[parts.pending, *parts.text_outputs],
                api_visibility="private",
            )
        self.show(
            parts.read.click(
                read,
                inputs=[self.current, parts.pending, parts.rate, parts.unit, parts.signals],
                outputs=[self.current, *self.uploads],
                api_visibility="private",
            )
        )


def in_order_of_names(given: str | Sequence[str] | None) -> list[str]:
    """Return what was chosen as people number files: "part 2" before "part 10".

    Raises
    ------
    ParameterError
        Nothing was chosen.
    """
    names = [given] if isinstance(given, str) else list(given or ())
    if not names:
        raise ParameterError(text.CHOOSE_FILES)
    return sorted(names, key=lambda name: (_numbered(PurePath(name).name), name))


def _numbered(name: str) -> list[tuple[int, int, str]]:
    parts = re.split(r"([0-9]+)", name.casefold())
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]
