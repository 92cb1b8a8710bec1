"""The place where recordings are opened: a box to drop them into, the demo, the server's folder."""

from __future__ import annotations

import gradio as gr

from ui.events import listen


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
            gr.Markdown("# Drop an EEG recording")
            gr.Markdown(
                "EDF, EDF+, BDF, CSV or TXT, also gzipped; several files of one recording together."
            )
            with gr.Row(elem_id="ways-to-open"):
                choose = gr.Button("Choose a file", elem_id="choose-file", scale=0)
                self.demo = gr.Button(
                    "Open the demo", variant="primary", elem_id="open-demo", scale=0
                )
            gr.Markdown(
                "Then press **Find seizures**, check each event by eye, export the reviewed list. "
                "Research use only, not a medical device.",
                elem_classes="remark",
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
