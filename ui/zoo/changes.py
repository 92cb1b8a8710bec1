"""What changes which nets there are: importing, deleting, bringing back."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from ui.errors import for_browser, inform
from ui.i18n import zoo_text as words
from ui.i18n.translation import tr
from ui.resources import Services
from ui.server.permissions import for_writers
from ui.server.queues import HUB_QUEUE, PLACES
from ui.zoo.actions import ActionParts, named
from ui.zoo.import_export import MovingParts, take_in
from zoo.store.user_models import delete_model, restore_model


def wire_changes(
    services: Services,
    chosen: gr.State,
    wanted: gr.State,
    actions: ActionParts,
    moving: MovingParts,
) -> tuple[gr.events.Dependency, ...]:
    """Let nets come, go and come back.

    Returns
    -------
    tuple of Dependency
        After each of them the lists of nets have to be read anew; `wanted` holds the id of the
        net whose card is to be shown then.
    """
    ticket = gr.State("")
    undo_parts = [moving.undo_row, moving.undo_note, ticket]

    def wired(
        trigger: Callable[..., gr.events.Dependency],
        handler: Callable[..., Any],
        inputs: list[Any],
        outputs: list[Any],
    ) -> gr.events.Dependency:
        return trigger(
            for_browser(for_writers(services.settings, handler)),
            inputs=inputs,
            outputs=outputs,
            show_progress="hidden",
            concurrency_id=HUB_QUEUE,
            concurrency_limit=PLACES[HUB_QUEUE],
            api_visibility="private",
        )

    def bring_in(uploads: list[str] | None) -> tuple[Any, ...]:
        model_id = take_in(services, uploads or [])
        inform(tr(words.IMPORTED, model_id=model_id))
        return model_id, None

    def delete(model_id: str | None) -> tuple[Any, ...]:
        gone = delete_model(named(model_id))
        said = tr(words.DELETED_NOW, model_id=gone["model_id"])
        return (
            None,
            gr.Group(visible=False),
            gr.Row(visible=True),
            f'<p role="status">{html.escape(said)}</p>',
            gone["undo"],
        )

    def bring_back(undo: str | None) -> tuple[Any, ...]:
        if not undo:
            raise ParameterError(tr(words.NOTHING_DELETED))
        model_id = restore_model(undo)["model_id"]
        inform(tr(words.RESTORED, model_id=model_id))
        return model_id, gr.Row(visible=False), "", ""

    return (
        wired(moving.take_in.upload, bring_in, [moving.take_in], [wanted, moving.take_in]),
        wired(actions.really.click, delete, [chosen], [wanted, actions.asking, *undo_parts]),
        wired(moving.undo.click, bring_back, [ticket], [wanted, *undo_parts]),
        wired(moving.restore.click, bring_back, [moving.deleted_choice], [wanted, *undo_parts]),
    )
