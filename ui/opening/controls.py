"""Where recordings come in: boxes for files, the server's folder, the demo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import gradio as gr

from ui.i18n import text


@dataclass(frozen=True, slots=True, kw_only=True)
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

    one: gr.Dropdown
    several: gr.Dropdown
    open_several: gr.Button


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """The components by which a recording is opened.

    Attributes
    ----------
    demo_button : gr.Button
        Opens the demo recording.
    uploads : sequence of gr.File
        Boxes for a file, or for several that follow each other.
    folder : FolderDoor or None
        The server's recordings; None where it offers none.
    """

    demo_button: gr.Button
    uploads: Sequence[gr.File]
    folder: FolderDoor | None


def build_upload(*, elem_id: str, height: int) -> gr.File:
    """Build a box for recordings inside the current Blocks context."""
    return gr.File(label=text.UPLOAD, file_count="multiple", height=height, elem_id=elem_id)


def build_folder_door() -> FolderDoor:
    """Build the choices of the server's folder inside the current Blocks context."""
    one = gr.Dropdown(
        choices=[],
        value=None,
        label=text.SERVER_FOLDER,
        info=text.SERVER_FOLDER_INFO,
        elem_id="server-folder",
    )
    with gr.Accordion(text.SEVERAL_FILES, open=False, elem_id="folder-sequence"):
        several = gr.Dropdown(
            choices=[],
            multiselect=True,
            label=text.SEVERAL_CHOICE,
            elem_id="folder-several",
        )
        open_several = gr.Button(text.OPEN_SEVERAL, elem_id="open-several", size="md")
    return FolderDoor(one=one, several=several, open_several=open_several)
