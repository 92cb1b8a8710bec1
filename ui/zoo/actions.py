"""Actions on models: export, delete, restore, import."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr
from markupsafe import Markup

from seizure_core.errors import ParameterError
from ui.errors import inform
from ui.events import Trigger, Updates, listen
from ui.i18n import words
from ui.i18n.translation import tr
from ui.loaded_models import check_may_export, hub_access
from ui.resources import Services
from ui.server.access import may_write
from ui.server.queues import HUB_QUEUE
from ui.widgets import markup
from ui.widgets.downloads import offered, save_after
from ui.zoo.catalogue import ListedModel
from zoo.store.bundle import BUNDLE_SUFFIX, export_bundle, import_model
from zoo.store.home import home_folder
from zoo.store.user_models import delete_model, discarded_models, restore_model

_IMPORT_INFO = (
    "A bundle (.zip), or card.json and model.safetensors together. Everything is checked first."
)


class ModelFiles:
    """Below the list: models come in from files, and deleted ones come back.

    Parameters
    ----------
    services : Services
        Settings and files.
    wanted : gr.State
        Id of the model that came last; None after one has gone.

    Attributes
    ----------
    changes : list of gr.events.Dependency
        After each of them the lists of models have to be read again.
    undoing : list
        What shows that a model was deleted just now.
    deleted : list
        What shows which models can come back.
    """

    def __init__(self, services: Services, wanted: gr.State) -> None:
        self._services, self._wanted = services, wanted
        with gr.Row(visible=False, elem_id="zoo-undo-row") as self._undo_row:
            self._undo_note = gr.HTML("", elem_id="zoo-undo-note")
            undo = gr.Button("Undo", size="md", elem_id="zoo-undo")
        self._import = gr.UploadButton(
            "Import a model",
            file_count="multiple",
            file_types=[BUNDLE_SUFFIX, ".json", ".safetensors", ".md"],
            size="md",
            elem_id="zoo-import",
        )
        gr.HTML(f'<p class="remark">{_IMPORT_INFO}</p>')
        with gr.Accordion(
            "Deleted models", open=False, visible=False, elem_id="zoo-trash"
        ) as trash:
            self._deleted = gr.Dropdown(
                choices=[], label="Deleted in the last 7 days", elem_id="zoo-deleted-choice"
            )
            restore = gr.Button("Restore", size="md", elem_id="zoo-restore")
        self._trash, self._ticket = trash, gr.State("")
        self.deleted = [self._trash, self._deleted]
        self.undoing = [self._undo_row, self._undo_note, self._ticket]
        self.changes = [
            self.changing(self._import.upload, self.bring_in, self._import, [self._import]),
            self.changing(undo.click, self.bring_back, self._ticket, self.undoing),
            self.changing(restore.click, self.bring_back, self._deleted, self.undoing),
        ]

    def changing(
        self,
        trigger: Trigger,
        handler: Callable[..., Updates],
        given: gr.components.Component,
        outputs: Sequence[Any],
    ) -> gr.events.Dependency:
        """Bind an event after which other models are there."""
        return listen(
            trigger,
            handler,
            inputs=given,
            outputs=[self._wanted, *outputs],
            quiet=True,
            queue=HUB_QUEUE,
            writers=self._services.settings,
        )

    def bring_in(self, uploads: list[str] | None) -> Updates:
        """Take in what was uploaded."""
        model_id = take_in(self._services, uploads or [])
        inform(tr("{model_id} is in the zoo now.", model_id=model_id))
        return {self._wanted: model_id, self._import: None}

    def delete(self, model_id: str | None) -> Updates:
        """Delete a model and offer to take that back."""
        gone = delete_model(named(model_id))
        said = tr("{model_id} was deleted.", model_id=gone["model_id"])
        return {
            self._wanted: None,
            self._undo_row: gr.Row(visible=True),
            self._undo_note: Markup('<p role="status">{}</p>').format(said),
            self._ticket: gone["undo"],
        }

    def bring_back(self, ticket: str | None) -> Updates:
        """Bring a deleted model back."""
        if not ticket:
            raise ParameterError("Choose the model to restore.")
        model_id = restore_model(ticket)["model_id"]
        inform(tr("{model_id} was restored.", model_id=model_id))
        return {
            self._wanted: model_id,
            self._undo_row: gr.Row(visible=False),
            self._undo_note: "",
            self._ticket: "",
        }

    def list_deleted(self) -> Updates:
        """Offer what can be brought back, to those who may."""
        deleted = discarded_models(home_folder()) if may_write(self._services.settings) else ()
        choices = [
            (
                tr("{model_id}: {title}", model_id=model.entry.model_id, title=model.entry.title),
                model.ticket,
            )
            for model in deleted
        ]
        return {
            self._trash: gr.Accordion(visible=bool(choices)),
            self._deleted: gr.Dropdown(choices=choices, value=choices[0][1] if choices else None),
        }


class CardActions:
    """The buttons between a card's head and its text.

    Parameters
    ----------
    services : Services
        Settings and files.
    chosen : gr.State
        Id of the model whose card is open, or None.
    files : ModelFiles
        Where a deletion can be taken back.

    Attributes
    ----------
    use, train, compare, publish : gr.Button
        Lead elsewhere and are bound there.
    showing : list
        What `offered` gives values for.
    deleted : gr.events.Dependency
        After it the lists of models have to be read again.
    """

    def __init__(self, services: Services, chosen: gr.State, files: ModelFiles) -> None:
        self._services, self._files = services, files
        with gr.Row(visible=False, elem_id="zoo-actions") as self._row:
            self.use = _button("Use in Predict", "zoo-use", variant="primary")
            self.train = _button("Train from it", "zoo-train")
            self.compare = _button("Compare", "zoo-compare")
            export = _button("Export", "zoo-export")
            self.publish = _button("Publish", "zoo-publish")
            self._delete = _button("Delete", "zoo-delete")
        self._bundle = gr.DownloadButton(
            "Save the bundle", visible="hidden", size="md", elem_id="zoo-export-file"
        )
        with gr.Group(visible=False, elem_id="zoo-asking") as self._asking:
            self._question = gr.HTML("", elem_id="zoo-question")
            with gr.Row():
                really = gr.Button("Delete it", variant="stop", size="md")
                keep = gr.Button("Keep it", size="md")
        question = [self._asking, self._question]
        self.showing = [self._row, self.publish, self._delete, *question]
        exported = listen(
            export.click,
            self.export,
            inputs=chosen,
            outputs=self._bundle,
            quiet=True,
            queue=HUB_QUEUE,
        )
        save_after(exported, self._bundle)
        listen(self._delete.click, self.ask, inputs=chosen, outputs=question, quiet=True)
        listen(keep.click, lambda: gr.Group(visible=False), outputs=self._asking, quiet=True)
        self.deleted = files.changing(
            really.click, self.delete, chosen, [self._asking, *files.undoing]
        )

    def offered(self, model: ListedModel | None) -> Updates:
        """Offer what can be done with a model; a question about another one goes."""
        return {
            self._row: gr.Row(visible=model is not None),
            self.publish: gr.Button(visible=model is not None and model.source == "user"),
            self._delete: gr.Button(visible=model is not None and model.can_be_deleted),
            self._asking: gr.Group(visible=False),
            self._question: "",
        }

    def export(self, model_id: str | None) -> Updates:
        """Make one file of a model, to be taken away."""
        name = named(model_id)
        check_may_export(self._services.settings, name)
        access = hub_access(self._services.settings)
        with self._services.work.filled() as folder:
            bundle = export_bundle(name, folder, access=access)
            return {self._bundle: gr.DownloadButton(value=offered(bundle))}

    def ask(self, model_id: str | None) -> Updates:
        """Ask before a deletion."""
        question = tr(
            "Delete {model_id}? Its card, weights and README leave the zoo. It "
            "can be restored for 7 days.",
            model_id=named(model_id),
        )
        asked = {self._question: markup.paragraph(question)}
        return {self._asking: gr.Group(visible=True), **asked}

    def delete(self, model_id: str | None) -> Updates:
        """Take the question for a yes."""
        return {self._asking: gr.Group(visible=False), **self._files.delete(model_id)}


def named(model_id: str | None) -> str:
    """Return the chosen model's id, or raise `ParameterError` if none is chosen."""
    if not model_id:
        raise ParameterError(words.CHOOSE_MODEL)
    return model_id


def take_in(services: Services, uploads: Sequence[str]) -> str:
    """Take a model in from uploads, one bundle or the files of a folder, and return its id.

    Raises
    ------
    SeizureZooError
        It is no model, a check fails, or the id is taken.
    """
    files = [services.recordings.find_given({"path": path}, what="model") for path in uploads]
    bundles = [path for path in files if path.suffix.lower() == BUNDLE_SUFFIX]
    if bundles and len(files) > 1:
        raise ParameterError(
            "Choose one bundle (.zip) alone, or the files of one model (card.json and "
            "model.safetensors)."
        )
    if bundles:
        return str(import_model(bundles[0])["model_id"])
    with services.work.filled() as folder:
        for file in files:
            shutil.copyfile(file, folder / file.name)
        model_id = str(import_model(folder, file_name=tr("The files chosen"))["model_id"])
        services.work.delete(folder)
        return model_id


def _button(label: str, elem_id: str, **look: Any) -> gr.Button:
    return gr.Button(label, size="md", min_width=110, elem_id=elem_id, **look)
