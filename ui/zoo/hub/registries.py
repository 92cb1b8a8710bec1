"""Team registries: repositories on the Hub that list a team's nets."""

from __future__ import annotations

from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from ui.errors import for_browser
from ui.i18n.translation import tr
from ui.loaded_models import hub_access
from ui.resources import Services
from ui.server.permissions import for_writers
from ui.server.queues import HUB_QUEUE, PLACES
from ui.widgets import markup
from ui.zoo.hub import views, words
from zoo.hub.registries import add_hub_registry, list_hub_registries, remove_hub_registry
from zoo.store.registry import Registry


def build_registries(services: Services, demo: gr.Blocks) -> tuple[gr.events.Dependency, ...]:
    """Build the part inside the current Blocks context.

    Returns
    -------
    tuple of gr.events.Dependency
        The events after which other nets can be chosen.
    """
    settings = services.settings
    gr.Markdown(words.ABOUT_REGISTRIES)
    with gr.Row(equal_height=False):
        with gr.Column(scale=2, min_width=300):
            repo = gr.Textbox(
                label=words.REGISTRY,
                info=words.REPOSITORY_INFO,
                max_lines=1,
                elem_id="hub-registry",
            )
            add = gr.Button(
                words.ADD,
                variant="primary",
                interactive=settings.may_write,
                elem_id="hub-add-registry",
            )
            said = gr.HTML("", elem_id="hub-registry-said")
        with gr.Column(scale=3, min_width=300):
            table = gr.HTML("", elem_id="hub-registries")
            with gr.Row(visible=False) as choice:
                which = gr.Dropdown(
                    choices=[],
                    label=words.WHICH_REGISTRY,
                    scale=2,
                    min_width=200,
                    elem_id="hub-which-registry",
                )
                update = gr.Button(
                    words.UPDATE,
                    interactive=settings.may_write,
                    min_width=120,
                    elem_id="hub-update-registry",
                )
                remove = gr.Button(
                    words.REMOVE,
                    interactive=settings.may_write,
                    min_width=120,
                    elem_id="hub-remove-registry",
                )
    demo.load(
        for_browser(_listing),
        outputs=[table, which, choice],
        show_progress="hidden",
        api_visibility="private",
    )

    def bring(wanted: str | None, visitor: gr.OAuthToken | None) -> tuple[Any, ...]:
        if not (wanted or "").strip():
            raise ParameterError(words.NAME_A_REPOSITORY)
        added = add_hub_registry(str(wanted), access=hub_access(settings, visitor))
        return views.registry_html(added), *_listing()

    def forget(wanted: str | None) -> tuple[Any, ...]:
        if not wanted:
            raise ParameterError(words.CHOOSE_REGISTRY)
        removed = remove_hub_registry(wanted)["repo_id"]
        return markup.paragraph(tr(words.REMOVED, repo_id=removed)), *_listing()

    common: dict[str, Any] = {
        "outputs": [said, table, which, choice],
        "concurrency_id": HUB_QUEUE,
        "concurrency_limit": PLACES[HUB_QUEUE],
        "api_visibility": "private",
    }
    bring_in = for_browser(for_writers(settings, bring))
    return (
        add.click(bring_in, inputs=repo, **common),
        update.click(bring_in, inputs=which, **common),
        remove.click(for_browser(for_writers(settings, forget)), inputs=which, **common),
    )


def _listing() -> tuple[str, gr.Dropdown, gr.Row]:
    registries = list_hub_registries()
    names = [one["repo_id"] for one in registries]
    return (
        views.registries_html(registries, Registry.load().nets.values()),
        gr.Dropdown(choices=names, value=names[0] if names else None),
        gr.Row(visible=bool(names)),
    )
