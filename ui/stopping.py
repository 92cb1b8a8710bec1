"""Stop buttons for long work, each next to the one that starts it."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from seizure_core.signals.blocks import Cancelled
from ui.events import Updates, listen, listen_to_end


class WorkStops:
    """The running work of each session, and what of it was stopped."""

    def __init__(self) -> None:
        self._running: dict[str, tuple[str, threading.Event]] = {}
        self._lock = threading.Lock()

    def begin(self, session: str) -> str:
        """Take in some work of a session and return the name to stop it by."""
        token = secrets.token_urlsafe(12)
        with self._lock:
            self._running[token] = (session, threading.Event())
        return token

    def asker(self, token: str | None) -> Cancelled:
        """Return what tells whether some work was stopped; work that is not known was."""
        known = self._running.get(token or "")
        return (lambda: True) if known is None else known[1].is_set

    def stop(self, token: str | None) -> None:
        """Stop some work, if it still runs."""
        known = self._running.get(token or "")
        if known is not None:
            known[1].set()

    def end(self, token: str | None) -> None:
        """Forget work that has ended."""
        with self._lock:
            self._running.pop(token or "", None)

    def stop_session(self, session: str) -> None:
        """Stop all work of a session: it has ended, or looks at another recording now."""
        with self._lock:
            own = [token for token, (owner, _) in self._running.items() if owner == session]
            events = [self._running.pop(token)[1] for token in own]
        for event in events:
            event.set()

    def bind(self, demo: gr.Blocks) -> None:
        """Stop a session's work when it ends."""

        def stop(request: gr.Request) -> None:
            self.stop_session(request.session_hash or "")

        demo.unload(stop)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppableButtons:
    """A button that starts work and one that stops it.

    Attributes
    ----------
    stops : WorkStops
        Where the work is known.
    start, cancel : gr.Button
        Only one of them can be pressed at a time.
    token : gr.State
        Names the work that runs; an input of the handler that does it.
    """

    stops: WorkStops
    start: gr.Button
    cancel: gr.Button
    token: gr.State

    def wire(self, *steps: Callable[[gr.events.Dependency], gr.events.Dependency]) -> None:
        """Let the start button run some steps, each hung on the success of the one before it.

        The last one does the work: it asks `stops.asker(token)`. Whichever step fails, the
        buttons are as before the click.
        """

        def begin(request: gr.Request) -> Updates:
            return {
                self.token: self.stops.begin(request.session_hash or ""),
                self.start: gr.Button(interactive=False),
                self.cancel: gr.Button(visible=True, interactive=True),
            }

        def stop(token: str | None) -> gr.Button:
            self.stops.stop(token)
            return gr.Button(interactive=False)

        def end(token: str | None) -> Updates:
            self.stops.end(token)
            return {
                self.token: None,
                self.start: gr.Button(interactive=True),
                self.cancel: gr.Button(visible=False),
            }

        at_once: dict[str, Any] = {"queue": False, "quiet": True}
        freeing = {
            **at_once,
            "inputs": self.token,
            "outputs": [self.token, self.start, self.cancel],
        }
        event = listen(self.start.click, begin, outputs=freeing["outputs"], **at_once)
        for step in steps[:-1]:
            event = step(event)
            listen(event.failure, end, **freeing)
        listen_to_end(steps[-1](event), end, **freeing)
        listen(self.cancel.click, stop, inputs=self.token, outputs=self.cancel, **at_once)


def build_stoppable(
    stops: WorkStops, start: str, *, elem_id: str, variant: str = "secondary"
) -> StoppableButtons:
    """Build the two buttons inside the current Blocks context.

    Parameters
    ----------
    stops : WorkStops
        Where the work is known.
    start : str
        Label of the button that starts it.
    elem_id : str
        Of that button; the other's is "cancel-" and this.
    variant : str
        As Gradio calls it.
    """
    with gr.Row():
        start_button = gr.Button(start, elem_id=elem_id, size="md", variant=variant)  # type: ignore[arg-type]
        cancel = gr.Button(
            "Cancel",
            elem_id=f"cancel-{elem_id}",
            size="md",
            variant="stop",
            visible=False,
            min_width=110,
        )
    return StoppableButtons(stops=stops, start=start_button, cancel=cancel, token=gr.State(None))
