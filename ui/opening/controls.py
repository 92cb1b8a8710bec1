"""Where recordings come in: boxes for files, and the server's folder."""

from __future__ import annotations

import gradio as gr

from ui.i18n import text


def build_upload(*, elem_id: str, height: int) -> gr.File:
    """Build a box for recordings inside the current Blocks context."""
    return gr.File(label=text.UPLOAD, file_count="multiple", height=height, elem_id=elem_id)


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
        self.one = gr.Dropdown(
            choices=[],
            value=None,
            label=text.SERVER_FOLDER,
            info=text.SERVER_FOLDER_INFO,
            elem_id="server-folder",
        )
        with gr.Accordion(text.SEVERAL_FILES, open=False, elem_id="folder-sequence"):
            self.several = gr.Dropdown(
                choices=[],
                multiselect=True,
                label=text.SEVERAL_CHOICE,
                elem_id="folder-several",
            )
            self.open_several = gr.Button(text.OPEN_SEVERAL, elem_id="open-several", size="md")
