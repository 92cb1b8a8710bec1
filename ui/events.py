"""What follows an event of the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr


def in_any_case(event: gr.events.Dependency, handler: Callable[..., Any], **listener: Any) -> None:
    """Call a handler once an event has ended, whether it succeeded or failed.

    Gradio's `then` promises as much, but its page calls it after success only: what a click
    has locked would stay locked after an error.

    Parameters
    ----------
    event : gr.events.Dependency
        What a listener returned.
    handler : callable
        What is to follow.
    **listener
        Inputs, outputs and more, as any listener takes them.
    """
    event.success(handler, **listener)
    event.failure(handler, **listener)
