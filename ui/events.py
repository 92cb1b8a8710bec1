"""Binding of page events to handlers, whose answers update the page."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import gradio as gr
from gradio.blocks import Block
from gradio.components import Component

from ui.errors import for_browser
from ui.server.access import for_writers
from ui.server.queues import INFERENCE_QUEUE, PLACES, giving_way
from ui.server.settings import Settings

Updates: TypeAlias = dict[Block, Any]
"""What a handler answers: a value, or a component with other properties, for each component that
changes. Components that are not in it do not change."""

Trigger = Callable[..., gr.events.Dependency]
"""`button.click`, `demo.load`, or `.success` of what `listen` returned."""


def listen(
    trigger: Trigger | Sequence[Trigger],
    handler: Callable[..., Any] | None,
    *,
    inputs: Any = None,
    outputs: Any = None,
    writers: Settings | None = None,
    queue: str | bool = True,
    quiet: bool = False,
    **options: Any,
) -> gr.events.Dependency:
    """Let a handler answer an event, in the visitor's language and with errors as toasts.

    Parameters
    ----------
    trigger : trigger or sequence of triggers
        Several are one event: `trigger_mode` holds for them together.
    handler : callable or None
        Answers with `Updates`, or with the value of its only output; None where only `js` runs.
    inputs : component, sequence or set of components
        Each is an argument; of a set, the only argument is a dict of values by component.
    outputs : component or sequence of components
        All that may change.
    writers : Settings, optional
        Given where the handler changes what is kept on the server: who may do that.
    queue : str or bool
        The queue of `ui.server.queues` whose places it shares; False if it never waits.
    quiet : bool
        Whether no progress is shown; else on the first text or control of the outputs, or on
        `show_progress_on`.
    **options
        As Gradio takes them: `js`, `trigger_mode`, `show_progress_on` and so on.
    """
    if isinstance(queue, str):
        options |= {"concurrency_id": queue, "concurrency_limit": PLACES[queue]}
    else:
        options["queue"] = queue
    if quiet:
        options |= {"show_progress": "hidden", "show_progress_on": []}
    else:
        options.setdefault("show_progress_on", _place_of_progress(outputs))
    if handler is not None and writers is not None:
        handler = for_writers(writers, handler)
    if handler is not None and queue == INFERENCE_QUEUE:
        handler = giving_way(handler)
    bind = functools.partial(gr.on, list(trigger)) if isinstance(trigger, Sequence) else trigger
    return bind(
        None if handler is None else for_browser(_saying_what_stays(handler)),
        inputs=inputs,
        outputs=outputs,
        api_visibility="private",
        **options,
    )


def listen_to_end(event: gr.events.Dependency, handler: Callable[..., Any], **options: Any) -> None:
    """Let a handler follow an event, whether it succeeded or failed.

    Gradio's `then` promises as much, but its page calls it after success only: what a click
    has locked would stay locked after an error.
    """
    listen(event.success, handler, **options)
    listen(event.failure, handler, **options)


def _place_of_progress(outputs: Any) -> list[Component]:
    """Return where the progress of a handler is shown: on the first text or control it changes.

    At each step of any event Gradio's page visits all places where it has ever shown progress, and
    copies what they hold: with all outputs, or with blocks that hold others, it stands still.
    """
    outputs = outputs if isinstance(outputs, Sequence) else [outputs]
    seen = [one for one in outputs if isinstance(one, Component) and not isinstance(one, gr.State)]
    return sorted(seen, key=lambda one: not isinstance(one, gr.HTML))[:1]


def _saying_what_stays(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Let an empty answer change nothing; Gradio would take it for a value."""

    @functools.wraps(handler)
    def run(*given: Any, **more: Any) -> Any:
        answer = handler(*given, **more)
        return gr.skip() if isinstance(answer, dict) and not answer else answer

    return run
