"""What can be done with the net whose card is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from ui.errors import for_browser
from ui.i18n import text
from ui.i18n import zoo_text as words
from ui.i18n.translation import tr
from ui.loaded_models import hub_access
from ui.resources import Services
from ui.server.permissions import check_may_write
from ui.server.queues import HUB_QUEUE, PLACES
from ui.widgets.downloads import offered, save_after
from ui.zoo.catalogue import NetFacts
from zoo.store.bundle import export_bundle
from zoo.store.registry import Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionParts:
    """The buttons between a card's head and its text."""

    row: gr.Row
    use: gr.Button
    train: gr.Button
    compare: gr.Button
    export: gr.Button
    export_file: gr.DownloadButton
    publish: gr.Button
    delete: gr.Button
    asking: gr.Group
    question: gr.Markdown
    really: gr.Button
    keep: gr.Button

    @property
    def showing(self) -> list[Any]:
        """What `offered_actions` gives values for."""
        return [self.row, self.publish, self.delete, self.asking, self.question]


def build_actions() -> ActionParts:
    """Build the buttons inside the current Blocks context."""
    with gr.Row(visible=False, elem_id="zoo-actions") as row:
        use = _button(words.USE_IN_PREDICT, "zoo-use", variant="primary")
        train = _button(words.TRAIN_FROM, "zoo-train")
        compare = _button(words.COMPARE, "zoo-compare")
        export = _button(words.EXPORT, "zoo-export")
        publish = _button(words.PUBLISH, "zoo-publish")
        delete = _button(words.DELETE, "zoo-delete")
    export_file = gr.DownloadButton(
        words.EXPORT_FILE, visible="hidden", size="md", elem_id="zoo-export-file"
    )
    with gr.Group(visible=False, elem_id="zoo-asking") as asking:
        question = gr.Markdown("", elem_id="zoo-question")
        with gr.Row():
            really = gr.Button(words.REALLY_DELETE, variant="stop", size="md")
            keep = gr.Button(words.KEEP, size="md")
    return ActionParts(
        row=row,
        use=use,
        train=train,
        compare=compare,
        export=export,
        export_file=export_file,
        publish=publish,
        delete=delete,
        asking=asking,
        question=question,
        really=really,
        keep=keep,
    )


def offered_actions(net: NetFacts | None) -> tuple[Any, ...]:
    """Return the values of `ActionParts.showing`: what can be done with a net."""
    return (
        gr.Row(visible=net is not None),
        gr.Button(visible=net is not None and net.source == "user"),
        gr.Button(visible=net is not None and net.can_be_deleted),
        gr.Group(visible=False),
        "",
    )


def wire_export(services: Services, actions: ActionParts, chosen: gr.State) -> None:
    """Let a net be taken away as one file, which is made when it is asked for."""

    @for_browser
    def export(model_id: str | None) -> gr.DownloadButton:
        net = Registry.load().get(named(model_id))
        if net.is_on_hub:
            # It may have to be fetched, in this server's name.
            check_may_write(services.settings)
        access = hub_access(services.settings)
        bundle = export_bundle(net.model_id, services.work.new(), access=access)
        return gr.DownloadButton(value=offered(bundle))

    exported = actions.export.click(
        export,
        inputs=chosen,
        outputs=actions.export_file,
        show_progress="hidden",
        concurrency_id=HUB_QUEUE,
        concurrency_limit=PLACES[HUB_QUEUE],
        api_visibility="private",
    )
    save_after(exported, actions.export_file)


def wire_asking(actions: ActionParts, chosen: gr.State) -> None:
    """Let the question stand before a deletion, and let it be answered with no."""

    @for_browser
    def ask(model_id: str | None) -> tuple[gr.Group, str]:
        return gr.Group(visible=True), tr(words.ASK_DELETE, model_id=named(model_id))

    actions.delete.click(
        ask,
        inputs=chosen,
        outputs=[actions.asking, actions.question],
        show_progress="hidden",
        api_visibility="private",
    )
    actions.keep.click(
        lambda: gr.Group(visible=False),
        outputs=actions.asking,
        show_progress="hidden",
        api_visibility="private",
    )


def named(model_id: str | None) -> str:
    """Return the chosen net's id.

    Raises
    ------
    ParameterError
        None is chosen.
    """
    if not model_id:
        raise ParameterError(text.CHOOSE_MODEL)
    return model_id


def _button(label: str, elem_id: str, **look: Any) -> gr.Button:
    return gr.Button(label, size="md", min_width=110, elem_id=elem_id, **look)
