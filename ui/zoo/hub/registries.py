"""Team registries: repositories on the Hub that list a team's models."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from seizure_core.recording import Finding
from ui.events import Updates, listen
from ui.i18n.translation import tr
from ui.i18n.wording import count_words
from ui.loaded_models import hub_access
from ui.resources import Services
from ui.server.queues import HUB_QUEUE
from ui.widgets import markup
from ui.zoo.hub.find import named_repository, repository_field
from zoo.hub.registries import add_hub_registry, list_hub_registries, remove_hub_registry
from zoo.store.registry import Registry


class TeamRegistries:
    """The field by which a registry is added, and the list of those that were.

    Attributes
    ----------
    changes : list of gr.events.Dependency
        The events after which other models can be chosen.
    """

    def __init__(self, services: Services, demo: gr.Blocks) -> None:
        self._settings = services.settings
        may_write = self._settings.may_write
        gr.Markdown(
            "A team's registry is a repository that lists its nets. They appear in every picker "
            "at once, and each is fetched, at the commit the registry names, when it is first used."
        )
        with gr.Row(equal_height=False):
            with gr.Column(scale=2, min_width=300):
                repo = repository_field("hub-registry", "Registry to add")
                add = gr.Button(
                    "Add", variant="primary", interactive=may_write, elem_id="hub-add-registry"
                )
                self._said = gr.HTML("", elem_id="hub-registry-said")
            with gr.Column(scale=3, min_width=300):
                self._table = gr.HTML("", elem_id="hub-registries")
                with gr.Row(visible=False) as self._choice:
                    self._which = gr.Dropdown(
                        choices=[],
                        label="One of these",
                        scale=2,
                        min_width=200,
                        elem_id="hub-which-registry",
                    )
                    update, remove = (
                        gr.Button(label, interactive=may_write, min_width=120, elem_id=elem_id)
                        for label, elem_id in (
                            ("Update", "hub-update-registry"),
                            ("Remove", "hub-remove-registry"),
                        )
                    )
        listed = [self._table, self._which, self._choice]
        listen(demo.load, self.listed, outputs=listed, quiet=True)
        self.changes = [
            listen(
                button.click,
                handler,
                inputs=field,
                outputs=[self._said, *listed],
                queue=HUB_QUEUE,
                writers=self._settings,
            )
            for button, handler, field in (
                (add, self.bring, repo),
                (update, self.bring, self._which),
                (remove, self.forget, self._which),
            )
        ]

    def bring(self, wanted: str | None, visitor: gr.OAuthToken | None) -> Updates:
        """Add a registry, or read it again."""
        access = hub_access(self._settings, visitor)
        added = add_hub_registry(named_repository(wanted), access=access)
        return {self._said: _added_html(added), **self.listed()}

    def forget(self, wanted: str | None) -> Updates:
        """Take a registry off the list."""
        if not wanted:
            raise ParameterError("Choose one of the added registries first.")
        said = tr(
            "{repo_id} is no longer asked. Nets that were pulled from it stay.",
            repo_id=remove_hub_registry(wanted)["repo_id"],
        )
        return {self._said: markup.paragraph(said), **self.listed()}

    def listed(self) -> Updates:
        """Return the registries that were added, or an empty state."""
        registries = list_hub_registries()
        n_models = Counter(model.registry for model in Registry.load().nets.values())
        names = [one["repo_id"] for one in registries]
        table = markup.table(
            ("Registry", "Nets", "Commit"),
            (
                (one["repo_id"], str(n_models[one["repo_id"]]), one["revision"])
                for one in registries
            ),
        )
        return {
            self._table: table if names else markup.empty("No registry has been added."),
            self._which: gr.Dropdown(choices=names, value=names[0] if names else None),
            self._choice: gr.Row(visible=bool(names)),
        }


def _added_html(added: Mapping[str, Any]) -> str:
    """Return what adding or updating a registry brought, and what is wrong with others."""
    number = count_words(len(added["model_ids"]), "net")
    said = tr("{repo_id}: {number} can be used now.", repo_id=added["repo_id"], number=number)
    return (
        markup.paragraph(said)
        + (markup.bullets(added["model_ids"]) if added["model_ids"] else "")
        + markup.findings(Finding.warning(fault) for fault in added["faults"])
    )
