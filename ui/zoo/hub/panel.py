"""The Hub panel: whose login the Hub is asked with, and its three parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from seizure_core.recording import Finding
from ui.errors import message_for
from ui.events import Updates, listen
from ui.i18n.translation import tr, tr_message
from ui.i18n.wording import count_words
from ui.loaded_models import hub_access
from ui.resources import Services
from ui.server.queues import HUB_QUEUE
from ui.server.settings import Settings
from ui.widgets import markup
from ui.zoo.hub.find import HubSearch, named_repository, repository_field
from ui.zoo.hub.publish import PublishForm
from zoo.errors import HubError
from zoo.hub.client import who_is
from zoo.hub.registries import add_hub_registry, list_hub_registries, remove_hub_registry
from zoo.store.registry import Registry

# What Gradio needs for signing in; Spaces have them, `gradio[oauth]` brings them elsewhere.
_SIGN_IN_PACKAGES = ("authlib", "itsdangerous")
PUBLISH = "hub-publish-tab"


class HubPanel:
    """The panel; the Hub is not asked before it is seen.

    Parameters
    ----------
    services : Services
        Settings.
    demo : gr.Blocks
        The app, whose loading fills lists.
    chosen : gr.State
        Id of the model that is chosen in the zoo, which Publish publishes.
    tab : gr.Tab
        The tab around the panel: the Hub is asked whose login this is when it is opened.

    Attributes
    ----------
    changes : tuple of gr.events.Dependency
        The events after which lists of models are out of date.
    """

    def __init__(
        self, services: Services, demo: gr.Blocks, *, chosen: gr.State, tab: gr.Tab
    ) -> None:
        self._settings = services.settings
        not_asked = "Checking who is signed in to the Hub."
        self._who = gr.HTML(markup.paragraph(not_asked), elem_id="hub-identity")
        if can_sign_in(self._settings):
            _build_sign_in(demo)
        with gr.Tabs(elem_id="hub-parts") as self.parts:
            with gr.Tab("Find and download"):
                pulled = HubSearch(services).pulled
            with gr.Tab("Publish", id=PUBLISH):
                PublishForm(services, demo, chosen)
            with gr.Tab("Team registries"):
                listed = TeamRegistries(services, demo).changes
        self.changes = (pulled, *listed)
        listen(tab.select, self.ask_who, outputs=self._who, queue=HUB_QUEUE, quiet=True)

    def ask_who(self, visitor: gr.OAuthToken | None) -> Updates:
        """Say who the Hub is asked as; it is asked only if there is a login."""
        return {self._who: markup.paragraph(_identity_words(self._settings, visitor))}


def can_sign_in(settings: Settings) -> bool:
    """Return whether visitors can sign in with Gradio's button.

    The button stops the whole app from starting where the Space was not set up for it.
    """
    return (
        settings.on_space
        and settings.space_sign_in
        and all(find_spec(name) is not None for name in _SIGN_IN_PACKAGES)
    )


def _build_sign_in(demo: gr.Blocks) -> None:
    """Build Gradio's button, which becomes the one to sign out once the visitor has signed in."""
    button = gr.LoginButton(
        "Sign in with Hugging Face",
        logout_value="Sign out ({})",
        size="md",
        elem_id="hub-sign-in",
    )
    # Gradio would publish the question whether a visitor has signed in as an endpoint.
    load_event, button.load_event_to_attach = button.load_event_to_attach, None
    assert load_event is not None
    listen(demo.load, load_event[0], outputs=button, quiet=True)


def _identity_words(settings: Settings, visitor: gr.OAuthToken | None) -> str:
    try:
        name = who_is(hub_access(settings, visitor))
    except HubError as error:
        return tr_message(message_for(error))
    if name is not None:
        return tr("Signed in to the Hub as {name}.", name=name)
    if can_sign_in(settings):
        return "Not signed in: public models can be found. Sign in to publish under your own name."
    if settings.on_space:
        return (
            "Sign-in is not set up: the owner of this Space has to put 'hf_oauth: "
            "true' into its settings and install gradio[oauth]. Public models can be "
            "found."
        )
    if settings.may_write:
        return (
            "Not signed in: public models can be found and downloaded. To publish, or"
            " to reach private models, set HF_TOKEN or run 'hf auth login' where this"
            " app runs, and restart it."
        )
    return (
        "This server has no login: visitors can find public models, but not download "
        "or publish any."
    )


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
        gr.HTML(
            markup.paragraph(
                "A team's registry is a repository that lists models. They can be chosen "
                "everywhere at once; each is downloaded, at the commit the registry "
                "names, when it is first used."
            ),
            padding=False,
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
                        label="Added registries",
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
            "{repo_id} was removed. Models downloaded from it stay.",
            repo_id=remove_hub_registry(wanted)["repo_id"],
        )
        return {self._said: markup.paragraph(said), **self.listed()}

    def listed(self) -> Updates:
        """Return the registries that were added, or an empty state."""
        registries = list_hub_registries()
        n_models = Counter(model.registry for model in Registry.load().models.values())
        names = [registry["repo_id"] for registry in registries]
        table = markup.table(
            ("Registry", "Models", "Commit"),
            (
                (registry["repo_id"], str(n_models[registry["repo_id"]]), registry["revision"])
                for registry in registries
            ),
        )
        return {
            self._table: table if names else markup.empty("No registry has been added."),
            self._which: gr.Dropdown(choices=names, value=names[0] if names else None),
            self._choice: gr.Row(visible=bool(names)),
        }


def _added_html(added: Mapping[str, Any]) -> str:
    """Return what adding or updating a registry brought, and what is wrong with others."""
    number = count_words(len(added["model_ids"]), "model")
    said = tr("{repo_id}: {number} can be used now.", repo_id=added["repo_id"], number=number)
    return (
        markup.paragraph(said)
        + (markup.bullets(added["model_ids"]) if added["model_ids"] else "")
        + markup.findings(Finding.warning(fault) for fault in added["faults"])
    )
