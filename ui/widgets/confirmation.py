"""A button that asks back before it does what cannot be undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from ui.events import Updates, listen, listen_to_end
from ui.widgets import markup


class Confirmation:
    """The question with its two answers, hidden until its button is pressed.

    Parameters
    ----------
    ask : gr.Button
        The first button; ids of the rest begin with its.
    """

    def __init__(self, ask: gr.Button) -> None:
        self.ask, elem_id = ask, ask.elem_id
        with gr.Column(variant="panel", visible=False, elem_id=f"{elem_id}-panel") as self._panel:
            self._question = gr.HTML("", padding=True)
            with gr.Row():
                self._yes = gr.Button(
                    "Yes, delete it", variant="stop", size="md", elem_id=f"{elem_id}-yes"
                )
                self._no = gr.Button("No, keep it", size="md", elem_id=f"{elem_id}-no")

    def wire(
        self,
        chosen: gr.Dropdown,
        question: Callable[[str], str],
        act: Callable[[str], Updates],
        outputs: Sequence[Any],
        *,
        nothing: str,
    ) -> None:
        """Let the button ask, and its "yes" act.

        Parameters
        ----------
        chosen : gr.Dropdown
            Holds the id of what is to go; another choice takes the question back.
        question, act : callable
            Says what goes and what stays; does it.
        outputs : sequence of components
            What shows that it is gone.
        nothing : str
            What to say when nothing is chosen.
        """

        def ask(one: str | None) -> Updates:
            if not one:
                raise ParameterError(nothing)
            return {
                self._panel: gr.Column(visible=True),
                self._question: markup.paragraph(question(one)),
            }

        def hide() -> Updates:
            return {self._panel: gr.Column(visible=False)}

        asking = [self._panel, self._question]
        listen(self.ask.click, ask, inputs=chosen, outputs=asking, quiet=True)
        listen([self._no.click, chosen.change], hide, outputs=self._panel, quiet=True)
        done = listen(self._yes.click, act, inputs=chosen, outputs=outputs)
        listen_to_end(done, hide, outputs=self._panel, quiet=True)
