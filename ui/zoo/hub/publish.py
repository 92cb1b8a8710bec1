"""Publishes a net: a preview first, and then exactly what it has shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.components import Component

from seizure_core.errors import ParameterError
from ui.errors import for_browser
from ui.i18n.translation import tr
from ui.loaded_models import publishing_access
from ui.resources import Services
from ui.server.queues import HUB_QUEUE, PLACES
from ui.widgets import markup
from ui.zoo.hub import views, words
from zoo.hub.publishing import plan_json, plan_publication, publish_model

# What may hold the id of the net that is chosen elsewhere in the tab.
Chosen = gr.Dropdown | gr.Textbox | gr.State


@dataclass(frozen=True, slots=True, kw_only=True)
class Previewed:
    """What a preview has shown, and what it was asked for: exactly that is published."""

    model_id: str
    repo_id: str
    private: bool
    note: str
    allow_names: bool
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    which: gr.Markdown
    repo: gr.Textbox
    private: gr.Radio
    note: gr.Textbox
    allow_names: gr.Checkbox
    preview: gr.Button
    publish: gr.Button
    shown: gr.HTML
    previewed: gr.State

    @property
    def form(self) -> list[Component]:
        return [self.repo, self.private, self.note, self.allow_names]


def build_publish(services: Services, demo: gr.Blocks, chosen: Chosen) -> None:
    """Build the part inside the current Blocks context.

    Parameters
    ----------
    services : Services
        Settings.
    demo : gr.Blocks
        The app, whose loading shows which net is chosen.
    chosen : Dropdown, Textbox or State
        Its value is the id of the net to publish.
    """
    parts = _build_parts()
    _wire_preview(services, chosen, parts)
    _wire_publish(services, parts)
    which: dict[str, Any] = {
        "fn": for_browser(_which),
        "inputs": chosen,
        "outputs": parts.which,
        "show_progress": "hidden",
        "api_visibility": "private",
    }
    demo.load(**which)
    chosen.change(**which)
    # What is chosen or written anew was not in the preview.
    gr.on(
        [
            chosen.change,
            parts.repo.change,
            parts.private.change,
            parts.note.change,
            parts.allow_names.change,
        ],
        for_browser(_forget),
        outputs=[parts.previewed, parts.publish, parts.shown],
        show_progress="hidden",
        api_visibility="private",
    )


def _build_parts() -> _Parts:
    with gr.Row(equal_height=False):
        with gr.Column(scale=2, min_width=300):
            which = gr.Markdown(words.PUBLISH_NONE, elem_id="hub-publish-net")
            gr.Markdown(words.ABOUT_PUBLISHING)
            repo = gr.Textbox(
                label=words.REPOSITORY,
                info=words.REPOSITORY_INFO,
                max_lines=1,
                elem_id="hub-publish-repo",
            )
            private = gr.Radio(
                choices=[(words.PRIVATE, True), (words.PUBLIC, False)],
                value=True,
                label=words.WHO_SEES,
                elem_id="hub-private",
            )
            note = gr.Textbox(
                label=words.CHANGELOG, info=words.CHANGELOG_INFO, lines=2, elem_id="hub-note"
            )
            names = gr.Checkbox(label=words.ALLOW_NAMES, elem_id="hub-allow-names")
            with gr.Row():
                preview = gr.Button(words.PREVIEW, min_width=120, elem_id="hub-preview")
                publish = gr.Button(
                    words.PUBLISH,
                    variant="primary",
                    interactive=False,
                    min_width=120,
                    elem_id="hub-publish",
                )
        with gr.Column(scale=3, min_width=300):
            shown = gr.HTML(markup.empty(words.NO_PREVIEW), elem_id="hub-publication")
    return _Parts(
        which=which,
        repo=repo,
        private=private,
        note=note,
        allow_names=names,
        preview=preview,
        publish=publish,
        shown=shown,
        previewed=gr.State(None),
    )


def _wire_preview(services: Services, chosen: Chosen, parts: _Parts) -> None:
    @for_browser
    def preview(
        model_id: str | None,
        repo: str,
        private: bool,
        note: str,
        allow_names: bool,
        visitor: gr.OAuthToken | None,
    ) -> tuple[Any, ...]:
        if not model_id:
            raise ParameterError(words.PUBLISH_NONE)
        if not repo.strip():
            raise ParameterError(words.NAME_A_REPOSITORY)
        plan = plan_json(
            plan_publication(
                model_id,
                repo,
                publishing_access(services.settings, visitor),
                private=private,
                note=note,
                allow_names=allow_names,
            )
        )
        seen = Previewed(
            model_id=model_id,
            repo_id=plan["repo_id"],
            private=private,
            note=note,
            allow_names=allow_names,
            fingerprint=plan["fingerprint"],
        )
        return seen, gr.Button(interactive=plan["changes_anything"]), views.plan_html(plan)

    parts.preview.click(
        preview,
        inputs=[chosen, *parts.form],
        outputs=[parts.previewed, parts.publish, parts.shown],
        concurrency_id=HUB_QUEUE,
        concurrency_limit=PLACES[HUB_QUEUE],
        api_visibility="private",
    )


def _wire_publish(services: Services, parts: _Parts) -> None:
    @for_browser
    def publish(seen: Previewed | None, visitor: gr.OAuthToken | None) -> tuple[Any, ...]:
        if seen is None:
            raise ParameterError(words.PREVIEW_FIRST)
        done = publish_model(
            seen.model_id,
            seen.repo_id,
            seen.private,
            note=seen.note,
            expected_fingerprint=seen.fingerprint,
            allow_names=seen.allow_names,
            access=publishing_access(services.settings, visitor),
        )
        return None, gr.Button(interactive=False), views.published_html(done)

    parts.publish.click(
        publish,
        inputs=parts.previewed,
        outputs=[parts.previewed, parts.publish, parts.shown],
        concurrency_id=HUB_QUEUE,
        concurrency_limit=PLACES[HUB_QUEUE],
        api_visibility="private",
    )


def _which(model_id: str | None) -> str:
    return tr(words.PUBLISH_WHICH, model_id=model_id) if model_id else tr(words.PUBLISH_NONE)


def _forget() -> tuple[Any, ...]:
    return None, gr.Button(interactive=False), markup.empty(words.NO_PREVIEW)
