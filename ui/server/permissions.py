"""Who may change what is kept on the server: nets, datasets, runs."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from seizure_core.errors import SeizureZooError
from ui.i18n import text
from ui.server.settings import Settings

P = ParamSpec("P")
R = TypeVar("R")


class NotAllowedError(SeizureZooError):
    """The operator's settings do not let visitors do this."""


def check_may_write(settings: Settings) -> None:
    """Refuse to change anything where strangers could ask for it.

    Raises
    ------
    NotAllowedError
        The app can be reached from other machines and asks nobody for a login.
    """
    if not settings.may_write:
        raise NotAllowedError(text.NO_WRITING)


def for_writers(settings: Settings, handler: Callable[P, R]) -> Callable[P, R]:
    """Make a handler that changes something refuse where that is not allowed."""

    @functools.wraps(handler)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        check_may_write(settings)
        return handler(*args, **kwargs)

    return run
