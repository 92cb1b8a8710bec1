"""Endpoints about the models of the zoo: what there is, and how models travel.

This module must not postpone its annotations: see `ui.api`.
"""

from typing import Any

import gradio as gr
from gradio.data_classes import FileData

from ui.api.files import Endpoints, file_answer
from ui.arguments import checked_flag, checked_text, plain_text
from ui.loaded_models import check_may_export, hub_access, publishing_access
from ui.widgets.model_picker import card_data, model_rows
from zoo.hub.publishing import publish_model
from zoo.hub.pulling import pull_model
from zoo.store.bundle import export_bundle, import_model
from zoo.store.user_models import delete_model, restore_model


class ZooEndpoints(Endpoints):
    """The functions about models; each bears the name it is published under.

    No token is ever a parameter: the Hub is asked as `ui.loaded_models` says, with this
    machine's own login where strangers cannot reach the app.
    """

    def list_models(self) -> list[dict[str, Any]]:
        """List the models of the zoo with the facts one chooses by."""
        return model_rows()

    def model_card(self, model_id: str) -> dict[str, Any]:
        """Return the whole card of a model: input, network, operating point, results, limits.

        Parameters
        ----------
        model_id : str
            Id of the model, as /list_models names it.
        """
        return card_data(checked_text("model_id", model_id))

    def publish_model(
        self, model_id: str, repo_id: str, private: bool = True, note: str = ""
    ) -> dict[str, Any]:
        """Publish a model on the Hugging Face Hub as one commit; answers repository and commit.

        Parameters
        ----------
        model_id : str
            Id of the model, as /list_models names it.
        repo_id : str
            Repository on the Hub, ORGANISATION/NAME; it is made if there is none.
        private : bool
            Whether a repository that is made is private.
        note : str
            What the commit says besides.
        """
        return self._publish(model_id, repo_id, private, note, visitor=None)

    def pull_model(self, repo_id: str, revision: str | None = None) -> dict[str, Any]:
        """Fetch a model from the Hugging Face Hub, check it, and take it into the zoo.

        Parameters
        ----------
        repo_id : str
            Repository on the Hub, ORGANISATION/NAME.
        revision : str, optional
            Branch, tag or commit; null takes the newest.
        """
        return pull_model(
            checked_text("repo_id", repo_id),
            plain_text("revision", revision) or None,
            access=hub_access(self._services.settings),
        )

    def export_model(self, model_id: str) -> FileData:
        """Write a model as one file, the same bytes everywhere; /import_model takes it in.

        Parameters
        ----------
        model_id : str
            Id of the model, as /list_models names it.
        """
        name = checked_text("model_id", model_id)
        check_may_export(self._services.settings, name)
        access = hub_access(self._services.settings)
        with self._services.work.filled() as folder:
            return file_answer(export_bundle(name, folder, access=access))

    def import_model(self, bundle: FileData | str) -> dict[str, Any]:
        """Take a model in from a file that /export_model wrote; everything in it is checked.

        Parameters
        ----------
        bundle : FileData or str
            The file: an uploaded one, `data:NAME` or a web address.
        """
        return import_model(self._services.recordings.find_given(bundle, what="bundle"))

    def delete_model(self, model_id: str) -> dict[str, Any]:
        """Delete one's own model; /restore_model takes the answer's undo for some days.

        Parameters
        ----------
        model_id : str
            Id of the model, as /list_models names it.
        """
        return delete_model(checked_text("model_id", model_id))

    def restore_model(self, undo: str) -> dict[str, Any]:
        """Bring a deleted model back.

        Parameters
        ----------
        undo : str
            As /delete_model answered it.
        """
        return restore_model(checked_text("undo", undo))

    def _publish(
        self,
        model_id: str,
        repo_id: str,
        private: bool,
        note: str,
        *,
        visitor: gr.OAuthToken | None,
    ) -> dict[str, Any]:
        return publish_model(
            checked_text("model_id", model_id),
            checked_text("repo_id", repo_id),
            checked_flag("private", private),
            note=plain_text("note", note),
            access=publishing_access(self._services.settings, visitor),
        )


class SpaceZooEndpoints(ZooEndpoints):
    """The same on a Space, where a visitor publishes in their own name after signing in."""

    def publish_model(
        self,
        model_id: str,
        repo_id: str,
        private: bool = True,
        note: str = "",
        visitor: gr.OAuthToken | None = None,
    ) -> dict[str, Any]:
        """Publish a model on the Hub in the name of who has signed in to this Space."""
        return self._publish(model_id, repo_id, private, note, visitor=visitor)
