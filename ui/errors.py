"""Messages for exceptions, in the browser and through the API.

Gradio shows nothing at all for a plain exception, so every handler goes through one of
the two decorators here. Toasts are rendered as HTML (names must be escaped there), API
callers get plain text. How long a toast stays is decided on the page (messages.js).
"""

from __future__ import annotations

import functools
import logging
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import gradio as gr
from markupsafe import escape

from seizure_core.atomic import DISK_FULL
from seizure_core.errors import SeizureZooError
from ui.i18n.translation import speaking, tr, tr_message, visitor_language

P = ParamSpec("P")
R = TypeVar("R")

LOGGER = logging.getLogger("seizure_zoo.ui")


def message_for(error: Exception) -> str:
    """Return the plain sentences a user should read about an error.

    Errors of our own carry them. A file that has vanished (its session ended or it was
    kept for too long) and a full disk are explained. Everything else is logged with its traceback
    under a short reference, and only the reference is shown: such messages contain machine paths.
    """
    if isinstance(error, SeizureZooError):
        return tr_message(error.message)
    if isinstance(error, FileNotFoundError):
        return tr(
            "A required file is no longer on the server: uploads are deleted when a session "
            "ends and after some hours. Open the recording again."
        )
    if isinstance(error, OSError) and error.errno in DISK_FULL:
        return tr(
            "The server's disk is full, so this could not be finished; nothing of it was kept. "
            "Delete datasets or runs that are no longer needed, or ask who runs the server."
        )
    reference = secrets.token_hex(3).upper()
    LOGGER.error("unexpected error, reference %s", reference, exc_info=error)
    return tr(
        "An unexpected error occurred (reference {reference}). Nothing was changed. The server's "
        "log has the details under this reference.",
        reference=reference,
    )


def inform(message: str) -> None:
    """Show an information as a toast."""
    gr.Info(escape(message), duration=None)


def warn(message: str) -> None:
    """Show a warning as a toast."""
    gr.Warning(escape(message), duration=None)


def messages_script() -> str:
    """Return the script that closes messages after the time it takes to read them."""
    script = Path(__file__).with_name("messages.js").read_text(encoding="utf-8")
    return f"<script>(() => {{\n{script}}})();</script>"


def for_browser(handler: Callable[P, R]) -> Callable[P, R]:
    """Let a component's handler use the visitor's language, and show errors as toasts."""
    telling = _translated(handler, escape)

    @functools.wraps(handler)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with speaking(visitor_language()):
            return telling(*args, **kwargs)

    return run


def for_api(handler: Callable[P, R]) -> Callable[P, R]:
    """Let an endpoint report its errors as plain text."""
    return _translated(handler, str)


def _translated(handler: Callable[P, R], escape: Callable[[str], str]) -> Callable[P, R]:
    @functools.wraps(handler)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return handler(*args, **kwargs)
        except gr.Error:
            raise
        except Exception as error:
            raise gr.Error(
                escape(message_for(error)),
                duration=None,  # the page's own clock sees to it
                title=tr("Error"),
                print_exception=False,
            ) from error

    return run
