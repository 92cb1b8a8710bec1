"""A button that asks back before it does what cannot be undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from ui.events import Updates, listen, listen_to_end
from ui.i18n import run_text as words
from ui.widgets import markup

Question = Callable[[str], str]
"""Returns the question for the id of what is to go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmParts:
    """The components: the first button, and the question with its two answers."""

    ask: gr.Button
    panel: gr.Column
    question: gr.HTML
    yes: gr.Button
    no: gr.Button


def build_confirm(ask: gr.Button, sure: str) -> ConfirmParts:
    """Build the question inside the current Blocks context, hidden until `ask` is pressed.

    Parameters
    ----------
    ask : gr.Button
        The first button; ids of the rest begin with its.
    sure : str
        Text of the button that does it.
    """
    elem_id = ask.elem_id
    with gr.Column(variant="panel", visible=False, elem_id=f"{elem_id}-panel") as panel:
        question = gr.HTML("", padding=True)
        with gr.Row():
            yes = gr.Button(sure, variant="stop", size="md", elem_id=f"{elem_id}-yes")
            no = gr.Button(words.KEEP_IT, size="md", elem_id=f"{elem_id}-no")
    return ConfirmParts(ask=ask, panel=panel, question=question, yes=yes, no=no)


def wire_confirm(
    parts: ConfirmParts,
    chosen: gr.Dropdown,
    question: Question,
    act: Callable[[str | None], Any],
    outputs: Sequence[Any],
    *,
    nothing: str,
) -> gr.events.Dependency:
    """Let the button ask, and its "yes" act.

    Parameters
    ----------
    parts : ConfirmParts
        The components.
    chosen : gr.Dropdown
        Holds the id of what is to go; another choice takes the question back.
    question : callable
        Says what goes and what stays.
    act : callable
        Does it; gives values for `outputs`.
    outputs : sequence of components
        What shows that it is gone.
    nothing : str
        What to say when nothing is chosen.

    Returns
    -------
    gr.events.Dependency
        The act; others that show the same list follow it.
    """

    def ask(one: str | None) -> Updates:
        if not one:
            raise ParameterError(nothing)
        return {
            parts.panel: gr.Column(visible=True),
            parts.question: markup.paragraph(question(one)),
        }

    def hide() -> gr.Column:
        return gr.Column(visible=False)

    listen(parts.ask.click, ask, inputs=chosen, outputs=[parts.panel, parts.question], quiet=True)
    for trigger in (parts.no.click, chosen.change):
        listen(trigger, hide, outputs=parts.panel, quiet=True)
    done = listen(parts.yes.click, act, inputs=chosen, outputs=list(outputs))
    listen_to_end(done, hide, outputs=parts.panel, quiet=True)
    return done
