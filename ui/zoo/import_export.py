"""Nets that come in from files, and nets that were deleted."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from ui.i18n import zoo_text as words
from ui.i18n.translation import tr
from ui.resources import Services
from zoo.store.bundle import BUNDLE_SUFFIX, import_model
from zoo.store.home import home_folder
from zoo.store.trash import discarded_nets

FILE_TYPES = (BUNDLE_SUFFIX, ".json", ".safetensors", ".md")


@dataclass(frozen=True, slots=True, kw_only=True)
class MovingParts:
    """The components below the list; `undo` holds the ticket of the net deleted last."""

    take_in: gr.UploadButton
    undo_row: gr.Row
    undo_note: gr.HTML
    undo: gr.Button
    trash: gr.Accordion
    deleted_choice: gr.Dropdown
    restore: gr.Button

    @property
    def deleted(self) -> list[Any]:
        """What `deleted_nets` gives values for."""
        return [self.trash, self.deleted_choice]


def build_moving() -> MovingParts:
    """Build the components inside the current Blocks context."""
    with gr.Row(visible=False, elem_id="zoo-undo-row") as undo_row:
        undo_note = gr.HTML("", elem_id="zoo-undo-note")
        undo = gr.Button(words.UNDO, size="md", elem_id="zoo-undo")
    take_in = gr.UploadButton(
        words.IMPORT,
        file_count="multiple",
        file_types=list(FILE_TYPES),
        size="md",
        elem_id="zoo-import",
    )
    gr.HTML(f'<p class="remark">{words.IMPORT_INFO}</p>')
    with gr.Accordion(words.DELETED, open=False, visible=False, elem_id="zoo-trash") as trash:
        deleted_choice = gr.Dropdown(
            choices=[], label=words.DELETED_CHOICE, elem_id="zoo-deleted-choice"
        )
        restore = gr.Button(words.RESTORE, size="md", elem_id="zoo-restore")
    return MovingParts(
        take_in=take_in,
        undo_row=undo_row,
        undo_note=undo_note,
        undo=undo,
        trash=trash,
        deleted_choice=deleted_choice,
        restore=restore,
    )


def deleted_nets(*, may_write: bool) -> tuple[gr.Accordion, gr.Dropdown]:
    """Return the values of `MovingParts.deleted`: what can be brought back, if anything can."""
    found = discarded_nets(home_folder()) if may_write else ()
    choices = [
        (
            tr(words.DELETED_NET, model_id=one.entry.model_id, title=one.entry.title),
            one.ticket,
        )
        for one in found
    ]
    return (
        gr.Accordion(visible=bool(choices)),
        gr.Dropdown(choices=choices, value=choices[0][1] if choices else None),
    )


def take_in(services: Services, uploads: Sequence[str]) -> str:
    """Take a net in from uploads: one bundle, or the files of a net's folder.

    Parameters
    ----------
    services : Services
        Where uploads may lie and folders are made.
    uploads : sequence of str
        As the upload button gives them.

    Returns
    -------
    str
        Its id.

    Raises
    ------
    SeizureZooError
        It is no net, a check fails, or the id is taken.
    """
    files = [services.recordings.find_given({"path": one}, what="net") for one in uploads]
    bundles = [one for one in files if one.suffix.lower() == BUNDLE_SUFFIX]
    if bundles and len(files) > 1:
        raise ParameterError(tr(words.ONE_BUNDLE))
    if bundles:
        return str(import_model(bundles[0])["model_id"])
    folder = services.work.new()
    try:
        for file in files:
            shutil.copyfile(file, folder / file.name)
        return str(import_model(folder, file_name=tr(words.THE_FILES))["model_id"])
    finally:
        services.work.delete(folder)
